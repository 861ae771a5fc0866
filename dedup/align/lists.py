"""Text that is no prose: enumerations, references, rows of tables.

Two papers about the same thing name the same bodies in the same order, cite the same works and fill in the
same tables. None of that is anybody's own wording, so it counts as set phrases do. The figures of a table are
different: they are its content, and equal ones are copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from dedup.document import Span
from dedup.sketch.arrays import Bools, Ints
from dedup.text.looks import Expression

_ITEM = r"[^，。；：！？、\s《》“”0-9]{1,8}"
_ENUMERATION = Expression(rf"(?:{_ITEM}、){{5,}}{_ITEM}", "、")
"""Six short items or more."""
_BODY = (
    r"[^，。；：！？、\s《》“”0-9]{3,20}"
    r"(?:[局委办部厅院署社会队省市县区镇乡村]|中心|公司|街道|政府|集团)"
)
_BODIES = Expression(rf"(?:{_BODY}(?:[（(][^（）()]{{1,12}}[）)])?、){{3,}}{_BODY}", "、")
"""Four bodies or more, whose names are longer: members of a committee, recipients of a paper."""
_REFERENCE = Expression(
    r"^[ \t\u3000]*[\[［【(（]?\d{1,3}[\]］】)）.．、]?[^\n]{8,}?"
    r"(?:[\[［](?:J|M|D|C|R|S|N|P|Z|G|A|CP|DB|DS|EB|J/OL|M/OL|EB/OL|DB/OL|N/OL|OL)[\]］]|doi[:：.])[^\n]*$",
    "[ ［",
    flags=re.MULTILINE | re.IGNORECASE,
)
"""An entry of a list of references (GB/T 7714): numbered, with the mark of its kind."""
_ROW = Expression(
    r"^[^\n\t|]*(?:\t[^\n\t]*){2,}$|^[^\n|]*(?:\|[^\n|]*){3,}$"
    r"|^(?=[^\n]*\d)[ \u3000]*\S{1,20}(?:[ \u3000]{2,}\S{1,20}){2,}[ \u3000]*$",
    flags=re.MULTILINE,
)
"""A line of three cells or more, separated by tabs, bars or wide spaces."""


_WORK = Expression(
    r"^[^\n。]{8,200}?(?:[(（](?:19|20)\d\d[a-z]?[)）][.,:：．，]"
    r"|(?:出版社|Press|Publishers?|Publishing|期刊|学报)[^\n。]{0,12}(?:19|20)\d\d"
    r"|(?:vol\.?|pp?\.|no\.)\s*\d|第\d{1,3}[期卷])[^\n]{0,200}$",
    flags=re.MULTILINE | re.IGNORECASE,
)
"""An entry without number or mark, below the heading of such a list: author, year, title, publisher."""
_WORKS_HEADING = Expression(
    r"^[ \t\u3000#*]*(?:主要)?(?:参考文献|参考资料|引用文献|参考书目|References|Bibliography|REFERENCES)"
    r"[*]*[：:]?[ \t]*$",
    "参考文献 参考资料 引用文献 参考书目 References Bibliography REFERENCES",
    flags=re.MULTILINE,
)
_IMPORT = Expression(
    r"^[ \t]*(?:import [\w., ]+|from [\w.]+ import [\w., *]+|#include [<\"][\w./]+[>\"]"
    r"|using [\w.]+;|package [\w.]+;?)[ \t]*$",
    "import include using package",
    flags=re.MULTILINE,
)
"""An import line of source code, which every program has."""
_LOG = Expression(
    r"^\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[^\n]*$", "-0 -1 -2 -3", ":0 :1 :2 :3 :4 :5", flags=re.MULTILINE
)
"""A line of a log."""
_LONGEST_CELL = 24
"""Units (ideographs, words, figures) of a cell that is a label or a value whatever it says."""
_SHORTEST_PROSE = 12
"""Units from which a cell with the marks of a sentence is prose."""
_UNIT = Expression(r"[A-Za-z]+|\d[\d.,]*|[\u3400-\u9fff]")
_SENTENCE_MARKS = Expression(r"[，。；！？]|[a-z][,;.!?](?:\s|$)")
_CELL = Expression(r"[^\t|\n]+")
_COLUMN = Expression(
    r"(?:^[ \t\u3000]*[^\s，。；：！？][^\n，。；：！？]{0,15}\n+){7,}[^\n，。；：！？]{1,16}$",
    flags=re.MULTILINE,
)
"""Eight short lines or more without a mark: perhaps a table of which each cell has a line of its own."""
_FIGURE_LINE = Expression(r"^[ \t\u3000]*[-+−]?\d[\d.,，]*[%％]?[ \t\u3000]*$", flags=re.MULTILINE)
_FIGURES_OF_A_TABLE = 0.3
"""Share of such lines that must be figures alone."""


class Lists(NamedTuple):
    """Masks of the characters of a text, n in all, that are no prose."""

    listed: Bools
    """[n] in an enumeration, a reference or a row of a table."""
    tabular: Bools
    """[n] in a row of a table."""

    @classmethod
    def find(cls, text: str, offsets: Ints) -> Lists:
        """Find lists and tables in a text whose normalised characters have the `offsets` [n]."""
        tabular = _covered(_rows(text), offsets)
        listed = (
            tabular
            | _covered(_spans(_ENUMERATION, text), offsets)
            | _covered(_spans(_BODIES, text), offsets)
            | _covered(_references(text), offsets)
            | _covered(_spans(_IMPORT, text), offsets)
            | _covered(_spans(_LOG, text), offsets)
        )
        return cls(listed, tabular)


_CELL_OF_A_COLUMN = re.compile(r"\S+")


def _rows(text: str) -> Iterator[Span]:
    """Spans of the rows of tables, without cells that hold prose, which must not be hidden in a table."""
    if "\t" in text or "|" in text or "  " in text or "\u3000\u3000" in text:
        for row in _ROW.finditer(text):
            yield from _without_prose(row)
    for column in _COLUMN.finditer(text):
        lines = sum(1 for _ in _CELL_OF_A_COLUMN.finditer(text, *column.span()))
        if sum(1 for _ in _FIGURE_LINE.finditer(column.group())) >= _FIGURES_OF_A_TABLE * lines:
            yield Span(*column.span())


def _without_prose(row: re.Match[str]) -> Iterator[Span]:
    if len(row.group()) <= _SHORTEST_PROSE:
        yield Span(*row.span())
        return
    for cell in _CELL.finditer(row.string, *row.span()):
        if not _is_prose(cell.group()):
            yield Span(*cell.span())


def _is_prose(cell: str) -> bool:
    """True if a cell of a table holds sentences, not a label or a value."""
    if len(cell) < _SHORTEST_PROSE:
        return False
    units = sum(1 for _ in _UNIT.finditer(cell))
    return units > _LONGEST_CELL or (units >= _SHORTEST_PROSE and _SENTENCE_MARKS.search(cell) is not None)


def _references(text: str) -> Iterator[Span]:
    yield from _spans(_REFERENCE, text)
    for heading in _WORKS_HEADING.finditer(text):
        yield Span(*heading.span())
        yield from (Span(*found.span()) for found in _WORK.finditer(text, heading.end()))


def _spans(pattern: Expression, text: str) -> Iterator[Span]:
    return (Span(*found.span()) for found in pattern.finditer(text))


def _covered(spans: Iterator[Span], offsets: Ints) -> Bools:
    """Mask of the characters that lie in spans, bool[n]."""
    covered = np.zeros(len(offsets), np.bool_)
    for span in spans:
        first, last = np.searchsorted(offsets, (span.start, span.end))
        covered[first:last] = True
    return covered
