"""A PDF marked in a copy of it (`dedup.reports.check.marked`); there is no report of this format itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.readers.marks import unmarkable

if TYPE_CHECKING:
    from dedup.model import Report
    from dedup.reports import View

SUFFIX = "pdf"
STANDS_ALONE = True


def render(report: Report, view: View) -> bytes:
    """Raise UnsupportedInput: what cannot be marked has no report of this format."""
    raise unmarkable(report.submission.path)
