"""What of a passage counts as copied, what marks belong to it, and how much of a window passages cover."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from dedup.align.describe import draft_of
from dedup.align.found import Found, bridged
from dedup.align.marks import with_marks
from dedup.align.match import Tile
from dedup.align.suspicion import coverage_of
from dedup.document import Span
from dedup.index.index import PartInfo
from dedup.passage import Alternative, Passage, Status
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.strategies import rare_text
from tests.texts import a_likeness, a_match

DRAFT = draft_of(parse("draft.txt", rare_text(110, 300)), Settings())


def found(
    start: int,
    end: int,
    *tiles: Tile,
    source: int = 0,
    status: Status = "reuse",
    also: Sequence[str] = (),
) -> Found:
    """A passage with such runs, of `{source}.txt`; one run from end to end if none are given."""
    match = a_match(start, end, part=source, tiles=tiles or ((start, start, end - start),))
    part = PartInfo(source, f"{source}.txt", "", "", None, 300, 1, Span(0, 300), ())
    others = tuple(Alternative(path, 0, 1, 1.0) for path in also)
    passage = Passage(start, end, part.path, start, end, 1.0, "verbatim", status, (), "", "", also_in=others)
    return Found.of(passage, match, part, DRAFT)


def copied(*passages: Found) -> list[list[tuple[int, int]]]:
    """What counts as copied of each passage; characters and their offsets are the same here."""
    bridges = list(bridged(passages, DRAFT))
    for one in bridges:
        assert [(span.start, span.end) for span in one.passage.copied] == list(one.runs)
    return [list(one.runs) for one in bridges]


def test_short_gaps_between_runs_count_and_longer_ones_do_not() -> None:
    runs = copied(found(0, 100, (0, 0, 20), (30, 30, 20), (61, 61, 9)))
    assert runs == [[(0, 50), (61, 70)]]


def test_a_run_within_another_moves_no_end() -> None:
    assert copied(found(0, 100, (0, 0, 40), (10, 200, 5), (52, 52, 8))) == [[(0, 40), (52, 60)]]


@pytest.mark.parametrize(("gap", "bridge"), [(10, True), (11, False)])
def test_the_gap_between_passages_of_one_source_that_touch_counts_if_it_is_short(
    gap: int, bridge: bool
) -> None:
    first, second = found(0, 50, (0, 0, 45)), found(50, 100, (45 + gap, 45 + gap, 30))
    end = 75 + gap
    assert copied(first, second) == ([[(0, 50)], [(50, end)]] if bridge else [[(0, 45)], [(45 + gap, end)]])


def test_passages_of_other_sources_or_apart_or_that_are_no_reuse_are_not_bridged() -> None:
    first = found(0, 50, (0, 0, 45))
    for second in (
        found(50, 100, (52, 52, 30), source=1),
        found(51, 100, (52, 52, 30)),
        found(50, 100, (52, 52, 30), status="formulaic"),
    ):
        assert copied(first, second) == [[(0, 45)], [(52, 82)]]


def test_a_passage_between_two_is_bridged_on_both_sides() -> None:
    first, last = found(0, 50, (0, 0, 46)), found(100, 150, (103, 103, 40))
    middle = found(50, 100, (53, 53, 10), (80, 80, 17))
    assert copied(first, middle, last) == [[(0, 50)], [(50, 63), (80, 100)], [(100, 143)]]


# ------------------------------------------------------------------------------------------- marks


@pytest.mark.parametrize(
    ("before", "behind", "with_them"),
    [
        ("看", "。好", ("", "。")),
        ("看《（", "）》，好", ("《（", "）》，")),
        ("看（（（（（（", "））））））。", ("（（（（（（", "））））））")),
        ("看（（（（（（（", "", ("（（（（（（", "")),
        ("", "", ("", "")),
        ("（", "）", ("（", "）")),
        ('说："', '"好', ('"', '"')),
        ('"', '"', ('"', '"')),
        ('的"', '"好', ("", '"')),
        ("看）", "（好", ("", "")),
        ("看,'", "'", ("'", "'")),
    ],
)
def test_marks_that_open_before_a_stretch_and_close_behind_it_belong_to_it(
    before: str, behind: str, with_them: tuple[str, str]
) -> None:
    text = f"{before}渡口{behind}"
    span = with_marks(text, Span(len(before), len(before) + 2), 100)
    assert text[span.start - 100 : span.end - 100] == f"{with_them[0]}渡口{with_them[1]}"


# ---------------------------------------------------------------------------------------- coverage


def test_how_much_of_a_window_is_copied_from_its_source_or_others_or_excused() -> None:
    placed = a_likeness(start=100, end=200)
    others = [
        found(90, 110),
        found(120, 150, source=1),
        found(150, 155, source=1, also=("0.txt",)),
        found(160, 170, status="quoted"),
        found(190, 230, source=2),
        found(0, 100, source=3),
        found(200, 240, source=3),
    ]
    assert coverage_of(others, "0.txt", placed) == (0.15, 0.4, 0.1)
    assert coverage_of(others, "9.txt", placed) == (0.0, 0.55, 0.1)
    assert coverage_of((), "0.txt", placed) == (0.0, 0.0, 0.0)
