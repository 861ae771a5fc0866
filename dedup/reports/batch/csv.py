"""The drafts of a batch as CSV, a row each, the worst first, in the form of `dedup.reports.check.csv`."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from dedup.messages import say
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
)  # fmt: skip


def render(overview: Overview, language: Language) -> str:
    """A header, a row a draft, and a row for each that could not be read."""
    table = StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for row in overview.rows:
        writer.writerow(
            (
                harmless(row.path),
                harmless(row.title),
                row.level,
                row.level_in_words,
                percent(row.copied_ratio),
                row.copied_characters,
                row.total_characters,
                percent(row.largest_single_source_ratio),
                harmless(row.source),
                percent(row.shared_ratio),
                harmless(say("semicolon", language).join(row.reasons)),
                harmless(row.report),
            )
        )
    for one in overview.skipped:
        empty = [""] * (len(COLUMNS) - 5)
        told = (harmless(one.path), "", "unknown", say("batch.unread", language))
        writer.writerow((*told, *empty[:-1], harmless(one.why(language)), ""))
    return BYTE_ORDER_MARK + table.getvalue()


def is_ours(path: Path) -> bool:
    """Whether a file is a table that this module has written. Raises OSError."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().strip() == BYTE_ORDER_MARK + ",".join(COLUMNS)
