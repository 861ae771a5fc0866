"""The format of a marked copy of a PDF (`dedup.reports.check.marked`), which has no other report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.readers.marks import unmarkable

if TYPE_CHECKING:
    from dedup.model import Report
    from dedup.reports import View

SUFFIX = "pdf"
STANDS_ALONE = True


def render(report: Report, view: View) -> bytes:
    """Raise UnsupportedInput: a submission that cannot be marked has no report in this format."""
    raise unmarkable(report.submission.path)
