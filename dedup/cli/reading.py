"""Read the documents that a command line names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dedup.cli.console import complain
from dedup.cli.output import STANDARD_INPUT
from dedup.configuration import settings_for
from dedup.errors import UnreadableInput

if TYPE_CHECKING:
    from dedup.document import Document, Skipped
    from dedup.readers import Reading
    from dedup.settings import Language, ReadingLimits, Settings


def standard_input(limits: ReadingLimits) -> bytes:
    """The content of standard input. Raises UnreadableInput if it is closed or too large."""
    from dedup.readers import bounded

    try:
        return bounded(sys.stdin.buffer, STANDARD_INPUT, limits)
    except (OSError, AttributeError) as error:  # the parent process closed it
        from dedup.errors import MissingInput
        from dedup.messages import Words

        raise MissingInput(STANDARD_INPUT, Words("input.no_stdin")) from error


def read_input(
    name: str, limits: ReadingLimits, *, ocr: bool = False, content: bytes | None = None
) -> Reading:
    """Read a path, or standard input for `-`, unless `content` is given. Raises UnreadableInput."""
    from dedup.readers import read, read_content

    if name == STANDARD_INPUT and content is None:
        content = standard_input(limits)
    return read(name, limits, ocr=ocr) if content is None else read_content(content, name, limits, ocr=ocr)


def read_document(
    name: str, limits: ReadingLimits, *, ocr: bool = False, content: bytes | None = None
) -> Document:
    """The document at a path, or on standard input for `-`; an archive is read as one document."""
    reading = read_input(name, limits, ocr=ocr, content=content)
    from dedup.readers.documents import document_of

    return document_of(name, reading)


def read_documents(
    name: str, limits: ReadingLimits, *, ocr: bool = False, content: bytes | None = None
) -> tuple[list[Document], list[Skipped]]:
    """The documents at a path (one, or those in an archive), and the members that could not be read."""
    reading = read_input(name, limits, ocr=ocr, content=content)
    from dedup.readers.documents import documents_of

    return documents_of(name, reading)


def complained(name: str, error: UnreadableInput, language: Language) -> Skipped:
    """Complain about a document that is skipped."""
    from dedup.document import Skipped

    complain(error.line(language))
    return Skipped(name, error.reason)


def read_all(
    files: Sequence[str], settings: Settings, content: Callable[[str], bytes | None], *, ocr: bool = False
) -> tuple[list[Document], tuple[Skipped, ...]]:
    """The documents that can be read, and those that cannot, about each of which it complains once.

    `content` returns the content of a file that is not to be read from its path, else None.
    """
    documents: list[Document] = []
    skipped: list[Skipped] = []
    for name in files:
        try:
            settings_for(settings, name)  # raises before any work
            found, missing = read_documents(name, settings.reading, ocr=ocr, content=content(name))
        except UnreadableInput as error:
            skipped.append(complained(name, error, settings.language))
            continue
        for one in missing:
            complain(f"{one.path}: {one.why(settings.language)}")
        skipped.extend(missing)
        documents.extend(found)
    return documents, tuple(skipped)


def remarks_on(document: Document, language: Language) -> list[str]:
    """The remarks on how a document was read, a line each, beginning with its name."""
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
