"""Read Word 97–2003 (`.doc`) and `.wps` of that format: by antiword, else by LibreOffice.

antiword takes a hundredth of a second and refuses unknown content; LibreOffice takes seconds.
"""

from __future__ import annotations

import shutil

from dedup.document import Remark
from dedup.readers.programs import ProgramFailed, converted, put_down, run
from dedup.readers.reading import Composer, Context, Reading, damaged

_LEAST = 8_192
"""Bytes below which an OLE2 file holds no document, so that LibreOffice need not be tried."""


def read(data: bytes, context: Context) -> Reading:
    """Read a Word binary. Raises UnsupportedInput when neither program can."""
    text = _by_antiword(data, context)
    program = "antiword"
    if not text.strip() and len(data) >= _LEAST:  # antiword omits text drawn by fields, such as ruby
        other = _by_libreoffice(data, context)
        text, program = (other, "LibreOffice") if other.strip() else (text, program)
    if not text:
        raise damaged(context.name)
    composer = Composer(context)
    for line in text.replace("\r\n", "\n").replace("\u00ad", "").split("\n"):
        composer.paragraph(line.strip("\x00").rstrip())
    return composer.reading("doc", [Remark("converted", 1, program)])


def _by_antiword(data: bytes, context: Context) -> str:
    if not shutil.which("antiword"):
        return ""
    try:
        with put_down(data, ".doc") as path:  # antiword cannot read from a pipe
            text = run(["antiword", "-w", "0", "-m", "UTF-8.txt", path], context)
    except ProgramFailed:
        return ""
    return text.decode("utf-8", "replace").removeprefix("\n")  # antiword begins every text with it


def _by_libreoffice(data: bytes, context: Context) -> str:
    if not shutil.which("soffice"):
        return ""
    try:
        return converted(data, context)
    except ProgramFailed:
        return ""
