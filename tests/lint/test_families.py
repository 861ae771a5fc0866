"""Masks, times, rules, remains, numbers, marks, repeats, contradictions, length."""

from __future__ import annotations

import pytest

from tests.lint.pages import findings_of, told

TITLE = "泗洪县2024年工作总结"


@pytest.mark.parametrize(
    ("sentence", "mask"),
    [
        ("XX镇的路修好了。", "XX"),
        ("全年增长X%，超过预期。", "X"),
        ("20XX年的账已经结清。", "20XX"),
        ("会议于3月X日召开。", "X"),
        ("共投入××万元。", "××"),
        ("联系人：____。", "____"),
        ("完成投资□□亿元。", "□□"),
        ("负责人（此处填写姓名）签字。", "（此处填写姓名）"),
    ],
)
def test_masks_are_found(sentence: str, mask: str) -> None:
    assert ("mask", "error", mask) in told(TITLE, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "用X光片诊断。",
        "推行“1+X”机制。",
        "购置SUV十辆。",
        "某些同志还不适应。",
        "尺寸是3×5米。",
        "张某某被处理。",
    ],
)
def test_what_is_no_mask(sentence: str) -> None:
    assert told(TITLE, sentence) == []


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("全县深入学习贯彻党的十八大精神，凝聚力量。", "十八大"),
        ("今年是“十三五”规划的收官之年。", "“十三五”规划的收官之年"),
        ("“十三五”期间，全县将继续努力。", "十三五"),
        ("全县加快推进“十三五”规划，步子很大。", "十三五"),
        ("一、2019年工作总结", "2019年"),
        ("截至2019年底，全县有农户九万户。", "截至2019年底"),
    ],
)
def test_other_times_are_found(sentence: str, text: str) -> None:
    assert [(kind, found) for kind, _, found in told(TITLE, sentence)] == [("other-year", text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "深入学习贯彻党的二十大精神，回望党的十八大以来的变化。",
        "2024年是实施“十四五”规划的关键一年。",
        "截至2019年底累计投入三亿元，五年来年年增长。",
        "自2015年以来，全县造林不断。",
        "“十三五”期间累计完成投资三百亿元，“十四五”期间将继续努力。",
        "“十三五”规划实施以来，全县继续推进各项工作。",
    ],
)
def test_times_that_are_right(sentence: str) -> None:
    assert told(TITLE, sentence) == []


def test_without_a_year_nothing_is_said_of_times() -> None:
    assert told("泗洪县工作总结", "全县深入学习贯彻党的十八大精神，凝聚力量。") == []


def test_repealed_rules_from_the_year_after() -> None:
    sentence = "依据《中华人民共和国合同法》签订协议。"
    assert told(TITLE, sentence) == [("repealed", "error", "《中华人民共和国合同法》")]
    assert told("泗洪县2019年工作总结", sentence) == []
    assert told(TITLE, "《合同法》废止后，按民法典办理。") == []


def test_notices_and_lines_of_a_site() -> None:
    found = told(
        "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！", TITLE, "各项工作有序推进。", "版权所有：某某网"
    )
    assert ("notice", "error", "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！") in found
    assert any(kind == "footer" for kind, _, _ in found)


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("一、抓产业", "产业好。", "三、抓民生", "民生好。"), "三"),
        (("一、抓产业", "产业好。", "二、抓民生", "民生好。", "二、抓安全"), "二"),
        (("主要做法：一是抓早；二是抓小；四是抓实。",), "四是"),
    ],
)
def test_numbers_that_jump_or_come_twice(lines: tuple[str, ...], number: str) -> None:
    assert [(kind, text) for kind, _, text in told(TITLE, *lines)] == [("numbering", number)]


def test_numbers_begin_anew_under_each_heading() -> None:
    lines = ("一、抓产业", "（一）种茶", "（二）制茶", "二、抓民生", "（一）修路", "（二）架桥")
    assert told(TITLE, *lines) == []


def test_half_width_marks_and_marks_without_a_partner() -> None:
    found = findings_of(TITLE, "路修好了,灯也亮了。", "渠道（含支渠全部疏通。")
    assert [(one.severity, one.text) for one in found] == [("note", ","), ("warning", "（")]


def test_a_long_sentence_that_stands_twice() -> None:
    sentence = "窗口谁值守谁负责，谁拖延谁说明，年底由办事群众打分排名，分数低的先从主任问起。"
    assert [one.kind for one in findings_of(TITLE, sentence, "路修好了。", sentence)] == ["repeated"]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("产值由100亿元增加到120亿元，增长30%。", "30%"),
        ("全年共排查隐患40处，其中道路50处。", "40处"),
        ("做到以下三个方面：一是早；二是小；三是实；四是准。", "三"),
    ],
)
def test_figures_that_contradict_themselves(sentence: str, text: str) -> None:
    assert [(kind, found) for kind, _, found in told(TITLE, sentence)] == [("figures", text)]


def test_figures_that_agree() -> None:
    assert told(TITLE, "产值由100亿元增加到120亿元，增长20%。", "共排查40处，其中道路30处。") == []


def test_length_is_a_note() -> None:
    lines = [f"第{number}户的账算得清清楚楚，谁家有几口人、几亩地，都记在本子上。" for number in range(250)]
    (found,) = (one for one in findings_of(TITLE, *lines) if one.kind == "length")
    assert found.severity == "note"
