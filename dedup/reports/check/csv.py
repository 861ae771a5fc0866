"""Write the passages as CSV, a row each, for spreadsheets.

UTF-8 with a byte order mark, without which Excel assumes the system's code page, and CRLF line ends (RFC
4180). A cell that a spreadsheet would take for a formula is preceded by an apostrophe.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from dedup.messages import say
from dedup.reports.check.decisions import decision_in_words, novelty_in_words
from dedup.reports.check.describe import in_order, outer_place
from dedup.reports.check.reasons import (
    remarks_on,
    sentence,
    settings_in_words,
    undone_in_words,
    verdict_in_words,
)
from dedup.reports.kit.cells import BYTE_ORDER_MARK, harmless
from dedup.reports.kit.findings import kind_of, problem_of
from dedup.reports.kit.places import Places
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.model import Checked, Report
    from dedup.passage import Kind, Passage
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "csv"
STANDS_ALONE = True

COLUMNS = (
    "document", "number", "paragraph", "line", "start", "end", "characters", "status", "kind", "identity",
    "source", "part", "source_start", "source_end", "reason", "evasion", "also_in", "text", "source_text",
    "place", "source_paragraph", "relation",
    "checked_time", "corpus", "corpus_documents", "snapshot", "version", "settings",
    "decision", "novelty",
)  # fmt: skip
"""Names of the columns, the same in every language; those of the JSON report where it has them."""


def render(report: Report, view: View) -> str:
    """A header and one row for each passage, in the order of the submission; kinds and statuses in words.

    Then follow passages shared with other drafts of the call (the source is the other draft), traces of other
    documents, and what limits how far the verdict can be trusted: tricks that were undone, pages that could
    not be read. If nothing is found, one row has the verdict. Each row names the basis of the check, so that
    tables can be joined.
    """
    page = StringIO(newline="")
    page.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(page, COLUMNS, restval="")
    writer.writeheader()
    checked = checked_cells(report.checked, view.language)
    rows = [*_rows(report, view.language)] or [_verdict(report, view.language)]
    for row in (*rows, *_remarks(report, view.language)):
        cells = {"document": report.submission.path, **row, **checked}
        writer.writerow({name: harmless(one) if isinstance(one, str) else one for name, one in cells.items()})
    return page.getvalue()


def _rows(report: Report, language: Language) -> Iterator[dict[str, str | int]]:
    places = Places(report)
    for number, one in enumerate(in_order(report), 1):
        yield {
            **_stretch(one.start, one.end, one.kind, one.identity, places, language),
            "number": number,
            "characters": places.characters(one),
            "status": say(f"passage.status.{one.status}", language),
            "source": one.source,
            "part": one.part,
            "source_start": one.source_start,
            "source_end": one.source_end,
            "source_paragraph": one.source_paragraph or "",
            "relation": say(f"relation.{one.relation}", language),
            "reason": sentence(one, language),
            "decision": decision_in_words(one, language),
            "novelty": novelty_in_words(one, language),
            "evasion": " ".join(say(f"passage.evasion.{trick}", language) for trick in one.evasion),
            "also_in": _also_in(one),
            "text": one.text,
            "source_text": one.source_text,
        }
    for shared in report.among.passages if report.among is not None else ():
        yield {
            **_stretch(shared.start, shared.end, shared.kind, shared.identity, places, language),
            "status": say("among.status", language),
            "source": shared.other,
            "source_start": shared.other_start,
            "source_end": shared.other_end,
            "text": shared.text,
            "source_text": shared.other_text,
        }
    for finding in report.left_over:
        yield {
            "paragraph": places.paragraph(finding.start) or "",
            "line": places.line_and_column(finding.start)[0],
            "start": finding.start,
            "end": finding.end,
            "status": say("lint.section", language),
            "kind": kind_of(finding, language),
            "source": finding.also_in_source,
            "reason": problem_of(finding, language),
            "text": finding.text,
            "place": outer_place(finding.start, places, language),
        }


def _remarks(report: Report, language: Language) -> Iterator[dict[str, str | int]]:
    if report.undone is not None:
        yield {
            "status": say("undone.title", language),
            "reason": undone_in_words(report.undone, language),
        }
    for remark in remarks_on(report.verdict, language):
        yield {"status": say("remark.title", language), "reason": remark}


def _verdict(report: Report, language: Language) -> dict[str, str | int]:
    told = verdict_in_words(report, language)
    reasons = filter(None, (told.meaning, *told.reasons))
    return {"status": told.level, "reason": say("semicolon", language).join(reasons)}


def checked_cells(checked: Checked | None, language: Language) -> dict[str, str | int]:
    """The cells for the basis of a check: corpus, time, version and settings."""
    if checked is None:
        return {}
    return {
        "checked_time": checked.time,
        "corpus": checked.corpus,
        "corpus_documents": checked.documents,
        "snapshot": checked.snapshot,
        "version": checked.version,
        "settings": settings_in_words(checked, language),
    }


def _stretch(
    start: int, end: int, kind: Kind, identity: float, places: Places, language: Language
) -> dict[str, str | int]:
    return {
        "paragraph": places.paragraph(start) or "",
        "line": places.line_and_column(start)[0],
        "start": start,
        "end": end,
        "kind": say(f"passage.kind.{kind}", language),
        "identity": f"{identity:.4f}",
        "place": outer_place(start, places, language),
    }


def _also_in(passage: Passage) -> str:
    return "; ".join(f"{other.source} ({percent(other.identity, 0)})" for other in passage.also_in)
