"""The kind of change between a passage and its source, and the share that is equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil

import numpy as np

from dedup.align.bitwise import MOST_PAIRS, differences, length_of
from dedup.align.match import Tile
from dedup.passage import Kind
from dedup.sketch.arrays import Codes
from dedup.text.folding import as_text
from dedup.text.normalize import fold_slots

_Difference = tuple[int, int, int, int]
_Compare = Callable[[str, str], Iterator[_Difference]]

_MOVED_LEAST = 6
"""Characters that must have changed place before a passage is called reordered."""
_MOVED_SHARE = 0.08
_LEFT_OUT_AT_FIRST, _LEFT_OUT_GROWTH = 1_000, 3
"""Characters of the shorter side that may be left out of a common subsequence at first, and how many times as
many next."""
_NAME_LONGEST = 8
"""Characters of a name of a place or body, without its ending (县, 局 …)."""
_LONGEST_REFILLED = 30_000
"""Characters of the longer side up to which a passage may be called refilled: the time and the memory to list
all differences grow with the square, 0.1 GB here."""
_FIGURE_CHARACTERS = frozenset("0123456789x某〇零一二两三四五六七八九十百千万亿几余多个点")
_NAME_ENDINGS = frozenset("省市县区州盟旗镇乡村街道港城局委办厅院校所站队会组部公司厂园山河江湖人族国")


def kind_of(passage: str, counterpart: str, codes: Codes, source_codes: Codes, tiles: Sequence[Tile]) -> Kind:
    """The kind of change between a passage and its counterpart in the source.

    `passage` and `counterpart` are the original texts, `codes` and `source_codes` their normalised (not
    slot-folded) characters; `tiles` are (start, source start, length) of the common runs.
    """
    if passage == counterpart:
        return "verbatim"
    if np.array_equal(codes, source_codes):
        return "reformatted"
    if is_refilled(as_text(codes), as_text(source_codes)):
        return "refilled"
    if is_reordered(codes, source_codes, tiles):
        return "reordered"
    return "edited"


def identity_of(codes: Codes, source_codes: Codes, tiles: Sequence[Tile]) -> float:
    """Share of the passage's own characters that are equal, 0 to 1; moved runs count as equal.

    The larger of two counts: the longest common subsequence, and the one-to-one runs, in which any figure may
    match any other.
    """
    if not len(codes):
        return 0.0
    in_runs = sum(
        int(np.count_nonzero(codes[start : start + length] == source_codes[source : source + length]))
        for start, source, length in tiles
    )
    if in_runs >= len(codes):
        return 1.0
    in_order = _in_order(as_text(codes), as_text(source_codes), in_runs)
    return min(1.0, max(in_order, in_runs) / len(codes))


def _in_order(text: str, source_text: str, least: int) -> int:
    """Length of the longest common subsequence; 0 if it is under `least`.

    The fewer characters may be left out, the narrower the band of the table that must be filled (Ukkonen
    1985), so few are allowed first. For two similar books that saves nearly all the work.
    """
    if len(text) * len(source_text) <= MOST_PAIRS:
        length = length_of(text, source_text)
        return length if length >= least else 0
    from rapidfuzz.distance import LCSseq

    shorter, left_out = min(len(text), len(source_text)), _LEFT_OUT_AT_FIRST
    while shorter - left_out > least:
        if length := LCSseq.similarity(text, source_text, score_cutoff=shorter - left_out):
            return length
        left_out *= _LEFT_OUT_GROWTH
    return LCSseq.similarity(text, source_text, score_cutoff=least)


def is_reordered(codes: Codes, source_codes: Codes, tiles: Sequence[Tile]) -> bool:
    """True if many characters match but not in order.

    Their number is the length of all runs less that of the longest common subsequence. Runs that are in
    order, as most are, form a common subsequence themselves.
    """
    sources = [source for _, source, _ in sorted(tiles)]
    if sources == sorted(sources):
        return False
    in_runs = sum(length for _, _, length in tiles)
    many = many_moved(len(codes))
    if in_runs < many:
        return False
    fewer = in_runs - many + 1
    return not _in_order(as_text(fold_slots(codes)), as_text(fold_slots(source_codes)), fewer)


def many_moved(length: int) -> int:
    """Number of characters out of order from which a passage of that length is reordered."""
    return max(_MOVED_LEAST, ceil(_MOVED_SHARE * length))


def is_refilled(text: str, source_text: str, compare: _Compare | None = None) -> bool:
    """True if only figures, masks and names of places and bodies differ.

    A caller that has imported rapidfuzz passes `compared_by_rapidfuzz`: same answer, four times as fast.
    """
    if max(len(text), len(source_text)) > _LONGEST_REFILLED:
        return False
    # The first difference of another kind ends the search, in two texts that differ much nearly at once.
    return text != source_text and all(
        _only_figures_differ(text[start:end], source_text[source_start:source_end])
        or (_is_name(text, start, end) and _is_name(source_text, source_start, source_end))
        for start, end, source_start, source_end in _merged((compare or _compared)(text, source_text))
    )


def compared_by_rapidfuzz(text: str, source_text: str) -> Iterator[_Difference]:
    """Spans that differ, as by `dedup.align.bitwise.differences`; spans that adjoin may be joined or not."""
    from rapidfuzz.distance import Indel

    for block in Indel.opcodes(text, source_text):
        if block.tag != "equal":
            yield block.src_start, block.src_end, block.dest_start, block.dest_end


def _compared(text: str, source_text: str) -> Iterator[_Difference]:
    """Spans (start, end, source start, source end) that differ."""
    short = len(text) * len(source_text) <= MOST_PAIRS
    return differences(text, source_text) if short else compared_by_rapidfuzz(text, source_text)


def _merged(spans: Iterator[_Difference]) -> Iterator[_Difference]:
    """Join spans that differ if at most one equal character lies between them."""
    merged: _Difference | None = None
    for span in spans:
        if merged and span[0] - merged[1] <= 1 and span[2] - merged[3] <= 1:
            merged = (merged[0], span[1], merged[2], span[3])
        else:
            if merged:
                yield merged
            merged = span
    if merged:
        yield merged


def _only_figures_differ(span: str, source_span: str) -> bool:
    """True if two spans are equal without their figures and masks (「X米X」 and 「376米101」)."""
    kept, source_kept = (
        "".join(c for c in one if c not in _FIGURE_CHARACTERS) for one in (span, source_span)
    )
    return kept == source_kept


def _is_name(text: str, start: int, end: int) -> bool:
    """True if a span is figures and masks, or the name of a place or body."""
    span = text[start:end]
    if not span or len(span) > _NAME_LONGEST:
        return False
    named = (end < len(text) and text[end] in _NAME_ENDINGS) or span[-1] in _NAME_ENDINGS
    return named or all(character in _FIGURE_CHARACTERS for character in span)
