"""Read Word 97–2003 (`.doc`) and `.wps` of that format: by antiword, else by LibreOffice.

antiword takes a hundredth of a second and refuses unknown content; LibreOffice takes seconds.
"""

from __future__ import annotations

import shutil
from dataclasses import replace

from dedup.document import Remark
from dedup.readers import antiword
from dedup.readers.formats import FORMATS
from dedup.readers.programs import ProgramFailed, converted, put_down
from dedup.readers.reading import Composer, Context, Reading, damaged

_LEAST = 8_192
"""Bytes below which an OLE2 file holds no document, so that LibreOffice need not be tried."""


def read(data: bytes, context: Context) -> Reading:
    """Read a Word binary. Raises UnsupportedInput when neither program can."""
    text = _by_antiword(data, context)
    if not text.strip() and len(data) >= _LEAST:  # antiword omits text drawn by fields, such as ruby
        reading = _by_libreoffice(data, context)
        if reading and reading.text.strip():
            return reading
    if not text:
        raise damaged(context.name)
    composer = Composer(context)
    for line in text.replace("\r\n", "\n").replace("\u00ad", "").split("\n"):
        composer.paragraph(line.strip("\x00").rstrip())
    return composer.reading("doc", [Remark("converted", 1, "antiword")])


def _by_antiword(data: bytes, context: Context) -> str:
    if not shutil.which("antiword"):
        return ""
    try:
        with put_down(data, ".doc") as path:  # antiword cannot read from a pipe
            return antiword.text_of(path, context)
    except ProgramFailed:
        return ""


def _by_libreoffice(data: bytes, context: Context) -> Reading | None:
    """Return the document as a reader reads what LibreOffice makes of it.

    That is today's kind of Word document, if it can be read here: its plain text tells nothing of hidden and
    deleted characters.
    """
    if not shutil.which("soffice"):
        return None
    try:
        kind = "txt" if FORMATS["docx"].missing() else "docx"
        reading = context.read_inside(converted(data, kind, context), context)
    except ProgramFailed:
        return None
    return replace(reading, format="doc", remarks=(*reading.remarks, Remark("converted", 1, "LibreOffice")))
