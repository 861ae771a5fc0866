"""Report → text or bytes. One module a format, found by name and imported when its format is asked for.

A format is a module with the members of `Format`; adding one is a file here, a line in `FORMATS` or
`SCAN_FORMATS`, and its golden file in `tests/reports` (a test fails until that exists).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar, cast

from dedup.errors import UsageError
from dedup.messages import Words
from dedup.records import dataclass

if TYPE_CHECKING:
    from dedup.model import LintReport, Report
    from dedup.progress import Advance
    from dedup.scan.record import Scan
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
"""Of a check."""

LINT_FORMATS = {
    "terminal": "dedup.reports.lint.terminal",
    "json": "dedup.reports.lint.json",
    "markdown": "dedup.reports.lint.markdown",
    "csv": "dedup.reports.lint.csv",
    "sarif": "dedup.reports.lint.sarif",
}
"""Of what copying left behind."""

MARKED_FORMATS = {"pdf": "dedup.reports.check.pdf"}
"""Formats of a check that are nothing but a submission marked in a copy of it."""

HOST_FORMATS = {
    "github": "dedup.reports.check.github",
    "gitlab": "dedup.reports.check.gitlab",
}
"""Formats of a check in which a code host shows findings beside the lines; they hold what it shows."""

CHECK_FORMATS = {**FORMATS, **MARKED_FORMATS, **HOST_FORMATS}

MARKED = {"docx": "docx", "pdf": "pdf"}
"""Formats that mark a submission in a copy of it, each with the format that the submission must have."""

SCAN_FORMATS = {
    "terminal": "dedup.reports.scan.terminal",
    "json": "dedup.reports.scan.json",
    "html": "dedup.reports.scan.html",
    "csv": "dedup.reports.scan.csv",
}
"""Of a scan."""


@dataclass(frozen=True, slots=True)
class View:
    """How a report is to look. Each format takes from it what concerns it."""

    language: Language = "zh"
    columns: int = 80
    """Width of the page in terminal columns; an ideograph takes two."""
    colour: bool = False
    complete: bool = False
    """Show everything rather than what matters most."""
    brief: bool = False
    """Show only what is new, nothing where nothing is."""
    one_line: bool = False
    """For machines that read many reports from one stream: a line each."""


@dataclass(frozen=True, slots=True)
class ScanReport:
    """A scan, and where its result files stand."""

    scan: Scan
    folder: str | None = None
    """As the user named it; None when no results were asked for."""
    progress: Advance | None = None
    """Hears how many of the results a format has read."""


Subject_contra = TypeVar("Subject_contra", contravariant=True)


class Format(Protocol[Subject_contra]):
    """What the modules named in `FORMATS` and `SCAN_FORMATS` provide, for a report or for a scan."""

    SUFFIX: str
    """File name suffix without the dot."""

    STANDS_ALONE: bool
    """Whether each report must be a file of its own: several cannot follow one another in one stream."""

    def render(self, report: Subject_contra, view: View) -> str | bytes | Iterator[str]:
        """The whole report: text that ends in a line break, at once or in pieces, or the bytes of a file."""
        ...


CheckFormat: TypeAlias = "Format[Report]"
"""Of a check. One whose reports make a single list has a function `joined`, which puts several together."""


def whole_report(form: Format[Subject_contra], report: Subject_contra, view: View) -> str | bytes:
    """The whole of a report in a format, however many pieces it comes in."""
    result = form.render(report, view)
    return result if isinstance(result, str | bytes) else "".join(result)


class ScanFile(Format[ScanReport], Protocol):
    """A format of a scan that stands alone: it is a file in the folder of the results."""

    FILE_NAME: str

    def is_ours(self, path: Path) -> bool:
        """Tell whether a file is one that this format has written. Raises OSError."""
        ...


def format_named(name: str) -> CheckFormat:
    """The format of a check of that name; UsageError lists the names there are."""
    return cast(CheckFormat, _module(name, CHECK_FORMATS))


def lint_format_named(name: str) -> Format[LintReport]:
    """The format of a lint of that name; UsageError lists the names there are."""
    return cast("Format[LintReport]", _module(name, LINT_FORMATS))


def scan_format_named(name: str) -> Format[ScanReport]:
    """The format of a scan of that name; UsageError lists the names there are."""
    return cast("Format[ScanReport]", _module(name, SCAN_FORMATS))


def scan_files() -> dict[str, ScanFile]:
    """The formats of a scan that are files, by name."""
    found = {name: cast(ScanFile, _module(name, SCAN_FORMATS)) for name in SCAN_FORMATS}
    return {name: one for name, one in found.items() if one.STANDS_ALONE}


def _module(name: str, formats: Mapping[str, str]) -> ModuleType:
    if name not in formats:
        raise UsageError(
            f"--format {name}",
            Words("usage.no_format"),
            Words("usage.choice.cure", choices=", ".join(formats)),
        )
    return import_module(formats[name])
