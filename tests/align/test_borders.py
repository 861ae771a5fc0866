"""Borders of a match: whole clauses, gaps bridged, and a border inside a clause only where it must be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.borders import DRAFT, SOURCE, Tolerance, best_run


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
