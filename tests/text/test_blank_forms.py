from __future__ import annotations

import pytest

from dedup.text.blank_forms import is_blank_form

LABELS = [
    "姓名",
    "性别",
    "出生年月",
    "政治面貌",
    "工作单位",
    "职务",
    "联系电话",
    "主要事迹",
    "单位意见（盖章）",
    "年 月 日",
]
TITLE = "鹿溪县先进工作者推荐表"


def test_labels_and_empty_cells_are_a_blank_form() -> None:
    cells = [TITLE, *(line for label in LABELS for line in (label, ""))]
    assert is_blank_form("\n".join(cells))


def test_labels_alone_are_one_too_as_on_a_page() -> None:
    assert is_blank_form("\n".join([TITLE, *LABELS]))
    assert is_blank_form("\n".join([TITLE, "填表说明：本表一式三份，报县人社局。", *LABELS]))


@pytest.mark.parametrize(
    "lines",
    [
        ["姓名", "林栩", "性别", "女", "出生年月", "1988年5月", "工作单位", "鹿溪县水利局", "职务", "科员",
         "联系电话", "13800000000"],
        ["姓名：林栩", "性别：女", "出生年月：1988年5月", "工作单位：鹿溪县水利局", "职务：科员"],
        ["推荐人员名单", "林栩", "", "周牧", "", "程禾", "", "苏芷", ""],
        ["一、工作目标", "二、主要措施", "三、有关要求", "四、组织领导", "五、经费预算"],
        ["会议时间：五月八日上午九时", "会议地点：县政府二楼会议室", "主持人：周牧", "参会人员：林栩、程禾"],
        [*LABELS, "该同志扎根基层十二年，先后走遍全县四十六个村，群众都叫得出他的名字。"],
        ["关于做好防汛工作的通知", "各乡镇人民政府：", "现将有关事项通知如下。"],
        [],
        ["姓名"],
    ],
)  # fmt: skip
def test_what_says_something_is_none(lines: list[str]) -> None:
    assert not is_blank_form("\n".join([TITLE, *lines] if lines else []))
