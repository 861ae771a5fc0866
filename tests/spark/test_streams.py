"""What executors do to a stream of batches does not depend on where it is cut into batches."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install -e '.[spark]'")

from dedup.scan.results import cluster_written, places_written  # noqa: E402
from dedup.spark.columns import batch_of, normalised  # noqa: E402
from dedup.spark.comparing import candidate_pairs  # noqa: E402
from dedup.spark.writing import cluster_lines  # noqa: E402
from dedup.text.normalize import normalize  # noqa: E402

LARGEST = 3


def cut(batch: Any, cuts: list[int]) -> list[Any]:
    places = sorted({0, batch.num_rows, *(place for place in cuts if place < batch.num_rows)})
    return [batch.slice(first, last - first) for first, last in pairwise(places)]


@given(
    st.lists(st.sets(st.integers(0, 40), min_size=1, max_size=12), min_size=1), st.lists(st.integers(1, 60))
)
def test_small_buckets_are_paired_in_full_and_large_ones_with_their_first(
    buckets: list[set[int]], cuts: list[int]
) -> None:
    words = [(7 * number, text) for number, texts in enumerate(buckets) for text in sorted(texts)]
    keys, texts = map(np.array, zip(*words, strict=True))
    batches = cut(batch_of({"bucket": keys, "text": texts}), cuts)
    found = [
        pair
        for batch in candidate_pairs(batches, largest=LARGEST)
        for pair in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    ]
    expected = {
        pair
        for bucket in map(sorted, buckets)
        for pair in combinations(bucket, 2)
        if len(bucket) <= LARGEST or pair[0] == bucket[0]
    }
    assert set(found) == expected
    assert len(found) <= sum(max(len(bucket) - 1, LARGEST) for bucket in buckets if len(bucket) > 1)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=8), st.lists(st.integers(1, 30)))
def test_a_cluster_is_one_line_however_its_members_come(sizes: list[int], cuts: list[int]) -> None:
    head = np.repeat(np.arange(len(sizes)), sizes)
    rows = np.arange(len(head))
    columns = {
        "head": head,
        "hash": np.uint64(1 << 63) + head.astype(np.uint64),
        "date": np.full(len(head), 20240100),
        "boilerplate": head % 2 == 0,
        "jaccard": 1 / (1 + rows),
        "b_date": np.where(head % 3 == 0, 20250000, 20240100),
    }
    for side, numbers in (("a", head), ("b", rows)):
        columns |= {f"{side}_start": numbers, f"{side}_end": numbers + 9}
        columns[side] = pa.array([f"第{number}号.txt" for number in numbers])
    lines = [
        line for batch in cluster_lines(cut(batch_of(columns), cuts)) for line in batch.column(0).to_pylist()
    ]
    expected, row = [], 0
    for number, size in enumerate(sizes):
        members = range(row, row + size)
        row += size
        (first,) = places_written([f'"第{number}号.txt"'], [number], [number + 9])
        others = places_written([f'"第{m}号.txt"' for m in members], members, [m + 9 for m in members])
        jaccards = [1 / (1 + m) for m in members]
        line = cluster_written(
            (1 << 63) + number,
            first,
            20240100,
            others,
            jaccards,
            boilerplate=number % 2 == 0,
            # A member in the representative's own document is no doubt about it.
            surely_first=number % 3 == 0 or list(members) == [number],
        )
        expected.append(line.removesuffix("\n"))
    assert lines == expected


@given(st.lists(st.text(alphabet="县總12 ，\u200b𠀀Ａa"), max_size=8), st.integers(0, 8))
def test_paragraphs_laid_end_to_end_normalise_as_each_alone(texts: list[str], skipped: int) -> None:
    column = pa.array([text.encode() for text in texts], pa.binary())[skipped:]
    codes, starts = normalised(column)
    found = [codes[first:last].tolist() for first, last in pairwise(starts.tolist())]
    assert found == [normalize(text).codes.tolist() for text in texts[skipped:]]
