"""A source is called another place's only where nothing tells that it is not."""

from __future__ import annotations

import pytest

from tests.corpora import checked

TEXT = (
    "为了把这项工作做细做实，三个月走完全部一百一十二个自然村，挨家登记旱厕、猪圈和柴垛的位置，"
    "画出一户一图，到年底改建户厕四千六百一十七座，新砌矮墙三万一千米，投工投劳折合五百二十七万元。"
)
ABROAD = {"other_place", "foreign_name", "name_changed"}


def paper(title: str, foot: str = "") -> str:
    return f"{title}\n\n{TEXT}\n{foot}\n"


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("宁乡市2024年改厕工作总结", "长沙市2023年改厕工作总结"),  # a city's paper in its county
        ("长沙市2024年改厕工作总结", "宁乡市2023年改厕工作总结"),
        ("湖南省2024年改厕工作总结", "长沙市2023年改厕工作总结"),
        ("长沙市望城区2024年改厕工作总结", "望城县2008年改厕工作总结"),  # the county's former name
    ],
)
def test_places_of_which_one_is_the_others_are_not_foreign_to_each_other(draft: str, source: str) -> None:
    report = checked(paper(draft), {"甲.txt": paper(source)})
    (passage,) = (one for one in report.passages if one.status == "reuse")
    assert passage.figures == "kept"
    assert ABROAD.isdisjoint(passage.reason_codes)
    assert passage.severity == "ordinary"
    assert "foreign_figures" not in report.verdict.codes


def test_two_cities_are_foreign_to_each_other() -> None:
    report = checked(paper("湘潭市2024年改厕工作总结"), {"甲.txt": paper("长沙市2023年改厕工作总结")})
    (passage,) = (one for one in report.passages if one.status == "reuse")
    assert "other_place" in passage.reason_codes
    assert passage.severity == "serious"
    assert "foreign_figures" in report.verdict.codes


def test_the_notice_of_ones_own_paper_forbids_nobody_ones_own_words() -> None:
    notice = "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！\n"
    corpus = {
        "一/别人.txt": paper("柘川县改厕工作总结"),
        "二/自己.txt": notice + paper("霁山县改厕工作总结"),
    }
    report = checked(paper("改厕工作总结"), corpus)
    (passage,) = (one for one in report.passages if one.status == "reuse")
    assert passage.source == "一/别人.txt"
    assert [one.source for one in passage.also_in] == ["二/自己.txt"]
    assert "notice" in report.verdict.codes
    for options in ({"own": ("二/*",)}, {"author": "霁山县"}):
        report = checked(paper("改厕工作总结"), corpus, **options)
        (passage,) = report.passages
        assert (passage.status, passage.source) == ("own", "二/自己.txt")
        assert [one.source for one in passage.also_in] == ["一/别人.txt"]
        assert report.verdict.level == "pass"


def test_who_signs_both_papers_outweighs_the_places_that_their_titles_begin_with() -> None:
    signed = "霁山县农业农村局\n2023年12月20日"
    source = paper("石桥村改厕工作总结", signed)
    report = checked(paper("渡口村改厕工作总结", signed.replace("2023", "2024")), {"甲.txt": source})
    (passage,) = (one for one in report.passages if one.status == "reuse")
    assert passage.relation in ("earlier", "colleague")
    assert ABROAD.isdisjoint(passage.reason_codes)
    assert passage.severity == "ordinary"
    assert "foreign_figures" not in report.verdict.codes
