"""A document: one file as read, its plain text, its structure and what is to be said of its reading.

All records are frozen and know nothing of files. Offsets are half-open and count Unicode code points of a
document's *plain text*: decoded, a leading BOM removed, CRLF and CR turned into LF.
"""

from __future__ import annotations

import enum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dedup.messages import Language, text, unpacked
from dedup.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points of a plain text."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Notice:
    """A line such as 「本文系邮箱投稿，仅供学习参考，请勿照搬照抄！」: provenance and terms."""

    text: str
    span: Span
    no_copying: bool
    origin: str
    """How the document came, in the notice's own word (投稿, 原创, 网络整理); empty if it does not say."""


class ParagraphKind(enum.IntEnum):
    """The kinds of paragraphs (lines of the file). Only BODY and HEADING are matched and counted."""

    BODY = 0
    HEADING = 1
    TITLE = 2
    NOTICE = 3
    CONTENTS = 4
    FURNITURE = 5
    """Lines around the text on a page or a screen: heads, imprints, page numbers, rules, links."""

    @property
    def takes_part(self) -> bool:
        """Tell whether such paragraphs are matched, indexed and counted."""
        return self <= _LAST_TO_TAKE_PART


_LAST_TO_TAKE_PART = int(ParagraphKind.HEADING)  # NumPy takes 15 µs to find out what a member is


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The paragraphs of a document as columns of equal length, ordered and not overlapping.

    Spans leave out surrounding white space; lines of white space only are no paragraphs.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    kinds: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def taking_part(self) -> NDArray[np.bool_]:
        """Which paragraphs are matched, indexed and counted."""
        return self.kinds <= _LAST_TO_TAKE_PART


@dataclass(frozen=True, slots=True)
class Part:
    """One document inside a file: the whole file, or one piece of a collection file."""

    title: str
    span: Span
    first_paragraph: int
    last_paragraph: int
    """One past the last paragraph."""
    notice: Notice | None


HiddenKind = Literal["vanish", "white", "tiny", "off-page", "behind-image"]
"""Marked as hidden · in the colour of its ground · under four points high · outside the page · covered."""
RemarkCode = Literal[
    "hidden-text", "revisions", "no-text", "cipher-font", "ocr", "bad-bytes", "cut-end", "damaged", "limit",
    "skipped-member", "embedded", "macros", "renamed", "converted", "quoted-history", "stripped-markup",
    "empty-form",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about how a file was read that bears on what was compared."""

    code: RemarkCode
    count: int = 0
    """How many: characters of hidden text, revisions accepted, pages without text, bytes replaced."""
    detail: str = ""
    """A name: of the member left out and why, the program that converted, the limit that was met."""


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text that nobody sees on the page. It is no part of the plain text."""

    start: int
    """Place in the plain text where it stood."""
    text: str
    kind: HiddenKind


PlaceKind = Literal["page", "sheet", "member"]


@dataclass(frozen=True, slots=True)
class Place:
    """From where in the plain text a page, a sheet or a member of an archive goes on."""

    start: int
    kind: PlaceKind
    name: str
    """The number of a page, the name of a sheet, the path of a member."""


@dataclass(frozen=True, slots=True)
class Properties:
    """The data a file holds about itself. Titles and authors stand there too, as often wrong as right."""

    created: str = ""
    """ISO 8601, as precise as it was given; so is `modified`."""
    modified: str = ""
    producer: str = ""
    """Program that wrote the file."""
    pages: int = 0
    """0 when unknown."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read: its plain text and its structure."""

    name: str
    """Path below the corpus folder with `/`, or the submission's path as given."""
    text: str
    paragraphs: Paragraphs
    parts: tuple[Part, ...]
    """At least one; in order; together they hold every paragraph except those of a contents list."""
    missing_parts: tuple[str, ...] = ()
    """Titles that the contents list names and the file does not hold."""
    remarks: tuple[Remark, ...] = ()
    """How the file was read, where that bears on what is compared."""
    hidden: tuple[HiddenText, ...] = ()
    places: tuple[Place, ...] = ()
    """Pages, sheets or members, in order; empty for a plain text."""
    properties: Properties = Properties()
    format: str = "text"
    """The name that `dedup.readers.formats` has for what the file was."""

    @property
    def title(self) -> str:
        return self.parts[0].title


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that could not be used, and why."""

    path: str
    reason: str
    """A message as `dedup.messages.packed` writes it, so that it can be kept and said in either language."""

    def why(self, language: Language) -> str:
        """The reason in a language."""
        return text(unpacked(self.reason), language)
