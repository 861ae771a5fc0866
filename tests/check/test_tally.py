"""Tally: how much of a submission each source accounts for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.describe import Found
from dedup.index import PartInfo
from dedup.model import Passage, Span, Status
from dedup.tally import sources

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
