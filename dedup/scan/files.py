"""The files of a collection as a scan sees them: numbered by path, and known by path and content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.index import Index
from dedup.index.particulars import Particulars
from dedup.index.segment import Segment
from dedup.records import dataclass
from dedup.scan.provenance import date_of
from dedup.sketch.arrays import Ints, Number
from dedup.sketch.hashing import combine, text_hashes


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
    given_dates: Mapping[int, int]
    """Dates that `corpus.toml` gives, by the number of the file; they go over those that documents carry."""

    def __len__(self) -> int:
        return len(self.paths)

    @classmethod
    def of(cls, index: Index) -> Files:
        """The files of a snapshot, and its segments."""
        segments, living = zip(*index.live_files(), strict=True) if index.segments() else ((), ())
        numbers = [np.flatnonzero(live) for live in living]
        listed = [segment.paths() for segment in segments]
        paths = [
            names[number] for names, some in zip(listed, numbers, strict=True) for number in some.tolist()
        ]
        order = np.array(sorted(range(len(paths)), key=paths.__getitem__), dtype=np.int64)

        def column(values: Iterable[NDArray[Number]]) -> NDArray[Number]:
            chosen = [rows[some] for rows, some in zip(values, numbers, strict=True)]
            return np.concatenate(chosen)[order]

        digests = column(np.ascontiguousarray(segment.file_digests).view("<u8") for segment in segments)
        paths = [paths[place] for place in order.tolist()]
        hashes = path_hashes(paths)
        dates = _given_dates(paths, index.particulars)
        keys = combine(hashes, digests[:, 0], digests[:, 1])
        for number, date in dates.items():  # a file whose date changes is another one
            keys[number : number + 1] = combine(keys[number : number + 1], np.array([date], np.uint64))
        return cls(
            paths,
            path_hashes=hashes,
            keys=keys,
            characters=column(segment.file_characters for segment in segments),
            segment=column(np.full(segment.files, place) for place, segment in enumerate(segments)),
            number=column(np.arange(segment.files) for segment in segments),
            first_row=column(segment.file_signatures for segment in segments),
            segments=segments,
            given_dates=dates,
        )


def _given_dates(paths: Sequence[str], particulars: Particulars) -> dict[int, int]:
    """The dates that are given of files, by their numbers."""
    if not particulars:
        return {}
    given = ((number, particulars.of(path).date) for number, path in enumerate(paths))
    return {number: date_of(date) for number, date in given if date}


def path_hashes(paths: Sequence[str]) -> NDArray[np.uint64]:
    """Hashes [n] of paths, all of them in one pass."""
    # No path holds a zero.
    packed = "".join([path + "\0" for path in paths]).encode("utf-8", "surrogatepass")
    written = np.frombuffer(packed, dtype=np.uint8).astype(np.uint32)
    ends = np.flatnonzero(written == 0)
    return text_hashes(written, np.append(0, ends[:-1] + 1) if len(ends) else ends, ends)
