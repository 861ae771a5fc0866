"""What takes no part: how a match is cut where forms and templates stand in it."""

from __future__ import annotations

import numpy as np
import pytest

from dedup.align.apart import FORM, TEMPLATE, outside
from dedup.align.describe import draft_of
from dedup.align.match import Tile
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.strategies import rare_text
from tests.texts import a_match

TEXT = rare_text(115, 120)


def pieces(
    *apart: tuple[int, int, int],
    sentences: tuple[int, ...] = (),
    start: int = 10,
    end: int = 70,
    tiles: tuple[Tile, ...] = (),
) -> list[tuple[int, int]]:
    """Where the pieces of a match lie in which (start, end, FORM or TEMPLATE) are apart.

    All is one sentence but for those that begin at `sentences`.
    """
    draft = draft_of(parse("draft.txt", TEXT), Settings())
    marks, sentence = np.zeros(len(TEXT), np.uint8), np.zeros(len(TEXT), np.int64)
    for first, last, kind in apart:
        marks[first:last] = kind
    for first in sentences:
        sentence[first:] += 1
    match = a_match(start, end, source_start=start + 500, tiles=tiles or ((start, start + 500, end - start),))
    found = list(outside(match, draft._replace(apart=marks, sentence=sentence)))
    assert all(one.source_start - one.start == 500 for one in found)
    return [(one.start, one.end) for one in found]


def test_what_is_text_is_not_cut() -> None:
    assert pieces() == [(10, 70)]
    assert pieces((0, 10, FORM), (70, 90, TEMPLATE)) == [(10, 70)]


@pytest.mark.parametrize(
    ("form", "cut"),
    [((30, 40), False), ((20, 30), False), ((19, 30), True), ((50, 60), False), ((50, 61), True)],
)
def test_a_form_with_as_much_text_on_both_sides_cuts_nothing(form: tuple[int, int], cut: bool) -> None:
    assert pieces((*form, FORM)) == ([(10, form[0]), (form[1], 70)] if cut else [(10, 70)])


def test_a_template_always_cuts() -> None:
    assert pieces((30, 40, TEMPLATE)) == [(10, 30), (40, 70)]


def test_a_form_that_ends_its_sentence_cuts_and_one_that_begins_it_does_not() -> None:
    assert pieces((30, 40, FORM), sentences=(40,)) == [(10, 30), (40, 70)]
    assert pieces((30, 40, FORM), sentences=(30,)) == [(10, 70)]


def test_a_form_near_another_or_near_a_template_cuts() -> None:
    assert pieces((30, 38, FORM), (45, 50, TEMPLATE)) == [(10, 30), (38, 45), (50, 70)]
    assert pieces((20, 25, TEMPLATE), (30, 38, FORM)) == [(10, 20), (25, 30), (38, 70)]
    assert pieces((25, 30, FORM), (45, 50, FORM)) == [(10, 70)]


@pytest.mark.parametrize(("first", "kept"), [(14, True), (13, False)])
def test_a_piece_has_at_least_four_characters_that_match(first: int, kept: bool) -> None:
    assert pieces((first, 40, TEMPLATE)) == [*([(10, first)] if kept else []), (40, 70)]
    tiles = ((10, 510, first - 10), (40, 540, 30))
    assert pieces((30, 40, TEMPLATE), tiles=tiles) == [*([(10, 30)] if kept else []), (40, 70)]


def test_a_match_that_is_apart_from_end_to_end_has_no_pieces() -> None:
    assert pieces((0, 90, TEMPLATE)) == []
    assert pieces((0, 90, FORM)) == []
