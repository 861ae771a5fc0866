"""A planted set says truly what was planted where, and can be made again."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from dedup.document import Document
from dedup.errors import UsageError
from dedup.evaluation.calibration import plant_corpus
from dedup.evaluation.edits import EDITS
from dedup.evaluation.natural import VerbatimRuns
from dedup.evaluation.planting import LEAST_PASSAGE, MOST_PASSAGE, Plan, Planted, plant
from dedup.evaluation.sets import SetError, read_set
from dedup.text.normalize import normalize
from dedup.text.structure import parse

PLAN = Plan(passages=90, seed=3)


@pytest.fixture(scope="module")
def planted(corpus_documents: list[Document]) -> Planted:
    return plant(corpus_documents[6:], corpus_documents[:6], PLAN)


def test_every_kind_is_planted_equally_often(planted: Planted) -> None:
    counts = {kind: sum(case.kind == kind for case in planted.cases) for kind in EDITS}
    assert set(counts.values()) == {PLAN.passages // len(EDITS)}
    strengths = [case.strength for case in planted.cases if case.kind != "verbatim"]
    assert {strength: strengths.count(strength) for strength in set(strengths)} == dict.fromkeys(
        PLAN.strengths, len(strengths) // 3
    )


def test_offsets_lead_to_the_passage_on_both_sides(planted: Planted) -> None:
    for case in planted.cases:
        ours = planted.submissions[case.submission][case.start : case.end]
        theirs = planted.corpus[case.source][case.source_start : case.source_end]
        assert LEAST_PASSAGE <= len(theirs) <= MOST_PASSAGE
        assert theirs == theirs.strip()
        if case.kind == "verbatim":
            assert ours == theirs
        else:
            assert ours != theirs
        if case.kind in ("reformat", "traditional", "evasion"):
            assert normalize(ours).codes.tolist() == normalize(theirs).codes.tolist()


def test_passages_end_where_sentences_end(planted: Planted) -> None:
    for case in planted.cases:
        text = planted.corpus[case.source]
        assert text[case.source_end - 1] in "。；！？”;!?." or text[case.source_end] == "\n"


def test_planted_passages_lie_apart_in_a_submission(planted: Planted) -> None:
    for name in planted.submissions:
        spans = sorted(case.span for case in planted.cases if case.submission == name)
        assert all(b.start - a.end >= 90 for a, b in pairwise(spans))


def test_hosts_are_not_in_the_corpus_and_some_stay_untouched(
    planted: Planted, corpus_documents: list[Document]
) -> None:
    hosts = {document.name for document in corpus_documents[:6]}
    assert not hosts & set(planted.corpus)
    untouched = set(planted.submissions) - {case.submission for case in planted.cases}
    assert untouched
    for name in untouched:
        lines = planted.submissions[name].splitlines()
        assert any(all(line in host.text for line in lines) for host in corpus_documents[:6])


def test_natural_overlaps_stand_in_the_corpus_and_touch_nothing_planted(planted: Planted) -> None:
    runs = VerbatimRuns(planted.corpus.values())
    assert any(planted.natural.values())
    for name, spans in planted.natural.items():
        for span in spans:
            text = planted.submissions[name][span.start : span.end]
            assert len(normalize(text)) >= 13
            assert runs.common_share(text, 1) == 1
            cases = [case.span for case in planted.cases if case.submission == name]
            assert not any(span.start < case.end and case.start < span.end for case in cases)


def test_the_seed_decides(corpus_documents: list[Document], planted: Planted) -> None:
    sources, hosts = corpus_documents[6:], corpus_documents[:6]
    assert plant(sources, hosts, PLAN) == planted
    assert plant(sources, hosts, Plan(passages=84, seed=4)).submissions != planted.submissions


def test_common_wording_is_left_alone() -> None:
    common = "会议强调，要把思想和行动统一到上级的决策部署上来，一项一项抓好落实。"
    rare = [
        "老果园改造啃下了硬骨头，砍掉病株两千一百多棵，高接换种四百亩。",
        "图书馆在汽车站和菜市场各放了一只还书箱，半年收回图书一万三千册。",
        "渡口撤了以后，七名渡工进了护桥队，还有一位聘作河道义务讲解员。",
        "集市搬迁后，卖菜的老人每人领到一辆带遮阳棚的小推车，摊位费减半。",
    ]
    host = "校车线路由十二条并为九条，每车配一名照管员，没有发生一起事故。\n" * 30
    sources = [parse(f"{number}.txt", f"{common}\n{text}\n") for number, text in enumerate(rare)]
    found = plant(sources, [parse("host.txt", host)], Plan(passages=8, kinds=("verbatim", "evasion")))
    assert len(found.cases) == 8
    for case in found.cases:
        assert found.corpus[case.source][case.source_start : case.source_end] != common


def test_a_version_of_a_source_is_no_host(corpus_documents: list[Document]) -> None:
    with pytest.raises(UsageError, match="of its own"):
        plant(corpus_documents[:6], corpus_documents[:2], PLAN)


def test_a_written_set_reads_back(tmp_path: Path, planted: Planted) -> None:
    planted.write(tmp_path / "set")
    found = read_set(tmp_path / "set")
    assert [case for name in found.lengths for case in found.cases[name]] == list(planted.cases)
    assert {name: list(spans) for name, spans in found.natural.items()} == planted.natural
    assert found.lengths == {name: len(text) for name, text in planted.submissions.items()}


def test_nothing_is_overwritten(tmp_path: Path, planted: Planted) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SetError, match="not an empty folder"):
        planted.write(tmp_path)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("kept", [0, 7])
def test_a_corpus_too_small_is_refused_with_its_size(corpus_documents: list[Document], kept: int) -> None:
    with pytest.raises(UsageError, match=rf"{kept} documents.*at least 8 documents"):
        plant_corpus(Path("库"), corpus_documents[:kept], 100, 0)


def test_documents_without_sentences_are_refused() -> None:
    headings = [parse(f"{number}.txt", "一、总体要求\n二、主要任务\n" * 200) for number in range(10)]
    with pytest.raises(UsageError):
        plant_corpus(Path("库"), headings, 100, 0)
