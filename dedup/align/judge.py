"""What a match amounts to: copied, or what the genre says anyway.

A logistic model over a handful of measurements of the match. It was fitted on planted edits of every kind
(`tests/bench/fit_judge.py`), never on single texts; the weights below are the whole model. What counts is how
much is equal and how rare it is, against how well *other* documents explain the same words.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from math import log

import numpy as np

from dedup.align.matching import Match


@dataclass(frozen=True, slots=True)
class Measurements:
    """What the model sees of a match. Shares run from 0 to 1."""

    evidence: float
    """Logarithm of the evidence (see `Match.evidence`)."""
    density: float
    """Worth a character of the submission's side."""
    length: float
    """Logarithm of the characters of the submission's side."""
    rival: float
    """What the strongest other family explains, as a share of the evidence."""
    second_rival: float
    """The same of the second: one other document may be a chance or a version, two are a custom."""
    rivals: float
    """How many others explain it as well, those that explain half of it counting a quarter."""
    shared_figures: float
    source_density: float
    rarity: float
    """Evidence a character."""
    whole_sentences: float
    """Share of the four borders that lie between sentences."""
    exact: float
    """1 if both sides are one common run."""


WEIGHTS = Measurements(
    evidence=0.16,
    density=4.0,
    length=4.3,
    rival=-5.12,
    second_rival=-8.1,
    rivals=-2.84,
    shared_figures=3.54,
    source_density=1.72,
    rarity=6.98,
    whole_sentences=5.32,
    exact=1.52,
)
BIAS = -25.06

_RIVAL_CEILING = 1.5
_FIGURES_CEILING = 3


def measure(match: Match) -> Measurements:
    """The measurements of a match."""
    evidence = max(match.evidence, 1e-6)
    rivals = match.rivals
    exact = len(match.tiles) == 1 and match.tiles[0][2] == len(match) == match.source_end - match.source_start
    return Measurements(
        evidence=log(evidence + 0.5),
        density=match.density,
        length=log(match.telling),
        rival=min(rivals[0] / evidence, _RIVAL_CEILING) if rivals else 0.0,
        second_rival=min(rivals[1] / evidence, _RIVAL_CEILING) if len(rivals) > 1 else 0.0,
        rivals=sum(min(1.0, rival / evidence) ** 2 for rival in rivals),
        shared_figures=min(match.shared_figures, _FIGURES_CEILING),
        source_density=match.source_density,
        rarity=match.evidence / match.telling,
        whole_sentences=match.sentence_borders / 4,
        exact=float(exact),
    )


def log_odds(match: Match) -> float:
    """Logarithm of the odds that a match is copied; above 0 it is more likely than not."""
    return BIAS + float(np.dot(astuple(WEIGHTS), astuple(measure(match))))


def log_odds_without_rivals(match: Match) -> float:
    """The same as if no other document held any of it: what is copied only by this account is formulaic."""
    measured = measure(match)
    return (
        log_odds(match)
        - WEIGHTS.rival * measured.rival
        - WEIGHTS.second_rival * measured.second_rival
        - WEIGHTS.rivals * measured.rivals
    )
