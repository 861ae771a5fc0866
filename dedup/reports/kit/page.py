"""Elements of a page in a terminal: headings, tables, labelled and flowing text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from dedup.reports.kit.columns import width, wrap

if TYPE_CHECKING:
    from dedup.reports import View


def table(body: Sequence[Sequence[str]], headers: Sequence[str] = (), right: Sequence[int] = ()) -> str:
    """An ASCII table; the columns numbered in `right` are aligned to the right."""
    count = len(headers) or len(body[0])
    alignment = ["right" if column in right else "left" for column in range(count)]
    drawing = "simple" if headers else "plain"
    return _tabulate()(body, headers, tablefmt=drawing, colalign=alignment, disable_numparse=True)


def width_beside(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> int:
    """Columns that some columns of a table with headers take, with the space after each."""
    # tabulate gives a header two columns more than it needs, and puts two between columns.
    return sum(
        max(width(header) + 2, *(width(line) for cell in cells for line in cell.split("\n"))) + 2
        for header, cells in zip(headers, zip(*rows, strict=True), strict=True)
    )


@cache
def _tabulate() -> Callable[..., str]:
    """`tabulate.tabulate`, imported without what it imports only to know its own version.

    `importlib.metadata` takes three times as long as the rest of tabulate, a tenth of a whole check.
    """
    name = "importlib.metadata"
    if name in sys.modules:
        from tabulate import tabulate

        return tabulate
    stand_in = ModuleType(name)
    stand_in.version = lambda package: ""  # type: ignore[attr-defined]
    stand_in.PackageNotFoundError = LookupError  # type: ignore[attr-defined]
    sys.modules[name] = stand_in
    try:
        from tabulate import tabulate
    finally:
        del sys.modules[name]
    return tabulate


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
