"""Borders of a match: whole clauses, gaps bridged, and a border inside a clause only where it must be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.borders import (
    DRAFT,
    SOURCE,
    Tolerance,
    at_borders,
    best_run,
    clip,
    inside,
    spread,
    sums,
    trim,
)


def run(*clauses: str, tolerance: Tolerance = DRAFT) -> str:
    """The best run of a text whose matched characters are written ■ and others □, clauses given apart."""
    text = "".join(clauses)
    starts = np.cumsum([0, *map(len, clauses)])[:-1]
    values = np.array([float(letter == "■") for letter in text])
    start, end = best_run(values, starts, tolerance)
    return "".join(letter if start <= place < end else "·" for place, letter in enumerate(text))


def test_whole_clauses_and_nothing_else() -> None:
    assert run("□□□□□", "■■■■■■■", "■■■■", "□□□□□□") == "·····■■■■■■■■■■■······"


def test_a_changed_word_at_the_border_belongs_to_its_clause() -> None:
    assert run("□□□□□", "□□■■■■■■", "■■■■■□", "□□□□□") == "·····□□■■■■■■■■■■■□·····"


def test_a_clause_put_between_is_bridged() -> None:
    assert run("■" * 20, "□" * 10, "■" * 20) == "■" * 20 + "□" * 10 + "■" * 20


def test_a_long_stretch_of_other_text_ends_a_match() -> None:
    assert run("■" * 30, "□" * 40, "■" * 20) == "■" * 30 + "·" * 60


def test_the_source_may_lose_more_than_the_copy_may_add() -> None:
    clauses = ("■" * 30, "□" * 50, "■" * 30)
    assert run(*clauses, tolerance=SOURCE).count("·") == 0
    assert run(*clauses, tolerance=DRAFT).count("·") == 80


@pytest.mark.parametrize(("tolerance", "widest"), [(DRAFT, 34), (SOURCE, 90)])
def test_how_much_other_text_is_bridged(tolerance: Tolerance, widest: int) -> None:
    assert "·" not in run("■" * 60, "□" * widest, "■" * 60, tolerance=tolerance)
    assert run("■" * 60, "□" * (widest + 1), "■" * 60, tolerance=tolerance).count("·") == widest + 61


@pytest.mark.parametrize(("tolerance", "fewest"), [(DRAFT, 5), (SOURCE, 4)])
def test_how_much_of_the_next_clause_moves_a_border(tolerance: Tolerance, fewest: int) -> None:
    for matched, ends in ((fewest, fewest), (fewest - 1, 0)):
        other = "□" * (60 - matched)
        after = run("■" * 20, "■" * matched + other, tolerance=tolerance)
        before = run(other + "■" * matched, "■" * 20, tolerance=tolerance)
        assert len(after.rstrip("·")) == len(before.lstrip("·")) == 20 + ends


def test_a_long_match_may_stop_inside_a_clause() -> None:
    assert run("□" * 20 + "■" * 8, "■" * 10, "□" * 9) == "·" * 20 + "■" * 18 + "·" * 9
    assert run("■" * 10, "■" * 8 + "□" * 20, "□" * 5) == "■" * 18 + "·" * 25


def test_a_stray_match_beyond_the_border_does_not_move_it() -> None:
    assert run("■" * 10, "■■" + "□" * 12) == "■" * 10 + "·" * 14


@pytest.mark.parametrize("clauses", [("□□□", "□□□□"), ("□",)])
def test_nothing_matched_gives_no_run(clauses: tuple[str, ...]) -> None:
    assert set(run(*clauses)) == {"·"}


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=12), min_size=1, max_size=12),
    st.sampled_from([DRAFT, SOURCE]),
)
def test_the_run_lies_in_the_text_and_is_worth_something(
    clauses: list[list[float]], tolerance: Tolerance
) -> None:
    values = np.array([value for clause in clauses for value in clause])
    starts = np.cumsum([0, *map(len, clauses)])[:-1]
    start, end = best_run(values, starts, tolerance)
    assert 0 <= start <= end <= len(values)
    if start < end:
        assert (values[start:end] - tolerance.cost).sum() > 0
    else:
        sums = np.add.reduceat(values - tolerance.cost, starts)
        assert sums.max() <= 0, "a clause that scores is found"


# ------------------------------------------------------------------------------ runs within borders


def test_values_are_summed_by_ranges() -> None:
    assert sums(np.array([1.0, 2.0, 4.0, 8.0]), np.array([0, 1, 3, 3, 4])).tolist() == [1, 6, 0, 8]


def test_the_value_of_each_run_is_that_of_its_characters() -> None:
    found = spread(np.array([1, 3, 6]), np.array([2, 2, 2]), np.array([0.5, 1.0, 0.25]), 8)
    assert found.tolist() == [0, 0.5, 0.5, 1, 1, 0, 0.25, 0.25]


def test_which_runs_touch_a_range() -> None:
    touched = inside(np.array([0, 5, 9, 10]), np.array([5, 2, 1, 3]), (5, 10))
    assert touched.tolist() == [False, True, True, False]


def test_runs_are_cut_at_the_bounds_of_both_sides_and_single_characters_dropped() -> None:
    tiles = np.array([[0, 20, 6], [10, 30, 6], [20, 50, 6], [28, 58, 6]])
    assert trim(tiles, (2, 30), (21, 55)).tolist() == [[2, 22, 4], [10, 30, 6], [20, 50, 5], [28, 58, 0]]
    assert trim(tiles, (0, 34), (23, 64)).tolist() == [[3, 23, 3], [10, 30, 6], [20, 50, 6], [28, 58, 6]]
    assert clip(tiles, (4, 29), (0, 99)).tolist() == [[4, 24, 2], [10, 30, 6], [20, 50, 6]]
    assert clip(tiles, (5, 30), (0, 99)).tolist() == [[10, 30, 6], [20, 50, 6], [28, 58, 2]]


@pytest.mark.parametrize(
    ("bounds", "count"), [((0, 9), 2), ((0, 3), 2), ((3, 6), 2), ((2, 6), 1), ((3, 5), 1), ((1, 5), 0)]
)
def test_how_many_ends_lie_between_sentences(bounds: tuple[int, int], count: int) -> None:
    assert at_borders(np.array([0, 0, 0, 1, 1, 1, 2, 2, 2]), bounds) == count


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (("■□□□", "■■■"), "····■■■"),
        (("■□□□□□", "■■■■■□"), "······■■■■■□"),
        (("□", "■"), "·■"),
        (("■",), "■"),
        (("■■■■■", "□" * 14, "■■■■■■■■■"), "·" * 19 + "■" * 9),
        (("■■■■■■■■■", "□" * 14, "■■■■■■■■■"), "■" * 9 + "□" * 14 + "■" * 9),
        (("■■■■■■■■■", "□" * 14, "■■■■■"), "■" * 9 + "·" * 19),
    ],
)
def test_where_the_best_run_of_clauses_lies(clauses: tuple[str, ...], expected: str) -> None:
    assert run(*clauses) == expected


def test_characters_count_by_their_weights() -> None:
    values, starts = np.array([1.0] * 4 + [0.0] * 8 + [1.0] * 4), np.array([0, 4, 12])
    assert best_run(values, starts, DRAFT) == (0, 4)
    light = np.array([1.0] * 4 + [0.5] * 8 + [1.0] * 4)
    assert best_run(values, starts, DRAFT, light) == (0, 16)
