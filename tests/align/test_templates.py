"""What stands in a template is told, filled in or reflowed; what stands elsewhere is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dedup.align.templates import load_templates, prepare
from dedup.text.normalize import fold_slots
from dedup.text.stream import stream_document
from dedup.text.structure import parse

TEMPLATE = """项目名称：____________
建设地点：________
本项目由______负责实施，建成后移交______管护，管护期限不少于____年。
申报单位应当保证所附图纸与现场一致，凡因图纸不符造成返工的，返工费用由申报单位自理。
姓名：
"""


def covered(text: str, template: str = TEMPLATE) -> list[str]:
    """The pieces of a text that stand in the template, in normalised characters."""
    stream = stream_document(parse("a.txt", text)).text
    cover = prepare([template]).cover(fold_slots(stream.codes), stream.paragraph_starts)
    turns = np.flatnonzero(np.diff(np.concatenate([[False], cover, [False]]).astype(np.int8)))
    letters = "".join(map(chr, stream.codes.tolist()))
    return [letters[first:last] for first, last in zip(turns[::2], turns[1::2], strict=True)]


OWN = "渡口的石阶今年冬天重新铺过，一共铺了六十四级，每一级都刻了捐石人的名字。"


def test_lines_are_found_however_they_are_reflowed() -> None:
    text = (
        f"{OWN}\n申报单位应当保证所附图纸与现场\n一致,凡因图纸不符造成返工的,\n返工费用由申报单位自理\n{OWN}"
    )
    assert covered(text) == ["申报单位应当保证所附图纸与现场一致凡因图纸不符造成返工的返工费用由申报单位自理"]


def test_what_was_filled_into_slots_is_not_covered() -> None:
    text = f"{OWN}\n本项目由河口乡水利站负责实施，建成后移交三个村民小组管护，管护期限不少于15年。\n{OWN}"
    assert covered(text) == ["本项目由", "负责实施建成后移交", "管护管护期限不少于", "年"]


def test_a_label_is_covered_at_the_head_of_its_line_alone() -> None:
    text = f"{OWN}\n姓名：甲某\n登记的时候写错了姓名的有两户，写错经办村组的有一户。\n{OWN}"
    assert covered(text, f"{TEMPLATE}经办村组：") == ["姓名"]
    assert covered(f"{OWN}\n图是去年画的\n{OWN}", f"{TEMPLATE}图：") == []


def test_other_figures_do_not_matter() -> None:
    template = "本次申报截止到2023年9月30日17时，逾期提交的材料一律不再受理。"
    text = f"{OWN}\n本次申报截止到2025年11月5日9时，逾期提交的材料一律不再受理。"
    (whole,) = covered(text, template)
    assert whole == "本次申报截止到2025年11月5日9时逾期提交的材料一律不再受理"


def test_a_phrase_that_comes_by_chance_is_not_covered() -> None:
    assert covered(f"{OWN}\n木料由申报单位自己备齐，工钱按天算，一天一结，下雨天只给半天的。\n{OWN}") == []


def test_short_pieces_of_a_template_count_where_they_are_most_of_a_paragraph() -> None:
    template = "石阶由村里出工，木料由镇里调拨，油漆由船户凑钱。"
    most = "石阶由村里出工，去年就说好了，木料由镇里调拨。"
    assert covered(f"{OWN}\n{most}", template) == ["石阶由村里出工", "木料由镇里调拨"]
    little = "石阶由村里出工，去年春上同大家一户一户说好了，木料由镇里调拨，钱却要等到秋后。"
    assert covered(f"{OWN}\n{little}", template) == []


def test_a_text_without_paragraphs_is_not_covered() -> None:
    assert covered("") == []


def test_a_form_of_many_short_pieces_takes_no_time_to_miss() -> None:
    template = "__年__月__日__时__分__秒起至__年__月__日__时__分__秒止"
    text = f"{OWN}\n" + "从那一年到这一月的每一日每一时每一分都有人值守，" * 200
    assert covered(text, template) == []


def rest(codes: int) -> str:
    """So many characters of the writer's own."""
    return "渡口石阶今年冬天重新铺过一共铺了六十四级每一级都刻了捐石人的名字"[:codes]


@pytest.mark.parametrize(("own", "found"), [(6, ["水窖盖板要锁"]), (7, [])])
def test_a_gram_of_six_counts_where_it_is_half_of_its_paragraph(own: int, found: list[str]) -> None:
    assert covered(f"{rest(own)}水窖盖板要锁", "水窖盖板要锁") == found
    assert covered(f"水窖盖板要锁{rest(own)}", "水窖盖板要锁") == found, "and is no label"


def test_five_characters_are_a_label_and_no_gram() -> None:
    assert covered(f"水窖盖板要{rest(20)}", "水窖盖板要") == ["水窖盖板要"]
    assert covered(f"{rest(3)}水窖盖板要", "水窖盖板要") == []


@pytest.mark.parametrize(("length", "found"), [(12, True), (11, False)])
def test_twelve_characters_of_a_template_count_wherever_they_stand(length: int, found: bool) -> None:
    line = "水窖盖板要锁好钥匙挂在门后"[:length]
    assert covered(f"{rest(12)}{line}{rest(12)}", line) == ([line] if found else [])


@pytest.mark.parametrize(("filling", "found"), [(60, ["水窖盖板", "井口护栏"]), (61, [])])
def test_up_to_sixty_characters_may_be_filled_in(filling: int, found: list[str]) -> None:
    text = f"{rest(5)}水窖盖板{(rest(30) * 3)[:filling]}井口护栏"
    assert covered(text, "水窖盖板____井口护栏") == found


@pytest.mark.parametrize(("last", "found"), [("护栏好", ["由", "护栏好"]), ("护栏", [])])
def test_four_fixed_characters_make_a_line(last: str, found: list[str]) -> None:
    assert covered(f"石阶由渡口上的人{last}", f"由____{last}") == found


def test_of_a_folder_only_files_that_can_be_read_and_are_not_hidden_are_templates(tmp_path: Path) -> None:
    (tmp_path / "模板.txt").write_text("水窖盖板要锁", encoding="utf-8")
    (tmp_path / ".旧模板.txt").write_text("井口护栏要漆", encoding="utf-8")
    (tmp_path / "备忘.unknown").write_text("码头缆桩要换", encoding="utf-8")
    known = load_templates([str(tmp_path)]).grams.tolist()
    assert known == prepare(["水窖盖板要锁"]).grams.tolist()


def test_a_line_filled_in_twice_in_one_paragraph_is_covered_twice() -> None:
    text = f"石阶由码头上的人护栏好，木料由船户自己去护栏好，{rest(9)}"
    assert covered(text, "由____护栏好") == ["由", "护栏好", "由", "护栏好"]
    missed = f"石阶由{rest(30) * 3}，木料由船户自己去护栏好"
    assert covered(missed, "由____护栏好") == ["由", "护栏好"]
