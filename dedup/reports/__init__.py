"""Report → text or bytes. One module a format, found by name and imported when its format is asked for.

A format is a module with the members of `Format`; adding one is a file here, a line in
`FORMATS`, and its golden file in `tests/reports` (a test fails until that exists).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from dedup.errors import UsageError
from dedup.messages import Words

if TYPE_CHECKING:
    from dedup.model import Report
    from dedup.settings import Language

FORMATS = {
    "terminal": "dedup.reports.check.terminal",
    "json": "dedup.reports.check.json",
    "html": "dedup.reports.check.html",
    "docx": "dedup.reports.check.docx",
    "markdown": "dedup.reports.check.markdown",
    "csv": "dedup.reports.check.csv",
    "sarif": "dedup.reports.check.sarif",
}


@dataclass(frozen=True, slots=True)
class View:
    """How a report is to look. Each format takes from it what concerns it."""

    language: Language = "zh"
    columns: int = 80
    """Width of the page in terminal columns; an ideograph takes two."""
    colour: bool = False
    complete: bool = False
    """Show everything rather than what matters most."""
    one_line: bool = False
    """For machines that read many reports from one stream: a line each."""


class Format(Protocol):
    """What the modules named in `FORMATS` provide."""

    SUFFIX: str
    """File name suffix without the dot."""

    STANDS_ALONE: bool
    """Whether each report must be a file of its own: several cannot follow one another in one stream."""

    def render(self, report: Report, view: View) -> str | bytes:
        """The whole report as text, ending in a line break, or as the bytes of a file."""
        ...


def format_named(name: str) -> Format:
    """The format of that name; UsageError lists the names there are."""
    if name not in FORMATS:
        raise UsageError(
            f"--format {name}",
            Words("usage.no_format"),
            Words("usage.choice.cure", choices=", ".join(FORMATS)),
        )
    return cast(Format, import_module(FORMATS[name]))
