"""Whose a document is and of which year, and what tells it."""

from __future__ import annotations

import pytest

from dedup.lint import owner_of
from dedup.model import Owner
from dedup.text.structure import parse

BODY = "今年以来，全县上下凝心聚力，各项工作取得新的进展，群众的日子一年比一年好。"


def owner(*lines: str, unit: str | None = None, year: int | None = None) -> Owner:
    return owner_of(parse("稿.txt", "\n".join(lines)), unit, year)


@pytest.mark.parametrize(
    ("lines", "unit", "by"),
    [
        (("安化县2024年工作总结", BODY), "安化县", "title"),
        (("中共安化县委关于巡视整改情况的报告", BODY), "安化县", "title"),
        (("关于巡视整改情况的报告", BODY, "安化县民政局", "2024年6月3日"), "安化县", "signature"),
        (("关于巡视整改情况的报告", BODY, "中国共产党安化县委员会"), "安化县", "signature"),
        (("共青团 安化县委 2024 年度工作总结", BODY), "安化县", "title"),
        (("工作报告", "2024年1月9日在安化县第十八届人民代表大会第三次会议上", BODY), "安化县", "head"),
        (("工作总结", *[f"第{n}件事办得怎样，安化县的群众说了算。" for n in "一二三四"]), "安化县", "text"),
        (("霁山县2024年工作总结", BODY), "霁山县", "title"),
        (("工作总结", BODY), "", ""),
    ],
)
def test_the_unit_and_what_tells_it(lines: tuple[str, ...], unit: str, by: str) -> None:
    found = owner(*lines)
    assert (found.unit, found.unit_by) == (unit, by)


def test_what_is_given_goes_over_what_the_document_says() -> None:
    found = owner("安化县2024年工作总结", BODY, unit="桃江县", year=2025)
    assert (found.unit, found.unit_by, found.year, found.year_by) == ("桃江县", "given", 2025, "given")
    assert found.place == "湖南省益阳市桃江县"


@pytest.mark.parametrize(
    ("lines", "year", "by"),
    [
        (("安化县2024年工作总结", BODY), 2024, "title"),
        (("安化县工作总结", BODY, "2023年12月20日"), 2023, "signature"),
        (("安化县工作总结", BODY, "二〇二三年三月五日"), 2023, "signature"),
        (("安化县工作总结", "（2022年1月8日）", *[BODY] * 9), 2022, "head"),
        (("安化县2023年工作总结和2024年打算", BODY), 2024, "title"),
        (("安化县2021—2025年规划", BODY, "2022年1月"), 2022, "signature"),
        (("安化县工作总结", BODY), 0, ""),
    ],
)
def test_the_year_and_what_tells_it(lines: tuple[str, ...], year: int, by: str) -> None:
    found = owner(*lines)
    assert (found.year, found.year_by) == (year, by)


def test_an_unknown_unit_gets_near_names() -> None:
    found = owner("工作总结", BODY, unit="泗红县")
    assert not found.registered
    assert "泗洪县" in found.near


def test_the_province_named_decides_between_places_of_one_name() -> None:
    found = owner("朝阳区2024年工作总结", "长春市的部署在朝阳区见了效，吉林省里来人看过。")
    assert found.place == "吉林省长春市朝阳区"
