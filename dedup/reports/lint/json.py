"""Write findings as JSON, format_version 1, for programs; offsets as in the report of a check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dedup import __version__
from dedup.reports.kit.findings import as_record, owner_record
from dedup.reports.kit.places import Places
from dedup.reports.kit.records import fields_of

if TYPE_CHECKING:
    from dedup.model import LintReport
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "json"
STANDS_ALONE = False
FORMAT_VERSION = 1


def render(report: LintReport, view: View) -> str:
    """The report as one JSON object, indented unless `view` asks for one line."""
    indent = None if view.one_line else 2
    return json.dumps(as_dictionary(report, view.language), ensure_ascii=False, indent=indent) + "\n"


def as_dictionary(report: LintReport, language: Language) -> dict[str, Any]:
    """The report as plain dictionaries, lists, texts and numbers; reasons in `language`."""
    places = Places(report)
    owner = owner_record(report.owner)
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "dedup", "version": __version__},
        "document": fields_of(report.submission, "path", "title", "characters", "paragraphs"),
        "unit": owner["unit"],
        "year": owner["year"],
        "owner": owner,
        "corpus": report.corpus or None,
        "findings": [as_record(one, places, language) for one in report.findings],
        "skipped": [{"path": one.path, "reason": one.why(language)} for one in report.skipped],
    }
