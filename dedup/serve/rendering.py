"""A report in one of the formats, as an answer."""

from __future__ import annotations

import json
import re
from html import unescape

from fastapi.responses import Response

from dedup.errors import DedupError
from dedup.reports import FORMATS, View, format_named
from dedup.reports.check.json import as_dictionary
from dedup.serve.disclosure import Reader, reports_shown
from dedup.serve.problems import Problem
from dedup.serve.tables import Draft

MEDIA = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "markdown": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "sarif": "application/sarif+json",
    "terminal": "text/plain; charset=utf-8",
}
_OWN_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def rendered(reader: Reader, draft: Draft, format_name: str, part: int) -> Response:
    """The report on a draft as somebody may read it; `part` counts the documents of an archive."""
    reports, language = reports_shown(reader, draft), reader.language
    if not reports:
        raise Problem(409, "not_checked")
    if not 0 <= part < len(reports) or format_name not in FORMATS or format_name not in MEDIA:
        raise Problem(404, "nothing_here")
    if format_name == "json":
        return Response(
            json.dumps(as_dictionary(reports[part], language), ensure_ascii=False), media_type=MEDIA["json"]
        )
    try:
        content = format_named(format_name).render(reports[part], View(language, complete=True))
    except DedupError as error:  # a package that makes it is not installed
        raise Problem(409, "no_format", why=error.line(language)) from error
    answer = Response(content, media_type=MEDIA[format_name])
    if isinstance(content, str):
        answer.headers.update(own_policy(content))
    return answer


def own_policy(markup: str) -> dict[str, str]:
    """The header with the policy that a report names itself: the hashes of its style sheet and its script."""
    found = _OWN_POLICY.search(markup)
    return {"Content-Security-Policy": f"{unescape(found[1])}; frame-ancestors 'none'"} if found else {}
