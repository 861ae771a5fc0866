"""Elements of a page in a terminal: headings, tables, labelled and flowing text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tabulate import tabulate

from dedup.reports.columns import width, wrap

if TYPE_CHECKING:
    from dedup.reports import View


def table(body: Sequence[Sequence[str]], headers: Sequence[str] = (), right: Sequence[int] = ()) -> str:
    """An ASCII table; the columns numbered in `right` are aligned to the right."""
    count = len(headers) or len(body[0])
    alignment = ["right" if column in right else "left" for column in range(count)]
    drawing = "simple" if headers else "plain"
    return tabulate(body, headers, tablefmt=drawing, colalign=alignment, disable_numparse=True)


def heading(text: str, view: View) -> str:
    """A section's title."""
    return paint(text, "1", view) if view.colour else f"== {text} =="


def paint(text: str, code: str, view: View) -> str:
    """`text` in the colour or weight `code` (an SGR parameter), where colours are wanted."""
    return f"\x1b[{code}m{text}\x1b[0m" if view.colour else text


def hanging(label: str, text: str, view: View, indent: int = 0) -> Iterator[str]:
    """`label  text` (a one-column label: `- text`), further lines standing under the text."""
    gap = " " * min(2, width(label))
    under = " " * (indent + width(label) + len(gap))
    lines = wrap(text, max(20, view.columns - len(under)))
    yield f"{' ' * indent}{label}{gap}{lines[0]}"
    for line in lines[1:]:
        yield under + line


def percent(ratio: float) -> str:
    """A ratio with one decimal, as the checkers print it."""
    return f"{ratio:.1%}"
