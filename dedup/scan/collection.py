"""The whole collection as one table of distinct texts, and ways to what batches and segments know of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dedup.index import Index
from dedup.index.container import crowded
from dedup.index.contents import live_segments
from dedup.index.postings import expand
from dedup.index.rows import FileTable
from dedup.index.segment import Segment
from dedup.scan.banding import Banding
from dedup.scan.batches import Batch
from dedup.scan.files import Files
from dedup.scan.store import MOST_MAPPED, NO_KEYS, prepare
from dedup.scan.texthash import combine
from dedup.scan.views import NONE, BatchView, first_live_rows, row_counts, with_keys
from dedup.scan.work import Progress
from dedup.sketch.arrays import Ints, distinct, places_of

_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where texts stand: n paragraphs, ordered by file and place."""

    text: Ints
    """[n] number of the text."""
    file: Ints
    start: Ints
    """[n] code points in the file's text; `end` likewise."""
    end: Ints
    characters: Ints
    """[n] normalised."""
    row: Ints
    """[n] the number of its signature in the segment of the file."""

    def __len__(self) -> int:
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the texts since some time."""

    fresh: NDArray[np.bool_]
    """[T] texts that are there now and were not then."""
    touched: NDArray[np.bool_]
    """[T] texts of files that came or went; the fresh ones are among them, and those that are gone."""
    complete: bool
    """Whether all that was there then is still known; else `touched` lacks some that are gone."""


class Collection:
    """The distinct texts of the batches, numbered as they come. Some may stand in files that are gone."""

    def __init__(
        self,
        index: Index,
        table: FileTable,
        folder: str,
        banding: Banding,
        *,
        remembered: NDArray[np.uint64] = NO_KEYS,
        progress: Progress | None = None,
    ) -> None:
        """Make the batches that are missing in `folder`, and join them; see `dedup.scan.store.prepare`."""
        files = Files.of(table, live_segments(index))
        self.files = files
        self.banding = banding
        self._permutations = index.scheme.permutations
        self.dates: NDArray[np.uint32] = np.empty(len(files), dtype=np.uint32)
        """[files]"""
        self.texts: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        """[T] hashes."""
        self._views: list[BatchView] = []
        shift = np.zeros(len(files), dtype=np.int64)
        order = np.argsort(files.keys)
        unowned = np.ones(len(files), dtype=np.bool_)
        kept = prepare(files, folder, banding, remembered, progress)
        self._containers = [*(one.container for one in kept), *(one.container for one in files.segments)]
        for batch in (one.batch for one in kept):
            place = places_of(batch.file_keys, files.keys[order])
            numbers = np.where(place >= 0, order[place] if len(order) else NONE, NONE)
            numbers[numbers >= 0] = np.where(unowned[numbers[numbers >= 0]], numbers[numbers >= 0], NONE)
            there = numbers >= 0
            unowned[numbers[there]] = False
            self.dates[numbers[there]] = batch.file_dates[there]
            texts = self._number(batch)
            row_files = np.repeat(numbers.astype(np.int32), np.diff(batch.file_rows))
            firsts = None if there.all() else first_live_rows(batch, there)
            self._views.append(BatchView(batch, numbers, texts, firsts, row_files))
            shift[numbers[there]] = files.first_row[numbers[there]] - batch.file_rows[:-1][there]
        self._shift = shift
        """[files] from the number of a row in its batch to that of its signature in its segment."""

    def _number(self, batch: Batch) -> Ints:
        """The numbers of a batch's texts: those the batches before have given, or new ones."""
        if not self._views:
            self.texts = batch.texts
            return np.arange(len(batch.texts))
        known = np.full(len(batch.texts), NONE, dtype=np.int64)
        for view in self._views:
            place = places_of(batch.texts, view.batch.texts)
            known = np.where(place >= 0, view.texts[place] if len(view.texts) else NONE, known)
        new = known == NONE
        known[new] = len(self.texts) + np.arange(int(new.sum()))
        self.texts = np.concatenate((self.texts, batch.texts[new]))
        return known

    def __len__(self) -> int:
        return len(self.texts)

    def fingerprint(self) -> int:
        """A hash of the files, and of the batches by which texts are numbered."""
        keys = [self.files.keys, *(view.batch.file_keys for view in self._views)]
        sums = [combine(some).sum(dtype=np.uint64, keepdims=True) for some in keys]
        return int(combine(*sums)[0])

    def numbers(self, hashes: NDArray[np.uint64]) -> Ints:
        """The numbers of texts by their hashes; -1 for those that are not there or are gone."""
        numbers = np.full(len(hashes), NONE, dtype=np.int64)
        for view in self._views:
            place = places_of(hashes, view.batch.texts)
            there = place >= 0
            numbers[there] = view.texts[place[there]]
        there = numbers >= 0
        numbers[there] = np.where(self.multiplicities[numbers[there]] > 0, numbers[there], NONE)
        return numbers

    @cached_property
    def multiplicities(self) -> Ints:
        """[T] how many paragraphs are of each text; 0 for texts that are gone."""
        counts = np.zeros(len(self), dtype=np.int64)
        for view in self._views:
            here = row_counts(view.batch, view.files != NONE)
            if view is self._views[0]:  # which are numbered as they stand
                counts[: len(here)] += here
            else:
                counts[view.texts] += here
        return counts

    @property
    def live(self) -> int:
        """How many texts stand in files that are there."""
        return int((self.multiplicities > 0).sum())

    def changes(self, last: NDArray[np.uint64]) -> Changes:
        """What is otherwise than when the files were those of some keys [k, ascending]."""
        seen = np.zeros(len(self), dtype=np.bool_)
        touched = np.zeros(len(self), dtype=np.bool_)
        found = np.zeros(len(last) + 1, dtype=np.bool_)  # the last stands for none
        for view in self._views:
            place = places_of(view.batch.file_keys, last)
            found[place] = True
            known = place >= 0
            seen[view.texts if known.all() else view.texts[row_counts(view.batch, known) > 0]] = True
            moved = known != (view.files != NONE)
            touched[view.texts[view.batch.row_texts[view.batch.rows_of_files(moved)]]] = True
        return Changes((self.multiplicities > 0) & ~seen, touched, bool(found[:-1].all()))

    @property
    def paragraphs(self) -> int:
        """How many hold a shingle."""
        return sum(
            int(np.diff(view.batch.file_rows)[view.files != NONE].sum(dtype=np.int64)) for view in self._views
        )

    @cached_property
    def file_ranks(self) -> Ints:
        """[files] 0 for the earliest; what has no date comes last; equals stand by path."""
        ranks = np.empty(len(self.files), dtype=np.int64)
        ranks[np.argsort(self.dates, kind="stable")] = np.arange(len(self.files))
        return ranks

    def ranks(self, texts: Ints) -> Ints:
        """[n] ascending from the text whose earliest paragraph is the earliest; no two are equal."""
        ranks = np.full(len(texts), np.iinfo(np.int64).max)
        for view, rows, wanted in self._rows(texts):
            keys = self.file_ranks[view.row_files[rows]] << 32 | view.batch.row_starts[rows].astype(np.int64)
            np.minimum.at(ranks, wanted, keys)
        return ranks

    def occurrences(self, chosen: NDArray[np.bool_]) -> Occurrences:
        """The paragraphs of some texts [T]."""
        texts = np.flatnonzero(chosen)
        columns = []
        for view, rows, wanted in self._rows(texts):
            file = view.row_files[rows].astype(np.int64)
            columns.append(
                (
                    texts[wanted],
                    file,
                    view.batch.row_starts[rows].astype(np.int64),
                    view.batch.row_ends[rows].astype(np.int64),
                    view.batch.row_lengths[rows].astype(np.int64),
                    rows + self._shift[file],
                )
            )
        empty = np.empty(0, np.int64)
        joined = [np.concatenate([empty, *column]) for column in zip(*columns, strict=True)] or [empty] * 6
        order = np.argsort(joined[1] << 32 | joined[2])
        return Occurrences(*(column[order] for column in joined))

    def bucket_words(self, band: int, wanted: NDArray[np.uint64] | None) -> NDArray[np.uint64]:
        """Words key << 32 | text of one band, ascending; of the buckets `wanted` [k, ascending], or all."""
        pieces = []
        for view in self._views:
            words: NDArray[np.uint64] = view.batch.words[band]
            if wanted is not None:
                words = with_keys(words, wanted)
            elif view.whole and len(self._views) == 1:
                return words
            texts = view.texts[(words & _LOW_HALF).astype(np.int64)]
            live = self.multiplicities[texts] > 0
            pieces.append(words[live] >> _HALF << _HALF | texts[live].astype(np.uint64))
        # A text that several batches hold has the same word in all of them.
        return distinct(np.concatenate([np.empty(0, np.uint64), *pieces]))

    def keys_of(self, band: int, texts: NDArray[np.bool_]) -> NDArray[np.uint64]:
        """Keys, ascending, of the buckets of one band that some texts [T] are in, texts that are gone too."""
        pieces = [np.empty(0, np.uint64)]
        for view in self._views if texts.any() else ():
            local = texts[view.texts]
            if local.any():
                words = view.batch.words[band]
                pieces.append(words[local[(words & _LOW_HALF).astype(np.int64)]] >> _HALF)
        return distinct(np.concatenate(pieces))

    def signatures(self, texts: Ints) -> NDArray[np.uint32]:
        """Signatures [n, permutations] of some texts."""
        file, row = self._carriers(texts)
        result = np.empty((len(texts), self._permutations), dtype=np.uint32)
        for here, segment, rows in self._in_segments(file, row):
            result[here] = segment.signatures[rows]
        self.relieve()
        return result

    def lengths(self, texts: Ints) -> Ints:
        """Normalised characters of some texts."""
        lengths = np.empty(len(texts), dtype=np.int64)
        for view, here, rows in self._first_rows(texts):
            lengths[here] = view.batch.row_lengths[rows]
        return lengths

    def codes(self, texts: Ints) -> tuple[NDArray[np.uint32], Ints]:
        """Normalised codes of some texts laid end to end, and their borders [n + 1]."""
        starts = np.concatenate(([0], np.cumsum(self.lengths(texts))))
        codes = np.empty(int(starts[-1]), dtype=np.uint32)
        for here, segment, rows in self._in_segments(*self._carriers(texts)):
            paragraphs = segment.signature_paragraphs[rows]
            begins = segment.paragraph_positions[paragraphs].astype(np.int64)
            places, number = expand(begins, begins + segment.paragraph_lengths[paragraphs])
            targets = places + (starts[here] - begins)[number]
            codes[targets] = np.take(segment.alphabet, segment.letters[places])
        self.relieve()
        return codes, starts

    def relieve(self) -> None:
        """Let go of what has been read of files, if that has become much."""
        if crowded(MOST_MAPPED):
            for container in self._containers:
                container.release()

    def places(self, occurrences: Occurrences, files: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """[n] a hash of what stands where; `files` are hashes of what each file [f] is to be known by."""
        starts, ends = occurrences.start.astype(np.uint64), occurrences.end.astype(np.uint64)
        return combine(files[occurrences.file], starts, ends, self.texts[occurrences.text])

    def paragraphs_of(
        self, occurrences: Occurrences, wanted: Ints
    ) -> Iterator[tuple[Ints, Segment, NDArray[np.uint32]]]:
        """For each segment: which of the wanted occurrences lie there, and their paragraphs."""
        for here, segment, rows in self._in_segments(occurrences.file[wanted], occurrences.row[wanted]):
            yield here, segment, segment.signature_paragraphs[rows]
            self.relieve()

    def _rows(self, texts: Ints) -> Iterator[tuple[BatchView, Ints, Ints]]:
        """For each view, its live rows of some texts, and the place of each row's text among `texts`."""
        for view in self._views:
            local = self._local(view, texts)
            here = np.flatnonzero(local >= 0)
            begins = view.batch.text_begins
            places, number = expand(
                begins[local[here]].astype(np.int64), begins[local[here] + 1].astype(np.int64)
            )
            rows = view.batch.text_rows[places].astype(np.int64)
            if not view.whole:
                live = view.row_files[rows] != NONE
                rows, number = rows[live], number[live]
            yield view, rows, here[number]

    def _first_rows(self, texts: Ints) -> Iterator[tuple[BatchView, Ints, Ints]]:
        """For each view: which of some texts to look up there, and the first live row of each."""
        missing = np.arange(len(texts))
        for view in self._views:
            local = self._local(view, texts[missing])
            rows = view.first_rows(local)
            there = rows >= 0
            yield view, missing[there], rows[there]
            missing = missing[~there]

    def _local(self, view: BatchView, texts: Ints) -> Ints:
        """What a view's batch numbers some texts; NONE for those it does not hold."""
        if view is self._views[0]:
            return np.where(texts < len(view.texts), texts, NONE)
        return places_of(self.texts[texts], view.batch.texts)

    def _carriers(self, texts: Ints) -> tuple[Ints, Ints]:
        """For each text a file that holds it, and the number of its signature in the file's segment."""
        file = np.full(len(texts), NONE, dtype=np.int64)
        row = np.zeros(len(texts), dtype=np.int64)
        for view, here, rows in self._first_rows(texts):
            file[here] = view.row_files[rows]
            row[here] = rows + self._shift[file[here]]
        return file, row

    def _in_segments(self, file: Ints, row: Ints) -> Iterator[tuple[Ints, Segment, Ints]]:
        """For each segment: which of some signatures lie there, and their numbers."""
        segments = self.files.segment[file]
        for place, segment in enumerate(self.files.segments):
            here = np.flatnonzero(segments == place)
            if len(here):
                yield here, segment, row[here]
