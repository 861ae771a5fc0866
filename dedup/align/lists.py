"""Text that is no prose: enumerations, references, rows of tables.

Two papers about the same thing name the same bodies in the same order, cite the same works and fill in the
same tables. Nothing of that is anybody's wording, so it counts as set phrases do. The figures of a table are
another matter: they are its content, and who has the same ones has copied them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.model import Span
from dedup.text.looks import Expression

Ints = NDArray[np.int64]

_ITEM = r"[^，。；：！？、\s《》“”0-9]{1,8}"
_ENUMERATION = Expression(rf"(?:{_ITEM}、){{5,}}{_ITEM}", "、")
"""Six short items or more."""
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
"""A line of three cells or more, parted by tabs, bars or wide spaces."""


class Lists(NamedTuple):
    """What of n normalised characters is no prose."""

    listed: NDArray[np.bool_]
    """[n] in an enumeration, a reference or a row of a table."""
    tabular: NDArray[np.bool_]
    """[n] in a row of a table."""

    @classmethod
    def find(cls, text: str, offsets: Ints) -> Lists:
        """Find them in a text whose characters stand at `offsets`."""
        tabular = _covered(_rows(text), offsets)
        listed = (
            tabular
            | _covered(_spans(_ENUMERATION, text), offsets)
            | _covered(_spans(_REFERENCE, text), offsets)
        )
        return cls(listed, tabular)


def _rows(text: str) -> Iterator[Span]:
    if "\t" in text or "|" in text or "  " in text or "\u3000\u3000" in text:
        yield from _spans(_ROW, text)


def _spans(pattern: Expression, text: str) -> Iterator[Span]:
    return (Span(*found.span()) for found in pattern.finditer(text))


def _covered(spans: Iterator[Span], offsets: Ints) -> NDArray[np.bool_]:
    """[n] the characters that lie in spans."""
    covered = np.zeros(len(offsets), np.bool_)
    for span in spans:
        first, last = np.searchsorted(offsets, (span.start, span.end))
        covered[first:last] = True
    return covered
