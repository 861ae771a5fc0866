"""A checked draft to read or to take away: its report in a format, or the draft with its passages marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from importlib.util import find_spec
from urllib.parse import quote

from fastapi import Response

from dedup.errors import DedupError
from dedup.index.workers import Done
from dedup.messages import Language
from dedup.model import Report
from dedup.reports import FORMATS, MARKED, View, format_named, whole_report
from dedup.reports.check.json import as_dictionary
from dedup.serve.checkers import Checkers, Lost
from dedup.serve.disclosure import Reader, reports_shown
from dedup.serve.problems import Problem
from dedup.serve.tables import Draft
from dedup.settings import ReadingLimits

MEDIA = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "markdown": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "sarif": "application/sarif+json",
    "terminal": "text/plain; charset=utf-8",
}
"""Formats of a report."""
_MARKED = {"docx": MEDIA["docx"], "pdf": "application/pdf"}
"""Formats of a draft that is marked."""
_BY_SUFFIX = {"md": "markdown", "txt": "terminal"}
"""Formats of a report by the suffix of their files, where that is another word."""
_OWN_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def writes_word() -> bool:
    """Tell whether the package that makes a report for Word is installed."""
    return find_spec("docx") is not None


def markable(draft: Draft) -> str:
    """The format in which a draft itself can be marked, by its name; empty for none."""
    suffix = draft.name.rpartition(".")[2].lower()
    return suffix if suffix in MARKED else ""


def exported(reader: Reader, checkers: Checkers, draft: Draft, suffix: str, part: int) -> Response:
    """The draft marked, if it is a file of that kind, else its report; as a file but for a page.

    A Word document that cannot be marked gives the report as one. Raises Problem.
    """
    reports = reports_shown(reader, draft)
    copy = None
    if suffix == markable(draft) and len(reports) == 1:
        copy = _marked(reader, checkers, draft, reports[0])
    if copy is not None:
        answer = Response(copy, media_type=_MARKED[suffix])
        stem, dot, end = draft.name.rpartition(".")
        name = f"{stem}-dedup{dot}{end}"
    elif suffix == "pdf" and reports:
        raise Problem(409, "not_marked")
    else:
        answer = _rendered(reports, part, _BY_SUFFIX.get(suffix, suffix), reader.language)
        name = f"{draft.name}.{suffix}"
    if suffix != "html":
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def rendered(reader: Reader, draft: Draft, format_name: str, part: int) -> Response:
    """The report on a draft as somebody may read it; `part` counts the documents of an archive."""
    return _rendered(reports_shown(reader, draft), part, format_name, reader.language)


def _rendered(reports: Sequence[Report], part: int, format_name: str, language: Language) -> Response:
    if not reports:
        raise Problem(409, "not_checked")
    if not 0 <= part < len(reports) or format_name not in FORMATS or format_name not in MEDIA:
        raise Problem(404, "nothing_here")
    content: str | bytes
    if format_name == "json":
        content = json.dumps(as_dictionary(reports[part], language), ensure_ascii=False)
    else:
        try:
            content = whole_report(format_named(format_name), reports[part], View(language, complete=True))
        except DedupError as error:  # a package that makes it is not installed
            raise Problem(409, "no_format", why=error.line(language)) from error
    policy = own_policy(content) if format_name == "html" and isinstance(content, str) else {}
    return Response(content, media_type=MEDIA[format_name], headers=policy)


def own_policy(markup: str) -> dict[str, str]:
    """The header with the policy that a report names itself: the hashes of its style sheet and its script."""
    found = _OWN_POLICY.search(markup)
    return {"Content-Security-Policy": f"{unescape(found[1])}; frame-ancestors 'none'"} if found else {}


# ------------------------------------------------------------------------------------------ marked


@dataclass(frozen=True, slots=True)
class MarkOrder:
    """Mark a draft in a copy of it."""

    report: Report
    content: bytes
    language: Language
    limits: ReadingLimits

    def perform(self, done: Done) -> Iterator[bytes]:
        """Give the copy."""
        from dedup.reports.check.marked import marked_copy

        yield marked_copy(self.report, self.content, self.language, self.limits).content


def _marked(reader: Reader, checkers: Checkers, draft: Draft, report: Report) -> bytes | None:
    """The draft with its passages marked, by a helper; None where that cannot be done."""
    service = reader.service
    order = MarkOrder(report, draft.content, reader.language, service.settings.reading)
    try:
        [content] = checkers.perform(order, service.check_seconds)
    except (DedupError, Lost):
        return None
    return content
