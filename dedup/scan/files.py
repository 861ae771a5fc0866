"""The files of a collection as a scan knows them: what they are called, what they hold, where that lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.index.index import FileTable
from dedup.index.segment import Segment
from dedup.records import dataclass
from dedup.scan.hashes import combine, text_hashes
from dedup.sketch.arrays import Ints

_SEPARATOR = "\0"
"""No path holds one."""


@dataclass(frozen=True, slots=True)
class Files:
    """f files, numbered by path."""

    paths: Sequence[str]
    path_hashes: NDArray[np.uint64]
    keys: NDArray[np.uint64]
    """[f] hashes of path and content: another text, another key."""
    characters: Ints
    """[f] normalised characters that take part."""
    segment: Ints
    """[f] the place among `segments` of the one that holds the file."""
    number: Ints
    """[f] its number there."""
    first_row: Ints
    """[f] its first signature there."""
    segments: Sequence[Segment]

    def __len__(self) -> int:
        return len(self.paths)

    @classmethod
    def of(cls, table: FileTable, segments: Sequence[Segment]) -> Files:
        """The files of a snapshot, and its segments."""
        place = np.empty(len(table), dtype=np.int64)
        first_row = np.empty(len(table), dtype=np.int64)
        for each, segment in enumerate(segments):
            here = np.flatnonzero(table.segments == segment.number)
            place[here] = each
            first_row[here] = segment_rows(segment)[table.numbers[here]]
        hashes = path_hashes(table.paths)
        keys = combine(hashes, table.digests[0::2], table.digests[1::2])
        return cls(table.paths, hashes, keys, table.characters, place, table.numbers, first_row, segments)


def segment_rows(segment: Segment) -> Ints:
    """[files + 1] the first signature of each file of a segment."""
    return np.searchsorted(segment.signature_paragraphs, segment.file_paragraphs)


def path_hashes(paths: Sequence[str]) -> NDArray[np.uint64]:
    """Hashes [n] of paths, all of them in one pass."""
    written = np.frombuffer(packed(paths), dtype=np.uint8).astype(np.uint32)
    ends = np.flatnonzero(written == 0)
    return text_hashes(written, np.append(0, ends[:-1] + 1) if len(ends) else ends, ends)


def packed(paths: Sequence[str]) -> bytes:
    """Paths as bytes, each with a zero behind it."""
    return "".join([path + _SEPARATOR for path in paths]).encode("utf-8", "surrogatepass")


def unpacked(written: bytes) -> list[str]:
    """The paths again."""
    return written.decode("utf-8", "surrogatepass").split(_SEPARATOR)[:-1]
