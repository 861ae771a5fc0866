"""Tally: how much of a submission each source accounts for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.found import Found
from dedup.document import Span
from dedup.index import PartInfo
from dedup.passage import Passage, Status
from dedup.settings import Relation
from dedup.tally import count, covered, rewrite_first, sources
from dedup.text.stream import stream_document
from dedup.text.structure import parse

TOTAL = 40
STATUSES: tuple[Status, ...] = ("reuse", "reuse", "quoted", "own", "formulaic")


def found(number: int, start: int, length: int, status: Status) -> Found:
    source = PartInfo(number, f"{number}.txt", "", f"第{number}号", None, 99, 3, Span(0, 99), ())
    end = min(start + length, TOTAL)
    passage = Passage(start, end, source.path, start, end, 1.0, "verbatim", status, (), "", "")
    return Found(passage, start, end, source, ((start, end),))


places = st.tuples(
    st.integers(0, 3), st.integers(0, TOTAL - 1), st.integers(1, 12), st.sampled_from(STATUSES)
)


@given(st.lists(places, max_size=15))
def test_each_character_of_reuse_counts_once_for_its_source(rows: list[tuple[int, int, int, Status]]) -> None:
    passages = [found(*row) for row in rows]
    summaries = sources(TOTAL, passages)
    reused = [one for one in passages if one.passage.status == "reuse"]
    assert {summary.document for summary in summaries} == {one.passage.source for one in reused}
    for summary in summaries:
        covered = np.zeros(TOTAL, bool)
        own = [one for one in reused if one.passage.source == summary.document]
        for one in own:
            covered[one.start : one.end] = True
        assert summary.copied_characters == covered.sum()
        assert summary.copied_ratio == covered.sum() / TOTAL
        assert summary.passages == len(own)
    order = [(-summary.copied_characters, summary.document) for summary in summaries]
    assert order == sorted(order)


# ------------------------------------------------------------- what a draft of three paragraphs adds up to

DRAFT = parse(
    "稿.txt",
    "柳溪渡的渡船今年换了新缆绳。\n"
    "船工老周每天清早先把舱板刷一遍，再招呼赶集的人上船。\n"
    "摆渡的钱照旧，学生不收。\n",
)
STREAM = stream_document(DRAFT).text
FIRST, SECOND, THIRD = STREAM.paragraph_starts[:3].tolist()


def passage(start: int, length: int, status: Status, relation: Relation = "unknown") -> Found:
    one = found(1, start, length, status)
    return one._replace(
        passage=replace(one.passage, relation=relation), end=start + length, runs=((start, start + length),)
    )


def test_the_paragraph_with_most_reuse_is_rewritten_first_and_one_without_is_not_named() -> None:
    advice = rewrite_first(
        DRAFT, STREAM, [passage(FIRST, 1, "reuse"), passage(THIRD, 9, "reuse"), passage(SECOND, 11, "quoted")]
    )
    assert [(one.number, one.copied_characters) for one in advice] == [(3, 9), (1, 1)]
    assert advice[0].text == "摆渡的钱照旧，学生不收。"
    assert advice[0].characters == len(STREAM) - THIRD
    assert DRAFT.text[advice[1].span.start : advice[1].span.end] == advice[1].text


def test_only_reuse_counts_by_whose_the_source_is() -> None:
    figures = count(
        STREAM,
        [
            passage(FIRST, 5, "reuse", "own"),
            passage(FIRST + 3, 5, "reuse", "own"),
            passage(SECOND, 7, "reuse", "superior"),
            passage(THIRD, 6, "quoted", "elsewhere"),
        ],
    )
    assert figures.by_relation == {"own": 8, "superior": 7}
    assert (figures.copied_characters, figures.quoted_characters) == (15, 6)
    assert (figures.paragraphs, figures.suspicious_paragraphs) == (3, 2)
    assert figures.largest_single_source_characters == 15


def test_a_character_under_several_statuses_counts_for_the_worst() -> None:
    figures = count(
        STREAM, [passage(FIRST, 6, "own"), passage(FIRST, 4, "reuse"), passage(FIRST, 9, "formulaic")]
    )
    counted = (figures.copied_characters, figures.own_characters + figures.formulaic_characters)
    assert counted == (4, 5)


def test_what_is_suspected_counts_where_nothing_else_does() -> None:
    figures = count(STREAM, [passage(FIRST, 9, "suspected"), passage(FIRST, 4, "reuse")])
    assert (figures.copied_characters, figures.suspected_characters) == (4, 5)
    minor = count(STREAM, [passage(FIRST, 9, "suspected"), passage(FIRST, 3, "minor")])
    assert (minor.minor_characters, minor.suspected_characters) == (3, 6)


def test_a_paragraph_of_which_one_character_is_copied_is_suspicious() -> None:
    assert count(STREAM, [passage(FIRST, 1, "reuse")]).suspicious_paragraphs == 1
    assert count(STREAM, [passage(SECOND - 1, 2, "reuse")]).suspicious_paragraphs == 2


def test_runs_of_one_source_that_overlap_or_lie_in_one_another_count_once() -> None:
    one = passage(FIRST, 9, "reuse")
    overlapping = [
        one._replace(runs=((0, 6), (10, 20))),
        one._replace(runs=((4, 8), (12, 15))),
        one._replace(runs=((20, 22),)),
    ]
    assert covered(overlapping) == 8 + 12


def test_nothing_of_nothing_is_copied() -> None:
    figures = count(stream_document(parse("空.txt", "")).text, [])
    assert (figures.total_characters, figures.copied_ratio, figures.largest_single_source_ratio) == (0, 0, 0)
