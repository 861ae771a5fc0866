"""Compute the figures of a measure from sums over submissions, their intervals, and their differences.

All figures are ratios of sums, so a resampled set needs no scoring again. Submissions are resampled, not
cases: the cases of one submission share its host and its writer. Intervals are percentiles of the bootstrap;
two versions are compared on the same resampled submissions (Efron, Tibshirani: An Introduction to the
Bootstrap, 1993, chapters 13 and 16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from dedup.records import dataclass

Sums = Mapping[str, float]
"""The contribution of one submission to each sum, by name; for kinds `cases KIND`, `found KIND`, …"""

RESAMPLES = 2_000
CONFIDENCE = 0.95
_SEED = 20260101
_STEPS = 10
"""Number of classes of probability for which the share of right suspicions is computed."""

_Floats = NDArray[np.float64]

_RATIOS = {
    "precision": ("precision", "detections"),
    "recall": ("recall", "cases"),
    "clean_background_ratio": ("clean reuse", "clean"),
    "clean_flagged_ratio": ("clean flagged", "clean"),
    "clean_suspected_ratio": ("clean suspected", "clean"),
    "host_reuse_ratio": ("host reuse", "host"),
    "host_suspected_ratio": ("host suspected", "host"),
}
"""Figures that are one sum divided by another; 0 where the other is 0."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Confidence interval of a figure, at the level `CONFIDENCE`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of two versions on the same submissions."""

    ours: float
    theirs: float
    interval: Interval
    """Confidence interval of `ours - theirs`."""

    @property
    def real(self) -> bool:
        """True if the interval excludes 0: other submissions of this kind would hardly reverse the sign."""
        return self.interval.low > 0 or self.interval.high < 0


def figures_of(submissions: Sequence[Sums]) -> dict[str, float]:
    """The figures of a set: plagdet and its parts, the ratios, `found KIND` and `found_any KIND`."""
    names, table = _table([submissions])
    return {name: float(values[0]) for name, values in _figures(names, np.ones((1, len(table[0]))), table[0])}


def intervals_of(submissions: Sequence[Sums], resamples: int = RESAMPLES) -> dict[str, Interval]:
    """The interval of every figure; resampled sets in which a figure is undefined are left out for it."""
    names, table = _table([submissions])
    times = _times_drawn(len(submissions), resamples)
    return {name: _interval(values) for name, values in _figures(names, times, table[0])}


def differences_of(ours: Sequence[Sums], theirs: Sequence[Sums]) -> dict[str, Difference]:
    """Every figure of two versions; the n-th sums of both are of the same submission."""
    names, table = _table([ours, theirs])
    times = _times_drawn(len(ours), RESAMPLES)
    whole = np.ones((1, len(ours)))
    differences = {}
    for (name, mine), (_, other), (_, drawn), (_, other_drawn) in zip(
        _figures(names, whole, table[0]),
        _figures(names, whole, table[1]),
        _figures(names, times, table[0]),
        _figures(names, times, table[1]),
        strict=True,
    ):
        differences[name] = Difference(float(mine[0]), float(other[0]), _interval(drawn - other_drawn))
    return differences


@dataclass(frozen=True, slots=True)
class Step:
    """The suspicions whose probability is between `low` and `high`."""

    low: float
    high: float
    passages: int
    told: float
    """Mean of their probabilities."""
    right: float
    """Share of them that were right."""


def reliability(suspicions: Sequence[tuple[float, bool]]) -> list[Step]:
    """Compare the probabilities of suspicions with the shares that were right; empty steps are left out.

    Each suspicion is (probability, True if it was right). If they are calibrated, both agree in each step.
    """
    groups: dict[int, list[tuple[float, bool]]] = {}
    for probability, right in suspicions:
        groups.setdefault(min(_STEPS - 1, int(probability * _STEPS)), []).append((probability, right))
    return [
        Step(
            step / _STEPS,
            (step + 1) / _STEPS,
            len(group),
            fmean(probability for probability, _ in group),
            fmean(right for _, right in group),
        )
        for step, group in sorted(groups.items())
    ]


def _table(versions: Sequence[Sequence[Sums]]) -> tuple[list[str], list[_Floats]]:
    """The names of all sums, and the sums of each version, float64[submissions, names]."""
    names = list(dict.fromkeys(name for version in versions for sums in version for name in sums))
    return names, [np.array([[sums.get(name, 0) for name in names] for sums in one]) for one in versions]


def _times_drawn(submissions: int, resamples: int) -> _Floats:
    """Number of times each submission is drawn in each resampled set, float64[resamples, submissions]."""
    chances = np.full(submissions, 1 / submissions)
    return np.random.default_rng(_SEED).multinomial(submissions, chances, resamples).astype(np.float64)


def _figures(names: Sequence[str], times: _Floats, sums: _Floats) -> list[tuple[str, _Floats]]:
    """The figures that the sums allow: name, and value in every resampled set."""
    totals = dict(zip(names, (times @ sums).T, strict=True))
    figures = {name: _ratio(totals[part], totals[whole]) for name, (part, whole) in _RATIOS.items()}
    precision, recall = figures["precision"], figures["recall"]
    granularity = np.where(totals["touched"] > 0, _ratio(totals["pieces"], totals["touched"]), 1.0)
    f1 = _ratio(2 * precision * recall, precision + recall)
    figures = {"plagdet": f1 / np.log2(1 + granularity), "granularity": granularity, **figures}
    for name in sorted(name for name in names if name.startswith("cases ")):
        kind = name.removeprefix("cases ")
        for found in ("found", "found_any"):
            missing = np.where(totals[name] > 0, 0.0, np.nan)
            figures[f"{found} {kind}"] = _ratio(totals[f"{found} {kind}"], totals[name]) + missing
    return list(figures.items())


def _ratio(part: _Floats, whole: _Floats) -> _Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _interval(values: _Floats) -> Interval:
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.nanpercentile(values, [tail, 100 - tail])
    return Interval(float(low), float(high))
