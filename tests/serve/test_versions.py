"""Versions of a draft: their course, and what changed from one to the other."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.serve.versions import Row, rows_of
from tests.serve.conftest import COPY, OWN, Office

FIRST = COPY + OWN
SECOND = COPY.split("\n", 1)[0] + "\n" + OWN.replace("十二篇", "十五篇") + "下一步由镇团委牵头续写。\n"


def _texts(found: tuple[Row | int, ...]) -> tuple[list[str], list[str]]:
    rows = [row for row in found if isinstance(row, Row)]
    old = ["".join(one.left for one in row.parts) for row in rows if row.change != "added"]
    new = ["".join(one.right for one in row.parts) for row in rows if row.change != "removed"]
    return old, new


lines = st.lists(st.text("甲乙丙丁戊己，。1", min_size=1, max_size=12), max_size=8)


@given(lines, lines)
def test_both_versions_can_be_read_from_a_comparison(old: list[str], new: list[str]) -> None:
    rows = list(rows_of(old, new))
    assert _texts(tuple(rows)) == (old, new)
    assert all(row.change != "same" or all(not one.change for one in row.parts) for row in rows)


@pytest.mark.slow
def test_the_course_stands_in_the_list_and_the_changes_on_a_page(office: Office) -> None:
    writer = office.person("小李")
    first = writer.hand_in(FIRST, "改稿.txt")
    writer.wait_for(first)
    second = writer.hand_in(SECOND, "改稿二.txt", thread=first)
    writer.wait_for(second)
    listed = writer.get("/drafts").text
    assert "改稿二.txt" in listed
    assert "改稿.txt" not in listed, "an earlier version is no row of its own"
    course = re.search(rf'<span class="course">(.*?{second}.*?)</span>', listed, re.S)
    assert course
    ratios = [float(one) for one in re.findall(r">([\d.]+)%<", course[1])]
    assert len(ratios) == 2
    assert ratios[0] > ratios[1]
    place = f"/drafts/{second}/since/{first}"
    assert place in writer.get(f"/drafts/{second}").text
    page = writer.get(place).text
    assert "<del>二</del><ins>五</ins>" in page.replace(
        "<del>十二</del><ins>十五</ins>", "<del>二</del><ins>五</ins>"
    )
    assert "<ins>下一步由镇团委牵头续写。</ins>" in page
    assert re.search(r"改掉了 \d+ 处", page)
    gone = page[page.index("改掉了") : page.index("文字的变化")]
    assert "供水.txt" in gone


@pytest.mark.slow
def test_only_versions_of_one_draft_are_compared(office: Office) -> None:
    writer, other = office.person("小李"), office.person("小张")
    own, another, foreign = writer.hand_in(OWN), writer.hand_in(OWN), other.hand_in(OWN)
    for person, draft in ((writer, own), (writer, another), (other, foreign)):
        person.wait_for(draft)
    answers = [writer.get(f"/drafts/{own}/since/{one}") for one in (another, foreign, "guessed")]
    assert [one.status_code for one in answers] == [404] * 3
