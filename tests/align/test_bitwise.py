"""Two short texts compared as rapidfuzz compares them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel, LCSseq, Levenshtein

from dedup.align.bitwise import differences, edits, length_of

_TEXTS = st.text("东村西河1", max_size=40)


@given(_TEXTS, _TEXTS)
def test_the_length_is_that_of_rapidfuzz(text: str, other: str) -> None:
    assert length_of(text, other) == LCSseq.similarity(text, other)


@given(_TEXTS, _TEXTS)
def test_what_differs_is_what_rapidfuzz_says(text: str, other: str) -> None:
    blocks = [block for block in Indel.opcodes(text, other) if block.tag != "equal"]
    apart = {(place, "ours") for block in blocks for place in range(block.src_start, block.src_end)}
    apart |= {(place, "theirs") for block in blocks for place in range(block.dest_start, block.dest_end)}
    found = list(differences(text, other))
    assert {(place, "ours") for start, end, _, _ in found for place in range(start, end)} | {
        (place, "theirs") for _, _, start, end in found for place in range(start, end)
    } == apart
    assert found == sorted(found)


def test_texts_that_differ_in_a_name() -> None:
    assert list(differences("东村修路12公里", "西河修路9公里")) == [(0, 2, 0, 2), (4, 6, 4, 5)]
    assert length_of("东村修路12公里", "西河修路9公里") == 4
    assert list(differences("东村", "东村")) == []
    assert length_of("", "东村") == 0


@given(_TEXTS, _TEXTS)
def test_the_edits_are_those_of_rapidfuzz(text: str, other: str) -> None:
    codes = Levenshtein.opcodes(text, other)
    assert [tuple(one) for one in edits(text, other)] == [
        (code.tag, code.src_start, code.src_end, code.dest_start, code.dest_end) for code in codes
    ]


def test_edits_of_units_longer_than_a_character() -> None:
    found = edits(["长", "12.5", "公里"], ["约", "长", "9", "公里"])
    assert [one.tag for one in found] == ["insert", "equal", "replace", "equal"]


def test_edits_at_the_end_are_found_though_every_second_unit_is_equal() -> None:
    tags = [(one.tag, one.start, one.end) for one in edits("子丙乙丁", "丑丙戊丁")]
    assert tags == [("replace", 0, 1), ("equal", 1, 2), ("replace", 2, 3), ("equal", 3, 4)]
    assert list(differences("子丙乙丁", "丑丙戊丁")) == [(0, 1, 0, 1), (2, 3, 2, 3)]


def test_edits_before_the_last_unit_are_found_whichever_text_is_longer() -> None:
    tags = [one.tag for one in edits("子丙乙丁", "丑丙丁")]
    assert tags == ["replace", "equal", "delete", "equal"]
    tags = [one.tag for one in edits("丑丙丁", "子丙乙丁")]
    assert tags == ["replace", "equal", "insert", "equal"]
    assert list(differences("子丙乙丁", "丑丙丁")) == [(0, 1, 0, 1), (2, 3, 2, 2)]
    assert list(differences("丑丙丁", "子丙乙丁")) == [(0, 1, 0, 1), (2, 2, 2, 3)]
