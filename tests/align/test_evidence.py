"""Evidence: what few independent documents hold says where a text came from."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.evidence import Holders, Rivals, bigram_surprise, common_from, rarity, surprises
from dedup.sketch.background import bigram_buckets
from tests.corpora import checked
from tests.texts import bigram_counts, folded


def test_the_more_documents_hold_a_gram_the_less_it_says() -> None:
    weights = rarity(np.arange(1, 9), 6.0).tolist()
    assert weights[0] == 1
    assert all(fewer > more for fewer, more in itertools.pairwise(weights[:6]))
    assert weights[5:] == [0, 0, 0]


def test_in_a_larger_collection_more_documents_hold_a_gram_by_chance() -> None:
    assert common_from(0) == common_from(20) == 6
    assert common_from(100) <= common_from(1_000) < common_from(100_000)


@pytest.mark.parametrize(
    ("documents", "common"), [(0, 6.0), (1, 6.0), (131, 6.0), (1_000, 8.2), (10_000, 10.7)]
)
def test_from_how_many_documents_on_a_gram_is_common(documents: int, common: float) -> None:
    assert common_from(documents) == pytest.approx(common)


@pytest.mark.parametrize(
    ("counts", "total", "characters", "surprise"),
    [(0, 100_000, 200, 6.908), (0, 1_000, 200, 2.352), (99, 10_000, 200, 0.147), (99, 10_000, 50, 0.9366)],
)
def test_how_surprising_a_pair_is_in_a_text_of_some_length(
    counts: int, total: int, characters: int, surprise: float
) -> None:
    found = surprises(np.array([counts]), total, characters)
    assert found.tolist() == pytest.approx([surprise], abs=0.001)


def test_a_pair_is_told_by_a_chance_of_two_in_a_hundred() -> None:
    background = bigram_counts(folded("工作" * 40_000))
    unseen = bigram_surprise(folded("渡口"), background)
    assert unseen.tolist() == [1.0]
    background[:] = 0
    background[bigram_buckets(folded("渡口"))] = 9
    background[bigram_buckets(folded("工作"))] = 30_000 - 9
    assert bigram_surprise(folded("渡口"), background).tolist() == pytest.approx([0.6977], abs=0.001)
    assert bigram_surprise(folded("渡"), background).tolist() == []
    assert surprises(np.array([0]), 0).tolist() == pytest.approx([0.0])


@pytest.mark.parametrize(("families", "weight"), [(1, 1.0), (2, 0.6131), (3, 0.3869), (6, 0.0), (7, 0.0)])
def test_how_much_a_gram_says_that_so_many_hold(families: int, weight: float) -> None:
    assert rarity(np.array([families]), 6.0).tolist() == pytest.approx([weight], abs=0.001)


def test_a_gram_that_no_document_holds_says_nothing() -> None:
    assert rarity(np.array([0]), 6.0).tolist() == [0]


def test_a_bigram_is_the_more_surprising_the_rarer_it_is_in_the_corpus() -> None:
    background = bigram_counts(folded("工作" * 20_000 + "发展" * 500 + "渡口"))
    common, rarer, rare, unseen = bigram_surprise(folded("工作发展渡口锣鼓"), background)[::2]
    assert common < rarer < rare <= unseen <= 1
    assert common == pytest.approx(0, abs=0.01)


@given(st.text("甲乙丙丁戊", max_size=30), st.text("甲乙丙丁戊", max_size=200))
def test_surprise_is_a_share_for_every_bigram(text: str, corpus: str) -> None:
    surprise = bigram_surprise(folded(text), bigram_counts(folded(corpus + "工作")))
    assert len(surprise) == max(0, len(text) - 1)
    assert ((surprise >= 0) & (surprise <= 1)).all()


# ------------------------------------------------------------------------------------------ rivals

HITS = [(0, 3, 1.0), (2, 3, 1.0), (2, 5, 0.5), (2, 5, 0.5), (4, 5, 0.5), (9, 7, 1.0)]
"""(position, family, weight); family 5 holds the gram at 2 twice."""


def rivals_of(hits: list[tuple[int, int, float]]) -> Rivals:
    position, family, weight = (np.array(column) for column in zip(*hits, strict=True))
    return Rivals.gather(position, family, family, weight)


def test_rivals_come_strongest_first_and_the_source_is_none_of_its_own() -> None:
    rivals = rivals_of(HITS)
    assert rivals.strengths(0, 10, besides=3).tolist() == [1.0, 1.0]
    assert rivals.strengths(0, 10, besides=5).tolist() == [2.0, 1.0]
    assert rivals.strengths(0, 10, besides=99).tolist() == [2.0, 1.0, 1.0]


def test_what_a_document_holds_in_several_places_does_not_add_up() -> None:
    columns = [(0, 5, 1, 1.0), (1, 5, 1, 1.0), (2, 5, 2, 1.0), (3, 7, 3, 1.0)]
    position, family, region, weight = (np.array(column) for column in zip(*columns, strict=True))
    rivals = Rivals.gather(position, family, region, weight)
    assert rivals.strengths(0, 10, besides=99).tolist() == [2.0, 1.0]
    assert rivals.strengths(0, 10, besides=5).tolist() == [1.0]


def test_only_what_lies_in_the_stretch_counts() -> None:
    rivals = rivals_of(HITS)
    assert rivals.strengths(0, 4, besides=3).tolist() == [0.5]
    assert rivals.strengths(5, 9, besides=3).tolist() == []


def test_the_order_of_hits_does_not_matter() -> None:
    for hits in itertools.islice(itertools.permutations(HITS), 0, 720, 60):
        assert rivals_of(list(hits)).strengths(0, 10, besides=3).tolist() == [1.0, 1.0]


# ------------------------------------------------------------------------------------------ holders


def test_documents_that_hold_a_stretch_are_counted_however_many_they_are() -> None:
    places, documents = np.arange(0, 40, 2), np.arange(50)
    query, part = (grid.ravel().astype(np.int32) for grid in np.meshgrid(places, documents))
    holders = Holders.gather(query, part, 4)
    assert holders.of(0, 40, source=7) == [number for number in range(50) if number != 7]
    assert holders.of(100, 140, source=7) == []


def test_a_document_that_holds_half_of_a_stretch_is_none_of_its_holders() -> None:
    query = np.array([*range(0, 40, 2), *range(0, 20, 2), *range(0, 36, 2)], np.int32)
    part = np.array([1] * 20 + [2] * 10 + [3] * 18, np.int32)
    holders = Holders.gather(query, part, 4)
    assert holders.of(0, 44, source=1) == [3]
    assert holders.of(0, 20, source=1) == [2, 3]


def test_where_the_source_holds_a_gram_or_none_one_gram_makes_a_holder() -> None:
    query, part = np.array([0, 0, 6], np.int32), np.array([1, 2, 3], np.int32)
    holders = Holders.gather(query, part, 4)
    assert holders.of(0, 4, source=1) == [2]
    assert holders.of(0, 4, source=9) == [1, 2]
    assert holders.of(0, 3, source=9) == [1, 2], "a stretch shorter than a gram has the one that begins in it"


def test_a_document_strong_in_one_stretch_is_named_with_its_clone() -> None:
    everywhere = [(place, 0) for place in range(0, 600, 2)]
    one_stretch = [(place, number) for place in range(200, 230, 2) for number in (4, 9)]
    hits = np.array([*everywhere, *one_stretch], np.int32)
    position, part = hits[np.argsort(hits[:, 1], kind="stable")].T
    holders = Holders.gather(position, part, 4)
    assert holders.strongest(1) == [0]
    assert holders.strongest_somewhere() == [0, 4, 9]


def test_what_very_many_documents_hold_makes_none_of_them_strong_somewhere() -> None:
    position = np.tile(np.arange(0, 40, 2, dtype=np.int32), 80)
    part = np.repeat(np.arange(80, dtype=np.int32), 20)
    assert Holders.gather(position, part, 4).strongest_somewhere() == []


def test_a_clone_of_a_source_is_no_rival_however_much_more_of_the_draft_stands_elsewhere() -> None:
    chance = random.Random(14)

    def prose(sentences: int) -> list[str]:
        return [
            "".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(24)) + "。" for _ in range(sentences)
        ]

    sources = [prose(20) for _ in range(70)]
    copied = prose(20)
    corpus = {f"{number}.txt": "\n".join(source) for number, source in enumerate(sources)}
    corpus |= {"甲.txt": "\n".join(copied), "乙.txt": "\n".join(copied)}
    draft = "\n".join([*("".join(source[:2]) for source in sources), copied[7]])
    passage = checked(draft, corpus).passages[-1]
    assert (passage.source, passage.status) == ("乙.txt", "reuse")
    assert [also.source for also in passage.also_in] == ["甲.txt"]


@pytest.mark.parametrize(("grams", "holds"), [(15, True), (14, False)])
def test_a_holder_has_three_quarters_of_the_grams_of_the_source(grams: int, holds: bool) -> None:
    query = np.array([*range(20), *range(grams)], np.int32)
    part = np.array([1] * 20 + [2] * grams, np.int32)
    assert (Holders.gather(query, part, 4).of(0, 23, source=1) == [2]) is holds


def test_a_gram_belongs_to_a_stretch_if_it_lies_in_it_whole() -> None:
    query, part = np.array([4, 5, 6, 7, 4, 7], np.int32), np.array([1, 1, 1, 1, 2, 3], np.int32)
    holders = Holders.gather(query, part, 4)
    assert holders.of(7, 11, source=9) == [1, 3]
    assert holders.of(7, 12, source=9) == [1, 3]
    assert holders.of(5, 10, source=9) == [1]
    assert holders.of(4, 8, source=9) == [1, 2]


def test_the_strongest_documents_hold_most_distinct_grams() -> None:
    query = np.array([0, 1, 2, 0, 1, 1, 2, 3, 0, 0, 0, 0], np.int32)
    part = np.array([3, 3, 3, 5, 5, 7, 7, 7, 9, 9, 9, 9], np.int32)
    holders = Holders.gather(query, part, 4)
    assert holders.strongest(9) == [3, 7, 5, 9]
    assert holders.strongest(2) == [3, 7]


@pytest.mark.parametrize("far", [0, 1 << 16])
def test_independent_documents_are_counted_at_each_place_and_kin_once(far: int) -> None:
    query = np.array([0, 2, 0, 0, 0, 2], np.int32) + far
    part = np.array([1, 1, 2, 3, 4, 4], np.int32)
    holders = Holders.gather(query, part, 4)
    counted = holders.families_at({2: 2, 3: 2, 4: 2}, far + 5)
    assert counted[far:].tolist() == [2, 0, 2, 0, 0]
    assert counted.sum() == 4
    assert holders.families_at({}, far + 5)[far:].tolist() == [4, 0, 2, 0, 0]
