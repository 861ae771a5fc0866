"""Who was first is said only where the dates tell: of pairs that look as if they did, none is decided."""

from __future__ import annotations

import numpy as np
import pytest

from dedup.scan.provenance import document_date, surely_before

TEXT = "\n一、主要做法\n坚持把群众用水安全摆在首位，分批推进。\n"


def paper(title: str, *foot: str, name: str = "稿.txt", head: str = "") -> int:
    return document_date(name, title, f"{title}\n{head}{TEXT}" + "".join(f"{line}\n" for line in foot))


SURE = [
    (
        paper("关于供水的报告", "霁山县水利局", "2022年3月5日"),
        paper("关于供水的报告", "柘川县水利局", "2022年3月6日"),
    ),
    (
        paper("关于供水的报告", "霁山县水利局", "二〇二二年三月五日"),
        paper("关于供水的报告", "柘川县水利局", "2023年1月8日"),
    ),
    (paper("供水方案", name="2022-03 供水方案.txt"), paper("供水方案", "2022年5月1日")),
    (paper("霁山县2019年工作总结"), paper("柘川县2023年工作总结")),
    (paper("讲话", head="（2021年7月1日）\n"), paper("讲话", head="（2021年7月2日）\n")),
]

NOT_SURE = [
    # A summary of 2023 is written in 2024, a plan for 2024 in 2023.
    (paper("霁山县2023年工作总结"), paper("柘川县2024年工作要点")),
    (paper("霁山县2023年工作总结"), paper("关于工作的报告", "柘川县水利局", "2024年1月3日")),
    (paper("关于工作的报告", "柘川县水利局", "2023年12月20日"), paper("霁山县2024年工作要点")),
    (paper("霁山县2022年工作总结"), paper("霁山县2023年工作总结")),
    # The same day, the same month, a day within a month.
    (paper("报告", "霁山县", "2022年3月5日"), paper("报告", "柘川县", "2022年3月5日")),
    (paper("方案", name="2022-03 方案.txt"), paper("方案", name="2022-03 供水.txt")),
    (paper("方案", name="2022-03 方案.txt"), paper("方案", "霁山县水利局", "2022年3月20日")),
    # One of the two has no date of its own.
    (paper("供水方案"), paper("报告", "霁山县", "2022年3月5日")),
    (paper("供水方案"), paper("供水方案")),
    # A year in the text is anybody's.
    (paper("供水方案", "2019年以来，全县新建泵站十二座。"), paper("报告", "霁山县", "2022年3月5日")),
]


@pytest.mark.parametrize(("first", "second"), SURE)
def test_the_earlier_is_first(first: int, second: int) -> None:
    assert surely_before(np.array([first]), np.array([second])).tolist() == [True]
    assert surely_before(np.array([second]), np.array([first])).tolist() == [False]


@pytest.mark.parametrize(("one", "other"), NOT_SURE)
def test_nobody_is_called_first_without_proof(one: int, other: int) -> None:
    for left, right in ((one, other), (other, one)):
        assert surely_before(np.array([left]), np.array([right])).tolist() == [False]
