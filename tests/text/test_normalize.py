from __future__ import annotations

import numpy as np
from hypothesis import given

from dedup.document import Span
from dedup.text.folding import code_points, folding_table
from dedup.text.normalize import fold_slots, normalize
from tests.strategies import any_text, documents


def shown(text: str) -> str:
    return "".join(map(chr, normalize(text).codes))


def slots(text: str) -> str:
    return "".join(map(chr, fold_slots(normalize(text).codes)))


def test_reformatted_text_normalises_to_the_same_codes() -> None:
    assert (
        shown("全县实现生产总值１２亿元，增长Ｘ％。")
        == shown("全 县\n实现“生产总值”12亿元；增长x%！")
        == "全县实现生产总值12亿元增长x"
    )


def test_disguised_text_normalises_to_the_same_codes() -> None:
    assert shown("⼯作\u200b總 結") == shown("工作总结")


@given(documents | any_text)
def test_every_code_is_its_original_character_folded(text: str) -> None:
    normal = normalize(text)
    assert (np.diff(normal.offsets) > 0).all()
    np.testing.assert_array_equal(folding_table().folded[code_points(text)[normal.offsets]], normal.codes)
    dropped = np.delete(code_points(text), normal.offsets)
    assert not folding_table().folded[dropped].any()


def test_a_span_covers_the_original_of_a_run_of_codes() -> None:
    text = "一、 工\u200b作，总 结。"
    normal = normalize(text)
    span = normal.span(1, 5)
    assert text[span.start : span.end] == "工\u200b作，总 结"


def test_empty_spans_are_empty_and_in_place() -> None:
    normal = normalize("，工作。")
    assert normal.span(0, 0) == Span(1, 1)
    assert normal.span(2, 2) == Span(3, 3)
    assert normalize("。。").span(0, 0) == Span(0, 0)


def test_a_mask_and_the_figures_that_fill_it_in_share_one_slot_code() -> None:
    assert slots("XX县投资１２亿元") == slots("××县投资X7亿元") == slots("○○县投资□□亿元") == "00县投资00亿元"
    assert slots("某县") == slots("X县")


@given(documents)
def test_folding_slots_keeps_the_length_and_every_other_character(text: str) -> None:
    codes = normalize(text).codes
    folded = fold_slots(codes)
    assert len(folded) == len(codes)
    changed = {chr(code) for code in codes[codes != folded]}
    assert changed <= set("123456789x〇某")


def test_folding_slots_leaves_its_argument_alone() -> None:
    codes = normalize("增长12%").codes
    before = codes.copy()
    fold_slots(codes)
    np.testing.assert_array_equal(codes, before)
