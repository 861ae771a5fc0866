"""Reworded passages reach to the ends of their sentences; equal ones end where what is equal ends."""

from __future__ import annotations

import pytest

from dedup.passage import Passage
from tests.corpora import checked

BEFORE = "县里先后办了三期牧草栽培讲习班，请来的老师住在农户家中，白天看地头，夜里答疑问。"
BEHIND = "老渡口的石阶今年换了新的，乘船的人再也不必踩着泥上岸。"
SOURCE = (
    "云溪县渔业合作社联合会工作总结\n去年春天我们修好了码头的栈桥和灯塔，渔民夜里归航有了依靠。\n"
    "社里购置冷藏车十二辆，建成制冰厂两座，鲜鱼当天运到省城市场，渔户人均增收两千三百元，日子越过越红火。"
    "今年还要把网箱养殖推广到白沙湾各村。\n附：船只登记情况另行印发。\n"
)
REWORDED = (
    "合作社一口气添置冷藏车十二辆，又盖起制冰厂两座，打捞上来的鲜鱼当天便送到省城市场，渔户人均多挣两千三百元"
)


def passages(draft: str) -> list[Passage]:
    report = checked(f"青檀镇情况汇报\n{BEFORE}\n{draft}\n{BEHIND}\n", {"总结.txt": SOURCE})
    return [one for one in report.passages if one.status == "reuse"]


@pytest.mark.parametrize(
    ("opening", "ending"),
    [("", "，家家都喜上眉梢。"), ("产销两头都有人管，", "。"), ("产销两头都有人管，", "，家家都喜上眉梢。")],
)
def test_a_reworded_passage_is_shown_from_the_beginning_of_its_sentence_to_its_end(
    opening: str, ending: str
) -> None:
    (passage,) = passages(f"{opening}{REWORDED}{ending}")
    assert passage.text == f"{opening}{REWORDED}{ending}"
    assert passage.source_text.endswith("日子越过越红火。")


def test_what_is_taken_in_does_not_count_as_copied() -> None:
    ending = "，家家都喜上眉梢。"
    (whole,), (short,) = passages(f"{REWORDED}{ending}"), passages(f"{REWORDED}。")
    assert len(whole.text) > len(short.text)
    assert [(one.start, one.end) for one in whole.copied] == [(one.start, one.end) for one in short.copied]


def test_a_passage_that_is_nearly_equal_ends_where_it_is_equal() -> None:
    equal = "社里购置冷藏车十二辆，建成制冰厂两座，鲜鱼当天运到省城市场，渔户人均增收两千三百元"
    (passage,) = passages(f"{equal}，家家都喜上眉梢。")
    assert passage.text.rstrip("，") == equal


def test_a_longer_rest_of_a_sentence_is_left_alone() -> None:
    ending = "，至于栈道两旁要不要添几盏路灯、请谁来守夜，等秋后开了村民大会再慢慢商量。"
    (passage,) = passages(f"{REWORDED}{ending}")
    assert passage.text.rstrip("，") == REWORDED


def test_a_rest_that_is_copied_from_elsewhere_stays_a_passage_of_that_source() -> None:
    other = "全乡修通灌渠二十七里"
    book = f"柳坪乡水利志\n{other}，引来山泉浇灌梯田，{other}的碑至今立在村口。\n"
    draft = f"青檀镇情况汇报\n{BEFORE}\n{REWORDED}，{other}，引来山泉浇灌梯田。\n{BEHIND}\n"
    report = checked(draft, {"总结.txt": SOURCE, "水利志.txt": book})
    first, second = (one for one in report.passages if one.status in ("reuse", "minor"))
    assert (first.source, second.source) == ("总结.txt", "水利志.txt")
    assert other not in first.text
    assert other in second.text
