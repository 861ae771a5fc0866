"""The fields of a segment: one table that the writer, the reader and the merger go by.

Fields are laid out along axes: a field has one row for each file, part, paragraph …, and may hold places on
another axis. This is enough to merge segments: rows of living files are copied one after the other, and
places are shifted by the number of elements before them.

Positions are normalised characters in the segment's own coordinates: part p lies at `part_positions[p]` … +
`part_lengths[p]`, and begins at a multiple of the gram step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.records import dataclass

CODE_SPACE = 0x110000
"""One more than the largest code point."""


@dataclass(frozen=True, slots=True)
class Field:
    """One named array of a segment."""

    name: str
    dtype: str | None
    """Element type in NumPy's notation; None where it depends on the content."""
    per: str = ""
    """The axis along which it has one row for each element; empty for a table of its own."""
    into: str = ""
    """The axis on which its values are places; empty where they are no places."""
    ends: bool = False
    """True if it has one row more: the begin of each element on `into`, and the end of the last."""
    width: int | None = 1
    """Number of columns; None for one for each permutation of the signatures."""
    made: bool = False
    """Made anew from other fields when segments are merged, not copied."""
    long: bool = False
    """Too long to be read whole for a few rows: read by rows, each verified when it is read."""
    optional: bool = False
    """May be missing in a segment that an older version wrote: zeros stand for it, which mean "unknown"."""


def _texts(name: str, per: str) -> Iterator[Field]:
    """A UTF-8 text for each element of an axis: the bytes of all, and the begin of each."""
    yield Field(name, "u1", per=name, long=True)
    yield Field(f"{name}_starts", "i8", per=per, into=name, ends=True)


def _postings(name: str) -> Iterator[Field]:
    """A map from keys to numbers; see `dedup.index.postings`. A segment that is to be merged has none."""
    for array, dtype in (("directory", "u4"), ("tags", "u2"), ("values", "u4")):
        yield Field(f"{name}_{array}", dtype, made=True, long=True)


FIELDS: tuple[Field, ...] = (
    # Files. `text`: UTF-8, laid end to end. `file_missing`: JSON, listed titles that the file does not hold.
    Field("text", "u1", per="text", long=True),
    Field("file_text", "i8", per="files", into="text", ends=True),
    Field("file_parts", "u4", per="files", into="parts", ends=True),
    Field("file_paragraphs", "u4", per="files", into="paragraphs", ends=True),
    *_texts("file_paths", "files"),
    *_texts("file_missing", "files"),
    # What the file was when it was read: see `FileStamp`. `file_readers` are numbers of lines of `readers`.
    Field("file_sizes", "i8", per="files"),
    Field("file_mtimes", "i8", per="files"),
    Field("file_ctimes", "i8", per="files", optional=True),
    Field("file_inodes", "u8", per="files", optional=True),
    Field("file_modes", "u4", per="files", optional=True),
    Field("file_digests", "u1", per="files", width=16),
    Field("file_readers", "u2", per="files", made=True, optional=True),
    Field("readers", "u1", made=True, optional=True),
    # Parts. `part_facts`: JSON, title and notice. `part_spans`: code points of the file's text.
    Field("part_positions", "u4", per="parts", into="positions", ends=True),
    Field("part_lengths", "u4", per="parts"),
    Field("part_spans", "u4", per="parts", width=2),
    Field("part_paragraphs", "u4", per="parts", into="paragraphs", width=2),
    *_texts("part_facts", "parts"),
    # Paragraphs. Starts and ends are code points of the file's text, `paragraph_bytes` lie in `text`.
    Field("paragraph_starts", "u4", per="paragraphs", long=True),
    Field("paragraph_ends", "u4", per="paragraphs", long=True),
    Field("paragraph_kinds", "u1", per="paragraphs", long=True),
    Field("paragraph_bytes", "i8", per="paragraphs", into="text", long=True),
    Field("paragraph_positions", "u4", per="paragraphs", into="positions", long=True),
    Field("paragraph_lengths", "u4", per="paragraphs", long=True),
    # Normalised codes: `letters` are numbers into `alphabet`, the distinct codes, ascending.
    Field("alphabet", "u4", made=True),
    Field("letters", None, per="positions", made=True, long=True),
    # [buckets] counts of bigrams; see `dedup.sketch.background`.
    Field("bigrams", "u4", made=True),
    # MinHash signatures of parts, and of the paragraphs that hold a shingle ("signed").
    Field("part_signatures", "u4", per="parts", width=None, long=True),
    Field("signature_paragraphs", "u4", per="signed", into="paragraphs", long=True),
    Field("signatures", "u4", per="signed", width=None, long=True),
    # Band keys → rows of `signatures`; keys of grams and of run grams (a common run of 13 characters always
    # holds a sampled one) → sample numbers (position ÷ gram step).
    *_postings("band"),
    *_postings("gram"),
    *_postings("run"),
)
FIELD = {field.name: field for field in FIELDS}


class FileStamp(NamedTuple):
    """The facts of a corpus file that tell later whether it must be read again."""

    size: int = 0
    """Size in bytes."""
    mtime_ns: int = 0
    """Time of change of the content; −1 when the next refresh must look at the content again."""
    ctime_ns: int = 0
    """Time of change of content or attributes; 0 where the system has none."""
    inode: int = 0
    digest: bytes = bytes(16)
    """A 128-bit hash of the content."""
    mode: int = 0
    """Permission bits."""
    reader: str = ""
    """Name and version of the reader that read it, in one line."""


def letter_type(alphabet: NDArray[np.uint32]) -> type[np.unsignedinteger[Any]]:
    """The element type of numbers into an alphabet."""
    return np.uint16 if len(alphabet) <= 1 << 16 else np.uint32


def begins(lengths: Any) -> NDArray[np.int64]:
    """Begins of n pieces of some lengths laid end to end, and the end of the last, int64[n + 1]."""
    return np.concatenate(([0], np.cumsum(np.asarray(lengths, dtype=np.int64)))).astype(np.int64)


def lines_of(readers: list[str]) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """The fields `file_readers`, the number of each file's reader, and `readers`, their names, one a line."""
    names = sorted(set(readers))
    number = {name: place for place, name in enumerate(names)}
    numbers = np.array([number[name] for name in readers], dtype=np.uint16)
    return numbers, np.frombuffer("\n".join(names).encode(), dtype=np.uint8)
