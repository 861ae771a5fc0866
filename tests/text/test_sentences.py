from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given

from dedup.text.sentences import boundaries
from tests.strategies import documents


def sentences(text: str) -> list[str]:
    borders = boundaries(text).sentences
    return [text[a:b] for a, b in pairwise(borders)]


def clauses(text: str) -> list[str]:
    borders = boundaries(text).clauses
    return [text[a:b] for a, b in pairwise(borders)]


def test_sentences_end_after_their_mark_and_its_closing_quote() -> None:
    assert sentences("他说：“好！”大家都笑了。散会？！") == ["他说：“好！”", "大家都笑了。", "散会？！"]


def test_line_breaks_end_sentences_and_stand_apart() -> None:
    assert sentences("一、总体要求\n坚持稳中求进。\n") == ["一、总体要求", "\n", "坚持稳中求进。", "\n"]


def test_clauses_end_after_commas_colons_and_pauses() -> None:
    assert clauses("今年，我县：抓项目、促发展。") == ["今年，", "我县：", "抓项目、", "促发展。"]


def test_points_in_figures_numbering_and_addresses_end_nothing() -> None:
    text = "1.增长3.5%,见www.gov.cn的10:30通知"
    assert sentences(text) == [text]
    assert clauses(text) == ["1.增长3.5%,", "见www.gov.cn的10:30通知"]


def test_ascii_stops_end_chinese_sentences() -> None:
    assert sentences("创建机制. 创新方式.") == ["创建机制.", " 创新方式."]


@given(documents)
def test_borders_ascend_inside_the_text_and_clauses_refine_sentences(text: str) -> None:
    borders = boundaries(text)
    for column in (borders.sentences, borders.clauses):
        assert column[0] == 0
        assert column[-1] == len(text)
        assert (np.diff(column) > 0).all()
    assert np.isin(borders.sentences, borders.clauses).all()
