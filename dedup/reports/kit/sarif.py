"""Common parts of reports in SARIF: regions of a file, and findings of traces of copying."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import quote

from dedup.messages import say
from dedup.reports.kit.findings import problem_of
from dedup.settings import FindingKind

if TYPE_CHECKING:
    from dedup.model import Finding
    from dedup.reports.kit.places import Places
    from dedup.settings import Language

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def region(start: int, end: int, places: Places) -> dict[str, Any]:
    """The SARIF region of a stretch of a text."""
    line, column = places.line_and_column(start)
    last_line, last_column = places.line_and_column(end)
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": last_line,
        "endColumn": last_column,
        "charOffset": start,
        "charLength": end - start,
    }


def location(path: str, its_region: dict[str, Any]) -> dict[str, Any]:
    """The SARIF location of a region in a file."""
    return {"physicalLocation": {"artifactLocation": {"uri": uri(path)}, "region": its_region}}


def uri(path: str) -> str:
    """A path as a relative or absolute URI reference (RFC 3986)."""
    if path == "-":
        return "stdin"
    quoted = quote(path.replace("\\", "/"), safe="/", errors="replace")
    return f"file://{quoted}" if path.startswith("/") else quoted


def finding_rules(language: Language) -> list[dict[str, Any]]:
    """A rule for each kind of finding."""
    return [
        {"id": f"lint/{kind}", "shortDescription": {"text": say(f"lint.kind.{kind}", language)}}
        for kind in get_args(FindingKind)
    ]


def finding_result(
    finding: Finding, path: str, places: Places, language: Language, first_rule: int
) -> dict[str, Any]:
    """A finding as a result; `first_rule` is the number of the first of `finding_rules`."""
    print_of = sha256(f"{finding.kind}\0{finding.text}\0{finding.reason.code}".encode("utf-8", "replace"))
    return {
        "ruleId": f"lint/{finding.kind}",
        "ruleIndex": first_rule + get_args(FindingKind).index(finding.kind),
        "kind": "fail",
        "level": finding.severity,
        "message": {"text": f"{finding.text}\n{problem_of(finding, language)}"},
        "locations": [location(path, region(finding.start, finding.end, places))],
        "partialFingerprints": {"finding/v1": print_of.hexdigest()},
        "properties": {"reason": finding.reason.code, "alsoInSource": finding.also_in_source or None},
    }
