"""The passages as CSV, a row each, for spreadsheets.

UTF-8 with a byte order mark, by which Excel knows that it is not the system's code page, and CRLF line ends
(RFC 4180). A cell that a spreadsheet would take for a formula is preceded by an apostrophe.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from dedup.messages import say
from dedup.reports.check.describe import in_order
from dedup.reports.check.reasons import sentence
from dedup.reports.kit.cells import BYTE_ORDER_MARK, harmless
from dedup.reports.kit.places import Places
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.model import Passage, Report
    from dedup.reports import View

SUFFIX = "csv"
STANDS_ALONE = True

COLUMNS = (
    "document", "number", "paragraph", "line", "start", "end", "characters", "status", "kind", "identity",
    "source", "part", "source_start", "source_end", "reason", "evasion", "also_in", "text", "source_text",
)  # fmt: skip
"""Names of the columns, the same in every language; those of the JSON report where it has them."""


def render(report: Report, view: View) -> str:
    """A header and one row a passage, in the order of the submission; kinds and statuses in words."""
    places, language = Places(report), view.language
    page = StringIO(newline="")
    page.write(BYTE_ORDER_MARK)
    writer = csv.writer(page)
    writer.writerow(COLUMNS)
    for number, one in enumerate(in_order(report), 1):
        words = (
            report.submission.path, one.source, one.part, sentence(one, language),
            " ".join(say(f"passage.evasion.{trick}", language) for trick in one.evasion),
            _also_in(one), one.text, one.source_text,
        )  # fmt: skip
        document, source, part, reason, evasion, also_in, text, source_text = map(harmless, words)
        writer.writerow((
            document, number, places.paragraph(one.start) or "", places.line_and_column(one.start)[0],
            one.start, one.end,
            places.characters(one), say(f"passage.status.{one.status}", language),
            say(f"passage.kind.{one.kind}", language), f"{one.identity:.4f}",
            source, part, one.source_start, one.source_end, reason, evasion, also_in, text, source_text,
        ))  # fmt: skip
    return page.getvalue()


def _also_in(passage: Passage) -> str:
    return "; ".join(f"{other.source} ({percent(other.identity, 0)})" for other in passage.also_in)
