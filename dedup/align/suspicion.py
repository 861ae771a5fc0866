"""The judge of likenesses: how probably a window says in other words what a source says.

A logistic model over what was measured of the window and the run most like it (`dedup.align.rewriting`), and
over what the judge of copies thought of a match of the same two texts. It is calibrated: of the windows that
get 0.6, about 60 in 100 are rewritten in the material that it was fitted on. Of all windows found there one
in fourteen was; in a draft of which nothing is rewritten, all of them are false.
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
"""Left out is whatever tells how unusual the words of a window are for their number: passages written for the
fit are unusual beside reports of provinces, and a model that sees it learns that, not rewriting."""
PRODUCTS = (("shared", "near"), ("lead", "lead"), ("odds", "odds"))
"""Chosen, one after the other, for what they took off the loss on genres left out."""

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
"""A stretch with fewer characters must be so probable: of what was suspected wrongly half were short
phrases."""
_CONTINUED = 0.05
"""And of one that goes on, on both sides, with one that is shown."""
_ENOUGH_BLOCKS = 600
"""Blocks of a collection among which whatever is usual has its rivals. In one of a tenth as many ten times as
much stands out: against one report 4 of 100 characters that nobody rewrote would be shown."""
_GAP, _SOURCE_GAP = 60, 250
"""Characters that may lie between two windows that go on with each other, on either side."""
_LIKELY, _MOSTLY_EQUAL = 0.5, 0.6
"""Probability from which a stretch of which so large a share is equal is a copy."""
_LEAST_COPY, _MOST_CONDENSED = 20, 2.5
"""Characters that it must have, and how many times as long its source may be."""
_LEAST_ODDS, _MOST_ODDS = -12.0, 4.0
"""Of a match of the same two texts; where there is none, it is as if it had the least."""
_SAME = 0.3
"""Share of a window that such a match must cover."""
_LONGEST_LEAD = 8.0
_MOST_OF_FIGURES = 20.0
"""Surprise of figures; four figures of three digits."""
_MOST_OF_OTHERS, _MOST_EXCUSED, _MOST_COPIED = 0.2, 0.4, 0.9
"""Share of a window that may be copied from other sources, excused, and copied from the same source."""


class Suspicion(NamedTuple):
    """A stretch of the submission that is suspected to be rewritten from a stretch of a source."""

    start: int
    """In normalised characters, half-open."""
    end: int
    part: int
    source_start: int
    source_end: int
    probability: float
    """Of its likeliest window."""


class Covered(NamedTuple):
    """How much of a window is known to be something else, as shares of it."""

    copied: float
    """From the source of the window."""
    copied_from_others: float
    excused: float


Coverage = Callable[[Likeness], Covered]


def signs(likeness: Likeness, matches: Sequence[Match]) -> dict[str, float]:
    """Features of a likeness, by name; `matches` are those of the submission with its part."""
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
    """The values that the weights are for: what the model sees, and products of it."""
    return [seen[name] for name in NAMES] + [seen[one] * seen[other] for one, other in PRODUCTS]


def probability(seen: dict[str, float]) -> float:
    """The probability that a likeness is rewritten, by its features (`signs`)."""
    odds = BIAS + sum(weight * value for weight, value in zip(WEIGHTS.values(), terms(seen), strict=True))
    return 1 / (1 + exp(-odds))


def lessened(probable: float, blocks: float) -> float:
    """Reduce a probability for a collection of few blocks, in which more stands out by chance."""
    return probable / (probable + (1 - probable) * max(1.0, _ENOUGH_BLOCKS / max(blocks, 1.0)))


def suspicions(
    likenesses: Sequence[Likeness],
    matches: Sequence[Match],
    coverage: Coverage,
    blocks: float = _ENOUGH_BLOCKS,
) -> list[Suspicion]:
    """The stretches that are suspected, in order of start; none overlap. The collection has so many `blocks`.

    Windows are taken in order of probability. One that goes on with what is suspected already, in the same
    order on both sides, is joined to it, and needs less by itself.
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
    """Tell if a suspicion is as good as a copy, by what its texts have in common, its `match`.

    It is if it is likely, and the greater part is equal and stands together in the source. How many `blocks`
    the collection has is no matter: what is equal needs no rivals.
    """
    equal = sum(length for _, _, length in match.tiles)
    return (
        suspicion.probability >= lessened(_LIKELY, blocks)
        and len(match) >= _LEAST_COPY
        and equal >= _MOSTLY_EQUAL * len(match)
        and match.source_end - match.source_start <= _MOST_CONDENSED * len(match)
    )


def _joined(near: Sequence[Suspicion], window: Likeness, probable: float) -> Suspicion:
    """A window together with what it goes on with."""
    return Suspicion(
        min([window.start, *(one.start for one in near)]),
        max([window.end, *(one.end for one in near)]),
        window.part,
        min([window.source_start, *(one.source_start for one in near)]),
        max([window.source_end, *(one.source_end for one in near)]),
        max([probable, *(one.probability for one in near)]),
    )


def is_free(covered: Covered) -> bool:
    """Tell if a window may be suspected: not if it is copied from elsewhere, quoted or the author's own."""
    return (
        covered.copied <= _MOST_COPIED
        and covered.copied_from_others <= _MOST_OF_OTHERS
        and covered.excused <= _MOST_EXCUSED
    )


def coverage_of(other: Sequence[Found], path: str, window: Likeness) -> Covered:
    """How much of a window, of a document at a path, some passages cover."""
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
    """Tell if a window lies by a suspicion on both sides, and in the same order."""
    overlap = _overlap(one, window)
    if one.part != window.part or overlap <= -_GAP:
        return False
    source_overlap = min(one.source_end, window.source_end) - max(one.source_start, window.source_start)
    if source_overlap <= -_SOURCE_GAP:
        return False
    return overlap > 0 or (window.start < one.start) == (window.source_start < one.source_start)
