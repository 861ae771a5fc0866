"""Tables of words and the tests of a line that are made of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.looks import (
    Beginning,
    Ending,
    Expression,
    Holding,
    Labelled,
    Look,
    Looks,
    WordTable,
    at_colon,
    ideographic,
)

ROADS = WordTable("(|小)路 桥 渡口(|码头)")
_LETTERS = "小路桥渡口码头：:x"


def test_words_are_spelled_out() -> None:
    assert ROADS.all == {"路", "小路", "桥", "渡口", "渡口码头"}
    assert WordTable("(甲|乙)(|县|市)").all == {"甲", "甲县", "甲市", "乙", "乙县", "乙市"}


@given(st.text(_LETTERS, max_size=8), st.integers(0, 8))
def test_words_at_a_place_are_those_of_an_expression(line: str, place: int) -> None:
    longest_first = "|".join(sorted(ROADS.all, key=len, reverse=True))
    found = re.compile(longest_first).match(line, place)
    assert ROADS.at(line, place) == (len(found[0]) if found else 0)
    assert ROADS.make_up(line) == bool(re.fullmatch(f"(?:{longest_first})+", line))
    assert ROADS.inside(line) == bool(re.search(longest_first, line))
    assert set(ROADS.at_end(line)) == {len(word) for word in ROADS.all if line.endswith(word)}


@given(st.text(_LETTERS, max_size=8))
def test_looks_are_those_of_expressions(line: str) -> None:
    words = "|".join(sorted(ROADS.all, key=len, reverse=True))
    written = " ".join(ROADS.all)
    assert Ending(written, 1, 3).fits(line) == bool(re.fullmatch(f".{{1,3}}(?:{words})", line))
    assert Labelled(written, 1, 3).fits(line) == bool(re.fullmatch(f"(?:{words})[：:].{{1,3}}", line))
    assert Holding(written).fits(line) == bool(re.search(words, line))
    assert Beginning("桥 渡口", 1, 3).fits(line) == bool(re.fullmatch("(?:桥|渡口).{1,3}", line))


@pytest.mark.parametrize(
    ("look", "line"),
    [
        (Beginning("渡口"), "渡口改造"),
        (Ending("渡口"), "东村渡口"),
        (Labelled("渡口"), "渡口：东村"),
        (Holding("渡口"), "东村渡口改造"),
        (WordTable("渡口"), "渡口"),
        (Expression("东?渡口", "渡口"), "东渡口"),
    ],
)
def test_a_line_that_fits_holds_a_mark(look: Look, line: str) -> None:
    assert look.fits(line)
    assert not look.marks.isdisjoint(line)
    assert not look.fits("桥头")


def test_the_first_look_that_fits_tells_the_kind() -> None:
    looks = Looks(("road", (ROADS,)), ("water", (Ending("渡口"), Holding("河"))))
    assert [looks.kind_of(line) for line in ("渡口", "东渡口", "过河去", "山")] == [
        "road",
        "water",
        "water",
        None,
    ]


def test_an_expression_is_compiled_when_a_text_may_match() -> None:
    broken = Expression("(", "渡口 码头", "东 西")
    assert not broken.fits("东边的桥")
    assert not broken.search("南渡口")
    assert not list(broken.finditer("桥"))
    assert broken.sub("", "桥") == "桥"
    with pytest.raises(re.error):
        broken.search("东渡口")


def test_an_expression_finds_what_it_says() -> None:
    number = Expression(r"第(\d+)号", "号")
    assert number.fits("第12号")
    assert [found[1] for found in number.finditer("第1号、第2号")] == ["1", "2"]
    assert number.sub("", "第1号桥") == "桥"
    assert Expression("桥").search("东桥")


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("时间：九点", ("时间", "九点")),
        ("a:b：c", ("a", "b：c")),
        ("a：b:c", ("a", "b:c")),
        ("：", ("", "")),
        ("桥", ("桥", None)),
    ],
)
def test_a_line_at_its_colon(line: str, parts: tuple[str, str | None]) -> None:
    assert at_colon(line) == parts


def test_ideographs() -> None:
    assert ideographic("东村")
    assert ideographic("东·村", frozenset("·"))
    assert not ideographic("东村A")
    assert ideographic("")
