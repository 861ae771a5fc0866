"""Marks in a copy of a Word document: shading on its runs, and comments (ECMA-376, part 1, 17.13.4).

A run is cut where a mark begins or ends. Nothing else in the document changes: styles, revisions, fields and
all other parts of the package are copied. Comments are anchored in the main text only, since no other part
may hold any: a comment on a note or a text box is anchored where the note or box is.
"""

from __future__ import annotations

import io
import zipfile

from dedup.errors import UnsupportedInput
from dedup.readers.docx import read, read_traced
from dedup.readers.docx_comments import Comments
from dedup.readers.docx_runs import Runs
from dedup.readers.marks import Marked, Marks, unmarkable
from dedup.readers.package import Package
from dedup.readers.reading import Budget, Context


def mark(data: bytes, marks: Marks, context: Context) -> Marked:
    """A copy of the document with marks. Raises UnsupportedInput if the marks are for another text."""
    traced = read_traced(data, context)
    marks.require(traced.text, context)
    runs = Runs.cut(traced.pieces, marks)
    runs.shade(marks.shades)
    anchored = Comments(traced, context, marks).add(runs)
    content = _written(traced.package, anchored.parts)
    again = Context(context.name, Budget(context.limits), context.read_inside, context.depth)
    try:
        marks.require(read(content, again).text, context)
    except UnsupportedInput:
        raise unmarkable(context.name) from None
    return Marked(content, anchored.unplaced)


def _written(package: Package, changed: dict[str, bytes]) -> bytes:
    """The package with some parts changed or added; all others are copied, in the same order."""
    file = io.BytesIO()
    left = dict(changed)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in package.entries:
            name = entry.filename.lstrip("/")
            if not package.is_current(entry):
                continue
            content = left.pop(name) if name in left else package.unpacked(entry)
            copy = zipfile.ZipInfo(entry.filename, entry.date_time)
            copy.external_attr = entry.external_attr
            stored = entry.compress_type == zipfile.ZIP_STORED
            written.writestr(copy, content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
        for name, content in left.items():
            written.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
