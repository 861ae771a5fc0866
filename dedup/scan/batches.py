"""What a scan wants to know of paragraphs, made once for each file: their texts, places and bands.

A batch holds some files, and names them by path and content, not by where the index keeps them. So the scan
of the next night finds its batches as they were, whatever the index has merged in the meantime, and makes
one of the new files only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.index.container import NamedArray
from dedup.index.postings import expand
from dedup.index.segment import Segment
from dedup.scan.banding import Banding, short_keys
from dedup.scan.texthash import text_hashes
from dedup.sketch.arrays import Ints, Number, run_begins

_POSITIONS_AT_ONCE = 1 << 20
_ROWS_AT_ONCE = 1 << 16
_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Batch:
    """f files, their r paragraphs that hold a shingle (rows), and the t distinct texts of those."""

    file_keys: NDArray[np.uint64]
    """[f] hashes of path and content, in no order."""
    file_dates: NDArray[np.uint32]
    """[f] as `dedup.scan.dates` reads them from names and titles."""
    file_rows: NDArray[np.uint32]
    """[f + 1] the first row of each file; rows are in the order of the paragraphs."""
    row_starts: NDArray[np.uint32]
    """[r] code points in the file's text; `row_ends` likewise."""
    row_ends: NDArray[np.uint32]
    row_lengths: NDArray[np.uint32]
    """[r] normalised characters."""
    row_texts: NDArray[np.uint32]
    """[r] the text of each row."""
    texts: NDArray[np.uint64]
    """[t] hashes, ascending."""
    text_begins: NDArray[np.uint32]
    """[t + 1] into `text_rows`."""
    text_rows: NDArray[np.uint32]
    """[r] the rows of text 0, those of text 1 …"""
    words: NDArray[np.uint64]
    """[bands, t] in each band key << 32 | text, ascending."""

    def rows_of_files(self, files: NDArray[np.bool_]) -> Ints:
        """The rows of some files [f]."""
        chosen = np.flatnonzero(files)
        begins = self.file_rows.astype(np.int64)
        return expand(begins[chosen], begins[chosen + 1])[0]


def make_batch(
    segment: Segment, files: Ints, keys: NDArray[np.uint64], dates: NDArray[np.uint32], banding: Banding
) -> Batch:
    """The batch of some files of a segment, ascending. Memory: 8 bytes for each text and band."""
    borders = segment_rows(segment)
    rows, _ = expand(borders[files], borders[files + 1])
    paragraphs = segment.signature_paragraphs[rows]
    hashes = _paragraph_hashes(segment, paragraphs)
    row_texts, texts, text_begins, text_rows = _tabled(hashes)
    words = np.empty((banding.bands, len(texts)), dtype=np.uint64)
    for first in range(0, len(texts), _ROWS_AT_ONCE):
        block = slice(first, first + _ROWS_AT_ONCE)
        firsts = text_rows[text_begins[:-1][block]]
        words[:, block] = short_keys(segment.signatures[rows[firsts]], banding).T
    words <<= _HALF
    words |= np.arange(len(texts), dtype=np.uint64)
    words.sort(axis=1)
    counts = borders[files + 1] - borders[files]
    return Batch(
        keys,
        dates,
        np.concatenate(([0], np.cumsum(counts))).astype(np.uint32),
        segment.paragraph_starts[paragraphs],
        segment.paragraph_ends[paragraphs],
        segment.paragraph_lengths[paragraphs],
        row_texts,
        texts,
        text_begins,
        text_rows,
        words,
    )


def merged(batches: Sequence[Batch], kept: Sequence[NDArray[np.bool_]]) -> Iterator[NamedArray]:
    """The arrays of one batch that holds the kept files [f] of several, by name.

    They are made one after the other, and the words band by band: that is what bounds the memory.
    """
    rows = [batch.rows_of_files(files) for batch, files in zip(batches, kept, strict=True)]
    counts = [np.diff(batch.file_rows)[files] for batch, files in zip(batches, kept, strict=True)]
    yield "file_keys", _joined(batch.file_keys[files] for batch, files in zip(batches, kept, strict=True))
    yield "file_dates", _joined(batch.file_dates[files] for batch, files in zip(batches, kept, strict=True))
    yield "file_rows", np.concatenate(([0], np.cumsum(np.concatenate(counts)))).astype(np.uint32)
    for name in ("row_starts", "row_ends", "row_lengths"):
        yield name, _joined(getattr(batch, name)[some] for batch, some in zip(batches, rows, strict=True))
    hashes = _joined(batch.texts[batch.row_texts[some]] for batch, some in zip(batches, rows, strict=True))
    columns = _tabled(hashes)
    del hashes, rows
    yield from zip(("row_texts", "texts", "text_begins", "text_rows"), columns, strict=True)
    numbers = _renumbered(batches, columns[1])
    del columns
    yield "words", (_merged_words(batches, numbers, band) for band in range(len(batches[0].words)))


def _renumbered(batches: Sequence[Batch], texts: NDArray[np.uint64]) -> list[Ints]:
    """For each batch the numbers of its texts [t] among `texts`; -1 where an earlier batch has them."""
    taken = np.zeros(len(texts), dtype=np.bool_)
    numbers = []
    for batch in batches:
        places = np.searchsorted(texts, batch.texts)
        places[places == len(texts)] = -1
        there = places >= 0
        there[there] = texts[places[there]] == batch.texts[there]
        there[there] = ~taken[places[there]]
        places[~there] = -1
        taken[places[there]] = True
        numbers.append(places)
    return numbers


def _merged_words(batches: Sequence[Batch], numbers: Sequence[Ints], band: int) -> NDArray[np.uint64]:
    pieces = []
    for batch, places in zip(batches, numbers, strict=True):
        words = batch.words[band]
        found = places[(words & _LOW_HALF).astype(np.int64)]
        kept = found >= 0
        pieces.append(words[kept] >> _HALF << _HALF | found[kept].astype(np.uint64))
    joined = np.concatenate(pieces)
    joined.sort()
    return joined[None]


def segment_rows(segment: Segment) -> Ints:
    """[files + 1] the first signature of each file of a segment."""
    return np.searchsorted(segment.signature_paragraphs, segment.file_paragraphs)


def _tabled(
    hashes: NDArray[np.uint64],
) -> tuple[NDArray[np.uint32], NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]:
    """The columns `row_texts`, `texts`, `text_begins` and `text_rows` of rows of some text hashes."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    begins = run_begins(ordered)
    row_texts = np.empty(len(hashes), dtype=np.uint32)
    row_texts[order] = np.cumsum(begins) - 1
    borders = np.append(np.flatnonzero(begins), len(hashes)).astype(np.uint32)
    return row_texts, ordered[begins], borders, order.astype(np.uint32)


def _paragraph_hashes(segment: Segment, paragraphs: NDArray[np.uint32]) -> NDArray[np.uint64]:
    begins = segment.paragraph_positions[paragraphs].astype(np.int64)
    ends = begins + segment.paragraph_lengths[paragraphs]
    hashes = np.empty(len(paragraphs), dtype=np.uint64)
    first = 0
    while first < len(begins):
        limit = begins[first] + _POSITIONS_AT_ONCE
        last = max(first + 1, int(np.searchsorted(ends, limit, side="right")))
        origin = begins[first]
        codes = np.take(segment.alphabet, segment.letters[origin : ends[last - 1]])
        hashes[first:last] = text_hashes(codes, begins[first:last] - origin, ends[first:last] - origin)
        first = last
    return hashes


def _joined(pieces: Iterator[NDArray[Number]]) -> NDArray[Number]:
    return np.concatenate(list(pieces))
