"""Merge segments into one; `dedup.index.merge_policy` chooses them.

Fields are copied and re-based; no text is parsed, folded or signed again. Dead files are left out.
The merged segment is, byte for byte, what `SegmentBuilder` would have written of the same files in order of
their paths. Postings are made anew, from codes and signatures, since a larger segment keeps more of each key.
Long fields are streamed, so the memory this takes is that of sorting postings (`dedup.index.postings`) and
the columns of files and paragraphs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.container import Abreast, Array, Content, write_aside
from dedup.index.fields import CODE_SPACE, FIELD, FIELDS, Field, letter_type, lines_of
from dedup.index.postings import FoldedAt, Inverter
from dedup.index.segment import Finished, Segment
from dedup.index.workers import Done
from dedup.limits import LIMITS, Limits
from dedup.records import dataclass
from dedup.sketch.background import BUCKETS
from dedup.sketch.scheme import Scheme
from dedup.text.normalize import fold_slots

_STREAMED = frozenset({"text", "positions", "signed"})
"""Axes whose columns are too long for memory and are copied in pieces."""
_TOLD_AT_ONCE = 1 << 22
"""Bytes."""
_WITHOUT_POSTINGS = 0.65
"""Share of a segment that is no postings, about."""


class MergeSource(NamedTuple):
    """A segment to be merged."""

    path: str
    bytes: int
    dead: tuple[int, ...]
    """Numbers of its files that are left out, ascending."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Segments that become one; at least one of their files is alive."""

    aside: str
    scheme: Scheme
    sources: tuple[MergeSource, ...]
    limits: Limits = LIMITS

    @property
    def bytes(self) -> int:
        """Size of all sources together."""
        return sum(source.bytes for source in self.sources)

    def perform(self, done: Done) -> Iterator[Finished]:
        """Write the merged segment under a temporary name; `done` is told the bytes of sources copied.

        Sources are verified as they are read. Raises IndexDamaged naming a source that is altered, or
        OSError.
        """
        sources = [Segment(source.path, source.bytes, self.limits) for source in self.sources]
        runs = list(living_runs(sources, [source.dead for source in self.sources]))
        path = os.path.join(self.aside, f"{os.urandom(8).hex()}.tmp")
        merged = _Merged(runs, Inverter(self.scheme, self.aside, self.limits))
        share = 1.0 if all(segment.inverted for segment in sources) else _WITHOUT_POSTINGS
        size = write_aside(path, _counted(merged.arrays(), done, self.bytes, share))
        yield Finished(path, size, merged.files, merged.characters)


@dataclass(frozen=True, slots=True)
class Range:
    """The elements `first` … `last` − 1 of one axis: files, parts, paragraphs …"""

    first: int
    last: int

    @property
    def size(self) -> int:
        """Number of elements."""
        return self.last - self.first

    @property
    def rows(self) -> slice:
        """The rows of an array along that axis."""
        return slice(self.first, self.last)


class Run(NamedTuple):
    """Consecutive living files of one source."""

    segment: Segment
    over: dict[str, Range]
    """The range on each axis that belongs to these files."""


def living_runs(segments: Sequence[Segment], dead: Sequence[Sequence[int]]) -> Iterator[Run]:
    """The living files of some segments in order of their paths: runs of consecutive files of one of them."""
    living = []
    for number, (segment, gone) in enumerate(zip(segments, dead, strict=True)):
        left = set(gone)
        paths = segment.paths()
        living += [(path, number, file) for file, path in enumerate(paths) if file not in left]
    living.sort()
    first = 0
    for last, (before, after) in enumerate(pairwise([*living, ("", -1, 0)]), 1):
        if after[1:] != (before[1], before[2] + 1):
            segment = segments[before[1]]
            yield Run(segment, _axes(segment, Range(living[first][2], before[2] + 1)))
            first = last


def _axes(segment: Segment, files: Range) -> dict[str, Range]:
    """The range of each axis that belongs to some files of a segment."""
    over = {"files": files}
    for field in FIELDS:
        if field.ends:
            begins = getattr(segment, field.name)
            over[field.into] = Range(int(begins[over[field.per].first]), int(begins[over[field.per].last]))
    paragraphs = over["paragraphs"]
    borders = np.array([paragraphs.first, paragraphs.last], dtype=np.uint32)
    over["signed"] = Range(*np.searchsorted(segment.signature_paragraphs, borders).tolist())
    return over


def _counted(contents: Iterable[Content], done: Done, total: int, share: float) -> Iterator[Content]:
    """The same contents; tells `done` `share` bytes for each byte written, `total` in all."""
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
    """The fields of the merged segment."""

    def __init__(self, runs: Sequence[Run], inverter: Inverter) -> None:
        self._runs = runs
        self._inverter = inverter
        self._part_positions = self._column(FIELD["part_positions"]).astype(np.int64)
        self._part_lengths = self._column(FIELD["part_lengths"]).astype(np.int64)

    @property
    def files(self) -> int:
        """Number of files."""
        return self._total("files")

    @property
    def characters(self) -> int:
        """Number of normalised characters that take part."""
        return int(self._part_lengths.sum())

    def arrays(self) -> Iterator[Content]:
        """All fields, in the order in which a builder writes them."""
        alphabet = self._alphabet()
        file_readers, readers = lines_of(self._readers())
        made: dict[str, Array | Iterator[Array]] = {
            "file_readers": file_readers,
            "readers": readers,
            "alphabet": alphabet,
            "letters": self._letters(alphabet),
            "bigrams": self._bigrams(),
        }
        for field in FIELDS:
            if field.name in made:
                yield field.name, made.pop(field.name)
            elif field.per in _STREAMED or field.width is None:
                yield field.name, self._streamed(field)
            elif not field.made:  # postings come last
                yield field.name, self._column(field)
        signatures = self._streamed(FIELD["signatures"])
        yield self._inverter.of_signatures(signatures, self._total("signed"))
        yield from self._inverter.of_codes(self._codes, self._part_positions, self._part_lengths)

    # ------------------------------------------------------------------------------- kinds of fields

    def _total(self, axis: str) -> int:
        return sum(run.over[axis].size for run in self._runs)

    def _shifts(self, axis: str) -> Iterator[int]:
        """The offset to add to the places of each run on an axis to get those in the merged segment."""
        begin = 0
        for run in self._runs:
            yield begin - run.over[axis].first
            begin += run.over[axis].size

    def _column(self, field: Field) -> Array:
        """The rows of all runs; if they are places on another axis, moved to those of the merged segment."""
        pieces = [getattr(run.segment, field.name)[run.over[field.per].rows] for run in self._runs]
        if field.into:
            shifts = self._shifts(field.into)
            pieces = [piece.astype(np.int64) + shift for piece, shift in zip(pieces, shifts, strict=True)]
        if field.ends:
            pieces.append(np.array([self._total(field.into)]))
        column: Array = np.concatenate(pieces)
        return column.astype(field.dtype, copy=False)

    def _streamed(self, field: Field) -> Iterator[Array]:
        """The rows of all runs in pieces, at least one."""
        if field.into:  # a field of places is short, even if the axis is a long one
            yield self._column(field)
            return
        yield getattr(self._runs[0].segment, field.name)[:0]
        for run in self._runs:
            over = run.over[field.per]
            yield from run.segment.container.pieces(field.name, over.first, over.last)

    def _readers(self) -> list[str]:
        """The reader of each file."""
        names = {id(run.segment): run.segment.file_reader_names() for run in self._runs}
        return [name for run in self._runs for name in names[id(run.segment)][run.over["files"].rows]]

    # ----------------------------------------------------------------------------------------- codes

    def _alphabet(self) -> NDArray[np.uint32]:
        present = np.zeros(CODE_SPACE, dtype=np.bool_)
        for run in self._runs:
            segment = run.segment
            if _whole(run):
                present[segment.alphabet] = True
                continue
            for letters in segment.container.pieces(
                "letters", run.over["positions"].first, run.over["positions"].last
            ):
                present[segment.alphabet[letters]] = True
        return np.flatnonzero(present).astype(np.uint32)

    def _letters(self, alphabet: NDArray[np.uint32]) -> Iterator[Array]:
        kind = letter_type(alphabet)
        yield np.empty(0, dtype=kind)
        for run in self._runs:
            # A code in no living file may have no number; no letter of a living file needs it.
            numbers = np.searchsorted(alphabet, run.segment.alphabet).astype(kind)
            for letters in run.segment.container.pieces(
                "letters", run.over["positions"].first, run.over["positions"].last
            ):
                yield numbers.take(letters, mode="clip")

    def _bigrams(self) -> NDArray[np.uint32]:
        counts = np.zeros(BUCKETS, dtype=np.int64)
        for run in self._runs:
            if _whole(run):
                counts += run.segment.bigrams
                continue
            origin, parts = run.over["positions"].first, run.over["parts"]
            positions = run.segment.part_positions[parts.first : parts.last + 1].astype(np.int64) - origin
            lengths = run.segment.part_lengths[parts.rows].astype(np.int64)
            counts += self._inverter.bigrams(partial(_batches, run, -origin), positions, lengths)
        return counts.astype(np.uint32)

    def _codes(self, size: int, ahead: int) -> Iterator[FoldedAt]:
        for run, shift in zip(self._runs, self._shifts("positions"), strict=True):
            yield from _batches(run, shift, size, ahead)


def _whole(run: Run) -> bool:
    return run.over["files"].size == run.segment.files


def _batches(run: Run, shift: int, size: int, ahead: int) -> Iterator[FoldedAt]:
    segment, last = run.segment, run.over["positions"].last
    folded = fold_slots(segment.alphabet)
    for begin in range(run.over["positions"].first, last, size):
        letters = segment.container.read("letters", begin, min(begin + size + ahead, last))
        yield FoldedAt(begin + shift, folded.take(letters, mode="clip"))
