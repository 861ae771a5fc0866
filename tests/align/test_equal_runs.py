"""Common runs: stretches that stand to the letter in the corpus and in no passage of status reuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.equal_runs import CommonRun, common_runs
from dedup.index.lookup import GramHits
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme

SCHEME = Scheme("char", 5, 0.5, 16, 3, 5, gram_size=4, gram_step=2, folding="any")


def runs(
    *chains: tuple[int, int, int, int],
    length: int = 200,
    taken: Sequence[tuple[int, int]] = (),
    families: Mapping[int, int] = MappingProxyType({}),
) -> list[CommonRun]:
    """Common runs of chains of hits (start, end, part, source start) in a text of `length` characters."""
    hits = [
        (place, part, source + place - start)
        for start, end, part, source in chains
        for place in range(start, end - SCHEME.gram_size + 1, SCHEME.gram_step)
    ]
    hits.sort(key=lambda hit: (hit[1], hit[2]))
    columns = np.array(hits, np.int64).reshape(-1, 3)
    gram_hits = GramHits(
        query=columns[:, 0].astype(np.int32),
        part=columns[:, 1].astype(np.int32),
        position=columns[:, 2],
        frequency=np.zeros(length, np.int32),
    )
    covered = np.zeros(length, bool)
    for start, end in taken:
        covered[start:end] = True
    return list(common_runs(gram_hits, SCHEME, covered, families))


def test_a_run_is_given_with_its_place_in_the_source() -> None:
    assert runs((20, 44, 3, 700)) == [CommonRun(20, 44, 3, 700, 1)]


def test_all_documents_that_hold_it_count_and_the_longest_is_named() -> None:
    (run,) = runs((20, 40, 1, 0), (20, 46, 2, 80), (22, 40, 5, 300))
    assert run == CommonRun(20, 46, 2, 80, 3)


def test_one_document_that_holds_it_twice_is_one() -> None:
    (run,) = runs((20, 44, 1, 0), (20, 44, 1, 500))
    assert run.documents == 1


def test_versions_of_one_document_are_one() -> None:
    (run,) = runs((20, 44, 1, 0), (20, 44, 2, 0), (20, 44, 7, 0), families={1: 1, 2: 1})
    assert run.documents == 2


def test_short_runs_are_nobodys_business() -> None:
    assert runs((20, 20 + GUARANTEED_RUN - 3, 1, 0)) == []


@pytest.mark.parametrize("taken", [(20, 44), (0, 200), (25, 40)])
def test_what_a_passage_covers_is_not_told_again(taken: tuple[int, int]) -> None:
    assert runs((20, 44, 1, 0), taken=[taken]) == []


def test_what_a_passage_leaves_over_is_told_with_the_answering_place_of_the_source() -> None:
    (run,) = runs((20, 60, 1, 100), taken=[(0, 30)])
    assert (run.start, run.end, run.source_start) == (30, 60, 110)


def test_no_hits_no_runs() -> None:
    assert runs() == []
    assert runs(length=0) == []


places = st.tuples(st.integers(0, 80), st.integers(13, 60), st.integers(0, 3), st.integers(0, 300))


@given(st.lists(places, max_size=8), st.lists(st.tuples(st.integers(0, 130), st.integers(1, 30)), max_size=3))
def test_of_what_is_free_the_first_of_the_longest_runs_is_told(
    rows: list[tuple[int, int, int, int]], covered: list[tuple[int, int]]
) -> None:
    chains = [
        (start, start + length, part, 1000 * number + source)
        for number, (start, length, part, source) in enumerate(rows)
    ]
    taken = [(start, start + length) for start, length in covered]
    found = runs(*chains, taken=taken)
    free = np.zeros(200, bool)
    shown = [(start, end - (end - start) % 2, part, source) for start, end, part, source in chains]
    for start, end, _, _ in shown:
        free[start:end] = True
    for start, end in taken:
        free[start:end] = False
    expected = []
    for first, last in stretches(free):
        if last - first < GUARANTEED_RUN:
            continue
        held = [
            (max(start, first), min(end, last), part, source - start) for start, end, part, source in shown
        ]
        held = [one for one in held if one[1] > one[0]]
        length = max(end - start for start, end, _, _ in held)
        if length >= GUARANTEED_RUN:
            expected.append((first, last, length, held))
    assert len(found) == len(expected)
    for run, (first, last, length, held) in zip(found, expected, strict=True):
        assert first <= run.start
        assert run.end <= last
        assert run.end - run.start == length
        assert (run.start, run.end, run.part, run.source_start - run.start) in held
        assert run.documents == len(
            {part for start, end, part, _ in held if start < run.end and end > run.start}
        )


def stretches(free: np.ndarray) -> list[tuple[int, int]]:
    turns = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8))).tolist()
    return list(zip(turns[::2], turns[1::2], strict=True))
