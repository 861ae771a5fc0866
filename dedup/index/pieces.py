"""The work of one update, cut into pieces that several processes can do side by side.

Where the cuts are depends on nothing but the files and their sizes, so an index has the same bytes however
many processes built it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dedup.index.corpus import Entry
from dedup.index.segment import SegmentSize
from dedup.limits import Limits
from dedup.records import dataclass
from dedup.settings import ReadingLimits
from dedup.sketch.scheme import Scheme

Done = Callable[[int], None]
"""Called with the bytes of corpus files, or of segments, that are done."""


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
    with_postings: bool
    """Without them, segments are to be merged."""
    entries: tuple[Entry, ...]
    follow_links: bool
    reading: ReadingLimits
    processes: int
    """That read side by side: they share the memory that reading may take."""


class MergeSource(NamedTuple):
    """A segment to be merged."""

    path: str
    bytes: int
    dead: tuple[int, ...]
    """Numbers of its files that are left behind, ascending."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Segments that become one; at least one of their files is alive."""

    aside: str
    scheme: Scheme
    sources: tuple[MergeSource, ...]

    @property
    def bytes(self) -> int:
        """Of all sources."""
        return sum(source.bytes for source in self.sources)


Order = Piece | Merge


@dataclass(frozen=True, slots=True)
class Finished:
    """A segment, written and synced under a passing name."""

    path: str
    size: SegmentSize


def cut(entries: Sequence[Entry], limits: Limits) -> Iterator[tuple[Entry, ...]]:
    """Consecutive runs of files of about equal size: one for little work, else an even number."""
    total = sum(entry.size for entry in entries)
    count = 1 if total < limits.shared_bytes else 2 * -(-total // (2 * limits.piece_bytes))
    first = before = 0
    for number in range(1, count + 1):
        last = first
        while last < len(entries) and (number == count or before * count < number * total):
            before += entries[last].size
            last += 1
        if last > first:
            yield tuple(entries[first:last])
        first = last
