"""Side by side: nothing of either text is lost, rows fit, differences are marked."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.reports.kit.columns import clip, clip_middle, visible, width, wrap
from dedup.reports.kit.comparison import Marks, rows, stretches, unmarked_rows

TEXTS = st.text(alphabet="今年全县完成投资a1.，。「XX县", max_size=80)
MARKS = Marks(("<", ">"), ("<", ">"))


@given(TEXTS, TEXTS, st.integers(12, 40))
def test_rows_hold_both_texts_whole_and_fit(left: str, right: str, columns: int) -> None:
    made = list(rows(left, right, columns, MARKS))
    for side, text in ((0, left), (1, right)):
        cells = [row[side] for row in made]
        assert "".join(cells).replace("<", "").replace(">", "") == text
        assert all(width(cell) <= columns for cell in cells)
        assert all(cell.count("<") == cell.count(">") for cell in cells)


@given(TEXTS, st.integers(12, 40))
def test_equal_texts_have_no_marks(text: str, columns: int) -> None:
    assert all(left == right and "<" not in left for left, right in rows(text, text, columns, MARKS))


def test_what_was_refilled_is_marked_on_both_sides() -> None:
    assert list(rows("完成投资18亿元，增长较快", "完成投资X亿元，增长较快", 40, MARKS)) == [
        ("完成投资<18>亿元，增长较快", "完成投资<X>亿元，增长较快")
    ]


def test_one_equal_character_between_differences_is_marked_with_them() -> None:
    assert list(rows("稳步提高的水平", "稳妥增高了水平", 40, MARKS)) == [
        ("稳<步提高的>水平", "稳<妥增高了>水平")
    ]


def test_equal_characters_stand_in_the_same_row_after_an_insertion() -> None:
    inserted = "这是后来添上去的一段很长的话"
    made = list(rows("开头一句。" + inserted + "结尾一句。", "开头一句。结尾一句。", 24, MARKS))
    assert all("尾一句" in left for left, right in made if "尾一句" in right)


def test_texts_too_long_to_align_are_shown_unmarked() -> None:
    left, right = "长" * 10_000, "短" * 10_000
    assert list(rows(left, right, 40, MARKS)) == list(unmarked_rows(left, right, 40))


@given(TEXTS, st.integers(8, 40))
def test_wrapped_lines_fit_and_lose_nothing(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert "".join(lines) == text
    assert all(width(line) <= columns for line in lines)


def test_no_line_begins_with_a_closing_mark_and_no_figure_is_torn() -> None:
    assert wrap("一二三四五，六七", 12) == ["一二三四五，", "六七"]
    assert wrap("一二三四2025年", 12) == ["一二三四", "2025年"]


@given(TEXTS, st.integers(8, 40))
def test_clipped_texts_fit_and_say_so(text: str, columns: int) -> None:
    for cut in (clip(text, columns), clip_middle(text, columns)):
        assert width(cut) <= columns
        assert cut == text or "…" in cut
    assert clip(text, columns).rstrip("…") == text[: len(clip(text, columns).rstrip("…"))]


def test_zero_width_characters_are_made_visible() -> None:
    assert visible("平\u200b安\n") == "平�安↵"


@given(TEXTS, TEXTS)
def test_stretches_hold_both_texts_and_take_turns(left: str, right: str) -> None:
    found = stretches(left, right)
    assert "".join(one.left for one in found) == left
    assert "".join(one.right for one in found) == right
    assert all(one.left == one.right for one in found if not one.change)
    assert all(bool(one.change) != bool(other.change) for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("left", "right", "change"),
    [
        ("完成63个", "完成XX个", "figure"),
        ("柳溪县", "某某县", "figure"),
        ("增长12.4%以上", "增长以上", "figure"),
        ("全縣农业", "全县农业", "layout"),
        ("全县 农业", "全县农业", "layout"),
        ("全县，农业", "全县,农业", "layout"),
        ("稳步提高水平", "持续提高水平", "wording"),
    ],
)
def test_what_kind_of_change_it_is(left: str, right: str, change: str) -> None:
    assert [one.change for one in stretches(left, right) if one.change] == [change]


@pytest.mark.parametrize(
    ("left", "right", "differing"),
    [
        ("投资18.7亿元", "投资18.9亿元", ("18.7", "18.9")),
        ("共1240户", "共1340户", ("1240", "1340")),
        ("干渠一百五十九公里", "干渠一百六十九公里", ("一百五十九", "一百六十九")),
        ("占到12%以上", "占到2%以上", ("12", "2")),
    ],
)
def test_numbers_are_never_cut_in_two(left: str, right: str, differing: tuple[str, str]) -> None:
    assert [(one.left, one.right) for one in stretches(left, right) if one.change] == [differing]
    (row,) = rows(left, right, 40, MARKS)
    assert [f"<{number}>" in side for number, side in zip(differing, row, strict=True)] == [True, True]


def test_no_row_breaks_inside_a_number() -> None:
    left = "今年全县完成投资1318.75亿元，比上年增长"
    cells = [cell for row in rows(left, left.replace("1318.75", "2019.30"), 20, MARKS) for cell in row]
    assert any("<1318.75>" in cell for cell in cells)
    assert any("<2019.30>" in cell for cell in cells)


@given(TEXTS, st.integers(3, 40))
def test_a_name_cut_in_the_middle_fits_and_keeps_both_ends(text: str, columns: int) -> None:
    cut = clip_middle(text, columns)
    assert width(cut) <= columns
    if cut != text:
        before, _, behind = cut.partition("…")
        assert text.startswith(before)
        assert text.endswith(behind)


def test_names_that_begin_alike_stay_apart() -> None:
    names = [f"来稿/二〇二五年度全县重点工作完成情况汇报（{town}）.txt" for town in ("青檀镇", "石桥镇")]
    assert len({clip_middle(name, 30) for name in names}) == 2
