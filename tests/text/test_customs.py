"""What every paper of a kind says is custom; what only one of them did is not, though it is said likewise."""

from __future__ import annotations

import pytest

from dedup.text.customs import is_custom


@pytest.mark.parametrize(
    "sentence",
    [
        "成绩的取得，是省委坚强领导的结果，是全县上下团结奋斗的结果，是社会各界大力支持的结果",
        "这些成绩的取得，是市委坚强领导的结果，离不开人大、政协的监督支持，凝聚着全市人民的智慧和汗水",
        "我代表县人民政府，向全县各族人民，向各民主党派、工商联、无党派人士，向驻县部队指战员、武警官兵，"
        "向所有关心支持我县发展的各界人士和海内外朋友，表示衷心的感谢",
        "公示时间为2025年3月1日至3月7日，如有异议，请在公示期内以书面形式向县人力资源和社会保障局反映",
        "公示期自3月1日起至3月7日止，为期5个工作日",
        "现将2024年度拟表彰名单予以公示，请予监督",
    ],
)
def test_credits_thanks_and_terms_are_custom(sentence: str) -> None:
    assert is_custom(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "过去一年的成绩来之不易，关键在于县委的坚强领导，我们顶住汛期三次洪峰，抢修堤防四十二公里，"
        "转移安置群众一万八千人，并在七天之内恢复了全部乡镇的供电供水",
        "成绩的取得，得益于市委的正确领导，尤其是把老纺织厂的旧厂房改成了轴承产业园，引来十七家配套企业，"
        "让下岗的九百名工人重新上岗",
        "我代表县政府，向在霜桥水库除险加固中连续四十天住在坝上、用编织袋抢筑八百米子堤并且保住下游三个乡镇"
        "两万亩稻田和六所学校的全体民工，以及把自家渔船开来运送沙石料一千二百吨的渔民表示感谢",
        "公示期内查明，北塘镇三户人家把低保金拿去翻修祖屋，村里的复核小组走访了邻居、查了银行流水，"
        "最后决定收回两年的补助并且在村口的黑板上写明缘由",
    ],
)
def test_what_was_done_is_no_custom_for_standing_in_such_a_sentence(sentence: str) -> None:
    assert not is_custom(sentence)
