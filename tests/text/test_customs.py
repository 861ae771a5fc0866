"""What a paper of its kind always says is told; what only looks like it is not."""

from __future__ import annotations

import pytest

from dedup.text.forms import find_forms
from dedup.text.structure import parse

TEXT = "渔港的浮桥被台风掀翻两次，第三回改用旧轮胎垫底，浪来了跟着起伏，再没有翻过。"


def forms(*lines: str) -> list[str]:
    """What of some lines is form."""
    document = parse("a.txt", "\n".join((TEXT, *lines, TEXT, "")))
    return [document.text[one.start : one.end] for one in find_forms(document)]


@pytest.mark.parametrize(
    "line",
    [
        "现将《砚湾镇浮桥管护办法》印发给你们，请结合实际认真执行。",
        "经镇政府同意，现将《砚湾镇浮桥管护办法》转发给你们，请遵照办理。",
        "执行过程中如遇到问题，请及时向镇渔业站反映。",
        "以上通知，请各村认真贯彻落实。",
        "现在，我代表砚湾镇人民政府向大会报告工作，请予审议，并请列席的同志提出意见。",
        "在此，我代表镇政府，向全镇渔民，向关心砚湾的各界朋友，表示衷心感谢并致以崇高敬意！",
        "这些成绩的取得，根本在于县委、县政府的坚强领导，是全镇上下团结奋斗的结果。",
        "为加强浮桥管护，根据《渔港管理条例》《青檀省水上交通条例》等法律法规，结合我镇实际，制定本办法。",
        "本办法适用于砚湾镇行政区域内浮桥的建设和管护。",
        "领导小组办公室设在镇渔业站，由石某某同志兼任办公室主任。",
        "2023年3月9日上午，副镇长石某某在镇政府二楼主持召开专题会议，研究浮桥管护工作。",
        "本合同一式三份，双方各执一份，镇渔业站留存一份。",
        "甲乙双方本着平等自愿的原则，经协商一致，签订本合同，共同遵守。",
        "组　长：王大山　镇党委副书记、镇长",
        "刘水生　镇渔业站站长",
        "您的职业：□渔民　□商户　□学生　□其他",
        "附件：1.砚湾镇浮桥管护办法",
    ],
)
def test_what_every_paper_of_its_kind_says_is_form(line: str) -> None:
    assert forms(line) == [line.strip()]


@pytest.mark.parametrize(
    "line",
    [
        "执行过程中吵过三回，最后由渔民自己推举的老人裁定。",
        "本办法适用半年以后，浮桥上的木板少丢了一多半，丢的那几块都找到了拿走的人。",
        "石某某在会上说，浮桥的木板每季度要翻一次面。",
        "渔民代表向镇里报告，浮桥第三节的缆绳又磨断了两股，换上的新缆只撑了一个月。",
        "考核成绩排在末位的三个码头，都是浮桥坏了没有及时报修的。",
        "这些成绩的取得，得益于把三个码头的冷库并到一处、按潮汐给船排班的努力。",
        "刘水生说站长不在",
        "□浮桥的木板每季度翻一次面，翻下来的晒干再用。□旧轮胎三年一换，换下来的送给修理铺。",
        "第二条　本办法适用于砚湾镇行政区域内浮桥的建设和管护。",
        "附件里列着三年来翻修的木板，一块也没有重复。",
        "记者来的那天，浮桥正好在翻板，谁也没有停下手里的活。",
    ],
)
def test_text_that_looks_like_a_custom_is_text(line: str) -> None:
    assert forms(line) == []


def test_the_dateline_of_a_report_is_form_and_what_it_reports_is_text() -> None:
    assert forms(f"砚湾日报讯（记者 石某 通讯员 王某）3月9日，{TEXT}") == [
        "砚湾日报讯（记者 石某 通讯员 王某）3月9日，"
    ]
