"""Reading the documents that a command line names."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from dedup.cli.output import STANDARD_INPUT

if TYPE_CHECKING:
    from dedup.document import Document, Skipped
    from dedup.readers import Reading
    from dedup.settings import Language, ReadingLimits


def standard_input(limits: ReadingLimits) -> bytes:
    """All that comes on standard input. Raises UnreadableInput where there is none, or too much."""
    from dedup.readers import bounded

    try:
        return bounded(sys.stdin.buffer, STANDARD_INPUT, limits)
    except (OSError, AttributeError) as error:  # it was closed by who started us
        from dedup.errors import MissingInput
        from dedup.messages import Words

        raise MissingInput(STANDARD_INPUT, Words("input.no_stdin")) from error


def read_input(
    name: str, limits: ReadingLimits, *, ocr: bool = False, content: bytes | None = None
) -> Reading:
    """What stands at a path, or on standard input for `-`, if it is not read yet. Raises UnreadableInput."""
    from dedup.readers import read, read_content

    if name == STANDARD_INPUT and content is None:
        content = standard_input(limits)
    return read(name, limits, ocr=ocr) if content is None else read_content(content, name, limits, ocr=ocr)


def read_document(
    name: str, limits: ReadingLimits, *, ocr: bool = False, content: bytes | None = None
) -> Document:
    """The document at a path, or on standard input for `-`, if not read yet; all of an archive is one."""
    reading = read_input(name, limits, ocr=ocr, content=content)
    from dedup.readers.documents import document_of

    return document_of(name, reading)


def read_documents(
    name: str, limits: ReadingLimits, *, ocr: bool = False, content: bytes | None = None
) -> tuple[list[Document], list[Skipped]]:
    """The documents at a path: one, or those in an archive; and what in that could not be read."""
    reading = read_input(name, limits, ocr=ocr, content=content)
    from dedup.readers.documents import documents_of

    return documents_of(name, reading)


def remarks_on(document: Document, language: Language) -> list[str]:
    """What there is to say about how a document was read, a line each, beginning with its name."""
    if not document.remarks:
        return []
    from dedup.messages import Words, text, unpacked

    lines = []
    for remark in document.remarks:
        name, _, reason = remark.detail.partition(": ")
        detail = f"{name}: {text(unpacked(reason), language)}" if reason else remark.detail
        lines.append(
            f"{document.name}: "
            + text(Words(f"remark.{remark.code}", count=remark.count, detail=detail), language)
        )
    return lines
