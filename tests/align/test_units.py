"""Units: an ideograph is one, a word is one, an address is one, a long figure is a few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.units import LONG_FIGURE, Units, sustained
from dedup.index.lookup import GramHits
from dedup.text.normalize import normalize

GRAM, STEP = 4, 2


def units_of(text: str) -> Units:
    normalised = normalize(text)
    return Units.of(normalised.codes, normalised.offsets, text)


def shown(text: str) -> list[str]:
    """The units of a text, in normalised characters."""
    letters = "".join(map(chr, normalize(text).codes.tolist()))
    found = units_of(text)
    first, end = found.borders(np.arange(len(letters)))
    spans = dict.fromkeys(zip(first.tolist(), end.tolist(), strict=True))
    return [letters[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("渡口镇", ["渡", "口", "镇"]),
        ("The ferry crosses", ["the", "ferry", "crosses"]),
        ("don't, state-of-the-art", ["don", "t", "state", "of", "the", "art"]),
        ("接口走HTTPS，日志", ["接", "口", "走", "https", "日", "志"]),
        ("M720旧机器", ["m720", "旧", "机", "器"]),
        ("共3.14吨1,268车", ["共", "314", "吨", "1268", "车"]),
        ("12\t45671", ["12", "45671"]),
        ("Паром ходит", ["пapoм", "xoдит"]),
        ("see https://a.example.org/b-1?c=2 now", ["see", "httpsaexampleorgb1c2", "now"]),
        ("写信到ferry.boat@example.org", ["写", "信", "到", "ferryboatexampleorg"]),
        ("zero\u200bwidth", ["zerowidth"]),
        ("ひらがな", ["ひ", "ら", "が", "な"]),
        ("see b\u200bc", ["see", "bc"]),
        ("b\u200bc d", ["bc", "d"]),
        ("b \u200bc", ["b", "c"]),
        ("3. 14", ["3", "14"]),
        ("3.a, b.4", ["3", "a", "b", "4"]),
        ("a.3", ["a", "3"]),
        ("３．１４", ["314"]),
        ("㐁㐂一丁", ["㐁", "㐂", "一", "丁"]),
        ("ꀀꀁ", ["ꀀ", "ꀁ"]),
        ("\ua4d0\ua4d1", ["\ua4d0\ua4d1"]),
        ("𠀀𠀁", ["𠀀", "𠀁"]),
        ("ヴぁ", ["ヴ", "ぁ"]),
        ("船 https://a.cn/b", ["船", "httpsacnb"]),
        ("9a0船", ["9a0", "船"]),
        ("", []),
    ],
)
def test_units_of_a_text(text: str, units: list[str]) -> None:
    assert shown(text) == units


def test_a_word_counts_one_and_a_long_figure_no_more_than_a_few() -> None:
    assert units_of("渡口 ferry").weight.sum() == pytest.approx(3)
    assert units_of("0571-88886666").weight.sum() == pytest.approx(2 * LONG_FIGURE)
    assert units_of("12 345").weight.tolist() == [1.0] * 5
    assert units_of("XX县").weight.tolist() == [1.0] * 3, "a mask is no word"


@pytest.mark.parametrize(
    ("name", "weight"),
    [
        ("pandas.read_csv(path)", 1.0),
        ("max_tries=300", 1.0),
        ("2023-12-20", LONG_FIGURE),
        ("boats, tides", 2.0),
        ("boats|tides", 2.0),
        ("船_tides", 2.0),
        ("08:00:01", LONG_FIGURE),
        ("12-3", 3.0),
        ("a=b=c", 1.0),
        ("a = b", 2.0),
        ("v2.14", 1.0),
        ("read_csv; tides", 2.0),
    ],
)
def test_words_that_marks_join_to_one_name_weigh_as_one(name: str, weight: float) -> None:
    assert units_of(f"see {name} there").weight.sum() == pytest.approx(2 + weight)


@given(st.text(alphabet="渡口镇ab cX12.，\n", max_size=40))
def test_units_cover_every_character_once_and_weigh_between_nothing_and_one(text: str) -> None:
    found = units_of(text)
    assert "".join(shown(text)) == "".join(map(chr, normalize(text).codes.tolist()))
    assert ((found.weight > 0) & (found.weight <= 1)).all()
    places = np.arange(len(found.weight))
    first, end = found.borders(places)
    assert ((first <= places) & (places < end)).all()


def test_a_run_loses_the_words_it_holds_in_part() -> None:
    found = units_of("渡口the ferry crosses")  # 0 1 | 2-4 | 5-9 | 10-16
    begin, end = found.trim(np.array([0, 3, 6, 6]), np.array([7, 12, 9, 17]))
    assert list(zip(begin.tolist(), end.tolist(), strict=True))[:2] == [(0, 5), (5, 10)]
    assert end[2] <= begin[2], "part of one word is nothing"
    assert (begin[3], end[3]) == (10, 17)
    begin, end = found.trim(np.array([0, 3, 17]), np.array([0, 9, 17]), slack=1)
    assert [place for place in zip(begin.tolist(), end.tolist(), strict=True) if place[0] < place[1]] == [
        (2, 10)
    ]
    empty = units_of("").trim(np.array([0]), np.array([0]))
    assert [side.tolist() for side in empty] == [[0], [0]]


def hits(text: str, length: int) -> GramHits:
    """Hits of every second gram of the first `length` characters, with a document that holds them."""
    query = np.arange(0, length - GRAM + 1, STEP)
    columns = (query.astype(np.int32), np.zeros(len(query), np.int32), query.astype(np.int64))
    return GramHits(*columns, np.zeros(len(normalize(text).codes), np.int32))


def test_a_few_words_in_a_row_are_chance_and_many_are_not() -> None:
    text = "the ferry crosses at dawn and again"
    found = units_of(text)
    assert not sustained(hits(text, 15), found, GRAM, STEP).any()
    assert sustained(hits(text, 21), found, GRAM, STEP).all()


@pytest.mark.parametrize(("length", "enough"), [(15, False), (17, True)])
def test_four_words_in_a_row_are_more_than_chance(length: int, enough: bool) -> None:
    text = "the ferry crosses at dawn and again"
    assert sustained(hits(text, length), units_of(text), GRAM, STEP).all() == enough


def test_words_in_two_runs_or_in_two_documents_are_not_in_a_row() -> None:
    text = "the ferry crosses at dawn and again"
    whole = hits(text, 23)
    found = units_of(text)
    assert sustained(whole, found, GRAM, STEP).all()
    later = np.arange(len(whole.query)) >= 5
    parted = whole._replace(position=whole.position + 90 * later)
    assert not sustained(parted, found, GRAM, STEP).any()
    two = whole._replace(part=later.astype(np.int32))
    assert not sustained(two, found, GRAM, STEP).any()
    gap = np.delete(np.arange(len(whole.query)), [4, 5])
    kept = GramHits(whole.query[gap], whole.part[gap], whole.position[gap], whole.frequency)
    assert not sustained(kept, found, GRAM, STEP).any()


def test_ideographs_need_no_such_run() -> None:
    text = "渡口的船票卖到天黑 the end"
    assert sustained(hits(text, 6), units_of(text), GRAM, STEP).all()


def test_a_gram_at_the_beginning_that_ends_within_a_word_says_too_little() -> None:
    text = "渡口的boat again"
    assert not sustained(hits(text, 4), units_of(text), GRAM, STEP).any()
    text = "渡口的船 boat again"
    assert sustained(hits(text, 4), units_of(text), GRAM, STEP).all()
