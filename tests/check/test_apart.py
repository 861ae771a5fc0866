"""Forms, templates and furniture are never reuse, and what is copied around them still is."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup.errors import UsageError
from dedup.model import Report
from tests.corpora import checked

COPIED = (
    "供水站的老闸阀锈死了三年，谁去拧都拧不动。入秋以后站里请来退休的铸工，用喷灯烤、用油泡，"
    "七天拧开了四只，拧不开的两只整段换掉，换下来的铁件挂在墙上，写明哪年哪月为什么换。"
)
OTHER = (
    "卫生室的门朝北，冬天风直往里灌，打针的孩子哭得更凶。村里把门改到东墙，原来的门洞砌成药柜，"
    "省下买柜子的钱，正好添了一只取暖的炉子。"
)
OWN = (
    "集市上的秤归一个人管，谁的秤不准当场砸。头一个月砸了十一杆，第二个月砸了两杆，"
    "到第三个月，管秤的人闲得在市口下棋。"
)
DECLARATION = (
    "申报单位承诺：所报成果由本单位独立完成，数据来源均已说明，没有在别处领过奖。"
    "如有虚假，愿退回奖金并承担相应责任。"
)


def reused(report: Report) -> str:
    """The text of all passages of status reuse."""
    return "\n".join(one.text for one in report.passages if one.status == "reuse")


def statuses(report: Report, text: str) -> set[str]:
    """The statuses of the passages that hold some of a text."""
    start = report.text.index(text)
    return {one.status for one in report.passages if one.start < start + len(text) and one.end > start}


def test_the_same_declaration_is_no_reuse_and_is_shown() -> None:
    report = checked(f"渡口汇报\n{DECLARATION}\n{OWN}\n", {"a.txt": f"水站汇报\n{DECLARATION}\n{COPIED}\n"})
    assert report.figures.copied_characters == 0
    assert statuses(report, DECLARATION) == {"formulaic"}
    assert report.figures.formulaic_characters > 45


def test_text_copied_around_a_form_is_found_without_the_form() -> None:
    source = f"水站汇报\n{COPIED}\n{DECLARATION}\n{OTHER}\n"
    report = checked(f"渡口汇报\n{OWN}\n{COPIED}\n{DECLARATION}\n{OTHER}\n", {"a.txt": source})
    assert statuses(report, COPIED) == {"reuse"}
    assert statuses(report, OTHER) == {"reuse"}
    assert statuses(report, DECLARATION) == {"formulaic"}
    assert report.verdict.level == "block"


def test_requests_on_the_same_form_pass() -> None:
    form = (
        "经测算，共需资金{}万元。因我单位年初预算未安排此项经费，恳请县人民政府予以解决。\n妥否，请批示。\n"
    )
    source = f"关于修理闸阀的请示\n\n县人民政府：\n{COPIED}\n{form.format('21.5')}水利站\n2023年6月1日\n"
    draft = f"关于添置台秤的请示\n\n县人民政府：\n{OWN}\n{form.format('3.8')}市场所\n2023年6月1日\n"
    report = checked(draft, {"a.txt": source})
    assert (report.verdict.level, report.figures.copied_characters) == ("pass", 0)


def test_a_running_head_between_two_halves_is_cited_by_neither() -> None:
    half = len(COPIED) // 2
    head = "河口乡水利简报　　冬季专号"
    pages = (
        f"{COPIED[:half]}\n{head}\n— 4 —\n{COPIED[half:]}\n{OWN}\n{OTHER[:20]}\n{head}\n— 5 —\n{OTHER[20:]}\n"
    )
    report = checked(f"渡口汇报\n{OWN}\n{pages}", {"a.txt": f"水站汇报\n{COPIED}\n"})
    assert head not in reused(report)
    assert statuses(report, COPIED[:half]) == statuses(report, COPIED[half:]) == {"reuse"}


def test_what_stands_in_a_template_never_counts(tmp_path: Path) -> None:
    template = tmp_path / "模板.txt"
    template.write_text(f"申报书\n{COPIED}\n", encoding="utf-8")
    draft = f"渡口汇报\n{OWN}\n{COPIED}\n{OTHER}\n"
    source = {"a.txt": f"水站汇报\n{COPIED}\n{OTHER}\n"}
    assert COPIED in reused(checked(draft, source))
    for path in (template, tmp_path):
        report = checked(draft, source, template=(str(path),))
        assert statuses(report, COPIED) == {"formulaic"}
        assert statuses(report, OTHER) == {"reuse"}


def test_a_template_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="无此"):
        checked(OWN, {"a.txt": COPIED}, template=(str(tmp_path / "无此.txt"),))
    (tmp_path / "空").mkdir()
    with pytest.raises(UsageError, match="空"):
        checked(OWN, {"a.txt": COPIED}, template=(str(tmp_path / "空"),))
