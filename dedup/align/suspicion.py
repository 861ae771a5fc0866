"""The judge of likenesses: how probably a window says in other words what a source says, and what is suspected.

A logistic model over what was measured of the window and the run most like it (`dedup.align.rewriting`), and
over what the judge of copies thought of a match of the same two texts. It is calibrated: of the windows that
get 0.6, about 60 in 100 are rewritten in the material that it was fitted on, of which about one window in
seven was. `tests/bench/fitting_suspicion.py` fits it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log
from typing import NamedTuple

from dedup.align.judge import log_odds, measure, without_rivals
from dedup.align.matching import Match
from dedup.align.rewriting import Likeness

NAMES = (
    *("alike", "shared", "length", "held", "source_held", "rival", "second_rival", "rivals", "margin"),
    *("order", "near", "rare", "triples", "pairs", "formulaic", "lead", "odds", "odds_alone"),
)
PRODUCTS = (("shared", "near"), ("lead", "lead"), ("odds", "odds"), ("length", "length"))
"""Chosen, one after the other, for what they took off the loss on genres left out."""

WEIGHTS: dict[tuple[str, ...], float] = {
    ("alike",): -1.047,
    ("shared",): 0.957,
    ("length",): -0.920,
    ("held",): -5.445,
    ("source_held",): -5.663,
    ("rival",): -0.713,
    ("second_rival",): -0.619,
    ("rivals",): 0.447,
    ("margin",): 3.322,
    ("order",): 3.296,
    ("near",): -0.283,
    ("rare",): 1.543,
    ("triples",): -3.426,
    ("pairs",): 0.019,
    ("formulaic",): -3.148,
    ("lead",): 2.932,
    ("odds",): 0.188,
    ("odds_alone",): 0.017,
    ("shared", "near"): 0.847,
    ("lead", "lead"): -1.000,
    ("odds", "odds"): 0.004,
    ("length", "length"): -0.145,
}
BIAS = -9.706

SUSPECTED = 0.45
"""Probability from which a window is shown for a person to compare."""
_CONTINUED = 0.18
"""And of one that goes on, on both sides, with one that is shown."""
_GAP, _SOURCE_GAP = 60, 250
"""Characters that may lie between two windows that go on with each other, on the draft's and the source's side."""
_LEAST_ODDS, _MOST_ODDS = -12.0, 4.0
"""Of a match of the same two texts; where there is none, it is as if it had the least."""
_SAME = 0.3
"""Share of a window that such a match must cover."""
_LONGEST_LEAD = 8.0
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
    """What the model sees of a likeness, by name; `matches` are those of the submission with its part."""
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
        "length": log(len(likeness)),
        "held": likeness.held,
        "source_held": likeness.source_held,
        "rival": likeness.rival,
        "second_rival": likeness.second_rival,
        "rivals": likeness.rivals,
        "margin": log(likeness.alike + 0.02) - log(likeness.rival_alike + 0.02),
        "order": likeness.order,
        "near": likeness.near,
        "rare": log(1 + likeness.rare),
        "triples": likeness.triples,
        "pairs": log(likeness.pairs),
        "formulaic": likeness.formulaic,
        "lead": log(min(likeness.lead, _LONGEST_LEAD)),
        "odds": min(odds, _MOST_ODDS),
        "odds_alone": min(alone, _MOST_ODDS),
    }


def terms(seen: dict[str, float]) -> list[float]:
    """The values that the weights are for: what the model sees, and products of it."""
    return [seen[name] for name in NAMES] + [seen[one] * seen[other] for one, other in PRODUCTS]


def probability(seen: dict[str, float]) -> float:
    """How probable rewriting is by what the model sees."""
    odds = BIAS + sum(weight * value for weight, value in zip(WEIGHTS.values(), terms(seen), strict=True))
    return 1 / (1 + exp(-odds))


def suspicions(
    likenesses: Sequence[Likeness], matches: Sequence[Match], coverage: Coverage
) -> list[Suspicion]:
    """The stretches that are suspected, in order of start; none overlap.

    Windows are taken in order of probability. One that goes on with what is suspected already, in the same
    order on both sides, is joined to it, and needs less by itself.
    """
    of_part: dict[int, list[Match]] = {}
    for match in matches:
        of_part.setdefault(match.part, []).append(match)
    judged = [(probability(signs(one, of_part.get(one.part, ()))), one) for one in likenesses]
    likely = [pair for pair in judged if pair[0] >= _CONTINUED and is_free(coverage(pair[1]))]
    likely.sort(key=lambda pair: (-pair[0], pair[1].start, pair[1].end))
    found: list[Suspicion] = []
    for probable, window in likely:
        near = [one for one in found if _goes_on(one, window)]
        apart = [one for one in found if one not in near]
        if any(_overlap(one, window) > 0 for one in apart) or not (near or probable >= SUSPECTED):
            continue
        found = [*apart, _joined(near, window, probable)]
    return sorted(found)


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
