"""Matches judged piece by piece: what is copied, what others hold as well, and how many they are."""

from __future__ import annotations

from dedup.model import Report
from dedup.passage import Passage
from tests.corpora import checked
from tests.strategies import rare_text

RULES = (
    "第一条　渡船每天开航前由船工和码头值班员一同检查缆绳、救生衣和舵，检查的结果写在黑板上。",
    "第二条　各单位应当加强组织领导，明确责任分工，健全工作机制，确保各项任务按时保质完成，"
    "年底由上级逐项检查验收，结果予以通报。",
    "第三条　雾天看不见对岸的灯时停航，停航的时间由两岸的值班员用锣声约定，敲锣的人各记一笔。",
)
CHANGED = RULES[0].replace("黑板", "木牌")


def of_status(report: Report, status: str) -> list[Passage]:
    return [passage for passage in report.passages if passage.status == status]


def test_an_article_that_many_hold_is_custom_inside_a_rule_that_one_was_copied_from() -> None:
    draft = "渡口镇渡船办法\n" + "\n".join([CHANGED, *RULES[1:]]) + "\n"
    corpus = {"a.txt": "\n".join(["青檀镇渡船办法", *RULES, rare_text(60, 400), ""])}
    corpus |= {f"{n}.txt": f"{n}号办法\n{rare_text(n, 400)}\n{RULES[1]}\n" for n in range(2, 14)}
    report = checked(draft, corpus)
    copied = "".join(passage.text for passage in of_status(report, "reuse"))
    assert "救生衣和舵" in copied
    assert "敲锣的人各记一笔" in copied
    assert "明确责任分工" not in copied
    assert any("明确责任分工" in passage.text for passage in of_status(report, "formulaic"))


def test_all_documents_that_hold_a_passage_are_counted() -> None:
    corpus = {f"{n}.txt": f"{n}号材料\n{rare_text(n, 120)}\n{RULES[0]}\n" for n in range(1, 31)}
    report = checked(f"渡口镇办法\n{rare_text(200, 120)}\n{RULES[0]}\n", corpus)
    (passage,) = of_status(report, "formulaic")
    (reason,) = passage.reasons
    assert (reason.code, reason.facts["count"]) == ("formulaic_many", 30)


def test_all_versions_of_a_source_that_hold_a_passage_are_counted() -> None:
    body = "\n".join([rare_text(7, 200), RULES[0], rare_text(11, 200)])
    corpus = {f"{n}.txt": f"渡船办法第{n}稿\n{body}\n" for n in range(1, 16)}
    report = checked(f"渡口镇办法\n{rare_text(200, 120)}\n{RULES[0]}\n", corpus)
    (passage,) = of_status(report, "reuse")
    shared = next(reason for reason in passage.reasons if reason.code == "shared")
    assert shared.facts["count"] == 14


def test_custom_is_custom_however_often_the_submission_says_it() -> None:
    custom = "各单位应当加强组织领导，明确责任分工，健全工作机制"
    corpus = {f"{n}.txt": f"{n}号办法\n{rare_text(n, 120)}\n{custom}。\n" for n in range(250)}
    lines = [f"{rare_text(900 + n, 20)}，{custom}，{rare_text(1900 + n, 15)}。" for n in range(24)]
    report = checked("渡口镇渡船办法\n" + "\n".join(lines) + "\n", corpus)
    told = [one.status for one in report.passages if one.text.strip("，") == custom]
    assert len(told) >= 20  # one or the other begins with a character more by chance
    assert set(told) == {"formulaic"}
