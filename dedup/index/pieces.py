"""The work of one update, cut into pieces that several processes can do side by side.

Where the cuts are depends on nothing but the files and their sizes, so an index has the same bytes however
many processes built it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dedup.index.catalog import FileRow
from dedup.index.listing import Entry
from dedup.sketch.scheme import Scheme

WORTH_SHARING = 6_000_000
"""Bytes of text from which starting another process (0.1 s) pays."""
_PIECE = 40_000_000
"""Most bytes of a piece, if its files allow: some 13 million Chinese characters."""


class Kept(NamedTuple):
    """A file whose text is taken from the segment that holds it."""

    row: FileRow
    segment: str
    """Path of the segment."""
    segment_bytes: int

    @property
    def size(self) -> int:
        return self.row.size


Source = Entry | Kept


@dataclass(frozen=True, slots=True)
class Piece:
    """Files that become segments of their own, one if they are small enough."""

    corpus: str
    aside: str
    """Folder for finished segments, which stand there under passing names."""
    scheme: Scheme
    listed_ns: int
    most_positions: int
    """Normalised characters at which a segment is finished."""
    sources: tuple[Source, ...]


def cut(sources: Sequence[Source]) -> Iterator[tuple[Source, ...]]:
    """Consecutive runs of sources of about equal size: one for little work, else an even number."""
    total = sum(source.size for source in sources)
    count = 1 if total < WORTH_SHARING else 2 * -(-total // (2 * _PIECE))
    first = before = 0
    for number in range(1, count + 1):
        last = first
        while last < len(sources) and (number == count or before * count < number * total):
            before += sources[last].size
            last += 1
        if last > first:
            yield tuple(sources[first:last])
        first = last
