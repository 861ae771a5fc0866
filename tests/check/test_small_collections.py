"""Collections of one document and of one very long one: custom stays custom, and nobody is suspected."""

from __future__ import annotations

import pytest

from dedup.model import Report
from tests.corpora import checked

OF_ONE_COUNTY = """苍梧岭县政府工作报告
各位代表：这一年能有这些变化，根本在于习近平总书记领航掌舵，是市委和县委正确领导的结果，是全县上下肯干实干的结果。
竹器厂停了三年的两条老生产线改做餐具，外销订单排到了明年开春。
新一年政府工作总体要求是：按照县委七届九次全会部署，全面贯彻党的二十大和二十届历次全会精神、中央经济工作会议精神，坚持稳中求进工作总基调，认真落实习近平总书记关于山区工作的重要指示精神，更好统筹发展和安全，守住河谷的水和坡上的林，为实现“十五五”良好开局打好底子。
账是这样算的：地区生产总值增长6%左右，固定资产投资增长7%左右，社会消费品零售总额增长5.5%以上，一般公共预算收入增长3%，城镇居民人均可支配收入增长5%左右，居民消费价格涨幅控制在2%左右。
"""
OF_ANOTHER = """青沙洲区政府工作报告
回头看，码头能重新热闹，根本在于习近平总书记领航掌舵，是市委和区委团结带领干部群众接续奋斗的结果，也离不开街坊们肯让路。
潮汐码头的夜市从一条街摆成了三条街，摊主里有一半是转岗的船员。
往下走，政府工作总体要求是：按照区委十届五次全会部署，全面贯彻党的二十大和二十届历次全会精神、中央经济工作会议精神，坚持稳中求进工作总基调，贯彻落实习近平总书记考察沿海时的重要讲话精神，更好统筹发展和安全，把滩涂还给候鸟，为实现“十五五”良好开局备足后劲。
几个数：地区生产总值增长5.5%左右，社会消费品零售总额增长6%左右，固定资产投资增长4%以上，一般公共预算收入增长2.5%，居民人均可支配收入与经济增长同步，城镇调查失业率控制在5%左右。
"""


def accused(report: Report) -> list[str]:
    return [one.text for one in report.passages if one.status in ("reuse", "suspected")]


@pytest.mark.parametrize(
    ("draft", "source"), [(OF_ONE_COUNTY, OF_ANOTHER), (OF_ANOTHER, OF_ONE_COUNTY)], ids=["one", "other"]
)
def test_what_every_report_says_is_no_reuse_though_the_collection_is_one_document(
    draft: str, source: str
) -> None:
    assert accused(checked(draft, {"一.txt": source})) == []


def test_a_sentence_of_the_writers_own_among_custom_is_reuse() -> None:
    own = "竹器厂停了三年的两条老生产线改做餐具，外销订单排到了明年开春。"
    assert accused(checked(f"{OF_ANOTHER}{own}\n", {"一.txt": OF_ONE_COUNTY})) == [own]
