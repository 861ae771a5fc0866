"""From parsed documents to one segment: gathered file by file, sketched batch by batch, written once."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.index.container import Array, Content, write_aside
from dedup.index.keys import bigrams_within, folded_batches, inverted_bands, inverted_grams
from dedup.index.segment import CODE_SPACE, SegmentSize, letter_type
from dedup.index.sketching import Sketcher
from dedup.model import Document, Part
from dedup.sketch.scheme import Scheme
from dedup.text.stream import stream_document

_FACTS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_BLOCK = 1 << 16
_NO_SHINGLE = 0xFFFFFFFF
"""What fills the signature of a part too short for a shingle."""


@dataclass(slots=True)
class _Columns:
    """One list of arrays or numbers a column; see `dedup.index.segment.Segment` for their meaning."""

    text: list[bytes] = field(default_factory=list)
    facts: list[bytes] = field(default_factory=list)
    file_lengths: list[int] = field(default_factory=list)
    file_parts: list[int] = field(default_factory=list)
    file_paragraphs: list[int] = field(default_factory=list)
    part_facts: list[bytes] = field(default_factory=list)
    part_spans: list[tuple[int, int]] = field(default_factory=list)
    part_lengths: list[int] = field(default_factory=list)
    part_paragraphs: list[tuple[int, int]] = field(default_factory=list)
    codes: list[NDArray[np.uint32]] = field(default_factory=list)
    paragraph_starts: list[NDArray[np.int64]] = field(default_factory=list)
    paragraph_ends: list[NDArray[np.int64]] = field(default_factory=list)
    paragraph_kinds: list[NDArray[np.uint8]] = field(default_factory=list)
    paragraph_bytes: list[NDArray[np.int64]] = field(default_factory=list)
    paragraph_positions: list[NDArray[np.int64]] = field(default_factory=list)
    paragraph_lengths: list[NDArray[np.int64]] = field(default_factory=list)
    signatures: list[NDArray[np.uint32]] = field(default_factory=list)
    signed: list[NDArray[np.int64]] = field(default_factory=list)


class SegmentBuilder:
    """Gathers documents and writes them as one segment.

    Memory while gathering is about 15 bytes a character (text, codes, signatures), while writing 12 more.
    """

    def __init__(self, scheme: Scheme, ahead: int = 0) -> None:
        """`ahead`: bytes of text that are to be added, about; for many it is worth preparing."""
        self._scheme = scheme
        self._ahead = ahead
        self._columns = _Columns()
        self._bytes = 0
        self._paragraphs = 0
        self._next_position = 0
        """Where the next part begins in the segment's coordinates; always a multiple of the gram step."""
        self._sketcher = Sketcher(scheme, ahead)

    @property
    def files(self) -> int:
        """Files gathered so far; the next one's number."""
        return len(self._columns.text)

    @property
    def positions(self) -> int:
        """How far the segment's coordinates reach."""
        return self._next_position

    def add(self, document: Document) -> int:
        """Add one file; return its normalised characters that take part."""
        columns = self._columns
        text = document.text.encode("utf-8", "surrogatepass")
        match = stream_document(document)
        codes = match.text.codes
        columns.text.append(text)
        columns.facts.append(_json({"path": document.name, "missing": list(document.missing_parts)}))
        columns.file_lengths.append(len(document.text))
        columns.file_parts.append(len(document.parts))
        columns.file_paragraphs.append(len(document.paragraphs))

        count = len(document.paragraphs)
        lengths = np.zeros(count, dtype=np.int64)
        lengths[match.text.paragraph_numbers] = np.diff(match.text.paragraph_starts)
        positions = np.full(count, self._next_position, dtype=np.int64)
        for number, part in enumerate(document.parts):
            begin, end = match.part_starts[number], match.part_starts[number + 1]
            first, last = match.part_paragraphs[number], match.part_paragraphs[number + 1]
            numbers = match.text.paragraph_numbers[first:last]
            positions[numbers] = match.text.paragraph_starts[first:last] - begin + self._next_position
            self._add_part(part, codes[begin:end])
        columns.paragraph_starts.append(document.paragraphs.starts)
        columns.paragraph_ends.append(document.paragraphs.ends)
        columns.paragraph_kinds.append(document.paragraphs.kinds)
        columns.paragraph_bytes.append(_byte_offsets(text, document.paragraphs.starts) + self._bytes)
        columns.paragraph_positions.append(positions)
        columns.paragraph_lengths.append(lengths)

        numbers = match.text.paragraph_numbers + self._paragraphs
        self._sketcher.add(codes, match.text.paragraph_starts, numbers)
        self._bytes += len(text)
        self._paragraphs += count
        return len(codes)

    def _add_part(self, part: Part, codes: NDArray[np.uint32]) -> None:
        notice = part.notice
        facts: dict[str, object] = {"title": part.title}
        if notice is not None:
            span = [notice.span.start, notice.span.end]
            facts["notice"] = [notice.text, span, notice.no_copying, notice.origin]
        columns = self._columns
        columns.part_facts.append(_json(facts))
        columns.part_spans.append((part.span.start, part.span.end))
        columns.part_lengths.append(len(codes))
        columns.part_paragraphs.append(
            (part.first_paragraph + self._paragraphs, part.last_paragraph + self._paragraphs)
        )
        columns.codes.append(codes)
        # Rounded up to the gram step, so that every part's sampling begins at its first code.
        self._next_position += len(codes) + -len(codes) % self._scheme.gram_step

    def write(self, path: str, *, with_postings: bool = True) -> SegmentSize:
        """Write the segment to a file of a passing name and forget everything gathered. Raises OSError.

        Without postings it can only be merged (`dedup.index.merge`), which makes them anew anyway.
        """
        for signatures, numbers in self._sketcher.finish():
            self._columns.signatures.append(signatures)
            self._columns.signed.append(numbers)
        characters = int(sum(self._columns.part_lengths))
        files, parts = len(self._columns.text), len(self._columns.part_lengths)
        size = write_aside(path, self._arrays(os.path.dirname(path), with_postings))
        result = SegmentSize(size, files, parts, self._paragraphs, characters)
        self.__init__(self._scheme, self._ahead)  # type: ignore[misc]  # as good as new
        return result

    def _arrays(self, folder: str, with_postings: bool) -> Iterator[Content]:
        """The arrays of the segment, each made when it is about to be written."""
        columns, scheme = self._columns, self._scheme
        lengths = np.array(columns.part_lengths, dtype=np.int64)
        padded = lengths + -lengths % scheme.gram_step
        part_positions = _offsets(padded)
        codes = np.zeros(int(part_positions[-1]), dtype=np.uint32)
        for position, part_codes in zip(part_positions.tolist(), columns.codes, strict=False):
            codes[position : position + len(part_codes)] = part_codes
        columns.codes = []
        alphabet, letters = _compact(codes)
        del codes
        batches = folded_batches(alphabet, letters)
        no_signatures = np.empty((0, scheme.permutations), dtype=np.uint32)
        columnar: dict[str, Array | list[Array]] = {
            "text": [np.frombuffer(text, dtype=np.uint8) for text in columns.text],
            "file_text": _offsets([len(text) for text in columns.text]),
            "file_characters": np.array(columns.file_lengths, dtype=np.uint32),
            "file_parts": _offsets(columns.file_parts).astype(np.uint32),
            "file_paragraphs": _offsets(columns.file_paragraphs).astype(np.uint32),
            **_strings("file_facts", columns.facts),
            "part_positions": part_positions.astype(np.uint32),
            "part_lengths": lengths.astype(np.uint32),
            "part_spans": np.array(columns.part_spans, dtype=np.uint32).reshape(-1, 2),
            "part_paragraphs": np.array(columns.part_paragraphs, dtype=np.uint32).reshape(-1, 2),
            **_strings("part_facts", columns.part_facts),
            "paragraph_starts": _joined(columns.paragraph_starts, np.uint32),
            "paragraph_ends": _joined(columns.paragraph_ends, np.uint32),
            "paragraph_kinds": _joined(columns.paragraph_kinds, np.uint8),
            "paragraph_bytes": _joined(columns.paragraph_bytes, np.int64),
            "paragraph_positions": _joined(columns.paragraph_positions, np.uint32),
            "paragraph_lengths": _joined(columns.paragraph_lengths, np.uint32),
            "alphabet": alphabet,
            "letters": letters,
            "bigrams": bigrams_within(batches, part_positions, lengths),
            "part_signatures": _part_signatures(columns, scheme.permutations),
            "signature_paragraphs": _joined(columns.signed, np.uint32),
            "signatures": [*columns.signatures, no_signatures],
        }
        yield from columnar.items()
        if with_postings:
            signed = sum(map(len, columns.signatures))
            yield inverted_bands(columns.signatures, signed, scheme, folder)
            columns.signatures = []
            yield inverted_grams(batches, part_positions, lengths, scheme, folder)


def _part_signatures(columns: _Columns, permutations: int) -> NDArray[np.uint32]:
    """[parts, permutations] signatures of whole parts: the minima of their paragraphs' signatures.

    The minimum over a union of shingle sets is the minimum of the sets' minima (Broder 1997).
    """
    result = np.full((len(columns.part_lengths), permutations), _NO_SHINGLE, dtype=np.uint32)
    begins = np.array(columns.part_paragraphs, dtype=np.int64).reshape(-1, 2)[:, 0]
    # Batches hold whole files: no part lies in two.
    for signatures, paragraphs in zip(columns.signatures, columns.signed, strict=True):
        part = np.searchsorted(begins, paragraphs, side="right") - 1
        borders = np.flatnonzero(np.diff(part, prepend=-1, append=-1))
        for first, last in pairwise(borders.tolist()):
            # Ten times as fast as one `reduceat` over rows.
            np.minimum.reduce(signatures[first:last], axis=0, out=result[part[first]])
    return result


def _compact(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.unsignedinteger[Any]]]:
    """The distinct codes, ascending, and each code as a number into them, of 16 bits if that is enough."""
    present = np.zeros(CODE_SPACE, dtype=np.bool_)
    present[codes] = True
    alphabet = np.flatnonzero(present).astype(np.uint32)
    numbers: NDArray[np.unsignedinteger[Any]] = np.zeros(CODE_SPACE, dtype=letter_type(alphabet))
    numbers[alphabet] = np.arange(len(alphabet))
    letters = np.empty(len(codes), dtype=numbers.dtype)
    for first in range(0, len(codes), _BLOCK):
        block = slice(first, first + _BLOCK)
        numbers.take(codes[block], out=letters[block], mode="clip")  # other modes keep what they write aside
    return alphabet, letters


def _byte_offsets(text: bytes, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where code points number `places` begin in UTF-8."""
    if text.isascii():
        return places.astype(np.int64)
    # Continuation bytes are 0x80 … 0xBF, which are the smallest as signed numbers.
    begins = np.flatnonzero(np.frombuffer(text, dtype=np.int8) >= -64)
    return begins[places]


def _strings(name: str, strings: list[bytes]) -> dict[str, NDArray[Any]]:
    return {
        name: np.frombuffer(b"".join(strings), dtype=np.uint8),
        name + "_starts": _offsets([len(string) for string in strings]),
    }


def _offsets(lengths: Any) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(np.asarray(lengths, dtype=np.int64)))).astype(np.int64)


def _joined(arrays: list[Any], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([*arrays, np.empty(0, dtype=kind)]).astype(kind)


def _json(facts: dict[str, object]) -> bytes:
    return _FACTS.encode(facts).encode("utf-8", "surrogatepass")
