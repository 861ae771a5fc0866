"""Dates as papers and pages write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.dates import (
    date_end,
    date_ends,
    is_date,
    is_year,
    year_in,
    year_of_date,
    year_of_number,
)

_AS_EXPRESSION = re.compile(
    r"(?:星期[一二三四五六日天])?"
    r"(?:(?:19|20|１９|２０)\d\d|[Xx×]{4}|(?:二[〇○零0OoＯ]|一九)[〇○零0OoＯ一二三四五六七八九]{2})"
    r"(?:[-/.．]\d{1,2}[-/.．]\d{1,2}|年[\d一二三四五六七八九十Xx×]{1,3}月(?:[\d一二三四五六七八九十Xx×]{1,3}日)?)"
    r"(?:[t,，]?(?:星期[一二三四五六日天])?(?:(?:上午|下午)?\d{1,2}[:：]\d{1,2}(?:[:：]\d{1,2})?)?)?"
)
"""What a date is, in one."""
_PIECES = st.sampled_from(
    [
        "2024",
        "19",
        "二〇二四",
        "二O二",
        "一九九八",
        "２０２４",
        "．",
        "××××",
        "年",
        "月",
        "日",
        "3",
        "12",
        "十",
        "-",
        "/",
        ".",
        ":",
        "：",
        "t",
        "，",
        "星期一",
        "上午",
    ]
)


@pytest.mark.parametrize(
    "date",
    [
        "2024年3月5日",
        "二〇二四年三月",
        "二O二四年三月五日",
        "二0二四年三月五日",
        "一九九八年五月一日",
        "２０２４年３月５日",
        "2024．3．5",
        "××××年×月×日",
        "2024-03-05",
        "2024/3/5 10:30".replace(" ", ""),
        "星期一2024.3.5，下午3：05",
    ],
)
def test_dates(date: str) -> None:
    assert is_date(date)
    assert date_end(f"（{date}）", 1) == 1 + len(date)


@pytest.mark.parametrize(
    "text", ["", "2024年", "3月5日", "1824年3月5日", "二一二四年三月", "2024年3月5号", "2024-03"]
)
def test_no_dates(text: str) -> None:
    assert not is_date(text)


@given(st.lists(_PIECES, max_size=10).map("".join))
def test_dates_are_what_one_expression_would_tell(text: str) -> None:
    found = _AS_EXPRESSION.match(text)
    assert date_end(text) == (found.end() if found else 0)
    assert is_date(text) == bool(_AS_EXPRESSION.fullmatch(text))
    assert all(_AS_EXPRESSION.fullmatch(text[:end]) for end in date_ends(text, 0))


def test_years() -> None:
    assert all(map(is_year, ["1998", "2024", "二零二四", "xX×X"]))
    assert not any(map(is_year, ["2124", "202", "20244", "二四二四", "20×4"]))


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("二O二四年三月五日", 2024),
        ("二Ｏ○九年三月", 2009),
        ("一九九八年五月一日", 1998),
        ("２０２４年３月５日", 2024),
        ("十一九五规划三月", 0),
    ],
)
def test_the_year_of_a_date_is_told_however_it_was_typed(line: str, year: int) -> None:
    assert year_of_date(f"霁山县水利局 {line}") == year


def test_years_of_titles_and_numbers_may_be_of_full_width() -> None:
    assert year_in("２０２４年工作总结") == 2024
    assert year_of_number("霁政发﹝２０２４﹞５号") == 2024
