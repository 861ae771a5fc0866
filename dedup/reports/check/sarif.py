"""The report as SARIF 2.1.0 (OASIS, 2020), which code hosts show beside the lines it speaks of."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import quote

from dedup import __version__
from dedup.messages import say
from dedup.model import Kind
from dedup.reports.check.describe import headline, in_order, source_of
from dedup.reports.check.reasons import sentence
from dedup.reports.kit.places import Places

if TYPE_CHECKING:
    from dedup.model import Passage, Report
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "sarif"
STANDS_ALONE = True

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(report: Report, view: View) -> str:
    """One run with a result for each passage; what is no reuse is informational."""
    language = view.language
    places = Places(report)
    forbidding = {
        (one.document, one.part) for one in report.sources if one.notice is not None and one.notice.no_copying
    }
    driver = {
        "name": "dedup",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [
            {"id": kind, "shortDescription": {"text": say(f"passage.kind.{kind}", language)}}
            for kind in get_args(Kind)
        ],
    }
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN" if language == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, language)],
        "artifacts": [{"location": {"uri": _uri(report.submission.path)}}],
        "results": [
            _result(
                number,
                one,
                report,
                places,
                forbidding=(one.source, one.part) in forbidding,
                language=language,
            )
            for number, one in enumerate(in_order(report), 1)
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=None if view.one_line else 2) + "\n"


def _invocation(report: Report, language: Language) -> dict[str, Any]:
    notes = [
        {"level": "warning", "message": {"text": f"{one.path}: {one.why(language)}"}}
        for one in report.skipped
    ]
    return {"executionSuccessful": not notes, "toolExecutionNotifications": notes}


def _result(
    number: int, passage: Passage, report: Report, places: Places, *, forbidding: bool, language: Language
) -> dict[str, Any]:
    reuse = passage.status == "reuse"
    severity = {"level": "error" if forbidding else "warning"} if reuse else {"level": "none"}
    texts = [headline(passage, places, language), source_of(passage), sentence(passage, language)]
    line, column = places.line_and_column(passage.start)
    last_line, last_column = places.line_and_column(passage.end)
    region = {
        "startLine": line,
        "startColumn": column,
        "endLine": last_line,
        "endColumn": last_column,
        "charOffset": passage.start,
        "charLength": passage.end - passage.start,
    }
    # The same wording from the same source is the same finding, wherever it has moved to.
    print_of = sha256(f"{passage.source}\0{passage.part}\0{passage.text}".encode("utf-8", "replace"))
    return {
        "ruleId": passage.kind,
        "ruleIndex": get_args(Kind).index(passage.kind),
        "kind": "fail" if reuse else "informational",
        **severity,
        "message": {"text": "\n".join(text for text in texts if text)},
        "locations": [_location(report.submission.path, region)],
        "relatedLocations": [
            _location(
                passage.source,
                {
                    "charOffset": passage.source_start,
                    "charLength": passage.source_end - passage.source_start,
                    "snippet": {"text": passage.source_text},
                },
            )
        ],
        "partialFingerprints": {"passage/v1": print_of.hexdigest()},
        "properties": {"number": number, "status": passage.status, "identity": round(passage.identity, 4)},
    }


def _location(path: str, region: dict[str, Any]) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": region}}


def _uri(path: str) -> str:
    """A path as a relative or absolute URI reference (RFC 3986)."""
    if path == "-":
        return "stdin"
    uri = quote(path.replace("\\", "/"), safe="/", errors="replace")
    return f"file://{uri}" if path.startswith("/") else uri
