"""Tiling: which characters of a draft region stand in the source region, each once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.tiling import tile
from tests.texts import codes, shown

PAIRS = st.lists(
    st.tuples(
        st.text("甲乙丙丁", max_size=30),
        st.text("甲乙丙丁", max_size=30),
    ),
    max_size=4,
)
"""Few letters: every bigram stands in many places, as nowhere in real text."""


def tiles_of(draft: str, source: str) -> list[tuple[str, int]]:
    """The common runs of two texts in order of start, and where each lies in the source."""
    found = tile([codes(draft)], [codes(source)])
    spans = [(start, start + length) for start, length in zip(found.draft, found.length, strict=True)]
    return list(zip(shown(draft, spans), found.source.tolist(), strict=True))


def test_an_equal_text_is_one_run() -> None:
    text = "清理沟渠七公里，修补田埂二十处"
    assert tiles_of(text, text) == [("清理沟渠七公里修补田埂二十处", 0)]


def test_clauses_that_changed_place_are_found_where_they_went() -> None:
    source = "先把井打深，再把渠修通，最后把树栽上"
    moved = "最后把树栽上，先把井打深，再把渠修通"
    assert tiles_of(moved, source) == [("最后把树栽上", 10), ("先把井打深再把渠修通", 0)]


def test_a_changed_word_parts_two_runs() -> None:
    assert tiles_of("窑厂全部关停转产", "窑厂陆续关停转产") == [("窑厂", 0), ("关停转产", 4)]


def test_a_phrase_that_stands_once_in_the_source_is_counted_once() -> None:
    found = tiles_of("河长巡河，河长巡河，河长巡河", "每周河长巡河一次")
    assert found == [("河长巡河", 2)]


def test_the_longer_run_keeps_its_characters() -> None:
    # 「修渠」 could go to either place of the source; the place that continues gets it.
    found = tiles_of("村民投工修渠引水", "修渠之前，村民投工修渠引水")
    assert found == [("村民投工修渠引水", 4)]


def test_texts_without_a_common_bigram_have_no_runs() -> None:
    assert tiles_of("梨树开花", "花开树梨") == []
    assert tiles_of("", "梨树开花") == []
    assert len(tile([], [])) == 0


def test_runs_do_not_cross_from_one_region_into_the_next() -> None:
    # End to end both sides read 「老窑改造成民宿」, but it is two regions.
    found = tile([codes("老窑改造"), codes("成民宿")], [codes("老窑改"), codes("造成民宿")])
    runs = zip(found.region, found.draft, found.source, found.length, strict=True)
    assert [tuple(map(int, run)) for run in runs] == [(0, 0, 0, 3), (1, 0, 1, 3)]


def test_what_stands_in_another_region_only_is_no_match() -> None:
    found = tile([codes("渡口撤了桥通了"), codes("梨树")], [codes("梨树"), codes("渡口撤了桥通了")])
    assert len(found) == 0


def test_more_regions_than_one_pass_holds_are_tiled_like_one() -> None:
    pair = codes("渠修通了" * 50_000), codes("先把渠修通了再栽树" + "，山羊下坡" * 100_000)
    found = tile([pair[0][:4], *[pair[1]] * 10, pair[0][:4]], [pair[1], *[pair[0][:4]] * 10, pair[1]])
    runs = zip(found.region, found.draft, found.source, found.length, strict=True)
    assert [tuple(map(int, run)) for run in runs] == [
        (0, 0, 2, 4),
        *((region, 2, 0, 4) for region in range(1, 11)),
        (11, 0, 2, 4),
    ]


def test_a_region_of_millions_of_characters_is_tiled() -> None:
    ideographs = np.arange(0x4E00, 0x4E00 + 20_000, dtype=np.uint32)
    generator = np.random.default_rng(4)
    source = np.concatenate([generator.permutation(ideographs) for _ in range(220)])
    found = tile([source[4_300_000:4_300_050]], [source])
    assert (found.source.tolist(), found.length.tolist()) == ([4_300_000], [50])


def test_a_sentence_said_over_and_over_takes_no_more_than_its_length() -> None:
    sentence = codes("渠水从北坡引来先过磨坊再进稻田灌完还回原河")
    often, less = np.tile(sentence, 1200), np.tile(sentence, 240)  # six million equal bigrams
    found = tile([less], [often])
    assert found.length.tolist() == [len(less)]


@given(PAIRS)
def test_runs_are_equal_on_both_sides_inside_their_region_and_take_each_character_once(
    pairs: list[tuple[str, str]],
) -> None:
    left, right = [codes(one) for one, _ in pairs], [codes(other) for _, other in pairs]
    found = tile(left, right)
    taken_left = [np.zeros(len(text), int) for text in left]
    taken_right = [np.zeros(len(text), int) for text in right]
    for region, i, j, length in zip(found.region, found.draft, found.source, found.length, strict=True):
        assert length >= 2
        assert 0 <= i <= len(left[region]) - length
        assert 0 <= j <= len(right[region]) - length
        np.testing.assert_array_equal(left[region][i : i + length], right[region][j : j + length])
        taken_left[region][i : i + length] += 1
        taken_right[region][j : j + length] += 1
    assert all(taken.max(initial=0) <= 1 for taken in taken_left + taken_right)
    order = list(zip(found.region, found.draft, strict=True))
    assert order == sorted(order)


@given(st.text("甲乙丙丁戊", min_size=2, max_size=40), st.text("子丑寅卯", max_size=20))
def test_a_text_carried_over_whole_is_matched_whole(text: str, around: str) -> None:
    found = tile([codes(text)], [codes(around + text + around)])
    assert found.length.sum() == len(text)
