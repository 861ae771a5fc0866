"""Render reports as text or bytes; one module for each format, imported when the format is asked for.

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
"""Modules of the formats of a check, by name."""

LINT_FORMATS = {
    "terminal": "dedup.reports.lint.terminal",
    "json": "dedup.reports.lint.json",
    "markdown": "dedup.reports.lint.markdown",
    "csv": "dedup.reports.lint.csv",
    "sarif": "dedup.reports.lint.sarif",
}
"""Modules of the formats of a lint, by name."""

MARKED_FORMATS = {"pdf": "dedup.reports.check.pdf"}
"""Formats of a check that consist only of a marked copy of the submission."""

HOST_FORMATS = {
    "github": "dedup.reports.check.github",
    "gitlab": "dedup.reports.check.gitlab",
}
"""Formats of a check for code hosts, which show the findings beside the lines."""

CHECK_FORMATS = {**FORMATS, **MARKED_FORMATS, **HOST_FORMATS}

MARKED = {"docx": "docx", "pdf": "pdf"}
"""Formats with a marked copy of the submission, and the format that the submission must have for each."""

SCAN_FORMATS = {
    "terminal": "dedup.reports.scan.terminal",
    "json": "dedup.reports.scan.json",
    "html": "dedup.reports.scan.html",
    "csv": "dedup.reports.scan.csv",
}
"""Modules of the formats of a scan, by name."""


@dataclass(frozen=True, slots=True)
class View:
    """Options for the look of a report. Each format uses those that apply to it."""

    language: Language = "zh"
    columns: int = 80
    """Width of the page in terminal columns; an ideograph takes two."""
    colour: bool = False
    complete: bool = False
    """Show everything rather than what matters most."""
    brief: bool = False
    """Show only news; nothing if there are none."""
    one_line: bool = False
    """One line for each report, for programs that read many from one stream."""


@dataclass(frozen=True, slots=True)
class ScanReport:
    """A scan, and the folder of its result files."""

    scan: Scan
    folder: str | None = None
    """Folder of the results as the user named it; None when no results were asked for."""
    progress: Advance | None = None
    """Called with the number of results that a format has read."""


Subject_contra = TypeVar("Subject_contra", contravariant=True)


class Format(Protocol[Subject_contra]):
    """Members of the modules named in `FORMATS` and `SCAN_FORMATS`, for a report or for a scan."""

    SUFFIX: str
    """File name suffix without the dot."""

    STANDS_ALONE: bool
    """True if each report must be a separate file, since reports cannot follow one another in one stream."""

    def render(self, report: Subject_contra, view: View) -> str | bytes | Iterator[str]:
        """The whole report: text that ends in a line break, at once or in pieces, or the bytes of a file."""
        ...


CheckFormat: TypeAlias = "Format[Report]"
"""A format of a check. If reports of several documents form one list, it has a function `joined` for that."""


def whole_report(form: Format[Subject_contra], report: Subject_contra, view: View) -> str | bytes:
    """The whole report in a format, its pieces joined."""
    result = form.render(report, view)
    return result if isinstance(result, str | bytes) else "".join(result)


class ScanFile(Format[ScanReport], Protocol):
    """A format of a scan that is a file in the folder of the results."""

    FILE_NAME: str

    def is_ours(self, path: Path) -> bool:
        """Tell whether this format wrote a file. Raises OSError."""
        ...


def format_named(name: str) -> CheckFormat:
    """The format of a check with a name. Raises UsageError, which lists the names."""
    return cast(CheckFormat, _module(name, CHECK_FORMATS))


def lint_format_named(name: str) -> Format[LintReport]:
    """The format of a lint with a name. Raises UsageError, which lists the names."""
    return cast("Format[LintReport]", _module(name, LINT_FORMATS))


def scan_format_named(name: str) -> Format[ScanReport]:
    """The format of a scan with a name. Raises UsageError, which lists the names."""
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
