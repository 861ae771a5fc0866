"""Judge a match: copied, or wording that is common in the genre.

A logistic model over a handful of measurements of the match and a few of their products: how much is equal,
how rare it is, and how well *other* documents explain the same words. The weights below are the whole model;
`tests/bench/fitting.py` fitted them on planted edits of every kind in reports, laws and model texts, in
corpora of ten to several hundred documents.
"""

from __future__ import annotations

from dataclasses import replace
from math import log

from dedup.align.match import Match
from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Measurements:
    """The measurements of a match that the model uses. Shares run from 0 to 1."""

    density: float
    """Worth for each telling character of the submission's side."""
    length: float
    """Logarithm of the telling characters of the submission's side, at most _LONG_ENOUGH of them."""
    rival: float
    """The strength of the strongest other family, as a share of the evidence."""
    second_rival: float
    """The same for the second strongest: one other document may be chance or a version, two are custom."""
    shared_figures: float
    source_density: float
    rarity: float
    """Evidence for each telling character."""
    whole_sentences: float
    """Share of the four borders that lie between sentences."""
    exact: float
    """1 if both sides are one common run."""


Term = tuple[str, ...]
"""Names of the measurements whose product has a weight."""

WEIGHTS: dict[Term, float] = {
    ("density",): 1.434,
    ("length",): 9.049,
    ("rival",): -5.967,
    ("second_rival",): -11.830,
    ("shared_figures",): 2.467,
    ("source_density",): -10.528,
    ("rarity",): 5.323,
    ("whole_sentences",): -1.947,
    ("exact",): 2.117,
    ("length", "length"): -0.890,
    ("density", "whole_sentences"): 8.438,
    ("length", "source_density"): 3.877,
}
BIAS = -27.020

COPIED = 0.6
"""Logarithm of the odds above which a match is judged copied; below it is at most suspected."""
_LONG_ENOUGH = 120
"""Length is capped here: more says no more, and the square of the length must not make it count less."""
_RIVAL_CEILING = 1.0
_FIGURES_CEILING = 3


def measure(match: Match) -> Measurements:
    """The measurements of a match."""
    evidence = max(match.evidence, 1e-6)
    rivals = match.rivals
    exact = len(match.tiles) == 1 and match.tiles[0][2] == len(match) == match.source_end - match.source_start
    return Measurements(
        density=match.density,
        length=log(min(match.telling, _LONG_ENOUGH)),
        rival=min(rivals[0] / evidence, _RIVAL_CEILING) if rivals else 0.0,
        second_rival=min(rivals[1] / evidence, _RIVAL_CEILING) if len(rivals) > 1 else 0.0,
        shared_figures=min(match.shared_figures, _FIGURES_CEILING),
        source_density=match.source_density,
        rarity=match.evidence / match.telling,
        whole_sentences=match.sentence_borders / 4,
        exact=float(exact),
    )


def judge(match: Match) -> float:
    """Logarithm of the odds that a match is copied; above 0 it is more likely than not."""
    return log_odds(measure(match))


def log_odds(measured: Measurements) -> float:
    """Logarithm of the odds that a match with these measurements is copied."""
    return BIAS + sum(weight * term_value(measured, term) for term, weight in WEIGHTS.items())


def term_value(measured: Measurements, term: Term) -> float:
    """The product of the measurements that a term names."""
    value = 1.0
    for name in term:  # a plain loop: hundreds of matches are judged by a dozen terms each
        value *= getattr(measured, name)
    return value


def without_rivals(measured: Measurements) -> Measurements:
    """The measurements as if no other document held any of it; a match copied by these only is formulaic."""
    return replace(measured, rival=0.0, second_rival=0.0)
