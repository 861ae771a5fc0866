"""What the catalog says, as records: files and segments, one by one, as a table, and as of one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.model import Skipped
from dedup.sketch.scheme import Scheme


class FileRow(NamedTuple):
    """One indexed file of the corpus."""

    path: str
    size: int
    mtime_ns: int
    """Time of change when it was listed; -1 when the next refresh must look at the content again."""
    digest: bytes
    segment: int
    number: int
    """Its number in the segment."""
    characters: int


class SkippedRow(NamedTuple):
    """One file of the corpus that could not be used."""

    path: str
    size: int
    mtime_ns: int
    reason: str


@dataclass(frozen=True, slots=True)
class FileTable:
    """f files of the corpus, by path."""

    paths: Sequence[str]
    digests: NDArray[np.uint64]
    """[2 f] two words each."""
    segments: NDArray[np.int64]
    """[f] numbers of the segments that hold them."""
    numbers: NDArray[np.int64]
    """[f] their numbers there."""
    characters: NDArray[np.int64]
    """[f]"""

    def __len__(self) -> int:
        return len(self.paths)


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment as the catalog knows it."""

    id: int
    bytes: int
    files: int
    characters: int
    """Of all its files, dead ones included."""
    dead: NDArray[np.uint32]
    tombstones: str | None

    @property
    def name(self) -> str:
        """File name below the folder of segments."""
        return segment_name(self.id)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index as of one moment."""

    scheme: Scheme
    segments: tuple[SegmentRow, ...]
    skipped: tuple[Skipped, ...]
    listing: str
    """Digest of the corpus listing it was made from; empty when the corpus must be compared file by file."""


def segment_name(number: int) -> str:
    """File name of a segment. Numbers are never used twice, so a name means the same file for ever."""
    return f"{number:08d}.seg"
