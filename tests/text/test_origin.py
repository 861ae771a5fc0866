"""Who wrote a paper, told by its signature."""

from __future__ import annotations

import pytest

from dedup.text.origin import origin_of


@pytest.mark.parametrize(
    ("signature", "unit"),
    [
        ("霁山县水利局", "霁山县水利局"),
        ("报告单位：霁山县水利局", "霁山县水利局"),
        ("填报部门: 霁山县水利局", "霁山县水利局"),
        ("中共霁山县委　霁山县人民政府", "霁山县委"),
        ("霁山县财政局 霁山县水利局", "霁山县财政局"),
        ("云州市霁山县水利局 云州市霁山县财政局", "云州市霁山县水利局"),
        ("霁山县霁山镇人民政府", "霁山县霁山镇政府"),
        ("抄送：霁山县水利局", ""),
    ],
)
def test_the_unit_that_signs_is_told(signature: str, unit: str) -> None:
    origin = origin_of("工作总结", (), (signature, "二O二四年三月五日"), "a.txt")
    assert origin.unit.name == unit
    assert (origin.year, origin.year_by) == (2024, "date")
