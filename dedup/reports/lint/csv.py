"""Write findings as CSV, a row each, for spreadsheets, in the form of the CSV of a check."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from dedup.reports.kit.cells import BYTE_ORDER_MARK, harmless
from dedup.reports.kit.findings import as_record
from dedup.reports.kit.places import Places

if TYPE_CHECKING:
    from dedup.model import LintReport
    from dedup.reports import View

SUFFIX = "csv"
STANDS_ALONE = True

COLUMNS = (
    "document", "unit", "year", "line", "start", "end", "kind", "severity", "text", "reason", "cure",
    "also_in_source",
)  # fmt: skip


def render(report: LintReport, view: View) -> str:
    """A header and one row for each finding, in the order of the text."""
    page = StringIO(newline="")
    page.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(page, COLUMNS, restval="", extrasaction="ignore")
    writer.writeheader()
    places = Places(report)
    about = {"document": report.submission.path, "unit": report.owner.unit, "year": report.owner.year or ""}
    for finding in report.findings:
        cells = {**about, **as_record(finding, places, view.language)}
        writer.writerow({name: harmless(one) if isinstance(one, str) else one for name, one in cells.items()})
    return page.getvalue()
