"""Figures: which are evidence, and what a refilled copy gives away by those it kept."""

from __future__ import annotations

import pytest

from dedup.align.figures import FigureTable
from dedup.align.leftovers import leftovers, place_of
from tests.texts import codes

SOURCE = "全年清运垃圾1268车，追缴罚款43.75万元，处理投诉316件。"
OURS, THEIRS = "霁山县2024年工作总结", "云麓县2023年工作总结"


def specific(text: str, start: int = 0, end: int | None = None) -> set[str]:
    normalised = codes(text)
    return set(FigureTable.of(normalised).specific(start, len(normalised) if end is None else end))


def test_long_figures_count_and_years_and_short_ones_do_not() -> None:
    assert specific(SOURCE) == {"1268", "4375", "316"}
    assert specific("2023年建成，1998年立项，完成35项") == set()
    assert specific("修路20230米") == {"20230"}


def test_width_does_not_matter() -> None:
    assert specific("清运１２６８车") == {"1268"}


def test_a_figure_cut_by_a_border_is_another_figure() -> None:
    assert specific("共1268车", 0, 5) == {"1268"}
    assert specific("共1268车", 0, 4) == set()
    assert specific("共1268车", 2, 6) == set()
    assert specific("没有数字") == specific("") == set()


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
    assert found.kept == ("43.75",)


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
