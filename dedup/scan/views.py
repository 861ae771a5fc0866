"""A batch as part of a collection: what its files and texts are there, and which of its rows are alive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.scan.batches import Batch
from dedup.sketch.arrays import Ints

NONE = -1
"""Instead of the number of a file, row or text: there is no such one."""

_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch, and what its files and texts are in the collection."""

    batch: Batch
    files: Ints
    """[f] numbers; NONE for those that are gone, or that another batch has too."""
    texts: Ints
    """[t] numbers."""
    first_live: Ints | None
    """[t] the first row of each text in a live file, NONE where all are gone; None when no file is gone."""
    row_files: NDArray[np.int32]
    """[r] the number of the file of each row; NONE for files that are gone."""

    @property
    def whole(self) -> bool:
        """Whether none of its files is gone."""
        return self.first_live is None

    def first_rows(self, texts: Ints) -> Ints:
        """[n] the first live row of some texts by their number in the batch; NONE where there is none."""
        there = texts >= 0
        result = np.full(len(texts), NONE, dtype=np.int64)
        if self.first_live is None:
            result[there] = self.batch.text_rows[self.batch.text_begins[texts[there]]]
        else:
            result[there] = self.first_live[texts[there]]
        return result


def row_counts(batch: Batch, files: NDArray[np.bool_]) -> Ints:
    """[t] rows of each text in some files [f]: counted, or all less those that are not."""
    if int(files.sum()) * 2 < len(files):
        rows = batch.rows_of_files(files)
        return np.bincount(batch.row_texts[rows], minlength=len(batch.texts))
    counts = np.diff(batch.text_begins).astype(np.int64)
    if not files.all():
        rows = batch.rows_of_files(~files)
        counts -= np.bincount(batch.row_texts[rows], minlength=len(batch.texts))
    return counts


def first_live_rows(batch: Batch, live: NDArray[np.bool_]) -> Ints:
    """[t] the first row of each text in the live files [f]; NONE where there is none."""
    rows = batch.rows_of_files(live)[::-1]
    first = np.full(len(batch.texts), NONE, dtype=np.int64)
    first[batch.row_texts[rows]] = rows
    return first


def with_keys(words: NDArray[np.uint64], keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Of words key << 32 | text, ascending, those with one of the keys [k, ascending]."""
    first = np.searchsorted(words, keys << _HALF)
    inside = first < len(words)
    keys, first = keys[inside], first[inside]
    present = words[first] >> _HALF == keys
    keys, first = keys[present], first[present]
    last = first + 1
    several = np.flatnonzero(last < len(words))
    several = several[words[last[several]] >> _HALF == keys[several]]
    last[several] = np.searchsorted(words, keys[several] << _HALF | _LOW_HALF, side="right")
    places, _ = expand(first, last)
    return words[places]
