"""Judge likenesses: the probability that a window says in other words what a source says.

A logistic model over the measurements of the window and the run most like it (`dedup.align.rewriting`), and
over the odds of a match of the same two texts. It is calibrated on the material that it was fitted on: of the
windows with probability 0.6, about 60 in 100 are rewritten there. Of all windows found there one in fourteen
was rewritten; in a draft without rewriting, all windows found are false.
`tests/bench/fitting_suspicion.py` fits it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log
from typing import NamedTuple

from dedup.align.found import Found
from dedup.align.judge import log_odds, measure, without_rivals
from dedup.align.likeness import Likeness
from dedup.align.match import Match

NAMES = (
    *("alike", "shared", "rival", "second_rival", "rivals", "margin", "proportion", "order", "near"),
    *("triples", "formulaic", "lead", "odds", "odds_alone", "figures"),
)
"""Features of the model. Those that measure how unusual the words of a window are for their number are left
out: passages written for the fit are unusual beside reports of provinces, and a model would learn that."""
PRODUCTS = (("shared", "near"), ("lead", "lead"), ("odds", "odds"))
"""Products chosen one by one for the largest reduction of the loss on genres left out of fitting."""

WEIGHTS: dict[tuple[str, ...], float] = {
    ("alike",): -3.919,
    ("shared",): 0.843,
    ("rival",): -2.174,
    ("second_rival",): -1.028,
    ("rivals",): 1.787,
    ("margin",): 4.032,
    ("proportion",): 1.335,
    ("order",): 5.217,
    ("near",): 0.127,
    ("triples",): -7.253,
    ("formulaic",): -5.507,
    ("lead",): 4.691,
    ("odds",): 0.289,
    ("odds_alone",): -0.092,
    ("figures",): 11.184,
    ("shared", "near"): 1.803,
    ("lead", "lead"): -1.555,
    ("odds", "odds"): -0.000,
}
BIAS = -21.428

SUSPECTED = 0.10
"""Probability from which a window is shown for a person to compare. Of text that nobody rewrote two
characters in a thousand are then shown; with 0.13 it is one, with 0.08 three."""
_FEW_CHARACTERS, _SUSPECTED_OF_FEW = 24, 0.3
"""Characters below which a stretch must have the higher probability: half of the false suspicions were short
phrases."""
_CONTINUED = 0.05
"""Probability from which a window is shown that continues, on both sides, one that is shown."""
_ENOUGH_BLOCKS = 600
"""Blocks of a collection in which common wording has rivals. In a collection with a tenth of them, ten
times as much text is unusual: against one report, 4 of 100 characters that nobody rewrote would be shown."""
_GAP, _SOURCE_GAP = 60, 250
"""Characters between two windows that continue each other, at most, in submission and source."""
_LIKELY, _MOSTLY_EQUAL = 0.5, 0.6
"""Probability, and share of equal characters, from which together a stretch is a copy."""
_LEAST_COPY, _MOST_CONDENSED = 20, 2.5
"""Least characters of such a copy, and the length of its source as a multiple of its own, at most."""
_LEAST_ODDS, _MOST_ODDS = -12.0, 4.0
"""Range to which the log odds of a match of the same two texts are clipped; the least stands for no match."""
_SAME = 0.3
"""Share of a window that such a match must cover."""
_LONGEST_LEAD = 8.0
_MOST_OF_FIGURES = 20.0
"""Largest surprise of figures that counts: that of four figures of three digits."""
_MOST_OF_OTHERS, _MOST_EXCUSED, _MOST_COPIED = 0.2, 0.4, 0.9
"""Largest shares of a window copied from other sources, excused, and copied from the same source."""


class Suspicion(NamedTuple):
    """A stretch of the submission that is suspected to be rewritten from a stretch of a source."""

    start: int
    """In normalised characters; ranges are half-open."""
    end: int
    part: int
    source_start: int
    source_end: int
    probability: float
    """Probability of its likeliest window."""


class Covered(NamedTuple):
    """Shares of a window that passages already found cover."""

    copied: float
    """Share copied from the window's own source."""
    copied_from_others: float
    excused: float


Coverage = Callable[[Likeness], Covered]


def signs(likeness: Likeness, matches: Sequence[Match]) -> dict[str, float]:
    """Features of a likeness, by name; `matches` are those of the submission with the same part."""
    odds = alone = _LEAST_ODDS
    for match in matches:
        overlap = min(match.end, likeness.end) - max(match.start, likeness.start)
        if overlap > _SAME * len(likeness):
            measured = measure(match)
            odds = max(odds, log_odds(measured))
            alone = max(alone, log_odds(without_rivals(measured)))
    return {
        "alike": log(likeness.alike + 0.01),
        "shared": log(likeness.shared),
        "rival": likeness.rival,
        "second_rival": likeness.second_rival,
        "rivals": likeness.rivals,
        "margin": log(likeness.alike + 0.02) - log(likeness.rival_alike + 0.02),
        "proportion": log(likeness.held / likeness.source_held),
        "order": likeness.order,
        "near": likeness.near,
        "triples": likeness.triples,
        "formulaic": likeness.formulaic,
        "lead": log(min(likeness.lead, _LONGEST_LEAD)),
        "odds": min(odds, _MOST_ODDS),
        "odds_alone": min(alone, _MOST_ODDS),
        "figures": min(likeness.figures, _MOST_OF_FIGURES) / 10,
    }


def terms(seen: dict[str, float]) -> list[float]:
    """The values that the weights apply to: features, and products of two features."""
    return [seen[name] for name in NAMES] + [seen[one] * seen[other] for one, other in PRODUCTS]


def probability(seen: dict[str, float]) -> float:
    """The probability that a likeness is rewritten, by its features (`signs`)."""
    odds = BIAS + sum(weight * value for weight, value in zip(WEIGHTS.values(), terms(seen), strict=True))
    return 1 / (1 + exp(-odds))


def lessened(probable: float, blocks: float) -> float:
    """Reduce a probability for a collection of few blocks, in which more text is unusual by chance."""
    return probable / (probable + (1 - probable) * max(1.0, _ENOUGH_BLOCKS / max(blocks, 1.0)))


def suspicions(
    likenesses: Sequence[Likeness],
    matches: Sequence[Match],
    coverage: Coverage,
    blocks: float = _ENOUGH_BLOCKS,
) -> list[Suspicion]:
    """The suspected stretches, in order of start and without overlap; `blocks` is the size of the collection.

    Windows are taken in order of probability. One that continues a suspicion, in the same order on both
    sides, is joined to it and needs a smaller probability.
    """
    of_part: dict[int, list[Match]] = {}
    for match in matches:
        of_part.setdefault(match.part, []).append(match)
    judged = [
        (lessened(probability(signs(one, of_part.get(one.part, ()))), blocks), one) for one in likenesses
    ]
    likely = [pair for pair in judged if pair[0] >= _CONTINUED and is_free(coverage(pair[1]))]
    likely.sort(key=lambda pair: (-pair[0], pair[1].start, pair[1].end))
    found: list[Suspicion] = []
    for probable, window in likely:
        near = [one for one in found if _goes_on(one, window)]
        apart = [one for one in found if one not in near]
        if any(_overlap(one, window) > 0 for one in apart) or not (near or probable >= SUSPECTED):
            continue
        found = [*apart, _joined(near, window, probable)]
    return sorted(
        one for one in found if one.end - one.start >= _FEW_CHARACTERS or one.probability >= _SUSPECTED_OF_FEW
    )


def is_copy(suspicion: Suspicion, match: Match, blocks: float = _ENOUGH_BLOCKS) -> bool:
    """True if a suspicion is as good as a copy; `match` has the common runs of its texts.

    It is if it is likely, and the greater part is equal and lies close together in the source. The number of
    `blocks` does not matter: equal text needs no comparison with rivals.
    """
    equal = sum(length for _, _, length in match.tiles)
    return (
        suspicion.probability >= lessened(_LIKELY, blocks)
        and len(match) >= _LEAST_COPY
        and equal >= _MOSTLY_EQUAL * len(match)
        and match.source_end - match.source_start <= _MOST_CONDENSED * len(match)
    )


def _joined(near: Sequence[Suspicion], window: Likeness, probable: float) -> Suspicion:
    """A window joined with the suspicions that it continues."""
    return Suspicion(
        min([window.start, *(one.start for one in near)]),
        max([window.end, *(one.end for one in near)]),
        window.part,
        min([window.source_start, *(one.source_start for one in near)]),
        max([window.source_end, *(one.source_end for one in near)]),
        max([probable, *(one.probability for one in near)]),
    )


def is_free(covered: Covered) -> bool:
    """True if a window may be suspected: not copied from elsewhere, quoted or the author's own."""
    return (
        covered.copied <= _MOST_COPIED
        and covered.copied_from_others <= _MOST_OF_OTHERS
        and covered.excused <= _MOST_EXCUSED
    )


def coverage_of(other: Sequence[Found], path: str, window: Likeness) -> Covered:
    """Shares of a window, whose source is at `path`, that other passages cover."""
    same = copied = excused = 0
    for one in other:
        overlap = min(one.end, window.end) - max(one.start, window.start)
        if overlap <= 0:
            continue
        if one.passage.status != "reuse":
            excused += overlap
        elif path in {one.passage.source, *(also.source for also in one.passage.also_in)}:
            same += overlap
        else:
            copied += overlap
    length = len(window)
    return Covered(same / length, copied / length, excused / length)


def _overlap(one: Suspicion, window: Likeness) -> int:
    return min(one.end, window.end) - max(one.start, window.start)


def _goes_on(one: Suspicion, window: Likeness) -> bool:
    """True if a window is next to a suspicion on both sides, in the same order."""
    overlap = _overlap(one, window)
    if one.part != window.part or overlap <= -_GAP:
        return False
    source_overlap = min(one.source_end, window.source_end) - max(one.source_start, window.source_start)
    if source_overlap <= -_SOURCE_GAP:
        return False
    return overlap > 0 or (window.start < one.start) == (window.source_start < one.source_start)
