"""Marks for a copy of a document: shades, notes, and the result of marking."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from dedup.errors import UnsupportedInput
from dedup.messages import Words
from dedup.readers.reading import Context
from dedup.records import dataclass


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
    """Colour of the stretch in formats with coloured notes instead of shades; empty for none."""


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks for one document."""

    text_digest: str
    """`digest_of` the text to which the offsets refer: a document with another text is not marked."""
    shades: tuple[Shade, ...]
    """In order; they do not overlap."""
    notes: tuple[Note, ...]
    """In order of their starts."""
    author: str = "dedup"
    date: str = ""
    """ISO 8601."""

    def require(self, text: str, context: Context) -> None:
        """Raise UnsupportedInput if the offsets do not refer to this text."""
        if digest_of(text) != self.text_digest:
            raise unmarkable(context.name)


@dataclass(frozen=True, slots=True)
class Marked:
    """A copy of a document with marks in it."""

    content: bytes
    unplaced: int = 0
    """Number of notes whose text is not in the document itself, but for example in an embedded one."""


def digest_of(text: str) -> str:
    """SHA-256 of a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def unmarkable(name: str) -> UnsupportedInput:
    """The error for a document that can be read but not marked."""
    return UnsupportedInput(name, Words("marking.impossible"))


def marks_of(record: Mapping[str, Any]) -> Marks:
    """The marks from the record that was sent to the child."""
    shades = tuple(Shade(**one) for one in record["shades"])
    notes = tuple(Note(**one) for one in record["notes"])
    return Marks(**{**record, "shades": shades, "notes": notes})
