"""Rewritten content is suspected, with its source; what is nobody's is not, in collections of any size."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle, islice

import pytest

from dedup.model import Report
from dedup.passage import Passage
from tests.bench.fitting_suspicion import read_pairs
from tests.corpora import checked

PAIRS = [pair for pair in read_pairs() if pair.kind == "ai"]
OTHERS = [pair.original for pair in read_pairs() if pair.kind != "ai"]
REWRITTEN = range(0, 60, 10)


def collection(documents: int, originals: tuple[int, ...] = ()) -> dict[str, str]:
    """So many documents of three or four passages, some of which hold an original besides."""
    passages = islice(cycle(OTHERS), documents * 3) if documents * 3 > len(OTHERS) else iter(OTHERS)
    texts = {f"{number:02d}.txt": "\n".join(islice(passages, 3)) for number in range(documents)}
    for place, number in enumerate(originals):
        name = f"{place % documents:02d}.txt"
        texts[name] += f"\n{PAIRS[number].original}\n"
    return texts


def suspected(report: Report) -> list[Passage]:
    return [one for one in report.passages if one.status == "suspected"]


def share(report: Report) -> float:
    return report.figures.suspected_characters / max(1, report.figures.total_characters)


@pytest.fixture(scope="module")
def found() -> tuple[Report, Mapping[str, str]]:
    """A draft of six passages that were reworded, and the collection that holds their originals."""
    corpus = collection(20, tuple(REWRITTEN))
    draft = "\n".join(PAIRS[number].rewritten for number in REWRITTEN)
    return checked(draft, corpus), corpus


def test_most_of_what_was_reworded_is_reuse_or_suspected_with_its_source(
    found: tuple[Report, Mapping[str, str]],
) -> None:
    report, corpus = found
    right = 0
    for number in REWRITTEN:
        start = report.text.index(PAIRS[number].rewritten)
        end = start + len(PAIRS[number].rewritten)
        right += any(
            PAIRS[number].original in corpus[one.source] and min(one.end, end) - max(one.start, start) > 0
            for one in report.passages
            if one.status in ("reuse", "suspected")
        )
    assert right >= len(REWRITTEN) - 1
    assert suspected(report)


def test_a_suspicion_says_how_probable_it_is_and_what_answers_what(
    found: tuple[Report, Mapping[str, str]],
) -> None:
    report, corpus = found
    for one in suspected(report):
        assert one.probability is not None
        assert 0 < one.probability <= 1
        assert any(line.kind == "sentence" for line in one.counterparts)
        for pair in one.counterparts:
            assert one.start <= pair.start < pair.end <= one.end
            assert one.source_start <= pair.source_start < pair.source_end <= one.source_end
        for pair in one.counterparts:
            if pair.kind == "figures":
                theirs = corpus[one.source][pair.source_start : pair.source_end]
                assert report.text[pair.start : pair.end].strip(".") == theirs.strip(".")


def test_what_is_suspected_is_never_counted_as_copied(found: tuple[Report, Mapping[str, str]]) -> None:
    report, _ = found
    copied = [span for one in suspected(report) for span in one.copied]
    assert copied == []
    reused = sum(one.end - one.start for one in report.passages if one.status == "reuse")
    assert report.figures.copied_characters <= reused
    assert report.figures.suspected_characters > 0


def test_other_passages_have_no_probability(found: tuple[Report, Mapping[str, str]]) -> None:
    report, _ = found
    others = [one for one in report.passages if one.status != "suspected"]
    assert all(one.probability is None and one.counterparts == () for one in others)


@pytest.mark.parametrize("documents", [1, 2, 20])
def test_what_nobody_wrote_before_is_not_suspected(documents: int) -> None:
    draft = "\n".join(pair.rewritten for pair in PAIRS[:20])
    assert share(checked(draft, collection(documents))) < 0.02


def test_a_collection_of_one_very_long_document_suspects_nobody() -> None:
    corpus = {"all.txt": "\n".join(OTHERS)}
    draft = "\n".join(pair.rewritten for pair in PAIRS[:20])
    assert share(checked(draft, corpus)) < 0.02


def test_a_submission_of_one_sentence_is_checked() -> None:
    corpus = collection(20)
    assert suspected(checked("会议要求各单位抓好落实。", corpus)) == []
    assert suspected(checked("好。", corpus)) == []


def test_copied_text_is_reuse_and_its_neighbours_are_not_suspected_for_it() -> None:
    corpus = collection(20, (0,))
    own = PAIRS[30].rewritten
    report = checked(f"{own}\n{PAIRS[0].original}\n{own}", corpus)
    assert any(one.status == "reuse" for one in report.passages)
    assert suspected(report) == []


def test_runs_that_reach_out_of_what_was_rewritten_do_no_harm() -> None:
    """A long equal run may cross from a sentence that was rewritten into the one behind it."""
    behind = "县级以上地方人民政府应当将水库移民后期扶持所需经费列入预算并向社会公布使用情况" * 4
    source = f"移民安置达到阶段性目标后，由省人民政府组织验收，验收合格的方可蓄水。{behind}。"
    ours = f"阶段性目标实现之后移民安置工作由省政府统一组织开展验收，没有通过的不得蓄水{behind}。"
    report = checked(f"移民办法\n{ours}\n", {"条例.txt": f"移民条例\n{source}\n"})
    assert report.figures.copied_characters > 100
