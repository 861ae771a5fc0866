"""The collection as distinct texts: which there are, where each stands, and how to get at what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.index.segment import Segment
from dedup.limits import Limits
from dedup.records import dataclass
from dedup.scan.banding import Banding, short_keys, text_keys
from dedup.scan.files import Files
from dedup.scan.short_texts import SHORT
from dedup.scan.texts import MOST_MAPPED, KeptTable, paragraph_codes
from dedup.sketch.arrays import Ints, Number, pack, places_of
from dedup.sketch.hashing import combine

NONE = -1
"""For the number of a file, row or text: there is no such one."""
_NEVER = np.iinfo(np.int64).max
_LAST_KEY = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The n paragraphs of a collection, ordered by file and place, with the text of each."""

    text: Ints
    """[n] number of the text."""
    file: Ints
    start: Ints
    """[n] code points in the file's text; `end` likewise."""
    end: Ints
    characters: Ints
    """[n] normalised."""
    original: NDArray[np.uint32]
    """[n] a checksum of the paragraph as it is written."""
    row: Ints
    """[n] its row in the tables."""

    def __len__(self) -> int:
        return len(self.text)


class Collection:
    """The T distinct texts and R rows of the tables, numbered as they come; some are gone."""

    def __init__(self, files: Files, tables: list[KeptTable], banding: Banding, permutations: int) -> None:
        """Join the tables of the base and of what came since."""
        self.files, self.banding = files, banding
        self._permutations = permutations
        self._tables = [one.table for one in tables]
        self._containers = [one.container for one in tables] + [one.container for one in files.segments]
        self.texts = _joined([one.texts for one in self._tables])
        """[T] hashes."""
        self._keys = _joined([one.file_keys for one in self._tables])
        """Of the files in the tables, gone ones too."""
        self._counts = _joined([np.diff(one.file_rows) for one in self._tables])
        order = np.argsort(files.keys)
        place = places_of(self._keys, files.keys[order])
        self._numbers = np.where(place >= 0, np.append(order, NONE)[place], NONE)
        """The number of each file in the tables; NONE for those that are gone."""
        self.row_files = np.repeat(self._numbers.astype(np.int32), self._counts)
        """[R]"""
        self.row_texts = _joined([one.row_texts for one in self._tables])
        """[R]"""
        self.dates = self._of_files([one.file_dates for one in self._tables])
        for number, date in files.given_dates.items():
            self.dates[number] = date
        """[files]"""
        self.works = self._of_files([one.file_works for one in self._tables])
        """[files] hashes of what the documents are called, 0 where that says little."""
        self.folded = self._of_files([one.file_folded for one in self._tables])
        """[files] hashes of whole texts after folding, 0 for empty ones."""

    def __len__(self) -> int:
        return len(self.texts)

    def _of_files(self, columns: list[NDArray[Number]]) -> NDArray[Number]:
        """A column of the tables as one of the files."""
        there = self._numbers != NONE
        result = np.zeros(len(self.files), dtype=columns[0].dtype)
        result[self._numbers[there]] = np.concatenate(columns)[there]
        return result

    def _signature(self, rows: Ints) -> Ints:
        """The numbers of the signatures of some rows in the segments of their files."""
        return self.files.first_row[self.row_files[rows]] + self._row_signatures[rows]

    def fingerprint(self) -> int:
        """A hash of the files, and of the tables by which texts are numbered."""
        keys = [self.files.keys, *(one.file_keys for one in self._tables)]
        sums = [combine(some).sum(dtype=np.uint64, keepdims=True) for some in keys]
        return int(combine(*sums)[0])

    @cached_property
    def multiplicities(self) -> Ints:
        """[T] how many paragraphs are of each text; 0 for texts that are gone."""
        rows = self.row_texts if (self._numbers != NONE).all() else self.row_texts[self.row_files != NONE]
        return np.bincount(rows, minlength=len(self))

    @cached_property
    def alive(self) -> NDArray[np.bool_]:
        """[T] which texts stand in files that are there."""
        return self.multiplicities > 0

    @cached_property
    def all_alive(self) -> bool:
        """Tell whether no text is gone."""
        return bool(self.alive.all())

    def is_worn(self, limits: Limits) -> bool:
        """Tell whether the tables are many, or much came or went since the first of them was made."""
        rows, gone = len(self.row_texts), len(self.row_texts) - self.paragraphs
        came = rows - len(self._tables[0].row_texts)
        return len(self._tables) > limits.most_tables or came + gone > limits.recent_share * rows

    @property
    def paragraphs(self) -> int:
        """The number of paragraphs that hold a shingle."""
        return int(self._counts[self._numbers != NONE].sum(dtype=np.int64))

    def numbers(self, hashes: NDArray[np.uint64]) -> Ints:
        """The numbers of texts by their hashes; NONE for those that are not there, or are gone."""
        numbers = np.full(len(hashes), NONE, dtype=np.int64)
        before = 0
        for table in self._tables:
            place = places_of(hashes, table.texts)
            numbers[place >= 0] = before + place[place >= 0]
            before += len(table.texts)
        there = numbers != NONE
        numbers[there] = np.where(self.alive[numbers[there]], numbers[there], NONE)
        return numbers

    def changes(self, last: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
        """The texts that are new, and those touched, since the files were those of some keys [k, ascending].

        Two masks [T]: new ones are there and were not; touched ones stand, or stood, in files that came or
        went. None when the tables lack one of the files of `last`.
        """
        place = places_of(self._keys, last)
        found = np.zeros(len(last) + 1, dtype=np.bool_)  # the last stands for none
        found[place] = True
        if not found[:-1].all():
            return None
        seen, touched = np.zeros(len(self), dtype=np.bool_), np.zeros(len(self), dtype=np.bool_)
        known = place >= 0
        seen[self.row_texts[np.repeat(known, self._counts)]] = True
        touched[self.row_texts[np.repeat(known != (self._numbers != NONE), self._counts)]] = True
        return self.alive & ~seen, touched

    @cached_property
    def paired_characters(self) -> Ints:
        """[files] normalised characters of the paragraphs that may be in pairs."""
        live = self.row_files != NONE
        weights = self._row_lengths[live]
        return np.bincount(self.row_files[live], weights, len(self.files)).astype(np.int64)

    @cached_property
    def file_ranks(self) -> Ints:
        """[files] 0 for the earliest; what has no date comes last; equals stand by path."""
        ranks = np.empty(len(self.files), dtype=np.int64)
        ranks[np.argsort(self.dates, kind="stable")] = np.arange(len(self.files))
        return ranks

    @cached_property
    def ranks(self) -> Ints:
        """[T] lowest for the text whose earliest paragraph is the earliest; distinct but for gone texts."""
        live = self.row_files != NONE
        ranks = np.full(len(self), _NEVER, dtype=np.int64)
        starts = _joined([one.row_starts for one in self._tables])[live]
        keys = pack(self.file_ranks[self.row_files[live]], starts).astype(np.int64)
        np.minimum.at(ranks, self.row_texts[live], keys)
        return ranks

    @cached_property
    def _first_rows(self) -> Ints:
        """[T] a row of each text in a file that is there; NONE for texts that are gone."""
        rows = np.flatnonzero(self.row_files != NONE)
        first = np.full(len(self), NONE, dtype=np.int64)
        first[self.row_texts[rows]] = rows
        return first

    @cached_property
    def _row_signatures(self) -> NDArray[np.uint32]:
        return _joined([one.row_signatures for one in self._tables])

    @cached_property
    def _row_lengths(self) -> NDArray[np.uint32]:
        return _joined([one.row_lengths for one in self._tables])

    def occurrences(self, chosen: NDArray[np.bool_]) -> Occurrences:
        """The paragraphs of some texts [T]."""
        rows = np.flatnonzero(chosen[self.row_texts] & (self.row_files != NONE))
        starts = _joined([one.row_starts for one in self._tables])[rows].astype(np.int64)
        order = np.argsort(pack(self.row_files[rows], starts))
        rows = rows[order]
        return Occurrences(
            text=self.row_texts[rows].astype(np.int64),
            file=self.row_files[rows].astype(np.int64),
            start=starts[order],
            end=_joined([one.row_ends for one in self._tables])[rows].astype(np.int64),
            characters=self._row_lengths[rows].astype(np.int64),
            original=_joined([one.row_originals for one in self._tables])[rows],
            row=rows,
        )

    def words(self, band: int, keys: NDArray[np.uint64] | None = None) -> NDArray[np.uint64]:
        """Words key << 32 | text of one band, ascending; those of texts that are gone are among them.

        Of the buckets of some keys, ascending, or all.
        """
        pieces = [one.words[band] for one in self._tables]
        words = _joined(pieces if keys is None else [_with_keys(piece, keys) for piece in pieces])
        if len(pieces) > 1:
            words.sort(kind="stable")  # which merges what is in order already
        return words

    def signatures(self, texts: Ints) -> NDArray[np.uint32]:
        """Signatures [n, permutations] of some texts."""
        result = np.empty((len(texts), self._permutations), dtype=np.uint32)
        for here, segment, rows in self._in_segments(texts):
            result[here] = segment.signatures[rows]
        self._relieve()
        return result

    def keys(self, texts: Ints) -> NDArray[np.uint64]:
        """Keys [n, bands] of the buckets that some texts are in."""
        short = self.lengths(texts) < SHORT
        codes, starts = self.codes(texts[short])
        return short_keys(text_keys(self.signatures(texts), short, codes, starts, self.banding))

    def lengths(self, texts: Ints) -> Ints:
        """Normalised characters of some texts."""
        return self._row_lengths[self._first_rows[texts]].astype(np.int64)

    def codes(self, texts: Ints) -> tuple[NDArray[np.uint32], Ints]:
        """Normalised codes of some texts laid end to end, and their borders [n + 1]."""
        starts = np.concatenate(([0], np.cumsum(self.lengths(texts))))
        codes = np.empty(int(starts[-1]), dtype=np.uint32)
        for here, segment, rows in self._in_segments(texts):
            codes[expand(starts[here], starts[here + 1])[0]] = paragraph_codes(segment, rows)[0]
        self._relieve()
        return codes, starts

    def beginning(self, occurrences: Occurrences, number: int, most: int) -> str:
        """At most so many code points of a paragraph as it is written."""
        file, row = int(occurrences.file[number]), int(occurrences.row[number])
        segment = self.files.segments[int(self.files.segment[file])]
        signature = int(self._signature(np.array([row]))[0])
        begin = int(segment.paragraph_bytes[int(segment.signature_paragraphs[signature])])
        length = min(int(occurrences.end[number] - occurrences.start[number]), most)
        return segment.text[begin : begin + 4 * length].tobytes().decode("utf-8", "ignore")[:length]

    def places(self, occurrences: Occurrences) -> NDArray[np.uint64]:
        """[n] a hash of what stands where, the same from scan to scan."""
        starts, ends = occurrences.start.astype(np.uint64), occurrences.end.astype(np.uint64)
        paths = self.files.path_hashes[occurrences.file]
        return combine(paths, starts, ends, self.texts[occurrences.text])

    def _in_segments(self, texts: Ints) -> Iterator[tuple[Ints, Segment, Ints]]:
        """For each segment: which of some texts are read there, and the numbers of their signatures."""
        rows = self._first_rows[texts]
        files = self.row_files[rows]
        segments = self.files.segment[files]
        for place, segment in enumerate(self.files.segments):
            here = np.flatnonzero(segments == place)
            if len(here):
                yield here, segment, self._signature(rows[here])

    def _relieve(self) -> None:
        """Let go of what has been read of files, if that has become much."""
        for container in self._containers:
            container.relieve(MOST_MAPPED)


def _with_keys(words: NDArray[np.uint64], keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Of words key << 32 | text, ascending, those with one of the keys."""
    first = np.searchsorted(words, keys << np.uint64(32))
    last = np.searchsorted(words, keys + np.uint64(1) << np.uint64(32))
    last[keys == _LAST_KEY] = len(words)
    return words[expand(first, last)[0]]


def _joined(pieces: list[NDArray[Number]]) -> NDArray[Number]:
    """Arrays laid end to end; one alone as it is, mapped."""
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
