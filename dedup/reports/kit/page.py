"""Format elements of a page in a terminal: headings, tables, labelled and wrapped text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from dedup.reports.kit.columns import width, wrap

if TYPE_CHECKING:
    from dedup.reports import View


NARROW = 66
"""Columns of a page below which lines replace tables."""


def table(body: Sequence[Sequence[str]], headers: Sequence[str] = (), right: Sequence[int] = ()) -> str:
    """An ASCII table; the columns numbered in `right` are aligned to the right. Cells may have several lines.

    It looks like tabulate's, which is not used for a check: importing it takes a tenth of a whole check.
    """
    rows = [[cell.strip().split("\n") for cell in row] for row in ([headers, *body] if headers else body)]
    widths = [max(width(line) for cell in column for line in cell) for column in zip(*rows, strict=True)]
    if headers:
        widths = [max(most, width(header) + 2) for most, header in zip(widths, headers, strict=True)]
        rows.insert(1, [["-" * most] for most in widths])
    lines = (line for row in rows for line in zip_longest(*row, fillvalue=""))
    return "\n".join(_padded(line, widths, right) for line in lines)


def _padded(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    spaces = (" " * (most - width(cell)) for cell, most in zip(cells, widths, strict=True))
    padded = (
        space + cell if column in right else cell + space
        for column, (cell, space) in enumerate(zip(cells, spaces, strict=True))
    )
    return "  ".join(padded).rstrip()


def tabulated(body: Sequence[Sequence[str]], headers: Sequence[str] = (), right: Sequence[int] = ()) -> str:
    """A `table` by tabulate, for commands that take longer anyway."""
    from tabulate import tabulate

    count = len(headers) or len(body[0])
    alignment = ["right" if column in right else "left" for column in range(count)]
    drawing = "simple" if headers else "plain"
    return tabulate(body, headers, tablefmt=drawing, colalign=alignment, disable_numparse=True)


def width_beside(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> int:
    """Width of some columns of a table with headers, with the space after each."""
    # tabulate gives a header two columns more than it needs, and puts two between columns.
    return sum(
        max(width(header) + 2, *(width(line) for cell in cells for line in cell.split("\n"))) + 2
        for header, cells in zip(headers, zip(*rows, strict=True), strict=True)
    )


def heading(text: str, view: View) -> str:
    """A section's title."""
    if view.colour:
        return "\n".join(paint(line, "1", view) for line in wrap(text, view.columns))
    return "== " + "\n   ".join(wrap(text, view.columns - len("==  =="))) + " =="


def paint(text: str, code: str, view: View) -> str:
    """`text` in the colour or weight `code` (an SGR parameter), if `view` has colours."""
    return f"\x1b[{code}m{text}\x1b[0m" if view.colour else text


def hanging(label: str, text: str, view: View, indent: int = 0, gap: int = 2) -> Iterator[str]:
    """`label  text` (a one-column label: `- text`), with further lines indented to the text."""
    space = " " * min(gap, width(label))
    under = " " * (indent + width(label) + len(space))
    lines = wrap(text, max(20, view.columns - len(under)))
    yield f"{' ' * indent}{label}{space}{lines[0]}"
    for line in lines[1:]:
        yield under + line
