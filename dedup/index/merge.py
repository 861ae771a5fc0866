"""Many segments become one: arrays are copied and re-based; no text is parsed, folded or signed again.

What is dead is left behind. The merged segment is, byte for byte, what `SegmentBuilder` would have written
of the same files in the same order; only postings are made anew, from codes and signatures, since a larger
segment keeps more of each key. Long arrays are streamed, so the memory this takes is that of sorting postings
(`dedup.index.inversion`) and of the columns of files and paragraphs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged
from dedup.index.container import REBUILD, Abreast, Array, Content, write_aside
from dedup.index.keys import FoldedAt, bigrams_within, inverted_bands, inverted_grams
from dedup.index.pieces import Done, Finished, Merge
from dedup.index.segment import CODE_SPACE, Segment, SegmentSize, letter_type
from dedup.sketch.background import BUCKETS
from dedup.sketch.scheme import Scheme
from dedup.text.normalize import fold_slots

_TOLD_AT_ONCE = 1 << 22
"""Bytes."""
_WITHOUT_POSTINGS = 0.65
"""What a segment takes without postings, about."""


@dataclass(frozen=True, slots=True)
class Range:
    """What lies from `first` to `last` − 1 on one axis: files, parts, paragraphs …"""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many things lie in it."""
        return self.last - self.first

    @property
    def rows(self) -> slice:
        """Its rows of an array."""
        return slice(self.first, self.last)


class Run(NamedTuple):
    """Consecutive living files of one source, and what of its arrays is theirs."""

    segment: Segment
    files: Range
    parts: Range
    paragraphs: Range
    rows: Range
    """Of signatures."""
    positions: Range
    text: Range


def merge(order: Merge, done: Done) -> Finished:
    """Write the merged segment under a passing name; `done` is told of the bytes of sources as it goes on.

    Raises IndexDamaged naming a source that is not what was written, or OSError.
    """
    sources = [Segment(source.path, source.bytes) for source in order.sources]
    for segment in sources:
        altered = segment.container.altered()
        if altered:  # the merged segment would have a checksum that vouches for it
            raise IndexDamaged(segment.path, f"altered since it was written ({', '.join(altered)})", REBUILD)
    runs = [
        run
        for segment, source in zip(sources, order.sources, strict=True)
        for run in living_runs(segment, source.dead)
    ]
    path = os.path.join(order.aside, f"{os.urandom(8).hex()}.tmp")
    merged = _Merged(runs, order.scheme, order.aside)
    share = 1.0 if all(segment.inverted for segment in sources) else _WITHOUT_POSTINGS
    size = write_aside(path, _counted(merged.arrays(), done, order.bytes, share))
    return Finished(path, merged.size(size), ())


def living_runs(segment: Segment, dead: Sequence[int]) -> Iterator[Run]:
    """The longest runs of files of a segment that are not dead."""
    rows = segment.signature_paragraphs
    for before, after in pairwise([-1, *dead, segment.files]):
        files = Range(before + 1, after)
        if not files.size:
            continue
        parts = _over(segment.file_parts, files)
        paragraphs = _over(segment.file_paragraphs, files)
        signed = Range(*np.searchsorted(rows, [paragraphs.first, paragraphs.last]).tolist())
        positions = _over(segment.part_positions, parts)
        yield Run(segment, files, parts, paragraphs, signed, positions, _over(segment.file_text, files))


def _over(offsets: NDArray[Any], items: Range) -> Range:
    return Range(int(offsets[items.first]), int(offsets[items.last]))


def _counted(contents: Iterable[Content], done: Done, total: int, share: float) -> Iterator[Content]:
    """The same contents; `done` hears of `total` bytes in all, `share` for each that is written."""
    written = told = 0

    def counted(array: Array) -> Array:
        nonlocal written, told
        written += array.nbytes
        further = min(int(written * share), total) - told
        if further >= _TOLD_AT_ONCE:
            told += further
            done(further)
        return array

    for content in contents:
        if isinstance(content, Abreast):
            yield Abreast(content.columns, ((column, counted(piece)) for column, piece in content.pieces))
        elif isinstance(content[1], np.ndarray):
            yield content[0], counted(content[1])
        else:
            yield content[0], map(counted, content[1])
    done(total - told)


class _Merged:
    """The arrays of the merged segment."""

    def __init__(self, runs: Sequence[Run], scheme: Scheme, folder: str) -> None:
        self._runs = runs
        self._scheme = scheme
        self._folder = folder
        self._part_positions = self._offsets("part_positions", "parts", "positions")
        self._part_lengths = self._column("part_lengths", "parts").astype(np.int64)

    def size(self, written: int) -> SegmentSize:
        """What it holds, `written` being its bytes."""
        files, parts, paragraphs = map(self._total, ("files", "parts", "paragraphs"))
        return SegmentSize(written, files, parts, paragraphs, int(self._part_lengths.sum()))

    def arrays(self) -> Iterator[Content]:
        """All of them, in the order a builder writes them."""
        alphabet = self._alphabet()
        yield "text", self._streamed("text", "text")
        yield "file_text", self._offsets("file_text", "files", "text")
        yield "file_characters", self._column("file_characters", "files")
        yield "file_parts", self._offsets("file_parts", "files", "parts").astype(np.uint32)
        yield "file_paragraphs", self._offsets("file_paragraphs", "files", "paragraphs").astype(np.uint32)
        yield from self._strings("file_facts", "files")
        yield "part_positions", self._part_positions.astype(np.uint32)
        yield "part_lengths", self._part_lengths.astype(np.uint32)
        yield "part_spans", self._column("part_spans", "parts")
        yield "part_paragraphs", self._column("part_paragraphs", "parts", "paragraphs").astype(np.uint32)
        yield from self._strings("part_facts", "parts")
        for name in ("paragraph_starts", "paragraph_ends", "paragraph_kinds"):
            yield name, self._column(name, "paragraphs")
        yield "paragraph_bytes", self._column("paragraph_bytes", "paragraphs", "text")
        positions = self._column("paragraph_positions", "paragraphs", "positions")
        yield "paragraph_positions", positions.astype(np.uint32)
        yield "paragraph_lengths", self._column("paragraph_lengths", "paragraphs")
        yield "alphabet", alphabet
        yield "letters", self._letters(alphabet)
        yield "bigrams", self._bigrams()
        yield "part_signatures", self._streamed("part_signatures", "parts")
        signed = self._column("signature_paragraphs", "rows", "paragraphs")
        yield "signature_paragraphs", signed.astype(np.uint32)
        yield "signatures", self._streamed("signatures", "rows")
        scheme, folder = self._scheme, self._folder
        yield inverted_bands(self._streamed("signatures", "rows"), self._total("rows"), scheme, folder)
        yield inverted_grams(self._codes, self._part_positions, self._part_lengths, scheme, folder)

    # ------------------------------------------------------------------------------- kinds of arrays

    def _total(self, axis: str) -> int:
        return sum(getattr(run, axis).size for run in self._runs)

    def _shifts(self, axis: str) -> Iterator[int]:
        """For each run, how much further on its part of an axis lies in the merged segment."""
        begin = 0
        for run in self._runs:
            yield begin - getattr(run, axis).first
            begin += getattr(run, axis).size

    def _column(self, name: str, axis: str, pointing_into: str | None = None) -> Array:
        """An array with an element for each thing on one axis, which may be a place on another axis."""
        pieces = [run.segment.container.array(name)[getattr(run, axis).rows] for run in self._runs]
        if pointing_into is not None:
            shifts = self._shifts(pointing_into)
            pieces = [piece.astype(np.int64) + shift for piece, shift in zip(pieces, shifts, strict=True)]
        return np.concatenate(pieces)

    def _offsets(self, name: str, axis: str, pointing_into: str) -> NDArray[np.int64]:
        """[things + 1] where each thing on one axis begins on another."""
        begins = self._column(name, axis, pointing_into)
        return np.append(begins, self._total(pointing_into)).astype(np.int64)

    def _strings(self, name: str, axis: str) -> Iterator[Content]:
        lengths, bytes_ = [], []
        for run in self._runs:
            over: Range = getattr(run, axis)
            starts = run.segment.container.array(f"{name}_starts")[over.first : over.last + 1]
            lengths.append(np.diff(starts))
            bytes_.append(run.segment.container.array(name)[starts[0] : starts[-1]])
        yield name, np.concatenate(bytes_)
        yield f"{name}_starts", np.concatenate(([0], np.cumsum(np.concatenate(lengths))))

    def _streamed(self, name: str, axis: str) -> Iterator[Array]:
        """An array with a row for each thing on one axis, some rows at a time; at least one piece."""
        yield self._runs[0].segment.container.array(name)[:0]
        for run in self._runs:
            over: Range = getattr(run, axis)
            yield from run.segment.container.pieces(name, over.first, over.last)

    # ----------------------------------------------------------------------------------------- codes

    def _alphabet(self) -> NDArray[np.uint32]:
        present = np.zeros(CODE_SPACE, dtype=np.bool_)
        for run in self._runs:
            segment = run.segment
            if _whole(run):
                present[segment.alphabet] = True
                continue
            for letters in segment.container.pieces("letters", run.positions.first, run.positions.last):
                present[segment.alphabet[letters]] = True
        return np.flatnonzero(present).astype(np.uint32)

    def _letters(self, alphabet: NDArray[np.uint32]) -> Iterator[Array]:
        kind = letter_type(alphabet)
        yield np.empty(0, dtype=kind)
        for run in self._runs:
            # What is in no living file may have no number; it is not asked for either.
            numbers = np.searchsorted(alphabet, run.segment.alphabet).astype(kind)
            for letters in run.segment.container.pieces("letters", run.positions.first, run.positions.last):
                yield numbers.take(letters)

    def _bigrams(self) -> NDArray[np.uint32]:
        counts = np.zeros(BUCKETS, dtype=np.int64)
        for run in self._runs:
            if _whole(run):
                counts += run.segment.bigrams
                continue
            origin, parts = run.positions.first, run.parts
            positions = run.segment.part_positions[parts.first : parts.last + 1].astype(np.int64) - origin
            lengths = run.segment.part_lengths[parts.rows].astype(np.int64)
            counts += bigrams_within(partial(_batches, run, -origin), positions, lengths)
        return counts.astype(np.uint32)

    def _codes(self, size: int, ahead: int) -> Iterator[FoldedAt]:
        for run, shift in zip(self._runs, self._shifts("positions"), strict=True):
            yield from _batches(run, shift, size, ahead)


def _whole(run: Run) -> bool:
    return run.files.size == run.segment.files


def _batches(run: Run, shift: int, size: int, ahead: int) -> Iterator[FoldedAt]:
    segment, last = run.segment, run.positions.last
    folded = fold_slots(segment.alphabet)
    for begin in range(run.positions.first, last, size):
        letters = segment.container.read("letters", begin, min(begin + size + ahead, last))
        yield FoldedAt(begin + shift, folded.take(letters))
