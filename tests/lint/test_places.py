"""Names of other places: which are left-overs, which have a reason to stand there."""

from __future__ import annotations

import pytest

from tests.lint.pages import findings_of, told

TITLE = "泗洪县2024年工作总结"


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("专班驻点平口镇二十天，把办件拖延的事逐件过堂。", "平口镇"),
        ("全县把安化县的茶园再扩一圈，乡亲们有了盼头。", "安化县"),
        ("建设美丽安化，让乡亲们的日子更有奔头。", "安化"),
        ("湖南省益阳市安化县的干部白天走访、晚上算账。", "湖南省益阳市安化县"),
    ],
)
def test_names_of_other_places_are_found(sentence: str, name: str) -> None:
    assert name in [text for kind, _, text in told(TITLE, sentence) if kind == "foreign-place"]


def test_another_places_committee_is_a_foreign_unit() -> None:
    assert told(TITLE, "在安化县委的领导下，各项工作有序推进。") == [("foreign-unit", "error", "安化县委")]


@pytest.mark.parametrize(
    "sentence",
    [
        "双沟镇、上塘镇的水稻都收了。",  # its own townships
        "江苏省、宿迁市的部署不折不扣落到了村里。",  # its superiors
        "与安化县结对帮扶，选派教师二十名。",
        "赴安化县考察茶产业，带回三条经验。",
        "学习借鉴安化县经验，窗口一律延时。",
        "来自安化县的务工人员住进了新公寓。",
        "安化黑茶卖到了城里。",
        "北京、上海、广州都有我们的农产品。",
        "推动发展乡村振兴，在新城镇建设中当先锋。",
        "《湖南省安化县茶叶条例》的写法值得一看。",
        "安化路通了公交。",
    ],
)
def test_names_with_a_reason_are_left_alone(sentence: str) -> None:
    assert [one for one in told(TITLE, sentence) if one[0] != "numbering"] == []


def test_the_configuration_allows_names() -> None:
    sentence = "专班驻点平口镇二十天，把办件拖延的事逐件过堂。"
    assert findings_of(TITLE, sentence)
    assert not findings_of(TITLE, sentence, allowed=("平口镇",))
    assert not findings_of(TITLE, sentence, allowed=("安化县", "平口镇"))


def test_figures_beside_another_places_name_are_that_places() -> None:
    found = told(TITLE, "专班驻点平口镇、小淹镇二十天，当场改掉一百六十三条，剩下的挂牌办结。")
    assert found == [
        ("foreign-place", "error", "平口镇"),
        ("foreign-place", "error", "小淹镇"),
        ("figures", "error", "一百六十三"),
    ]


def test_the_document_it_was_made_from_is_silent() -> None:
    sentence = "专班驻点平口镇、小淹镇二十天，当场改掉一百六十三条，剩下的挂牌办结。"
    assert told("安化县2024年工作总结", sentence) == []


def test_without_a_unit_nothing_is_said_of_places() -> None:
    assert told("工作总结", "专班驻点平口镇、小淹镇二十天，当场改掉一百六十三条。") == []


def test_of_an_unknown_place_only_several_names_of_one_county_are_errors() -> None:
    title = "霁山县2024年工作总结"
    assert told(title, "专班到平口镇住了二十天。") == [("foreign-place", "warning", "平口镇")]
    assert told(title, "金竹坪乡的山路修通了。") == []
    assert [one[1] for one in told(title, "专班驻点平口镇、小淹镇二十天。")] == ["error", "error"]


def test_the_own_name_with_another_ending() -> None:
    found = told(TITLE, "泗洪市的窗口延时一小时。", "泗洪县城的路灯亮了。")
    assert found == [("own-name", "error", "泗洪市")]
