"""Make the documents to compare of the readings of files."""

from __future__ import annotations

import os
from dataclasses import replace

from dedup.document import Document, Remark, Skipped
from dedup.readers import read
from dedup.readers.reading import Reading
from dedup.settings import ReadingLimits
from dedup.text.structure import parse

_MOST_SENTENCES = 3
"""Full stops up to which a text may be a blank form, whose notes have some."""
_ARCHIVES = frozenset({"zip", "rar", "7z"})


def read_document(path: str | os.PathLike[str], limits: ReadingLimits | None = None) -> Document:
    """Read a file as one document. Raises UnreadableInput."""
    return document_of(os.fspath(path), read(path, limits))


def document_of(name: str, reading: Reading) -> Document:
    """The document of a reading, with remarks on how it was read."""
    document = parse(name, reading.text)
    return replace(
        document,
        remarks=(*reading.remarks, *_on_form(reading.text)),
        hidden=reading.hidden,
        places=reading.places,
        properties=reading.properties,
        format=reading.format,
    )


def _on_form(text: str) -> tuple[Remark, ...]:
    """The remark on a blank form; empty for other text."""
    if text.count("。") > _MOST_SENTENCES:
        return ()
    from dedup.text.blank_forms import is_blank_form

    return (Remark("empty-form"),) if is_blank_form(text) else ()


def documents_of(name: str, reading: Reading) -> tuple[list[Document], list[Skipped]]:
    """The documents of a reading, and the members that could not be read; each member is a document.

    A member is named after the archive and its path inside, `bundle.zip/report.docx`.
    """
    if reading.format not in _ARCHIVES:
        return [document_of(name, reading)], []
    documents: list[Document] = []
    skipped: list[Skipped] = []
    for member in reading.members:
        path = f"{name}/{member.name}"
        if member.reading is None:
            skipped.append(Skipped(path, member.reason))
            continue
        inner, missing = documents_of(path, member.reading)
        documents.extend(inner)
        skipped.extend(missing)
    return documents, skipped
