"""Marking a document in a copy of it, which the child process does."""

from __future__ import annotations

import os
from importlib import import_module

from dedup.readers.formats import detect
from dedup.readers.marks import Marked, Marks, unmarkable
from dedup.readers.reading import Context
from dedup.readers.sandbox import sandbox_for
from dedup.settings import ReadingLimits

MARKERS = {"docx": "dedup.readers.docx_marking", "pdf": "dedup.readers.pdf_marking"}
"""Modules with `mark(data, marks, context) -> Marked`, by the format of the document."""


def mark(
    data: bytes, path: str | os.PathLike[str], marks: Marks, limits: ReadingLimits | None = None
) -> Marked:
    """A copy of a document's content with marks. Raises UnsupportedInput where that cannot be done."""
    name = os.fspath(path)
    found = detect(data, name)
    if found not in MARKERS:
        raise unmarkable(name)
    return sandbox_for(limits or ReadingLimits()).mark(data, name, found, marks)


def mark_inside(data: bytes, format_name: str, marks: Marks, context: Context) -> Marked:
    """Mark in this process, which is the child."""
    marked: Marked = import_module(MARKERS[format_name]).mark(data, marks, context)
    return marked
