"""Who was first is said only where the dates tell: of pairs that look as if they did, none is decided."""

from __future__ import annotations

import numpy as np
import pytest

from dedup.scan.provenance import Evidence, dated, document_date, iso, surely_before

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
    # A page that showed a paper proves that it was there by then.
    (paper("通知", head="发布时间：2021-07-01 09:30\n"), paper("通知", "柘川县水利局", "2021年8月2日")),
    # A paper's number tells the year in which it was issued.
    (paper("通知", head="霁水发〔2021〕8号\n"), paper("通知", "柘川县水利局", "2022年1月4日")),
    (paper("通知", "霁山县水利局", "2020年12月30日"), paper("通知", head="柘水发〔2021〕8号\n")),
    # A signature goes over the day on which a page showed the paper.
    (
        paper("通知", "霁山县水利局", "2021年3月5日", head="发布时间：2023-07-01\n"),
        paper("通知", "柘川县水利局", "2022年8月2日"),
    ),
    (
        paper("通知", head="发布日期：2023-07-01\n成文日期：2021-03-05\n"),
        paper("通知", "柘川县", "2021年3月6日"),
    ),
    # A summary of 2023 that is dated is as old as its date.
    (
        paper("霁山县2023年工作总结", "霁山县人民政府", "2024年1月5日"),
        paper("柘川县2023年工作总结", "柘川县人民政府", "2024年1月8日"),
    ),
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
    # The years of a plan are not that in which it was written.
    (paper("霁山县供水规划（2019—2025年）"), paper("柘川县供水方案", "柘川县水利局", "2023年3月5日")),
    (paper("霁山县2019-2021年供水行动计划"), paper("柘川县2023年工作总结")),
    (paper("行动计划", name="供水 2016—2020.txt"), paper("柘川县供水方案", "柘川县水利局", "2023年3月5日")),
    (paper("2018年以来供水工作情况的报告"), paper("柘川县供水方案", "柘川县水利局", "2023年3月5日")),
    # Another paper's year is no year of this one.
    (paper("关于转发《2018年供水要点》的通知"), paper("报告", "柘川县水利局", "2023年3月5日")),
    (paper("关于2018年巡察反馈问题整改情况的报告"), paper("报告", "柘川县水利局", "2023年3月5日")),
    (paper("学习2017年全县水利会议精神的体会"), paper("报告", "柘川县水利局", "2023年3月5日")),
    (
        paper("报告", head="（根据2018年3月5日会议精神整理）\n"),
        paper("报告", "柘川县水利局", "2023年3月5日"),
    ),
    (paper("报告", "按照霁水发〔2018〕5号文件要求落实。"), paper("报告", "柘川县水利局", "2023年3月5日")),
    # A page shows older papers, too: nobody was surely before them.
    (
        paper("报告", head="发布时间：2023-07-01 来源：本站\n"),
        paper("报告", "柘川县水利局", "2022年3月5日"),
    ),
    (paper("报告", head="更新日期：2023年7月1日\n"), paper("报告", "柘川县水利局", "2022年3月5日")),
    (
        paper("报告", head="（原载2021年7月1日《云州日报》）\n"),
        paper("报告", "柘川县水利局", "2020年3月5日"),
    ),
    # A law that was amended has passages from before, and one knows not which.
    (
        paper("供水条例", head="（2012年3月2日云州市人大常委会通过，2023年5月9日修正）\n"),
        paper("报告", "柘川县水利局", "2019年3月5日"),
    ),
    # Deadlines are not the day of writing.
    (paper("责任清单", "完成时限", "2025年12月31日"), paper("报告", "柘川县水利局", "2023年3月5日")),
    (paper("责任清单", "（2025年6月1日前完成）"), paper("报告", "柘川县水利局", "2023年3月5日")),
    (paper("责任清单", head="（请于2025年6月1日前报送）\n"), paper("报告", "柘川县水利局", "2023年3月5日")),
    (paper("责任清单", "自2025年12月31日起施行。"), paper("报告", "柘川县水利局", "2023年3月5日")),
    (paper("责任清单", "截止日期 2025年12月31日"), paper("报告", "柘川县水利局", "2023年3月5日")),
    (
        paper("责任清单", "水利局 2025年12月31日", "教育局 2024年6月30日"),
        paper("报告", "柘川县", "2023年3月5日"),
    ),
    # There is no such day.
    (paper("报告", "霁山县水利局", "2021年2月30日"), paper("报告", "柘川县水利局", "2023年3月5日")),
    # One year's number, one day of that year.
    (paper("通知", head="霁水发〔2021〕8号\n"), paper("通知", "柘川县水利局", "2021年12月4日")),
    (paper("通知", head="霁水发〔2021〕8号\n"), paper("通知", head="柘水发〔2021〕9号\n")),
    # Two years in one title: a summary of the one and the plan for the other.
    (paper("霁山县2021年总结和2022年打算"), paper("报告", "柘川县水利局", "2022年3月5日")),
    (paper("霁山县2022年总结和2023年打算"), paper("报告", "柘川县水利局", "2021年3月5日")),
]


@pytest.mark.parametrize(("first", "second"), SURE)
def test_the_earlier_is_first(first: int, second: int) -> None:
    assert surely_before(np.array([first]), np.array([second])).tolist() == [True]
    assert surely_before(np.array([second]), np.array([first])).tolist() == [False]


@pytest.mark.parametrize(("one", "other"), NOT_SURE)
def test_nobody_is_called_first_without_proof(one: int, other: int) -> None:
    for left, right in ((one, other), (other, one)):
        assert surely_before(np.array([left]), np.array([right])).tolist() == [False]


@pytest.mark.parametrize(
    ("head", "foot", "name", "date", "evidence"),
    [
        ("", ("霁山县水利局", "二〇二三年三月五日"), "稿.txt", "2023-03-05", "signature"),
        ("发布时间：2023-07-01\n", (), "稿.txt", "2023-07-01", "published"),
        ("霁水发〔2021〕8号\n", (), "稿.txt", "2021", "number"),
        ("——2024年1月5日在霁山县第十八届人民代表大会上\n", (), "稿.txt", "2024-01-05", "head"),
        ("", (), "2022-03 供水.txt", "2022-03", "path"),
        ("", (), "稿.txt", None, ""),
    ],
)
def test_a_date_is_told_with_where_it_stands(
    head: str, foot: tuple[str, ...], name: str, date: str | None, evidence: Evidence
) -> None:
    text = f"关于供水的报告\n{head}{TEXT}" + "".join(f"{line}\n" for line in foot)
    found, where = dated(name, "关于供水的报告", text)
    assert (iso(found), where) == (date, evidence)
