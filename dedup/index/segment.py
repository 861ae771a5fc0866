"""One open segment: an immutable, memory-mapped piece of the index that holds whole files.

Positions are normalised characters in the segment's own coordinates: part p lies at
`part_positions[p] … + part_lengths[p]`, and begins at a multiple of the gram step.
"""

from __future__ import annotations

import codecs
import json
import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged
from dedup.index.container import REBUILD, Container
from dedup.index.decoded import LONG, Decoded, LongParagraphs
from dedup.index.postings import Postings
from dedup.model import Notice, ParagraphKind, Span
from dedup.text.normalize import normalize

CODE_SPACE = 0x110000
"""One more than the largest code point."""


@dataclass(frozen=True, slots=True)
class SegmentSize:
    """What a written segment holds."""

    bytes: int
    files: int
    parts: int
    paragraphs: int
    characters: int
    """Normalised characters that take part."""


def letter_type(alphabet: NDArray[np.uint32]) -> type[np.unsignedinteger[Any]]:
    """What numbers into an alphabet are kept as."""
    return np.uint16 if len(alphabet) <= 1 << 16 else np.uint32


class Segment:
    """The arrays of one segment file, each read when touched."""

    def __init__(self, path: str, size: int | None = None) -> None:
        """Map the file. Raises FileNotFoundError, IndexDamaged or IndexFormatError."""
        self.path = path
        self.container = Container(path, size)
        array = self.container.array
        self.text: NDArray[np.uint8] = array("text")
        """UTF-8 of all files, laid end to end."""
        self.file_text: NDArray[np.int64] = array("file_text")
        """[files + 1] where each file begins in `text`."""
        self.file_parts: NDArray[np.uint32] = array("file_parts")
        """[files + 1] each file's first part."""
        self.file_paragraphs: NDArray[np.uint32] = array("file_paragraphs")
        """[files + 1] each file's first paragraph."""
        self.part_positions: NDArray[np.uint32] = array("part_positions")
        self.part_lengths: NDArray[np.uint32] = array("part_lengths")
        self.part_paragraphs: NDArray[np.uint32] = array("part_paragraphs")
        """[parts, 2] first paragraph and one past the last."""
        self.paragraph_starts: NDArray[np.uint32] = array("paragraph_starts")
        """[paragraphs] code-point offsets in the file's text; `paragraph_ends` likewise."""
        self.paragraph_ends: NDArray[np.uint32] = array("paragraph_ends")
        self.paragraph_bytes: NDArray[np.int64] = array("paragraph_bytes")
        """[paragraphs] where each begins in `text`."""
        self.paragraph_positions: NDArray[np.uint32] = array("paragraph_positions")
        self.paragraph_lengths: NDArray[np.uint32] = array("paragraph_lengths")
        self.letters: NDArray[np.unsignedinteger[Any]] = array("letters")
        """[positions] the normalised codes, as numbers into `alphabet`."""
        self.alphabet: NDArray[np.uint32] = array("alphabet")
        self._long_paragraphs = LongParagraphs()

    @property
    def number(self) -> int:
        """Its number in the index, which its file is named for."""
        return int(os.path.basename(self.path).partition(".")[0])

    @property
    def files(self) -> int:
        """How many files it holds, dead ones included."""
        return len(self.file_parts) - 1

    @property
    def parts(self) -> int:
        """How many parts it holds, dead ones included."""
        return len(self.part_lengths)

    @property
    def inverted(self) -> bool:
        """Whether it has postings; one without can only be merged."""
        return "gram_values" in self.container

    @cached_property
    def grams(self) -> Postings:
        """Gram keys → sample numbers (position ÷ gram step)."""
        return self._postings("gram")

    @cached_property
    def bands(self) -> Postings:
        """Band keys → rows of `signatures`."""
        return self._postings("band")

    def _postings(self, name: str) -> Postings:
        array = self.container.array
        return Postings(array(f"{name}_directory"), array(f"{name}_tags"), array(f"{name}_values"))

    @property
    def signatures(self) -> NDArray[np.uint32]:
        """[signed paragraphs, permutations]; those too short for a shingle have none."""
        return self.container.array("signatures")

    @property
    def signature_paragraphs(self) -> NDArray[np.uint32]:
        """[signed paragraphs] the paragraph each signature is of."""
        return self.container.array("signature_paragraphs")

    @property
    def bigrams(self) -> NDArray[np.uint32]:
        """[buckets] how often each bigram occurs; see `dedup.sketch.background`."""
        return self.container.array("bigrams")

    @property
    def part_signatures(self) -> NDArray[np.uint32]:
        """[parts, permutations] signatures of whole parts."""
        return self.container.array("part_signatures")

    def file_of(self, part: int) -> int:
        """The file a part belongs to."""
        # Of the array's own type, or all of it would be converted.
        return int(np.searchsorted(self.file_parts, np.uint32(part), side="right")) - 1

    def path_and_missing_parts(self, file: int) -> tuple[str, tuple[str, ...]]:
        """A file's path below the corpus folder, and the parts its contents list names in vain."""
        facts = self._facts("file_facts", file)
        return facts["path"], tuple(facts["missing"])

    def files_named(self, path: str) -> list[int]:
        """The files at a path below the corpus folder: one, or several of which all but one are dead."""
        starts = self.container.array("file_facts_starts")
        facts = self.container.array("file_facts").tobytes()
        wanted = json.dumps({"path": path}, ensure_ascii=False, separators=(",", ":"))[:-1]
        beginning = wanted.encode("utf-8", "surrogatepass")
        found: list[int] = []
        place = facts.find(beginning)
        while place >= 0:
            file = int(np.searchsorted(starts, place, side="right")) - 1
            if starts[file] == place and self.path_and_missing_parts(file)[0] == path:
                found.append(file)
            place = facts.find(beginning, place + 1)
        return found

    def file_length(self, file: int) -> int:
        """Code points of a file's text."""
        return int(self.container.array("file_characters")[file])

    def title_and_notice(self, part: int) -> tuple[str, Notice | None]:
        """A part's title, and its notice if it has one."""
        facts = self._facts("part_facts", part)
        if "notice" not in facts:
            return facts["title"], None
        text, (start, end), no_copying, origin = facts["notice"]
        return facts["title"], Notice(text, Span(start, end), no_copying, origin)

    def part_span(self, part: int) -> Span:
        """Where a part lies in its file's text."""
        start, end = self.container.array("part_spans")[part].tolist()
        return Span(start, end)

    def _facts(self, name: str, number: int) -> dict[str, Any]:
        self.container.relieve()
        start, end = self.container.array(name + "_starts")[number : number + 2].tolist()
        facts: dict[str, Any] = json.loads(self.container.array(name)[start:end].tobytes())
        return facts

    def codes(self, part: int, start: int, end: int) -> NDArray[np.uint32]:
        """Normalised codes of positions [start, end) of a part."""
        self.container.relieve()
        origin = int(self.part_positions[part])
        letters = self.letters[origin + start : origin + end]
        return np.take(self.alphabet, letters)

    def offsets(self, part: int, start: int, end: int) -> NDArray[np.int64]:
        """Code-point offsets, in the file's text, of positions [start, end) of a part.

        Only the paragraphs that hold them are decoded. Raises IndexDamaged when they are altered.
        """
        self.container.relieve()
        origin = int(self.part_positions[part])
        first, last = (int(number) for number in self.part_paragraphs[part])
        positions = self.paragraph_positions[first:last]
        lengths = self.paragraph_lengths[first:last]
        inside = np.flatnonzero(
            (lengths > 0) & (positions < origin + end) & (positions + lengths > origin + start)
        )
        if not len(inside):
            return np.empty(0, dtype=np.int64)
        pieces = []
        for number in inside.tolist():
            begin = origin + start - int(positions[number])
            offsets = self._paragraph(first + number).offsets[max(begin, 0) : begin + end - start]
            pieces.append(offsets + int(self.paragraph_starts[first + number]))
        return np.concatenate(pieces)

    def _paragraph(self, number: int) -> Decoded:
        return self._long_paragraphs.get(number, self._decode_paragraph)

    def _decode_paragraph(self, number: int) -> Decoded:
        begin = int(self.paragraph_bytes[number])
        length = int(self.paragraph_ends[number]) - int(self.paragraph_starts[number])
        # No code point takes more than four bytes; what follows the paragraph is cut off after decoding.
        text = self._decode(begin, begin + 4 * length)[:length]
        offsets = normalize(text).offsets
        if len(offsets) != int(self.paragraph_lengths[number]):
            raise IndexDamaged(self.path, f"paragraph {number} is not the text that was indexed", REBUILD)
        return Decoded(text, offsets)

    def _is_long(self, number: int) -> bool:
        """Whether a paragraph is kept once it was decoded."""
        return int(self.paragraph_lengths[number]) >= LONG

    def substring(self, part: int, start: int, end: int) -> str:
        """Code points [start, end) of the text of the file a part belongs to."""
        self.container.relieve()
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

    def taking_part(self, part: int) -> int:
        """How many paragraphs of a part take part."""
        first, last = (int(number) for number in self.part_paragraphs[part])
        kinds = self.container.array("paragraph_kinds")[first:last]
        return int((kinds <= ParagraphKind.HEADING).sum())

    def _decode(self, begin: int, end: int) -> str:
        """Text of bytes [begin, end), of which the end may cut a character in two."""
        try:
            return codecs.utf_8_decode(self.text[begin:end].tobytes(), "surrogatepass", False)[0]
        except UnicodeDecodeError:
            raise IndexDamaged(self.path, "its text is no longer UTF-8", REBUILD) from None
