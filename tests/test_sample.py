"""The samples checked against the sample corpus, held to the answer key of what was planted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dedup.checking import check
from dedup.index import Index, open_index
from dedup.model import Report
from dedup.passage import Passage
from dedup.readers import read_text
from dedup.reports.check.reasons import sentence, sentences
from dedup.settings import Settings
from dedup.text.structure import parse

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "samples"
KEY = json.loads((SAMPLES / "planted.json").read_text(encoding="utf-8"))["files"]
SLIP = 3
"""Characters by which a border may miss: a mark more or less."""
PLANTED = {fact["name"]: fact for fact in KEY["submission.txt"]["passages"]}
REUSED = [pytest.param(fact, id=name) for name, fact in PLANTED.items() if fact["status"] == "reuse"]
QUOTED = [pytest.param(fact, id=name) for name, fact in PLANTED.items() if fact["status"] == "quoted"]
COLLECTION = "汇编/2020年专题工作总结汇编.txt"
Fact = Mapping[str, Any]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return open_index(ROOT / "corpus", tmp_path_factory.mktemp("index"), Settings())


@pytest.fixture(scope="module")
def reports(index: Index) -> dict[str, Report]:
    return {name: check(parse(name, read_text(SAMPLES / name)), index, Settings()) for name in KEY}


@pytest.fixture(scope="module")
def report(reports: dict[str, Report]) -> Report:
    return reports["submission.txt"]


def the_passage(report: Report, fact: Fact) -> Passage:
    """The one passage that overlaps a planted stretch by more than a border's slip."""
    (found,) = [
        passage
        for passage in report.passages
        if min(passage.end, fact["end"]) - max(passage.start, fact["start"]) > SLIP
    ]
    return found


@pytest.mark.parametrize("fact", REUSED)
def test_a_planted_passage_is_found_where_it_is_from_where_it_is(report: Report, fact: Fact) -> None:
    found = the_passage(report, fact)
    assert found.status == "reuse"
    assert found.start == pytest.approx(fact["start"], abs=SLIP)
    assert found.end == pytest.approx(fact["end"], abs=SLIP)
    stretches = {found.source: (found.source_start, found.source_end)}
    stretches |= {other.source: (other.source_start, other.source_end) for other in found.also_in}
    assert set(stretches) == {fact["source"], *fact["also_in"]}
    start, end = stretches[fact["source"]]
    assert start == pytest.approx(fact["source_start"], abs=SLIP)
    assert end == pytest.approx(fact["source_end"], abs=SLIP)


@pytest.mark.parametrize("fact", REUSED)
def test_kind_tricks_and_part_are_told(report: Report, fact: Fact) -> None:
    found = the_passage(report, fact)
    assert found.kind == fact["kind"]
    assert sorted(found.evasion) == sorted(fact["evasion"])
    assert found.part == fact["part"]


@pytest.mark.parametrize("fact", QUOTED)
def test_what_is_quoted_and_named_is_no_reuse(report: Report, fact: Fact) -> None:
    found = the_passage(report, fact)
    assert found.status == "quoted"
    assert found.source == fact["source"]
    assert found.start <= fact["start"]
    assert found.end >= fact["end"]


def test_nothing_but_what_was_planted_is_reuse(reports: dict[str, Report]) -> None:
    for name, facts in KEY.items():
        planted = [fact for fact in facts["passages"] if fact["status"] == "reuse"]
        reuse = [passage for passage in reports[name].passages if passage.status == "reuse"]
        assert len(reuse) == len(planted)


@pytest.mark.parametrize("name", KEY)
def test_a_set_phrase_alone_is_never_reuse(reports: dict[str, Report], name: str) -> None:
    planted = KEY[name]["passages"]
    for phrase in KEY[name]["set_phrases"]:
        if any(fact["start"] <= phrase["start"] and phrase["end"] <= fact["end"] for fact in planted):
            continue
        for passage in reports[name].passages:
            if passage.status == "reuse":
                assert passage.end <= phrase["start"] or phrase["end"] <= passage.start


@pytest.mark.parametrize("name", KEY)
def test_verdict_and_figures_follow_the_key(reports: dict[str, Report], name: str) -> None:
    report, facts = reports[name], KEY[name]
    assert report.verdict.level == facts["verdict"]
    planted = sum(fact["end"] - fact["start"] for fact in facts["passages"] if fact["status"] == "reuse")
    # The key counts marks and spaces, the figures do not.
    assert 0.75 * planted <= report.figures.copied_characters <= planted
    assert (report.figures.quoted_characters > 0) == any(
        fact["status"] == "quoted" for fact in facts["passages"]
    )
    assert report.figures.formulaic_characters > 50


def test_sources_come_with_their_notices_and_forbidding_ones_are_reasons(report: Report) -> None:
    notices = {source.document: source.notice for source in report.sources}
    assert len(notices) == len(report.sources) == len(REUSED)
    forbidden = {document for document, notice in notices.items() if notice and notice.no_copying}
    assert forbidden >= {
        "总结/XX镇2019年脱贫攻坚工作总结.txt",
        "整改/鹭洲区城市管理局巡察整改情况报告.txt",
        "方案/云麓县农村人居环境整治提升实施方案.txt",
    }
    assert notices["汇报/汀源县2018年防汛备汛工作汇报.txt"] is None
    reasons = "".join(sentences(report.verdict, "zh"))
    for source in report.sources:
        assert (source.title in reasons) == (source.document in forbidden)


def test_the_part_of_the_collection_is_the_source_with_the_notice_it_has(
    report: Report, index: Index
) -> None:
    (source,) = (one for one in report.sources if one.document == COLLECTION)
    assert source.part == source.title == "2020 年工作总结(食品安全)"
    assert source.notice is not None
    assert not source.notice.no_copying
    parts = {part.title: part for part in index.documents() if part.path == COLLECTION}
    assert len(parts) == 4
    own_notice = [part.notice.text for part in parts.values() if part.notice and part.notice.no_copying]
    assert len(own_notice) == 1, "one part forbids copying by a notice of its own"


def test_a_paragraph_of_the_part_with_its_own_notice_blocks_and_names_it(index: Index) -> None:
    part = next(
        one
        for one in index.documents()
        if one.path == COLLECTION and one.notice is not None and one.notice.no_copying
    )
    text = read_text(ROOT / "corpus" / COLLECTION)[part.span.start : part.span.end]
    paragraph = max(text.splitlines(), key=len)
    report = check(parse("draft.txt", f"社区工作总结\n{paragraph}\n"), index, Settings())
    (passage,) = (one for one in report.passages if one.status == "reuse")
    assert passage.part == part.title
    assert passage.text == passage.source_text == paragraph
    assert report.verdict.level == "block"
    assert report.sources[0].notice == part.notice


@pytest.mark.parametrize(
    "pattern", ["整改/鹭洲区城市管理局巡察整改情况报告.txt", "整改", "整改/*", "*巡察整改*"]
)
def test_own_earlier_documents_do_not_count(index: Index, report: Report, pattern: str) -> None:
    settings = Settings(own=(pattern,))
    own = check(parse("submission.txt", read_text(SAMPLES / "submission.txt")), index, settings)
    assert the_passage(own, PLANTED["verbatim"]).status == "own"
    lost = report.figures.copied_characters - own.figures.copied_characters
    assert lost == own.figures.own_characters > 120


def test_the_language_is_the_reports_business_alone(index: Index, report: Report) -> None:
    document = parse("submission.txt", read_text(SAMPLES / "submission.txt"))
    english = check(document, index, Settings(language="en"))
    assert english == report
    reasons = [sentence(passage, "en") for passage in report.passages if passage.status != "reuse"]
    assert all(reason and reason.isascii() for reason in reasons)
