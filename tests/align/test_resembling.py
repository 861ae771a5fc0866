"""Paragraphs found by their signatures: which, and how many documents hold one like them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.regions import Regions, overlapping, resembling_paragraphs
from dedup.text.stream import stream_document
from dedup.text.structure import parse
from tests.corpora import indexed
from tests.strategies import rare_text

PARAGRAPH = "进一步压实各级防火责任，严格落实领导带班和二十四小时值守制度，发现火情第一时间报告处置。"
OTHER = "插秧推迟了半个月，好在抽水机备得足，没有一块田因为缺水撂荒。"
CORPUS = {
    "a.txt": f"甲村材料\n{PARAGRAPH}\n{rare_text(1, 60)}\n{PARAGRAPH}\n{PARAGRAPH}\n",
    "b.txt": f"乙村材料\n{rare_text(2, 60)}\n{PARAGRAPH}\n",
    "c.txt": f"丙村材料\n{rare_text(3, 60)}\n",
}
STREAM = stream_document(parse("draft.txt", f"丁村材料\n{OTHER}\n{PARAGRAPH}\n")).text


def regions(*rows: tuple[int, int, int, int, int]) -> Regions:
    """Regions of rows (part, start, end, source start, source end)."""
    columns = np.array(rows, np.int64).reshape(-1, 5).T
    part, start, end, source_start, source_end = columns
    return Regions(part, start, end, source_start, source_end, np.zeros(len(rows)))


def test_a_document_that_repeats_a_paragraph_is_one_witness() -> None:
    with indexed(CORPUS) as index:
        found, witnesses = resembling_paragraphs(STREAM, index, regions(), 8)
    assert found.part.tolist() == [0, 0, 0, 1]
    assert witnesses.tolist() == [2, 2, 2, 2]
    begin, end = STREAM.paragraph_starts[1:].tolist()
    assert set(zip(found.start.tolist(), found.end.tolist(), strict=True)) == {(begin, end)}


def test_no_more_than_asked_for_are_given_and_none_that_is_known() -> None:
    with indexed(CORPUS) as index:
        few, witnesses = resembling_paragraphs(STREAM, index, regions(), 2)
        assert (len(few), witnesses.tolist()) == (2, [2, 2])
        known = regions((1, 30, 70, 60, 100))
        new, _ = resembling_paragraphs(STREAM, index, known, 8)
        assert new.part.tolist() == [0, 0, 0]


def test_a_paragraph_of_many_documents_is_aligned_with_two_places_only() -> None:
    several = {
        f"{name}.txt": f"{name}村材料\n{rare_text(n, 60)}\n{PARAGRAPH}\n" for n, name in enumerate("戊己庚辛")
    }
    with indexed(several) as index:
        found, witnesses = resembling_paragraphs(STREAM, index, regions(), 8)
        one, _ = resembling_paragraphs(STREAM, index, regions(), 1)
    assert witnesses.tolist() == [4, 4]
    assert len(set(found.part.tolist())) == 2
    assert len(one) == 1


rows = st.lists(
    st.tuples(
        st.integers(0, 1), st.integers(0, 40), st.integers(1, 30), st.integers(0, 40), st.integers(1, 30)
    ),
    max_size=8,
)


@given(rows, rows)
def test_regions_that_overlap_on_both_sides_are_told_whatever_stretches_they_touch(
    some: list[tuple[int, ...]], others: list[tuple[int, ...]]
) -> None:
    def spanning(row: tuple[int, ...]) -> tuple[int, int, int, int, int]:
        part, start, length, source, source_length = row
        return part, start, start + length, source, source + source_length

    known = [spanning(row) for row in others]
    asked = [spanning(row) for row in some]
    expected = [
        any(p == part and a < end and start < b and c < right and left < d for p, a, b, c, d in known)
        for part, start, end, left, right in asked
    ]
    assert overlapping(regions(*asked), regions(*known), stretch=7).tolist() == expected


@pytest.mark.parametrize(
    ("known", "overlap"),
    [
        ((0, 19, 31, 109, 131), True),
        ((0, 29, 50, 129, 150), True),
        ((0, 0, 11, 0, 101), True),
        ((0, 30, 50, 110, 130), False),
        ((0, 0, 10, 110, 130), False),
        ((0, 10, 30, 130, 150), False),
        ((0, 10, 30, 80, 100), False),
        ((1, 10, 30, 100, 130), False),
    ],
)
def test_regions_that_touch_do_not_overlap(known: tuple[int, int, int, int, int], overlap: bool) -> None:
    assert overlapping(regions((0, 10, 30, 100, 130)), regions(known)).tolist() == [overlap]


def test_a_draft_that_resembles_nothing_has_no_regions() -> None:
    own = stream_document(parse("draft.txt", f"丁村材料\n{OTHER}\n")).text
    with indexed(CORPUS) as index:
        found, witnesses = resembling_paragraphs(own, index, regions(), 8)
    assert len(found) == len(witnesses) == 0
