"""Read Word 97 by antiword, whose three forms of output each tell a part of what is seen.

Its plain text holds every character, hidden and deleted ones too, and sets tables in columns of lines. Its
text with marks (`*bold*`) leaves out what is not seen; its XML gives the cells of tables whole.
"""

from __future__ import annotations

import html
import re

from dedup.readers.programs import ProgramFailed, run
from dedup.readers.reading import Context

_MARKS = frozenset("*/_")
"""Characters that the marked text puts around bold, italic and underlined words."""
_TABLE = re.compile(r"(?:^\|.*\|[ ]*\n?)+", re.MULTILINE)
_STOOD_HERE = "\ue000\n"
"""Placeholder for a table; a private-use character that no text has."""
_XML_TABLE = re.compile(r"<informaltable.*?</informaltable>", re.DOTALL)
_CELL = re.compile(r"<entry[^>]*>(.*?)</entry>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_INSERTED = re.compile(r"\[(?:pic|\?)\]")
"""What stands for a picture, or for a note whose number antiword does not know."""


def text_of(path: str, context: Context) -> str:
    """Return the text of a document as it is seen. Raises ProgramFailed."""
    plain = _output(["-w", "0", "-m", "UTF-8.txt"], path, context)
    if not plain.strip():
        return plain
    text, tables = _TABLE.subn(_STOOD_HERE, plain)
    try:
        marked = _TABLE.sub(_STOOD_HERE, _output(["-f", "-w", "0", "-m", "UTF-8.txt"], path, context))
        cells = _tables_of(_output(["-x", "db"], path, context)) if tables else []
    except ProgramFailed:
        return plain
    seen = _seen(text, marked)
    if len(cells) == tables == seen.count(_STOOD_HERE):
        for table in cells:
            seen = seen.replace(_STOOD_HERE, table, 1)
    elif tables:
        return plain
    return _INSERTED.sub("", seen)


def _output(options: list[str], path: str, context: Context) -> str:
    text = run(["antiword", *options, path], context).decode("utf-8", "replace")
    return text.removeprefix("\n")  # it begins every text so


def _tables_of(xml: str) -> list[str]:
    """Return the text of each table, a line for every paragraph of a cell."""
    tables = []
    for table in _XML_TABLE.findall(xml):
        cells = (html.unescape(_TAG.sub("", cell)) for cell in _CELL.findall(table))
        lines = [line.strip() for cell in cells for line in cell.split("\n")]
        tables.append("".join(line + "\n" for line in lines if line))
    return tables


def _seen(plain: str, marked: str) -> str:
    """Return the plain text without what the marked text lacks; all of it if they are not one text."""
    if plain == marked:
        return plain
    kept: list[str] = []
    at = 0
    for character in marked:
        if character in _MARKS and plain[at : at + 1] != character:
            continue
        found = plain.find(character, at)
        if found < 0:
            return plain
        kept.append(character)
        at = found + 1
    return "".join(kept)
