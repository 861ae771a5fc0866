"""Marking a document in a copy of it: what to mark, and having that done in the child process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from importlib import import_module
from typing import Any

from dedup.errors import UnsupportedInput
from dedup.messages import Words
from dedup.readers.formats import detect
from dedup.readers.reading import Context
from dedup.records import dataclass
from dedup.settings import ReadingLimits

MARKERS = {"docx": "dedup.readers.docx_marking", "pdf": "dedup.readers.pdf_marking"}
"""Modules with `mark(data, marks, context) -> Marked`, by the format of the document."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A stretch of the text to be coloured."""

    start: int
    end: int
    colour: str
    """Six hexadecimal digits: red, green, blue."""


@dataclass(frozen=True, slots=True)
class Note:
    """A stretch of the text to be commented on."""

    start: int
    end: int
    text: str
    colour: str = ""
    """Of the stretch where the format has no shades but coloured notes; empty for none."""


@dataclass(frozen=True, slots=True)
class Marks:
    """All there is to mark in one document."""

    text_digest: str
    """`digest_of` the text that the offsets count in: a document that reads otherwise is not marked."""
    shades: tuple[Shade, ...]
    """In order; they do not overlap."""
    notes: tuple[Note, ...]
    """In order of their starts."""
    author: str = "dedup"
    date: str = ""
    """ISO 8601."""

    def require(self, text: str, context: Context) -> None:
        """Raises UnsupportedInput if the offsets do not count in this text."""
        if digest_of(text) != self.text_digest:
            raise unmarkable(context.name)


@dataclass(frozen=True, slots=True)
class Marked:
    """A copy of a document with marks in it."""

    content: bytes
    unplaced: int = 0
    """Notes whose text could not be found in the document: it came from a document inside it, say."""


def digest_of(text: str) -> str:
    """SHA-256 of a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def unmarkable(name: str) -> UnsupportedInput:
    """The error of a document that can be read and not be marked."""
    return UnsupportedInput(name, Words("marking.impossible"))


def mark(
    data: bytes, path: str | os.PathLike[str], marks: Marks, limits: ReadingLimits | None = None
) -> Marked:
    """A copy of a document's content with marks. Raises UnsupportedInput where that cannot be done."""
    from dedup.readers.sandbox import sandbox_for

    name = os.fspath(path)
    found = detect(data, name)
    if found not in MARKERS:
        raise unmarkable(name)
    return sandbox_for(limits or ReadingLimits()).mark(data, name, found, marks)


def mark_inside(data: bytes, format_name: str, marks: Marks, context: Context) -> Marked:
    """Mark in this very process: the child's part."""
    marked: Marked = import_module(MARKERS[format_name]).mark(data, marks, context)
    return marked


def marks_of(record: Mapping[str, Any]) -> Marks:
    """The marks that were made a record for the child."""
    shades = tuple(Shade(**one) for one in record["shades"])
    notes = tuple(Note(**one) for one in record["notes"])
    return Marks(**{**record, "shades": shades, "notes": notes})
