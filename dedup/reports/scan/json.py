"""Write the summary of a scan as JSON, the content of `summary.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup import __version__
from dedup.scan.summary import summary_text

if TYPE_CHECKING:
    from dedup.reports import ScanReport, View

SUFFIX = "json"
STANDS_ALONE = False


def render(report: ScanReport, view: View) -> str:
    """The summary, with each entry of a list on one line."""
    return summary_text(report.scan.as_json({"name": "dedup", "version": __version__}, view.language))
