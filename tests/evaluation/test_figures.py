"""Intervals, comparisons of two versions, and whether probabilities hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.evaluation.figures import differences_of, figures_of, intervals_of, reliability


def submission(found: int, cases: int = 10) -> dict[str, float]:
    """A submission of which so many cases were found, exactly and once each."""
    return {
        **{"cases": cases, "recall": found, "detections": found, "precision": found},
        **{"pieces": found, "touched": found, "host": 1000, "host reuse": 0, "host suspected": 3},
        **{"clean": 0, "clean reuse": 0, "clean flagged": 0, "clean suspected": 0},
        **{"cases edit": cases, "found edit": found, "found_any edit": found},
    }


def test_figures_are_ratios_of_sums() -> None:
    figures = figures_of([submission(10), submission(5)])
    assert figures["recall"] == figures["found edit"] == pytest.approx(0.75)
    assert figures["plagdet"] == pytest.approx(2 * 0.75 / 1.75)
    assert figures["host_suspected_ratio"] == pytest.approx(0.003)


@given(st.lists(st.integers(0, 10), min_size=2, max_size=12))
def test_an_interval_holds_its_figure_or_touches_it(found: list[int]) -> None:
    sums = [submission(one) for one in found]
    interval, recall = intervals_of(sums, 200)["recall"], figures_of(sums)["recall"]
    assert 0 <= interval.low <= interval.high <= 1
    assert interval.low <= recall + 0.1
    assert interval.high >= recall - 0.1


def test_more_submissions_make_an_interval_narrower() -> None:
    few, many = [submission(4), submission(9)] * 3, [submission(4), submission(9)] * 60
    width = [one.high - one.low for one in (intervals_of(few)["recall"], intervals_of(many)["recall"])]
    assert width[1] < width[0] / 3


def test_the_same_gain_everywhere_is_real() -> None:
    theirs = [submission(found) for found in (2, 9, 4, 7, 3, 8)]
    ours = [submission(found) for found in (3, 10, 5, 8, 4, 9)]
    gain = differences_of(ours, theirs)["recall"]
    assert gain.ours - gain.theirs == pytest.approx(0.1)
    assert gain.real
    # The submissions differ far more from one another than the versions: only pairs show it.
    assert intervals_of(ours)["recall"].low < gain.theirs


def test_a_gain_here_and_a_loss_there_is_not_real() -> None:
    theirs = [submission(found) for found in (5, 5, 5, 5, 5, 5)]
    ours = [submission(found) for found in (9, 1, 9, 1, 5, 6)]
    assert not differences_of(ours, theirs)["recall"].real
    assert not differences_of(theirs, theirs)["plagdet"].real


def test_a_kind_that_some_resampled_sets_lack_has_its_interval() -> None:
    without = submission(3) | {"cases edit": 0, "found edit": 0, "found_any edit": 0}
    interval = intervals_of([submission(5), *[without] * 4])["found edit"]
    assert (interval.low, interval.high) == (0.5, 0.5)


def test_reliability_compares_what_was_told_with_what_was_right() -> None:
    low, high = reliability([(0.11, False), (0.19, False), (1.0, True), (0.9, True), (0.92, False)])
    assert (low.low, low.high, low.passages, low.right) == (0.1, 0.2, 2, 0)
    assert low.told == pytest.approx(0.15)
    assert (high.low, high.high, high.passages) == (0.9, 1.0, 3)
    assert high.right == pytest.approx(2 / 3)
