"""A match that runs over many sections is told in blocks: what was left as it is apart from what was changed.

A whole law or a whole report may be carried over, most of it to the letter. What a reader wants to see then
is where the changes are. So where both texts begin a numbered section (第十条, 三、; without such, a
paragraph) at the same place of the match, it is cut if the section before was changed and the one after was
not, or the other way round. A section of the submission that has no counterpart belongs to no block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from dedup.align.matching import Match, Suspicious
from dedup.align.selection import Tile, restrict, touching
from dedup.index.index import Index
from dedup.text.normalize import normalize

Ints = NDArray[np.int64]

_NUMBER = re.compile(
    r"第[一二三四五六七八九十百千零〇0-9]{1,8}[编章节条款](?:之[一二三四五六七八九十])?"
    r"|[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．]"
)
"""What numbers a paragraph; numbers shift when a paragraph is put in before, which changes nothing else."""
_SECTION = re.compile(
    r"\n[ \t\u3000]*(?=第[一二三四五六七八九十百千零〇0-9]{1,8}条|[一二三四五六七八九十]{1,3}、)"
)
_LINE = re.compile(r"\n")
_LONGEST_NUMBER = 12
_LEAST_MATCHED = 0.25
"""Share of a section that must match for it to belong to a block."""
_LEAST_COUNTERPART = 0.15
"""Share of a section below which it was not changed but put in: it has no counterpart."""
_LEAST_BLOCK = 12
"""Characters of a block; the heading of a chapter says nothing by itself."""


def by_block(match: Match, suspicious: Suspicious, index: Index) -> Iterator[Match]:
    """The blocks of a match, in order; the match itself where it lies in one section on either side."""
    cuts = _cuts_at(_SECTION, match, suspicious, index) or _cuts_at(_LINE, match, suspicious, index)
    if not cuts:
        yield match
        return
    bounds = [(match.start, match.source_start), *cuts, (match.end, match.source_end)]
    pieces = [_piece(match, begin, end) for begin, end in pairwise(bounds)]
    for state, block in groupby(pieces, key=lambda piece: _state(piece, suspicious)):
        members = [piece for piece in block if piece is not None]
        if state is not None and members[-1].end - members[0].start >= _LEAST_BLOCK:
            yield _joined(match, members)


def _cuts_at(
    opening: re.Pattern[str], match: Match, suspicious: Suspicious, index: Index
) -> list[tuple[int, int]]:
    """Where `opening` comes before answering characters, (in the submission, in the source)."""
    offsets = suspicious.offsets[match.start : match.end]
    starts = match.start + _starts(opening, suspicious.text, 0, offsets)
    if not len(starts):
        return []
    offsets = index.region(match.part, match.source_start, match.source_end).offsets
    first = int(offsets[0])
    text = index.text(match.part, first, int(offsets[-1]) + 1)
    return _cuts(match, starts, match.source_start + _starts(opening, text, first, offsets))


def _starts(opening: re.Pattern[str], text: str, origin: int, offsets: Ints) -> Ints:
    """Numbers of the characters, at ascending `offsets` of a text that begins at `origin`, after openings."""
    first, last = int(offsets[0]) - origin, int(offsets[-1]) + 1 - origin
    found = [origin + place.end() for place in opening.finditer(text, first, last)]
    return np.searchsorted(offsets, np.array(found, np.int64))


def _cuts(match: Match, starts: Ints, source_starts: Ints) -> list[tuple[int, int]]:
    """Where sections that answer each other begin, (in the submission, in the source).

    A section without counterpart is cut out too: it stands where the source goes on behind it.
    """
    cuts: list[tuple[int, int]] = []
    alone: list[int] = []
    for start, end in pairwise([*starts.tolist(), match.end]):
        if start == end:  # a line without characters that count
            continue
        tiles = touching(match.tiles, start, end)
        if _matched(tiles, start, end) < _LEAST_COUNTERPART * (end - start):
            alone.append(start)
            continue
        tile = tiles[0]
        meeting = max(tile[0], start)
        source_meeting = tile[1] + meeting - tile[0]
        place = int(np.searchsorted(source_starts, source_meeting, side="right")) - 1
        if place < 0 or max(meeting - start, source_meeting - source_starts[place]) > _LONGEST_NUMBER:
            continue
        source_start = int(source_starts[place])
        if not cuts or source_start > cuts[-1][1]:
            cuts += [(cut, source_start) for cut in (*alone, start)]
            alone = []
    return cuts + [(cut, match.source_end) for cut in alone]


def _matched(tiles: Sequence[Tile], start: int, end: int) -> int:
    """Characters of [start, end) of the submission that the runs touching it hold."""
    return sum(min(tile[0] + tile[2], end) - max(tile[0], start) for tile in tiles)


def _piece(match: Match, begin: tuple[int, int], end: tuple[int, int]) -> Match | None:
    """The part of a match between two cuts; None when hardly any of it matches."""
    piece = restrict(match, begin[0], end[0])
    if piece is None or sum(tile[2] for tile in piece.tiles) < _LEAST_MATCHED * len(piece):
        return None
    # The section's own number may not match; what is left out at the end of the source's section is left out.
    numbered = 0 <= piece.source_start - begin[1] <= _LONGEST_NUMBER
    closed = 0 <= end[1] - piece.source_end <= _LONGEST_NUMBER
    return replace(
        piece,
        source_start=begin[1] if numbered else piece.source_start,
        source_end=end[1] if closed else piece.source_end,
    )


def _state(piece: Match | None, suspicious: Suspicious) -> bool | None:
    """Whether a piece is one run on both sides, its number apart; None for no piece."""
    if piece is None:
        return None
    number = _NUMBER.match(suspicious.text, int(suspicious.offsets[piece.start]))
    numbered = len(normalize(number.group()).codes) if number else 0
    content = restrict(piece, piece.start + numbered, piece.end)
    if content is None or len(content.tiles) != 1:
        return False
    _, source, length = content.tiles[0]
    return length == len(content) and source + length == piece.source_end


def _joined(match: Match, pieces: Sequence[Match]) -> Match:
    """The stretch of a match from the first to the last of some pieces, and of the source all they lie in."""
    whole = restrict(match, pieces[0].start, pieces[-1].end)
    if whole is None:
        return pieces[0]
    low, high = min(piece.source_start for piece in pieces), max(piece.source_end for piece in pieces)
    tiles = tuple(tile for tile in whole.tiles if tile[1] >= low and tile[1] + tile[2] <= high)
    return replace(whole, source_start=low, source_end=high, tiles=tiles)
