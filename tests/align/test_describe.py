"""Passages: which other documents are named, what is told apart as custom, and what moved far."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from dedup.passage import Passage
from tests.corpora import checked


def words(seed: int, length: int) -> str:
    """Ideographs at random, so that hardly any pair stands twice."""
    return "".join(map(chr, Random(seed).choices(range(0x4E00, 0x8E00), k=length)))


A, B, C = words(1, 600), words(2, 600), words(3, 600)
TITLE = "霁山县渡口管理办法"


def found(draft: str, corpus: Mapping[str, str], status: str = "reuse", **options: object) -> list[Passage]:
    return [one for one in checked(draft, corpus, **options).passages if one.status == status]


def report_of(seed: int, body: str) -> str:
    """A document that shares nothing with others but what it is given."""
    return f"{seed}号材料\n{words(seed, 150)}。\n{body}\n{words(seed + 500, 150)}。\n"


# ------------------------------------------------------------------------------ other documents


@pytest.mark.parametrize(("shared", "named"), [(100, True), (99, False)])
def test_another_document_is_named_if_it_holds_half_of_a_passage(shared: int, named: bool) -> None:
    first, second = A[: 200 - shared], A[200 - shared : 200]
    corpus = {"a.txt": report_of(10, f"{first}，{second}。"), "b.txt": report_of(11, f"{second}。")}
    (passage,) = found(f"{TITLE}\n{B[:90]}。\n{first}，{second}。\n{B[90:180]}。\n", corpus)
    assert passage.source == "a.txt"
    assert [other.source for other in passage.also_in] == (["b.txt"] if named else [])


def test_of_documents_that_hold_the_same_the_first_by_path_is_the_source() -> None:
    body = f"{A[200:260]}。"
    corpus = {name: report_of(20 + place, body) for place, name in enumerate(("丙.txt", "乙.txt", "甲.txt"))}
    report = checked(f"{TITLE}\n{B[:90]}。\n{body}\n", {**corpus, "0.txt": report_of(30, f"{C[:60]}。")})
    passages = [one for one in report.passages if body[:-1] in one.text]
    assert [one.source for one in passages] == ["丙.txt"]


# ---------------------------------------------------------------------------------------- custom


@pytest.mark.parametrize(
    ("length", "holders", "apart"), [(37, 8, True), (36, 8, False), (37, 6, True), (37, 5, False)]
)
def test_a_section_of_forty_characters_that_seven_hold_is_custom_within_a_copied_match(
    length: int, holders: int, apart: bool
) -> None:
    sections = [C[:60], C[60 : 60 + length], C[200:260]]
    text = "\n".join(f"第{number}条　{one}。" for number, one in zip("一二三", sections, strict=True))
    others = {f"{n}.txt": report_of(40 + n, f"第二条　{sections[1]}。") for n in range(holders)}
    draft = f"{TITLE}\n{B[:90]}。\n{text}\n"
    corpus = {**others, "a.txt": report_of(60, text)}
    custom = found(draft, corpus, "formulaic")
    assert any(sections[1] in one.text for one in custom) is apart
    reused = "\n".join(one.text for one in found(draft, corpus))
    assert (sections[1] in reused) is not apart
    assert sections[0] in reused
    assert sections[2] in reused


def test_a_custom_says_how_many_documents_hold_it() -> None:
    body = f"{A[300:360]}。"
    corpus = {f"{n}.txt": report_of(70 + n, body) for n in range(9)}
    assert found(f"{TITLE}\n{body}\n{B[:60]}。\n", corpus) == []
    (custom,) = found(f"{TITLE}\n{body}\n{B[:60]}。\n", corpus, "formulaic")
    assert custom.reasons[0].code == "formulaic_many"
    assert custom.reasons[0].facts == {"count": 9}


# ------------------------------------------------------------------------------------ what moved far


@pytest.mark.parametrize(("moved", "identity"), [(13, 1.0), (12, 0.9178)])
def test_an_equal_run_that_stands_far_off_in_the_source_counts_as_equal(moved: int, identity: float) -> None:
    body = A[400:530]
    gone = C[300 : 300 + moved]
    source = f"{gone}。\n{words(80, 900)}。\n{body}。"
    draft = f"{TITLE}\n{B[:90]}。\n{body[:65]}{gone}{body[65:]}。\n"
    passages = [one for one in found(draft, {"a.txt": report_of(81, source)}) if body[:60] in one.text]
    (passage,) = passages
    assert body[70:] in passage.text
    assert passage.identity == pytest.approx(identity, abs=0.003)


def test_of_the_versions_of_one_document_eight_are_compared() -> None:
    body = f"{A[200:260]}。\n{words(90, 300)}。"
    versions = {f"{n:02d}.txt": f"青檀镇{2010 + n}年总结\n{body}\n" for n in range(10)}
    (passage,) = found(f"{TITLE}\n{A[200:260]}。\n{B[:60]}。\n", versions)
    assert passage.source == "00.txt"
    assert len(passage.also_in) == 7


# ------------------------------------------------------------------------------------- why it is nobody's


FORM = (
    "申报单位承诺：所报成果由本单位独立完成，数据来源均已说明，没有在别处领过奖。"
    "如有虚假，愿退回奖金并承担相应责任。"
)
PHRASES = "坚持以习近平新时代中国特色社会主义思想为指导，增强“四个意识”、坚定“四个自信”、做到“两个维护”。"


@pytest.mark.parametrize(("text", "reason"), [(FORM, "form"), (PHRASES, "formulaic_list")])
def test_why_text_that_everybody_has_is_nobodys(text: str, reason: str) -> None:
    passages = found(f"{TITLE}\n{B[:90]}。\n{text}\n", {"a.txt": report_of(10, text)}, "formulaic")
    assert {one.reasons[0].code for one in passages} == {reason}


def test_text_of_a_template_is_told_to_be_so(tmp_path: Path) -> None:
    template = tmp_path / "模板.txt"
    template.write_text(f"{A[:60]}。\n", encoding="utf-8")
    draft = f"{TITLE}\n{A[:60]}。\n{B[:90]}。\n{FORM}\n"
    corpus = {"a.txt": report_of(10, f"{A[:60]}。\n{C[:90]}。\n{FORM}")}
    passages = found(draft, corpus, "formulaic", template=(str(template),))
    reasons = {code: one.text for one in passages for code in one.reason_codes}
    assert sorted(reasons) == ["form", "template"]
    assert A[:60] in reasons["template"]
