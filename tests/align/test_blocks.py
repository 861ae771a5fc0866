"""Blocks: a long match told in pieces, the changed apart from the unchanged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

import pytest

from dedup.align.describe import draft_of
from dedup.align.match import Match, Tile
from dedup.align.selection import by_block
from dedup.passage import Passage
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.corpora import checked, indexed
from tests.strategies import rare_text
from tests.texts import a_match

TITLE = "霁山县渡口管理办法"
SECTIONS = [f"{rare_text(number, 50)}。" for number in range(20, 28)]
CHANGED = SECTIONS[3][:30] + rare_text(60, 20) + "。"
NUMBERS = "一二三四五六七八九十"


def laid_out(sections: list[str], form: str = "第{}条　{}", between: str = "\n") -> str:
    lines = [form.format(number, section) for number, section in zip(NUMBERS, sections, strict=False)]
    return f"{TITLE}\n{between.join(lines)}\n"


def blocks(draft: str, source: str) -> list[Passage]:
    return [one for one in checked(draft, {"旧稿.txt": source}).passages if one.status == "reuse"]


def with_change(place: int = 3) -> list[str]:
    return [*SECTIONS[:place], CHANGED, *SECTIONS[place + 1 :]]


@pytest.mark.parametrize("form", ["第{}条　{}", "{}、{}", "{1}"])
@pytest.mark.parametrize("between", ["\n", "\n\n", "\n——\n", "\n\u3000\u3000"])
def test_a_changed_section_is_told_apart_however_sections_are_set(form: str, between: str) -> None:
    found = blocks(laid_out(with_change(), form, between), laid_out(SECTIONS, form, between))
    assert [one.kind for one in found] == ["verbatim", "edited", "verbatim"]
    before, changed, after = found
    assert SECTIONS[2] in before.text
    assert CHANGED in changed.text
    assert not any(section in changed.text for section in SECTIONS)
    assert SECTIONS[4] in after.text
    assert SECTIONS[7] in after.text


def test_neighbours_that_changed_alike_are_one_block() -> None:
    changed = [
        *SECTIONS[:3],
        *(section[:25] + rare_text(61 + place, 15) for place, section in enumerate(SECTIONS[3:5])),
        *SECTIONS[5:],
    ]
    found = blocks(laid_out(changed), laid_out(SECTIONS))
    assert [one.kind for one in found] == ["verbatim", "edited", "verbatim"]


def test_a_section_put_in_belongs_to_no_block_and_counts_as_no_copy() -> None:
    new = rare_text(70, 60) + "。"
    draft = laid_out([*SECTIONS[:4], new, *SECTIONS[4:]])
    report = checked(draft, {"旧稿.txt": laid_out(SECTIONS)})
    found = [one for one in report.passages if one.status == "reuse"]
    assert all(new not in one.text for one in found)
    assert all(any(section in one.text for one in found) for section in SECTIONS)
    assert report.figures.copied_characters <= report.figures.total_characters - 60


def test_a_section_left_out_leaves_the_others_as_they_were() -> None:
    found = blocks(laid_out([*SECTIONS[:4], *SECTIONS[5:]]), laid_out(SECTIONS))
    assert all(any(section in one.text for one in found) for section in [*SECTIONS[:4], *SECTIONS[5:]])
    assert all(SECTIONS[4] not in one.source_text for one in found if one.kind == "verbatim")


def test_blocks_do_not_overlap_on_the_sources_side() -> None:
    found = blocks(laid_out(with_change()), laid_out(SECTIONS))
    ends = [one.source_end for one in found]
    starts = [one.source_start for one in found]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


def test_a_match_inside_one_section_is_not_cut() -> None:
    long = "".join(SECTIONS[:4])
    (only,) = blocks(f"{TITLE}\n{long[:60]}{rare_text(71, 12)}，{long[60:]}\n", f"{TITLE}\n{long}\n")
    assert only.kind == "edited"


@pytest.mark.parametrize(("before", "source_before"), [(400, 0), (0, 400)])
def test_it_does_not_matter_how_much_stands_before_the_sections(before: int, source_before: int) -> None:
    draft = rare_text(80, before) + "\n" + laid_out(with_change())
    found = blocks(draft, rare_text(81, source_before) + "\n" + laid_out(SECTIONS))
    assert [one.kind for one in found] == ["verbatim", "edited", "verbatim"]
    assert CHANGED in found[1].text


@pytest.mark.parametrize("form", ["{1}", "第{}条　{}"])
def test_a_section_of_which_only_the_first_character_differs_is_changed(form: str) -> None:
    sections = [*SECTIONS[:3], "甭" + SECTIONS[3][1:], *SECTIONS[4:]]
    found = blocks(laid_out(sections, form), laid_out(SECTIONS, form))
    assert [one.kind for one in found] == ["verbatim", "edited", "verbatim"]
    assert "甭" in found[1].text


def test_a_section_put_in_that_begins_like_one_of_the_source_belongs_to_no_block() -> None:
    new = SECTIONS[4][:6] + rare_text(72, 70) + "。"
    draft = laid_out([*SECTIONS[:4], new, *SECTIONS[4:]])
    found = blocks(draft, laid_out(SECTIONS))
    assert all(new not in one.text for one in found)
    assert all(any(section in one.text for one in found) for section in SECTIONS)


@pytest.mark.parametrize(("before", "source_before"), [(0, 0), (400, 0), (0, 400)])
def test_a_block_begins_with_the_number_that_the_source_gives_it(before: int, source_before: int) -> None:
    sections = [*SECTIONS[:4], rare_text(70, 60) + "。", *SECTIONS[4:]]
    draft = rare_text(80, before) + "\n" + laid_out(sections)
    found = blocks(draft, rare_text(81, source_before) + "\n" + laid_out(SECTIONS))
    (last,) = (one for one in found if SECTIONS[5] in one.text)
    assert last.text.startswith("第六条")
    assert last.source_text.startswith("第五条")


# --------------------------------------------------------------------- of a match whose runs are given


def lines(*lengths: int) -> list[str]:
    return [rare_text(90 + number, length) for number, length in enumerate(lengths)]


def cut(
    own: Sequence[int],
    theirs: Sequence[int],
    *tiles: Tile,
    is_common: Callable[[Match], bool] = lambda _: False,
) -> list[tuple[int, int, int, int, bool]]:
    """Bounds of the blocks of a match of lines of such lengths, and whether each is common."""
    match = a_match(0, sum(own), tiles=tiles, source_end=sum(theirs))
    draft = draft_of(parse("draft.txt", "\n".join(lines(*own)) + "\n"), Settings())
    with indexed({"a.txt": "\n".join(lines(*theirs)) + "\n"}) as index:
        blocks = list(by_block(match, draft, index, is_common))
    for block, _ in blocks:
        assert all(
            block.start <= start
            and start + length <= block.end
            and block.source_start <= source
            and source + length <= block.source_end
            for start, source, length in block.tiles
        )
    return [(one.start, one.end, one.source_start, one.source_end, common) for one, common in blocks]


def whole(own: Sequence[int], theirs: Sequence[int], *numbers: int) -> list[Tile]:
    """Runs of whole lines, those with such numbers."""
    starts, sources = [0, *accumulate(own)], [0, *accumulate(theirs)]
    return [(starts[number], sources[number], own[number]) for number in numbers]


@pytest.mark.parametrize("length", [12, 11])
def test_a_block_has_at_least_twelve_characters(length: int) -> None:
    sizes = (50, length, 50)
    first, last = whole(sizes, sizes, 0, 2)
    found = cut(sizes, sizes, first, (50, 50, 6), last)
    expected = [
        (0, 50, 0, 50, False),
        (50, 50 + length, 50, 50 + length, False),
        (50 + length, 100 + length, 50 + length, 100 + length, False),
    ]
    assert found == [one for one in expected if one[1] - one[0] >= 12]


@pytest.mark.parametrize(("matched", "is_block"), [(25, True), (24, False)])
def test_a_section_of_which_a_quarter_matches_is_a_block(matched: int, is_block: bool) -> None:
    sizes = (50, 100, 50)
    first, last = whole(sizes, sizes, 0, 2)
    found = cut(sizes, sizes, first, (50, 50, matched), last)
    assert [one[:2] for one in found] == [(0, 50), (50, 150), (150, 200)][:: 1 if is_block else 2]


@pytest.mark.parametrize(("length", "matched", "end"), [(12, 12, 50), (12, 11, 62), (13, 11, 50)])
def test_a_section_of_which_too_little_matches_has_no_counterpart(
    length: int, matched: int, end: int
) -> None:
    own, theirs = (50, 80, 50), (50, length, 50)
    first, last = whole(own, theirs, 0, 2)
    found = cut(own, theirs, first, (50, 50, matched), last)
    assert found == [(0, 50, 0, end, False), (130, 180, 50 + length, 100 + length, False)]


@pytest.mark.parametrize(("own", "theirs"), [(12, 0), (0, 12), (12, 12), (13, 0), (0, 13)])
def test_sections_answer_each_other_if_they_are_equal_from_the_thirteenth_character_on(
    own: int, theirs: int
) -> None:
    sizes, source_sizes = (50, 40 + own, 50), (50, 40 + theirs, 50)
    first, last = whole(sizes, source_sizes, 0, 2)
    found = cut(sizes, source_sizes, first, (50 + own, 50 + theirs, 36), last)
    if max(own, theirs) > 12:
        assert [one[:2] for one in found] == [(0, 90 + own), (90 + own, 140 + own)]
    else:
        assert found[1] == (50, 90 + own, 50, 90 + theirs, False)
        assert len(found) == 3


def test_what_is_common_is_a_block_of_its_own() -> None:
    sizes = (50, 40, 30, 60)
    found = cut(
        sizes, sizes, *whole(sizes, sizes, 0, 1, 2, 3), is_common=lambda piece: 50 <= piece.start < 120
    )
    assert found == [(0, 50, 0, 50, False), (50, 120, 50, 120, True), (120, 180, 120, 180, False)]


def test_a_match_of_one_section_on_either_side_is_told_whole() -> None:
    assert cut((60,), (60,), (0, 0, 60)) == [(0, 60, 0, 60, False)]
    assert cut((50, 30), (80,), (0, 0, 50), (50, 50, 30)) == [(0, 80, 0, 80, False)]


def test_a_section_within_the_first_one_of_the_source_is_not_cut_off() -> None:
    found = cut((50, 30, 40), (80, 40), (0, 0, 80), (80, 80, 30))
    assert found == [(0, 80, 0, 80, False), (80, 120, 80, 120, False)]


def test_sections_that_changed_places_are_not_cut_apart() -> None:
    sizes = (50, 40, 40)
    found = cut(sizes, sizes, (0, 0, 50), (50, 90, 40), (90, 50, 40))
    assert [one[:2] for one in found] == [(0, 50), (50, 130)]


def test_a_run_out_of_place_belongs_to_no_block_of_several_sections() -> None:
    sizes = (50, 50, 50, 90)
    first, last = whole(sizes, sizes, 0, 3)
    found = cut(sizes, sizes, first, (50, 50, 40), (92, 212, 8), (100, 100, 40), last)
    assert found == [(0, 50, 0, 50, False), (50, 150, 50, 150, False), (150, 240, 150, 240, False)]


def test_a_section_that_is_a_number_and_nothing_else_is_no_block() -> None:
    sections = [*SECTIONS[:3], "", *SECTIONS[4:]]
    found = blocks(laid_out(sections), laid_out(sections))
    assert {one.kind for one in found} == {"verbatim"}
    assert all(any(section in one.text for one in found) for section in sections)
