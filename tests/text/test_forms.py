"""Forms are told by their make, and text is not taken for one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dedup.text.forms import find_forms
from dedup.text.structure import parse

TEXT = "今年的头一场雪压断了三处大棚的钢架，乡里连夜调来吊车，天亮前全部扶正。"


def forms(text: str) -> list[tuple[str, str]]:
    document = parse("a.txt", f"{TEXT}\n{text}\n{TEXT}\n")
    return [(one.form, document.text[one.start : one.end]) for one in find_forms(document)]


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("时间：2023年3月9日下午2:30", "label"),
        ("地　点：乡政府二楼东会议室", "label"),
        ("主持人：甲某　　记录：乙某", "label"),
        ("会议时间：2023年3月9日　14:30—16:10", "label"),
        ("参加人员：甲某、乙某、丙某，各村支书", "label"),
        ("联系人：甲某，联系电话：0000-0000000", "label"),
        ("（联系人：甲某；电话：0000-0000000）", "label"),
        ("承诺人（签字）：", "label"),
        ("（盖章）", "label"),
        ("　　　　　　　　　　　　年　　月　　日", "label"),
        ("各村（居）委会，乡直各单位：", "salutation"),
        ("尊敬的各位领导、同志们：", "salutation"),
        ("县财政局：", "salutation"),
        ("谢谢大家！", "salutation"),
        ("妥否，请批示。", "formula"),
        ("以上意见如无不妥，请批转各乡镇执行。", "formula"),
        ("特此通知。", "formula"),
        ("此致", "formula"),
        ("现将有关事项通知如下：", "formula"),
        ("现就2023年度水利工作情况汇报如下：", "formula"),
        ("经乡党委会议研究，现将有关事项批复如下：", "formula"),
        ("由于我乡财力有限，特恳请县财政局给予资金支持。", "formula"),
        ("经初步测算，共需资金23.6万元。", "formula"),
        ("请各村认真贯彻落实，重要情况及时报告。", "formula"),
        ("本办法自印发之日起施行，有效期三年。", "formula"),
        ("河口乡人民政府　2023年12月20日", "signature"),
        ("二〇二三年十二月二十日", "signature"),
        ("王大山、李小河、张平、刘水生（女）、赵石", "names"),
        ("2．《河口乡水库管护条例》（河人发〔2019〕3号）；", "bases"),
        ("5.国家、省、市其他有关法律法规和技术标准。", "bases"),
        (
            "本单位郑重承诺：所报材料真实有效，未重复申报其他项目。如有虚假，愿承担一切责任，并退回已拨资金。",
            "declaration",
        ),
    ],
)
def test_a_line_that_is_form_is_told(line: str, form: str) -> None:
    assert forms(line) == [(form, line.strip())]


@pytest.mark.parametrize(
    "line",
    [
        "目标任务：到年底，九条机耕路全部修通，沿线三个组的农机能直接开到地头。",
        "一是抓早。入冬以前把边沟挖完，挖出来的土就近填坑。",
        "经测算，换一台水泵要停水两天，所以我们把检修放在了收完烤烟以后。",
        "请木匠和泥瓦匠来，把旧烤房改成扎扫帚的场子，一间能坐八个人。",
        "高粱、金瓜、白菜、洪水、江米都在那一场雨里泡了汤。",
        "我们承诺过的三件事，年底都办了：路通了，井修了，账晒了。",
        "会议室的灯管换成了省电的，一年省下电费六百多元。",
        "根据往年的经验，雪后第三天是塌棚的高峰。",
        "《河口乡志》里写过那年的大雪，说压塌的房子从乡政府门口一直排到渡口。",
        "总面积：320亩",
        f"我们承诺：冬天不停水。{TEXT}如有违反，承担相应责任。",
        f"《{TEXT}》",
    ],
)
def test_text_is_no_form(line: str) -> None:
    assert forms(line) == []


def test_a_form_inside_a_paragraph_is_told_and_the_rest_of_it_is_not() -> None:
    line = (
        f"根据《河口乡水库管护条例》和《澄源县机井管理办法》（澄政发〔2020〕8号）的有关规定，{TEXT}特此报告。"
    )
    assert forms(line) == [
        ("bases", "根据《河口乡水库管护条例》和《澄源县机井管理办法》（澄政发〔2020〕8号）的有关规定"),
        ("formula", "特此报告。"),
    ]


def test_the_unit_above_a_date_signs() -> None:
    assert forms("河口乡人民政府\n2023年12月20日") == [
        ("signature", "河口乡人民政府"),
        ("signature", "2023年12月20日"),
    ]


def test_a_declaration_ends_where_its_consequences_are_named() -> None:
    declaration = (
        "本人郑重承诺如下：",
        "一、所填内容属实；",
        "二、不转借、不转包；",
        "三、违反以上各条，愿承担相应责任。",
    )
    found = forms("\n".join(("管井人承诺书", *declaration, TEXT)))
    assert found == [("declaration", line) for line in declaration]


def test_forms_lie_in_order_and_apart() -> None:
    document = parse("a.txt", "\n".join(["妥否，请批示。", "特此通知。此致", TEXT, "（盖章）"] * 3))
    stretches = find_forms(document)
    assert all(before.end <= after.start for before, after in pairwise(stretches))
