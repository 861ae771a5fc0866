"""The whole collection as one table of distinct texts, and ways to what the segments know of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dedup.index import Index
from dedup.index.catalog import FileRow
from dedup.index.contents import live_segments
from dedup.index.postings import expand
from dedup.index.segment import Segment
from dedup.scan.banding import Banding
from dedup.scan.sketches import Sketch, row_files, sketch_of
from dedup.sketch.arrays import distinct

Progress = Callable[[int, int], None]
_NONE = -1


@dataclass(frozen=True, slots=True)
class Files:
    """The files of the collection, by path."""

    paths: Sequence[str]
    digests: Sequence[bytes]
    characters: NDArray[np.int64]
    """Normalised characters that take part."""
    dates: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.paths)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where texts stand: n paragraphs, ordered by file and place."""

    text: NDArray[np.int64]
    """[n] number of the text."""
    file: NDArray[np.int64]
    start: NDArray[np.int64]
    """[n] code points in the file's text; `end` likewise."""
    end: NDArray[np.int64]
    characters: NDArray[np.int64]
    """[n] normalised."""
    view: NDArray[np.int64]
    paragraph: NDArray[np.int64]
    """[n] number in the view's segment."""

    def __len__(self) -> int:
        return len(self.text)


@dataclass(frozen=True, slots=True)
class _View:
    segment: Segment
    sketch: Sketch
    row_files: NDArray[np.int64]
    """[rows] the file of each signature, numbered by path; _NONE in dead files."""
    numbers: NDArray[np.int64]
    """[t] the collection's number of each text; _NONE for those that stand in dead files only."""
    carries: NDArray[np.bool_]
    """[t] whether the text's signature and codes are taken from here."""


class Collection:
    """The distinct texts of the live files, numbered in the order of their hashes."""

    def __init__(
        self,
        index: Index,
        rows: Sequence[FileRow],
        folder: str,
        banding: Banding,
        progress: Progress | None = None,
    ) -> None:
        """Make the sketches that are missing in `folder`, and join them. Raises OSError."""
        self.banding = banding
        self._permutations = index.scheme.permutations
        segments = live_segments(index)
        sketches = []
        total = sum(len(segment.signature_paragraphs) for segment in segments)
        done = 0
        for segment in segments:
            sketches.append(sketch_of(segment, folder, banding))
            done += len(segment.signature_paragraphs)
            if progress:
                progress(done, total)
        self.files, places = _files(rows, segments, sketches)
        live = [_live_rows(segment, places[number]) for number, segment in enumerate(segments)]
        alive = [
            np.bincount(sketch.row_texts[files != _NONE], minlength=len(sketch.texts)) > 0
            for sketch, files in zip(sketches, live, strict=True)
        ]
        self.texts: NDArray[np.uint64] = distinct(
            np.concatenate(
                [np.empty(0, np.uint64), *(s.texts[a] for s, a in zip(sketches, alive, strict=True))]
            )
        )
        """[T] hashes, ascending."""
        self.paragraphs = sum(int((files != _NONE).sum()) for files in live)
        self._views = _views(segments, sketches, live, alive, self.texts)
        self._carrier, self._carrier_row = self._carriers()

    def __len__(self) -> int:
        return len(self.texts)

    def _carriers(self) -> tuple[NDArray[np.int32], NDArray[np.uint32]]:
        view_of = np.zeros(len(self.texts), dtype=np.int32)
        row_of = np.zeros(len(self.texts), dtype=np.uint32)
        for number, view in enumerate(self._views):
            texts = view.numbers[view.carries]
            view_of[texts] = number
            row_of[texts] = view.sketch.first_rows[view.carries]
        return view_of, row_of

    @cached_property
    def file_ranks(self) -> NDArray[np.int64]:
        """[files] 0 for the earliest; what has no date comes last; equals stand by path."""
        ranks = np.empty(len(self.files), dtype=np.int64)
        ranks[np.argsort(self.files.dates, kind="stable")] = np.arange(len(self.files))
        return ranks

    @cached_property
    def text_ranks(self) -> NDArray[np.int64]:
        """[T] ascending from the text whose earliest paragraph is the earliest; no two are equal."""
        ranks = np.full(len(self.texts), np.iinfo(np.int64).max)
        for view in self._views:
            rows = np.flatnonzero(view.row_files != _NONE)
            starts = view.segment.paragraph_starts[view.segment.signature_paragraphs[rows]]
            keys = self.file_ranks[view.row_files[rows]] << 32 | starts.astype(np.int64)
            np.minimum.at(ranks, view.numbers[view.sketch.row_texts[rows]], keys)
        return ranks

    @cached_property
    def multiplicities(self) -> NDArray[np.int64]:
        """[T] how many paragraphs are of each text."""
        counts = np.zeros(len(self.texts), dtype=np.int64)
        for view in self._views:
            rows = view.row_files != _NONE
            counts += np.bincount(view.numbers[view.sketch.row_texts[rows]], minlength=len(self.texts))
        return counts

    def occurrences(self, wanted: NDArray[np.bool_]) -> Occurrences:
        """The paragraphs of the wanted texts [T]."""
        columns = []
        for number, view in enumerate(self._views):
            texts = view.numbers[view.sketch.row_texts]
            rows = np.flatnonzero((view.row_files != _NONE) & wanted[texts])
            paragraphs = view.segment.signature_paragraphs[rows].astype(np.int64)
            columns.append(
                (
                    texts[rows],
                    view.row_files[rows],
                    view.segment.paragraph_starts[paragraphs].astype(np.int64),
                    view.segment.paragraph_ends[paragraphs].astype(np.int64),
                    view.segment.paragraph_lengths[paragraphs].astype(np.int64),
                    np.full(len(rows), number, dtype=np.int64),
                    paragraphs,
                )
            )
        empty = np.empty(0, np.int64)
        joined = [np.concatenate([empty, *column]) for column in zip(*columns, strict=True)] or [empty] * 7
        order = np.lexsort((joined[2], joined[1]))
        return Occurrences(*(column[order] for column in joined))

    def bucket_words(self, band: int, wanted: NDArray[np.uint64] | None) -> NDArray[np.uint64]:
        """Words key << 32 | text of one band, ascending; of the buckets `wanted` [k, ascending], or all."""
        pieces = [np.empty(0, dtype=np.uint64)]
        for view in self._views:
            words = view.sketch.words[band]
            if wanted is not None:
                words = _with_keys(words, wanted)
            local = (words & np.uint64(0xFFFFFFFF)).astype(np.int64)
            carried = view.carries[local]
            numbers = view.numbers[local[carried]].astype(np.uint64)
            pieces.append(words[carried] >> np.uint64(32) << np.uint64(32) | numbers)
        joined = np.concatenate(pieces)
        joined.sort()
        return joined

    def signatures(self, texts: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Signatures [n, permutations] of some texts."""
        carriers, rows = self._carrier[texts], self._carrier_row[texts]
        if len(self._views) == 1:
            return self._views[0].segment.signatures[rows]
        result = np.empty((len(texts), self._permutations), dtype=np.uint32)
        for number, view in enumerate(self._views):
            here = np.flatnonzero(carriers == number)
            if len(here):
                result[here] = view.segment.signatures[rows[here]]
        return result

    def lengths(self, texts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Normalised characters of some texts."""
        result = np.empty(len(texts), dtype=np.int64)
        for here, segment, paragraphs in self._paragraphs(texts):
            result[here] = segment.paragraph_lengths[paragraphs]
        return result

    def codes(self, texts: NDArray[np.int64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Normalised codes of some texts laid end to end, and their borders [n + 1]."""
        starts = np.concatenate(([0], np.cumsum(self.lengths(texts))))
        codes = np.empty(int(starts[-1]), dtype=np.uint32)
        for here, segment, paragraphs in self._paragraphs(texts):
            begins = segment.paragraph_positions[paragraphs].astype(np.int64)
            places, rows = expand(begins, begins + segment.paragraph_lengths[paragraphs])
            targets = places + (starts[here] - begins)[rows]
            codes[targets] = np.take(segment.alphabet, segment.letters[places])
        return codes, starts

    def _paragraphs(
        self, texts: NDArray[np.int64]
    ) -> list[tuple[NDArray[np.int64], Segment, NDArray[np.uint32]]]:
        """For each segment: which of the texts are carried there, and their paragraphs."""
        carriers, rows = self._carrier[texts], self._carrier_row[texts]
        found = []
        for number, view in enumerate(self._views):
            here = np.flatnonzero(carriers == number)
            if len(here):
                found.append((here, view.segment, view.segment.signature_paragraphs[rows[here]]))
        return found

    def segment(self, view: int) -> Segment:
        """The segment an occurrence lies in."""
        return self._views[view].segment

    @property
    def sketch_names(self) -> set[str]:
        """File names of the sketches in use."""
        from dedup.scan.sketches import sketch_name

        return {sketch_name(view.segment, self.banding) for view in self._views}


def _files(
    rows: Sequence[FileRow], segments: Sequence[Segment], sketches: Sequence[Sketch]
) -> tuple[Files, list[NDArray[np.int64]]]:
    """The files by path, and for each segment the numbers [files] of its files, _NONE for dead ones."""
    rows = sorted(rows)
    places = [np.full(segment.files, _NONE, dtype=np.int64) for segment in segments]
    by_number = {
        int(os.path.basename(segment.path).partition(".")[0]): place for place, segment in enumerate(segments)
    }
    dates = np.empty(len(rows), dtype=np.uint32)
    for number, row in enumerate(rows):
        place = by_number[row.segment]
        places[place][row.number] = number
        dates[number] = sketches[place].file_dates[row.number]
    characters = np.array([row.characters for row in rows], dtype=np.int64)
    files = Files([row.path for row in rows], [row.digest for row in rows], characters, dates)
    return files, places


def _live_rows(segment: Segment, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    files = row_files(segment)
    return numbers[files] if len(files) else np.empty(0, dtype=np.int64)


def _views(
    segments: Sequence[Segment],
    sketches: Sequence[Sketch],
    live: Sequence[NDArray[np.int64]],
    alive: Sequence[NDArray[np.bool_]],
    texts: NDArray[np.uint64],
) -> list[_View]:
    taken = np.zeros(len(texts), dtype=np.bool_)
    views = []
    for segment, sketch, files, living in zip(segments, sketches, live, alive, strict=True):
        numbers = np.full(len(sketch.texts), _NONE, dtype=np.int64)
        numbers[living] = np.searchsorted(texts, sketch.texts[living])
        carries = living.copy()
        carries[living] = ~taken[numbers[living]]
        taken[numbers[living]] = True
        views.append(_View(segment, sketch, files, numbers, carries))
    return views


def _with_keys(words: NDArray[np.uint64], keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Of words key << 32 | text, ascending, those with one of the keys [k, ascending]."""
    first = np.searchsorted(words, keys << np.uint64(32))
    inside = first < len(words)
    keys, first = keys[inside], first[inside]
    present = words[first] >> np.uint64(32) == keys
    keys, first = keys[present], first[present]
    last = np.searchsorted(words, keys << np.uint64(32) | np.uint64(0xFFFFFFFF), side="right")
    places, _ = expand(first, last)
    return words[places]
