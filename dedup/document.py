"""A document: one file as read, with its plain text, its structure, and remarks on its reading.

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
    """Origin of the document in the notice's own word (投稿, 原创, 网络整理); empty if it gives none."""


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


_LAST_TO_TAKE_PART = int(ParagraphKind.HEADING)  # comparing with a member takes NumPy 15 µs


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
        """Mask of the paragraphs that are matched, indexed and counted, bool[paragraphs]."""
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
    """A remark on how a file was read that concerns the compared text."""

    code: RemarkCode
    count: int = 0
    """Number of characters of hidden text, accepted revisions, pages without text, or replaced bytes."""
    detail: str = ""
    """Name of the member left out with the reason, of the converting program, or of the limit reached."""


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text that is invisible on the page. It is not part of the plain text."""

    start: int
    """Offset in the plain text at which it was."""
    text: str
    kind: HiddenKind


PlaceKind = Literal["page", "sheet", "member"]


@dataclass(frozen=True, slots=True)
class Place:
    """The start of a page, a sheet or a member of an archive in the plain text."""

    start: int
    kind: PlaceKind
    name: str
    """The number of a page, the name of a sheet, the path of a member."""


@dataclass(frozen=True, slots=True)
class Properties:
    """Metadata of a file. Title and author are not used, as they are often wrong."""

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
    """Remarks on how the file was read that concern the compared text."""
    hidden: tuple[HiddenText, ...] = ()
    places: tuple[Place, ...] = ()
    """Pages, sheets or members, in order; empty for a plain text."""
    properties: Properties = Properties()
    format: str = "text"
    """Name of the file's format in `dedup.readers.formats`."""

    @property
    def title(self) -> str:
        return self.parts[0].title


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that could not be used, with the reason."""

    path: str
    reason: str
    """A message packed by `dedup.messages.packed`, so that it can be stored and shown in either language."""

    def why(self, language: Language) -> str:
        """The reason, in a language."""
        return text(unpacked(self.reason), language)
