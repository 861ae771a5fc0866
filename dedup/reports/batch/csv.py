"""Write the drafts of a batch as CSV, a row each, the worst first, as `dedup.reports.check.csv` does."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from dedup.messages import say
from dedup.reports.check.csv import checked_cells
from dedup.reports.kit.cells import BYTE_ORDER_MARK, harmless
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from pathlib import Path

    from dedup.reports.batch.overview import Overview
    from dedup.settings import Language

FILE_NAME = "summary.csv"

COLUMNS = (
    "document", "title", "level", "verdict", "copied_ratio", "copied_characters", "total_characters",
    "largest_single_source_ratio", "source", "shared_ratio", "reasons", "report",
    "checked_time", "corpus", "corpus_documents", "snapshot", "version", "settings",
    "decided_characters", "counted_ratio", "remarks",
)  # fmt: skip
_FIRST_COLUMNS = 12
"""Number of columns of the first version; later ones have more."""


def render(overview: Overview, language: Language) -> str:
    """A header, a row for each draft, and a row for each file that could not be read."""
    table = StringIO()
    writer = csv.DictWriter(table, COLUMNS, restval="")
    writer.writeheader()
    for row in _rows(overview, language):
        writer.writerow({name: harmless(one) if isinstance(one, str) else one for name, one in row.items()})
    return BYTE_ORDER_MARK + table.getvalue()


def _rows(overview: Overview, language: Language) -> Iterator[dict[str, str | int]]:
    for row in overview.rows:
        yield {
            "document": row.path,
            "title": row.title,
            "level": row.level,
            "verdict": row.level_in_words,
            "copied_ratio": percent(row.copied_ratio),
            "copied_characters": row.copied_characters,
            "total_characters": row.total_characters,
            "largest_single_source_ratio": percent(row.largest_single_source_ratio),
            "source": row.source,
            "shared_ratio": percent(row.shared_ratio),
            "reasons": say("semicolon", language).join(row.reasons),
            "report": row.report,
            "decided_characters": row.decided_characters,
            "counted_ratio": percent(row.counted_ratio),
            "remarks": say("semicolon", language).join(row.remarks),
            **checked_cells(row.checked, language),
        }
    for one in overview.skipped:
        yield {
            "document": one.path,
            "level": "unknown",
            "verdict": say("batch.unread", language),
            "reasons": one.why(language),
            **checked_cells(overview.checked, language),
        }


def is_ours(path: Path) -> bool:
    """Tell whether this module, or an earlier version, wrote a file. Raises OSError."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().startswith(BYTE_ORDER_MARK + ",".join(COLUMNS[:_FIRST_COLUMNS]))
