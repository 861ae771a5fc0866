"""Blocks: a long match told in pieces, the changed apart from the unchanged."""

from __future__ import annotations

import pytest

from dedup.passage import Passage
from tests.corpora import checked
from tests.strategies import rare_text

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
