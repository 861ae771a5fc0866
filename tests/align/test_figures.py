"""Figures: which are evidence, and what a refilled copy gives away by those it kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.figures import FigureTable, figures_of, is_local, telling_figures
from dedup.align.leftovers import leftovers, place_of
from dedup.text.normalize import normalize

SOURCE = "全年清运垃圾1268车，追缴罚款43.75万元，处理投诉316件。"
OURS, THEIRS = "霁山县2024年工作总结", "云麓县2023年工作总结"


def values(text: str) -> list[str]:
    """What the figures of a text amount to that are evidence."""
    return [figure.value for figure in figures_of(text)]


def test_figures_with_a_unit_count_and_years_and_short_ones_do_not() -> None:
    assert values(SOURCE) == ["1268", "437500", "316"]
    assert values("2023年建成，1998年立项，完成35项，2个村") == []
    assert values("修路20230米，全长2012公里，2035户搬了家") == ["20230", "2012", "2035"]


@pytest.mark.parametrize(
    "text",
    [
        "按霁建办函〔2021〕649号文件办",
        "执行《渡船设计标准》（JB 50180—2018）",
        "坐席用的是ThinkPad X230旧机器，接的是5G网和802.11交换机",
        "拨打12345热线，或者0571-88886666",
        "购置K1268台，换下A-1580件",
        "按时办结率100%，满意率99.8%",
        "第159次会议，第365号",
        "三分之一即33.3%，八分之三即37.5%",
        "一年365天，日志存180天，架110千伏线路",
        "一九八七年立项，二〇二四年建成",
        "千方百计，三三两两，一千多人，十几万元",
    ],
)
def test_numbers_that_name_a_thing_or_that_everybody_has_are_no_evidence(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一百五十九件", "159"),
        ("三点六五亿元", "365000000"),
        ("3.65亿元", "365000000"),
        ("36500万元", "365000000"),
        ("百分之三十七点六", "37.6%"),
        ("37.6%", "37.6%"),
        ("１２６８车", "1268"),
        ("1,268车", "1268"),
        ("一千二百六十八车", "1268"),
        ("一百二十三万四千五百六十七元", "1234567"),
        ("两万零三十一人", "20031"),
        ("一亿三千五百万元", "135000000"),
        ("十五万三千元", "153000"),
        ("三十五万六千亿元", "35600000000000"),
        ("一百二十三万亿元", "123000000000000"),
    ],
)
def test_a_figure_is_worth_the_same_however_it_is_written(text: str, value: str) -> None:
    assert values(text) == [value]


def test_figures_alone_in_cells_count_and_years_there_do_not() -> None:
    assert values("石桥镇\t2023\t45671\t-12.36\n| 麦岭乡 | 9875 |") == ["45671", "12.36", "9875"]
    assert values("| 麦岭乡 | 9875 |\n| 9876 | 石桥镇 |") == ["9875", "9876"]
    assert values("麦岭乡\t9875") == ["9875"]
    assert values("编号45671的那一本") == values("45671") == []


def test_figures_are_told_by_where_they_stand_among_normalised_characters() -> None:
    text = "共1268车，316件"
    table = FigureTable.of(text, normalize(text).offsets)
    assert table.within(0, 6) == {"1268"}
    assert table.within(0, 4) == table.within(2, 6) == frozenset()
    assert table.within(0, 20) == {"1268", "316"}
    assert FigureTable.of("", normalize("").offsets).within(0, 0) == frozenset()


@pytest.mark.parametrize(
    ("copy", "fate"),
    [
        (SOURCE, "kept"),
        (SOURCE.replace("1268", "955"), "partly"),
        ("全年清运垃圾955车，追缴罚款61.2万元，处理投诉408件。", "changed"),
        ("全年清运垃圾XX车，追缴罚款X.X万元，处理投诉XX件。", "changed"),
    ],
)
def test_the_fate_of_the_figures(copy: str, fate: str) -> None:
    assert leftovers(copy, SOURCE, OURS, THEIRS).figures == fate


def test_a_source_without_specific_figures_has_no_fate_to_tell() -> None:
    assert leftovers("开会7次", "开会9次", OURS, THEIRS).figures == ""


def test_kept_figures_are_told_as_the_draft_writes_them() -> None:
    found = leftovers("追缴罚款43.75万元，处理投诉408件", SOURCE, OURS, THEIRS)
    assert found.kept == ("43.75万",)


def test_figures_of_another_place_that_stayed_are_serious() -> None:
    assert leftovers(SOURCE, SOURCE, OURS, THEIRS).serious
    assert not leftovers(SOURCE.replace("1268", "955"), SOURCE, THEIRS, THEIRS).serious
    changed = "全年清运垃圾955车，追缴罚款61.2万元，处理投诉408件。"
    assert not leftovers(changed, SOURCE, OURS, THEIRS).serious


@pytest.mark.parametrize(
    "title",
    [
        "关于霁山县2023年工作情况的汇报",
        "云麓省霁山县2023年工作总结",
        "推进乡村振兴工作汇报",
        "2023年工作总结",
    ],
)
def test_a_source_that_may_be_of_the_same_place_accuses_nobody(title: str) -> None:
    for ours, theirs in ((OURS, title), (title, OURS)):
        found = leftovers(SOURCE, SOURCE, ours, theirs)
        assert not found.other_place
        assert not found.serious


def test_figures_of_the_whole_country_are_no_other_places() -> None:
    national = "全国脱贫人口9899万人，我国粮食产量13908亿斤。"
    assert not leftovers(national, national, OURS, THEIRS).serious
    local = "全县脱贫人口9899人，粮食产量13908吨。"
    assert leftovers(local, local, OURS, THEIRS).serious


def test_figures_in_words_and_in_other_units_are_compared_by_value() -> None:
    source = "化解纠纷一百六十三件，完成投资3.65亿元。"
    assert leftovers("化解纠纷163件，完成投资36500万元。", source, OURS, THEIRS).figures == "kept"
    assert leftovers("化解纠纷一百六十三件，完成投资2.18亿元。", source, OURS, THEIRS).kept == ("一百六十三",)


def test_a_hotline_and_a_full_percentage_that_stayed_are_not_serious() -> None:
    text = "12345热线工单办结率100%，执行《渡船标准》（JB 50180—2018）。"
    found = leftovers(text, text, OURS, THEIRS)
    assert found.other_place
    assert not found.serious


def test_the_other_countys_name_left_standing_is_serious_whatever_the_figures() -> None:
    found = leftovers("让云麓县的老街再热闹起来", "让云麓县的老街再热闹起来", OURS, THEIRS)
    assert found.foreign_name == "云麓县"
    assert found.serious
    assert leftovers("让云麓县的老街热闹起来", "让云麓县的老街热闹起来", THEIRS, THEIRS).foreign_name == ""


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("霁山县2024年工作总结", "霁山县"),
        ("中共禾丘县委2021年工作要点", "禾丘县"),
        ("某县信访积案化解专项工作汇报", ""),
        ("XX镇2019年脱贫攻坚工作总结", ""),
        ("2020年专题工作总结汇编", ""),
        ("我县今年的打算", ""),
        ("关于霁山县2024年预算执行情况的报告", "霁山县"),
        ("在中共霁山县委全会上的讲话", "霁山县"),
        ("本溪市2023年工作总结", "本溪市"),
        ("全椒县2023年工作总结", "全椒县"),
        ("关于本市2023年绿化的报告", ""),
        ("推进乡村振兴工作汇报", ""),
        ("加快推进城乡环境整治情况汇报", ""),
        ("加强市场监管工作总结", ""),
        ("老旧小区改造工作总结", ""),
        ("推动区域协调发展的做法", ""),
        ("高举旗帜奋力前行", ""),
        ("", ""),
    ],
)
def test_whose_document_it_is_by_its_title(title: str, place: str) -> None:
    assert place_of(title) == place


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("转移就业295.56万人，新增23.35万人，占80%", [29556, 2335]),
        ("投资2000亿元，建房1200套，修路1250公里", [1250]),
        ("2023年到2024年，1998年以来", []),
        ("东桥村\t1987\t2001\t上岸", []),  # cells stand close to one another in codes
        ("填报日期20240315", []),
        ("服务中心\t2023\t4517", [4517]),
        ("达到0.315", []),  # codes hold no points: it may be the end of a date
    ],
)
def test_figures_tell_by_the_digits_that_count(text: str, told: list[int]) -> None:
    codes = normalize(text).codes
    assert telling_figures(codes)[2].tolist() == told
    both = np.concatenate([codes, codes])
    places = telling_figures(both, np.array([len(codes), len(both)]))[0].tolist()
    assert len(places) == 2 * len(told)
    assert all(chr(both[place]).isdigit() for place in places)


def test_a_figure_lies_in_one_of_the_texts_that_stand_one_behind_the_other() -> None:
    codes = normalize("1234567").codes
    assert telling_figures(codes, np.array([2, 7]))[2].tolist() == [34567]
    assert telling_figures(codes, np.array([7]))[2].tolist() == [1234567]


def test_digits_that_count_are_counted() -> None:
    places, digits, values = telling_figures(
        normalize("1250公里、29556人、3330万元、7000亩、123456789012345678").codes
    )
    assert values.tolist() == [1250, 29556, 3330]
    assert digits.tolist() == [3, 5, 3]
    assert places.tolist() == [0, 6, 12]


@given(st.text(alphabet="0129年人 \t", max_size=30))
def test_no_text_is_too_odd_for_its_figures(text: str) -> None:
    codes = normalize(text).codes
    places, digits, values = telling_figures(codes)
    for place, count, value in zip(places.tolist(), digits.tolist(), values.tolist(), strict=True):
        assert "".join(map(chr, codes[place : place + 16].tolist())).find(str(value)) >= 0
        assert len(str(value).rstrip("0")) == count


# ----------------------------------------------------------------------------- limits, from both sides


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("共260人", "260"),
        ("共26人", ""),
        ("共2600人", ""),
        ("共2610人", "2610"),
        ("占98.9%", "98.9%"),
        ("占99.1%", ""),
        ("占99.12%", "99.12%"),
        ("占33.3%", ""),
        ("占33.4%", "33.4%"),
        ("占33.33%", "33.33%"),
        ("通航365天", ""),
        ("通航366天", "366"),
        ("长268km", "268"),
        ("长268kmh", ""),
        ("长268kmh1", ""),
        ("一百〇二件", "102"),
        ("占地268m²", "268"),
        ("1268余人", "1268"),
        ("投资260万", ""),
        ("投资268万", "2680000"),
        ("投资12.60万元", "126000"),
        ("百二十三件", "123"),
        ("一百零二件", "102"),
        ("一百二件", "102"),
        ("十二件", ""),
        ("修了一二三件", ""),
        ("K 268件", ""),
        ("A/268件", ""),
        ("渡/268件", "268"),
        ("1,234,567元", "1234567"),
        ("12,34元", ""),
        ("| 1898 |", "1898"),
        ("| 1998 |", ""),
        ("| 19985 |", "19985"),
        ("| 二百六十八 |", ""),
        ("a|268b", ""),
        ("x268|y", ""),
        ("268|y", "268"),
    ],
)
def test_which_figures_are_evidence_and_which_just_not(text: str, value: str) -> None:
    assert values(text) == ([value] if value else [])


@pytest.mark.parametrize(
    ("text", "start", "written"),
    [("共1,268车", 1, "1,268"), ("追缴43.75万元", 2, "43.75万"), ("占百分之三十七点六", 4, "三十七点六")],
)
def test_a_figure_is_told_with_its_place_as_it_is_written(text: str, start: int, written: str) -> None:
    (figure,) = figures_of(text)
    assert figure[:3] == (start, start + len(written), written)


@pytest.mark.parametrize(("before", "is_ours"), [(40, False), (41, True)])
def test_whose_figure_it_is_is_told_by_forty_characters_of_its_clause(before: int, is_ours: bool) -> None:
    text = "全国" + "渡" * (before - 2) + "1268人"
    (figure,) = figures_of(text)
    assert is_local(text, figure) is is_ours
    text = "全国都在修，" + "渡" * 9 + "1268人"
    (figure,) = figures_of(text)
    assert is_local(text, figure)
    text = "全国都在修" + "渡" * 9 + "1268人"
    (figure,) = figures_of(text)
    assert not is_local(text, figure)


def test_figures_that_begin_or_end_at_the_border_of_a_stretch_lie_in_it() -> None:
    text = "甲268人，乙316人"
    table = FigureTable.of(text, normalize(text).offsets)
    assert [table.within(*place) for place in ((1, 4), (2, 4), (1, 3), (1, 9), (4, 9))] == [
        {"268"},
        frozenset(),
        frozenset(),
        {"268", "316"},
        {"316"},
    ]
    later = FigureTable.of(text[5:], normalize(text).offsets + 100, 105)
    assert later.within(0, 9) == {"316"}
    assert later.within(0, 8) == frozenset()


@pytest.mark.parametrize(
    ("digits", "told"),
    [
        ("1" * 16, [(16, int("1" * 16))]),
        ("1" * 17, []),
        ("100", []),
        ("101", [(3, 101)]),
        ("1010", [(3, 1010)]),
        ("123000", [(3, 123000)]),
        ("120000", []),
        ("0315", []),
        ("1999", []),
        ("1899", [(4, 1899)]),
        ("2100", []),
        ("2111", [(4, 2111)]),
        ("20241268", [(4, 1268)]),
        ("12682024", [(8, 12682024)]),
        ("202420241268", [(4, 1268)]),
        ("2024202420241268", [(4, 1268)]),
        ("20240315", []),
        ("2024315", [(7, 2024315)]),
        ("19991", [(5, 19991)]),
    ],
)
def test_which_runs_of_digits_tell(digits: str, told: list[tuple[int, int]]) -> None:
    _, counted, amounts = telling_figures(normalize(f"渡口{digits}号").codes)
    assert list(zip(counted.tolist(), amounts.tolist(), strict=True)) == told
