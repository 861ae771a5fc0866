"""Tables of a page in a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.reports.kit.page import table, tabulated

WORDS = st.text("来源 abc12.%：", min_size=1, max_size=9).map(str.strip).filter(bool)
CELLS = WORDS | st.lists(WORDS, min_size=1, max_size=3).map("\n".join)
TABLES = st.integers(1, 4).flatmap(
    lambda columns: st.tuples(
        st.lists(st.lists(CELLS, min_size=columns, max_size=columns), min_size=1, max_size=5),
        st.lists(WORDS, min_size=columns, max_size=columns) | st.just([]),
        st.sets(st.integers(0, columns - 1)),
    )
)


@given(TABLES)
def test_a_table_is_drawn_as_tabulate_draws_it(drawn: tuple[list[list[str]], list[str], set[int]]) -> None:
    body, headers, right = drawn
    assert table(body, headers, sorted(right)) == tabulated(body, headers, sorted(right))


def test_cells_of_several_lines_stand_side_by_side() -> None:
    assert table([("副本", "甲.txt\n乙.txt")], ("关系", "文件")).splitlines()[-2:] == [
        "副本    甲.txt",
        "        乙.txt",
    ]


def test_columns_of_figures_are_aligned_to_the_right() -> None:
    assert table([("一", "9"), ("二", "12")], right=(1,)) == "一   9\n二  12"


@pytest.mark.parametrize("headers", [(), ("来源",)])
def test_no_line_ends_in_spaces(headers: tuple[str, ...]) -> None:
    lines = table([("甲",), ("丙丁戊己",)], headers).splitlines()
    assert all(line == line.rstrip() for line in lines)
