"""A segment: an immutable, memory-mapped piece of the index that holds whole files.

Its fields and their axes are those of `dedup.index.fields`.
"""

from __future__ import annotations

import codecs
import json
import os
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.document import Notice, ParagraphKind, Span
from dedup.errors import IndexDamaged
from dedup.index.container import Array, Container, Stored
from dedup.index.fields import FIELD, Field
from dedup.index.postings import Postings
from dedup.limits import LIMITS, Limits
from dedup.messages import Words
from dedup.records import dataclass
from dedup.sketch.background import BigramTables
from dedup.text.normalize import fold_slots, normalize

LONG = 1 << 12
"""Normalised characters from which a paragraph is long."""


class Decoded(NamedTuple):
    """A piece of text decoded from a segment."""

    text: str
    offsets: NDArray[np.int64]
    """Offsets of its normalised characters: from the beginning of a paragraph, otherwise of the file."""


class LongParagraphs:
    """A cache of the long paragraphs decoded last, by number.

    The offsets of a region are found by decoding its paragraph from the beginning. That is quick, but a book
    may be one paragraph with thousands of regions.
    """

    def __init__(self, most: int) -> None:
        """Hold `most` characters in all, or one longer paragraph."""
        self._most = most
        self._kept: dict[int, Decoded] = {}
        self._characters = 0

    def get(self, number: int, decode: Callable[[int], Decoded]) -> Decoded:
        """A paragraph, decoded unless it is in the cache."""
        found = self._kept.pop(number, None)
        if found is None:
            found = decode(number)
            if len(found.offsets) < LONG:
                return found
            self._make_room(len(found.text))
            self._characters += len(found.text)
        self._kept[number] = found
        return found

    def _make_room(self, characters: int) -> None:
        while self._kept and self._characters + characters > self._most:
            longest_ago = next(iter(self._kept))
            self._characters -= len(self._kept.pop(longest_ago).text)


@dataclass(frozen=True, slots=True)
class Finished:
    """A segment, written and synced under a temporary name."""

    path: str
    bytes: int
    files: int
    characters: int
    """Normalised characters that take part."""


_SHORT_READS = 8
"""Short reads after which the system is asked how much is mapped."""


class Segment:
    """The fields of one segment file, read when used: short ones are arrays, long ones `Stored`."""

    text: Stored
    letters: Stored
    file_paths: Stored
    paragraph_starts: Stored
    paragraph_ends: Stored
    paragraph_kinds: Stored
    paragraph_bytes: Stored
    paragraph_positions: Stored
    paragraph_lengths: Stored
    part_signatures: Stored
    signature_paragraphs: Stored
    signatures: Stored

    def __init__(self, path: str, size: int | None = None, limits: Limits = LIMITS) -> None:
        """Map the file. Raises FileNotFoundError, IndexDamaged or IndexFormatError."""
        self.path = path
        self.container = Container(path, size, limits)
        self._long_paragraphs = LongParagraphs(limits.kept_characters)
        self._reads = 0

    def __getattr__(self, name: str) -> Array:
        """A field by its name. Raises IndexDamaged when it is altered."""
        field = FIELD.get(name)
        if field is None:
            raise AttributeError(name)
        array: Any
        if field.long:
            array = self.container.stored(name)
        else:
            array = self.container.array(name) if name in self.container else self._missing(field)
        setattr(self, name, array)
        return array  # type: ignore[no-any-return]

    def _missing(self, field: Field) -> Array:
        """Zeros in place of an optional field that a segment of an older version lacks."""
        if not field.optional:
            raise IndexDamaged(self.path, Words("index.no_array", name=field.name))
        rows = {"files": self.files, "parts": self.parts}.get(field.per, 0) + field.ends
        return np.zeros(rows, dtype=field.dtype)

    @property
    def number(self) -> int:
        """Its number in the index, which its file is named for."""
        return int(os.path.basename(self.path).partition(".")[0])

    @property
    def files(self) -> int:
        """Number of its files, dead ones included."""
        return len(self.file_parts) - 1

    @property
    def parts(self) -> int:
        """Number of its parts, dead ones included."""
        return len(self.part_lengths)

    @property
    def file_characters(self) -> NDArray[np.int64]:
        """Number of normalised characters of each file that take part, int64[files]."""
        before = np.concatenate(([0], np.cumsum(self.part_lengths, dtype=np.int64)))
        return np.diff(before[self.file_parts])

    @property
    def file_signatures(self) -> NDArray[np.int64]:
        """Row of the first signature of each file, and the number of signatures, int64[files + 1]."""
        return np.searchsorted(self.signature_paragraphs, self.file_paragraphs)

    @property
    def inverted(self) -> bool:
        """True if it has postings; a segment without can only be merged."""
        return "gram_values" in self.container

    @cached_property
    def grams(self) -> Postings:
        """Gram keys → sample numbers (position ÷ gram step)."""
        return self._postings("gram")

    @cached_property
    def runs(self) -> Postings:
        """Keys of grams of `Scheme.run_size` characters → sample numbers."""
        return self._postings("run")

    @cached_property
    def bands(self) -> Postings:
        """Band keys → rows of `signatures`."""
        return self._postings("band")

    def _postings(self, name: str) -> Postings:
        stored = self.container.stored
        return Postings(stored(f"{name}_directory"), stored(f"{name}_tags"), stored(f"{name}_values"))

    def file_of(self, part: int) -> int:
        """The file a part belongs to."""
        # The number must have the array's type, or NumPy would convert the whole array.
        return int(np.searchsorted(self.file_parts, np.uint32(part), side="right")) - 1

    def file_path(self, file: int) -> str:
        """A file's path below the corpus folder."""
        return self._string("file_paths", file)

    def paths(self) -> list[str]:
        """The paths of all files, in their order."""
        written = self.file_paths.whole().tobytes()
        places = self.file_paths_starts.tolist()
        return [written[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(places)]

    def missing_parts(self, file: int) -> tuple[str, ...]:
        """The titles in a file's contents list that the file does not hold."""
        written = self._string("file_missing", file)
        return tuple(json.loads(written)) if written else ()

    def files_named(self, path: str) -> list[int]:
        """Numbers of the files at a path below the corpus folder; at most one of them is alive."""
        starts, written = self.file_paths_starts, self.file_paths.whole().tobytes()
        wanted = path.encode("utf-8", "surrogatepass")
        found: list[int] = []
        place = written.find(wanted)
        while place >= 0:
            file = int(np.searchsorted(starts, place, side="right")) - 1
            if starts[file] == place and starts[file + 1] == place + len(wanted):
                found.append(file)
            place = written.find(wanted, place + 1)
        return found

    def file_reader_names(self) -> list[str]:
        """Name and version of the reader of each file."""
        names = self.readers.tobytes().decode().split("\n")
        return [names[number] for number in self.file_readers.tolist()]

    def reader_of(self, file: int) -> str:
        """Name and version of the reader of a file."""
        return self.readers.tobytes().decode().split("\n")[int(self.file_readers[file])]

    def title_and_notice(self, part: int) -> tuple[str, Notice | None]:
        """A part's title, and its notice if it has one."""
        facts = json.loads(self._string("part_facts", part))
        if "notice" not in facts:
            return facts["title"], None
        text, (start, end), no_copying, origin = facts["notice"]
        return facts["title"], Notice(text, Span(start, end), no_copying, origin)

    def part_span(self, part: int) -> Span:
        """Span of a part in its file's text."""
        start, end = self.part_spans[part].tolist()
        return Span(start, end)

    def _string(self, name: str, number: int) -> str:
        self._relieve()
        start, end = getattr(self, f"{name}_starts")[number : number + 2].tolist()
        written: bytes = getattr(self, name)[start:end].tobytes()
        return written.decode("utf-8", "surrogatepass")

    def _relieve(self) -> None:
        """Release mapped pages if they are too many; looks once in several reads: short ones add little."""
        self._reads += 1
        if self._reads % _SHORT_READS == 0:
            self.container.relieve()

    def codes(self, part: int, start: int, end: int) -> NDArray[np.uint32]:
        """Normalised codes of positions [start, end) of a part."""
        self._relieve()
        origin = int(self.part_positions[part])
        letters = self.letters[origin + start : origin + end]
        return self.alphabet.take(letters, mode="clip")

    def codes_of(
        self, parts: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.uint32]:
        """Normalised codes of positions [start, end) of many parts, laid end to end."""
        return self.alphabet.take(self._letters_of(parts, starts, ends), mode="clip")

    def bigrams_of(
        self, parts: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
        """Bigram buckets and digits of positions [start, end) of many parts, laid end to end.

        See `Index.bigrams`.
        """
        letters = self._letters_of(parts, starts, ends).astype(np.intp)
        buckets = np.zeros(len(letters), np.uint16)
        if len(letters):
            buckets[:-1] = self._bigram_tables.buckets(letters)
        return buckets, self._digits.take(letters, mode="clip")

    @cached_property
    def _bigram_tables(self) -> BigramTables:
        return BigramTables(fold_slots(self.alphabet))

    @cached_property
    def _digits(self) -> NDArray[np.uint8]:
        """The code of each digit of the alphabet, 0 for other characters, uint8[alphabet]."""
        return np.where(self.alphabet - np.uint32(ord("0")) < 10, self.alphabet, 0).astype(np.uint8)

    def _letters_of(
        self, parts: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.unsignedinteger[Any]]:
        self._relieve()
        origins = self.part_positions[parts].astype(np.int64)
        first, last = origins + starts, origins + ends
        holding = last > first
        self.letters.verify(first[holding], last[holding])
        stored = self.letters.unverified
        pieces = [stored[begin:end] for begin, end in zip(first.tolist(), last.tolist(), strict=True)]
        return np.concatenate([stored[:0], *pieces])

    def verify_paragraphs(self, parts: NDArray[np.int64]) -> None:
        """Verify the fields that locate the paragraphs of some parts. Raises IndexDamaged."""
        first, last = self.part_paragraphs[parts].astype(np.int64).T
        holding = last > first
        for column in (
            self.paragraph_positions,
            self.paragraph_lengths,
            self.paragraph_starts,
            self.paragraph_ends,
            self.paragraph_bytes,
        ):
            column.verify(first[holding], last[holding])

    def offsets(self, part: int, start: int, end: int) -> NDArray[np.int64]:
        """Code-point offsets, in the file's text, of positions [start, end) of a part."""
        return self.stretch(part, start, end).offsets

    def stretch(self, part: int, start: int, end: int) -> Decoded:
        """The file's text from the first of positions [start, end) of a part to the last, and their offsets.

        Only the paragraphs that hold them are decoded. Raises IndexDamaged when they are altered.
        """
        self._relieve()
        origin = int(self.part_positions[part])
        first, last = (int(number) for number in self.part_paragraphs[part])
        positions = self.paragraph_positions[first:last]
        lengths = self.paragraph_lengths[first:last]
        inside = np.flatnonzero(
            (lengths > 0) & (positions < origin + end) & (positions + lengths > origin + start)
        )
        if not len(inside) or start >= end:
            return Decoded("", np.empty(0, dtype=np.int64))
        if (lengths[inside] < LONG).all():
            begin = max(0, origin + start - int(positions[inside[0]]))
            return self._together(first + inside, begin, begin + end - start)
        pieces = []
        for number in inside.tolist():
            begin = origin + start - int(positions[number])
            offsets = self._paragraph(first + number).offsets[max(begin, 0) : begin + end - start]
            pieces.append(offsets + int(self.paragraph_starts[first + number]))
        whole = np.concatenate(pieces)
        return Decoded(self.substring(part, int(whole[0]), int(whole[-1]) + 1), whole)

    def _together(self, numbers: NDArray[np.int64], begin: int, end: int) -> Decoded:
        """Characters [begin, end) of short paragraphs laid end to end, whose text is decoded in one piece."""
        first, last = int(numbers[0]), int(numbers[-1]) + 1
        starts = self.paragraph_starts[first:last].astype(np.int64)
        ends = self.paragraph_ends[first:last].astype(np.int64)
        opening, closing = self.paragraph_bytes[first:last][[0, -1]].tolist()
        # No code point takes more than four bytes; what follows the last paragraph is cut off after decoding.
        text = self._decode(opening, closing + 4 * int(ends[-1] - starts[-1]))
        offsets: NDArray[np.int64] = normalize(text[: int(ends[-1] - starts[0])]).offsets + starts[0]
        lengths = self.paragraph_lengths[first:last]
        # Usually every character between them takes part, and none need be left out.
        if len(numbers) < last - first or len(offsets) != int(lengths.sum()):
            among = numbers - first
            begins, stops = np.searchsorted(offsets, starts[among]), np.searchsorted(offsets, ends[among])
            altered = stops - begins != lengths[among]
            if altered.any():
                number = int(numbers[altered.argmax()])
                raise IndexDamaged(self.path, Words("index.paragraph", number=number))
            kept = [offsets[a:b] for a, b in zip(begins.tolist(), stops.tolist(), strict=True)]
            offsets = np.concatenate(kept)
        offsets = offsets[begin:end].copy()  # a view would keep the whole array in memory
        return Decoded(text[int(offsets[0] - starts[0]) : int(offsets[-1] - starts[0]) + 1], offsets)

    def _paragraph(self, number: int) -> Decoded:
        return self._long_paragraphs.get(number, self._decode_paragraph)

    def _decode_paragraph(self, number: int) -> Decoded:
        begin = int(self.paragraph_bytes[number])
        length = int(self.paragraph_ends[number]) - int(self.paragraph_starts[number])
        # No code point takes more than four bytes; what follows the paragraph is cut off after decoding.
        text = self._decode(begin, begin + 4 * length)[:length]
        offsets = normalize(text).offsets
        if len(offsets) != int(self.paragraph_lengths[number]):
            raise IndexDamaged(self.path, Words("index.paragraph", number=number))
        return Decoded(text, offsets)

    def _is_long(self, number: int) -> bool:
        """True if a paragraph is long enough for the cache."""
        return int(self.paragraph_lengths[number]) >= LONG

    def substring(self, part: int, start: int, end: int) -> str:
        """Code points [start, end) of the text of the file a part belongs to."""
        self._relieve()
        file = self.file_of(part)
        file_begin, file_end = self.file_text[file : file + 2].tolist()
        first, last = self.file_paragraphs[file : file + 2].tolist()
        # Decoding begins at the nearest paragraph before.
        starts = self.paragraph_starts[first:last]
        number = int(np.searchsorted(starts, np.uint32(start), side="right")) - 1
        offset, begin = (
            (0, file_begin)
            if number < 0
            else (int(starts[number]), int(self.paragraph_bytes[first + number]))
        )
        if number >= 0 and self._is_long(first + number) and end <= int(self.paragraph_ends[first + number]):
            return self._paragraph(first + number).text[start - offset : end - offset]
        limit = min(file_end, begin + 4 * (end - offset))
        return self._decode(begin, limit)[start - offset : end - offset]

    def file_content(self, file: int) -> str:
        """The whole text of a file."""
        begin, end = self.file_text[file : file + 2].tolist()
        return self.text[begin:end].tobytes().decode("utf-8", "surrogatepass")

    def paragraph_number(self, part: int, offset: int) -> int:
        """Number of the paragraph at a code point of the file, counted from 1 over those that take part."""
        first, last = (int(number) for number in self.part_paragraphs[part])
        begun = int(np.searchsorted(self.paragraph_starts[first:last], np.uint32(offset), side="right"))
        return int((self.paragraph_kinds[first : first + begun] <= ParagraphKind.HEADING).sum())

    def taking_part(self, part: int) -> int:
        """Number of paragraphs of a part that take part."""
        first, last = (int(number) for number in self.part_paragraphs[part])
        kinds = self.paragraph_kinds[first:last]
        return int((kinds <= ParagraphKind.HEADING).sum())

    def _decode(self, begin: int, end: int) -> str:
        """Decode bytes [begin, end); a character cut in two at the end is dropped."""
        try:
            return codecs.utf_8_decode(self.text[begin:end].tobytes(), "surrogatepass", False)[0]
        except UnicodeDecodeError:
            raise IndexDamaged(self.path, Words("index.text")) from None
