"""Write the report as SARIF 2.1.0 (OASIS, 2020), which code hosts show beside the lines."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, get_args

from dedup import __version__
from dedup.messages import label, say
from dedup.passage import Kind
from dedup.reports.check.decisions import decision_in_words
from dedup.reports.check.describe import headline, in_order, outer_place, place_of, source_of
from dedup.reports.check.json import checked_record
from dedup.reports.check.reasons import sentence, undone_in_words
from dedup.reports.kit.columns import visible
from dedup.reports.kit.places import Places
from dedup.reports.kit.sarif import SCHEMA, finding_result, finding_rules, location, region, uri

if TYPE_CHECKING:
    from dedup.model import Report
    from dedup.passage import Passage, SharedPassage
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "sarif"
STANDS_ALONE = True

_AMONG = "among"
_BASELINE = {"new": "new", "partly": "updated", "known": "unchanged"}


def render(report: Report, view: View) -> str:
    """One run with a result for each passage, and for each passage shared with other drafts of the call.

    Passages that are not reuse have the level of information.
    """
    language = view.language
    driver = {
        "name": "dedup",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [
            {"id": kind, "shortDescription": {"text": say(f"passage.kind.{kind}", language)}}
            for kind in get_args(Kind)
        ]
        + [{"id": _AMONG, "shortDescription": {"text": say("among.status", language)}}]
        + finding_rules(language),
    }
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN" if language == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, language)],
        "artifacts": [{"location": {"uri": uri(report.submission.path)}}],
        **({"properties": {"checked": checked_record(report.checked)}} if report.checked else {}),
        "results": results(report, language),
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=None if view.one_line else 2) + "\n"


def results(report: Report, language: Language) -> list[dict[str, Any]]:
    """A result for each passage, each passage shared with other drafts, and each trace of copying."""
    places = Places(report)
    forbidding = {
        (one.document, one.part) for one in report.sources if one.notice is not None and one.notice.no_copying
    }
    passages = [
        _result(
            number,
            one,
            report,
            places,
            forbidding=(one.source, one.part) in forbidding,
            language=language,
        )
        for number, one in enumerate(in_order(report), 1)
    ]
    shared = report.among.passages if report.among else ()
    first_rule = len(get_args(Kind)) + 1
    return [
        *passages,
        *(_shared(one, report, places, language) for one in shared),
        *(
            finding_result(one, report.submission.path, places, language, first_rule)
            for one in report.left_over
        ),
    ]


def counts(result: dict[str, Any]) -> bool:
    """Tell whether a result is reuse or a trace of copying, and nobody accepted it."""
    excused = any(one["status"] == "accepted" for one in result.get("suppressions", ()))
    return result["level"] != "none" and not excused


def _invocation(report: Report, language: Language) -> dict[str, Any]:
    notes = [
        {"level": "warning", "message": {"text": f"{one.path}: {one.why(language)}"}}
        for one in report.skipped
    ]
    successful = not notes
    if report.undone is not None:
        notes.append({"level": "note", "message": {"text": undone_in_words(report.undone, language)}})
    ended = {"endTimeUtc": utc} if report.checked and (utc := _utc(report.checked.time)) else {}
    return {"executionSuccessful": successful, **ended, "toolExecutionNotifications": notes}


def _utc(time: str) -> str:
    """A time in the form of the standard; empty if it is none."""
    from datetime import UTC, datetime

    try:
        return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return ""


def _result(
    number: int, passage: Passage, report: Report, places: Places, *, forbidding: bool, language: Language
) -> dict[str, Any]:
    reuse = passage.status == "reuse"
    severity = {"level": "error" if forbidding else "warning"} if reuse else {"level": "none"}
    texts = [headline(passage, places, language), source_of(passage, language), sentence(passage, language)]
    # The same wording from the same source is the same finding, even if it has moved.
    print_of = sha256(f"{passage.source}\0{passage.part}\0{passage.text}".encode("utf-8", "replace"))
    return {
        "ruleId": passage.kind,
        "ruleIndex": get_args(Kind).index(passage.kind),
        "kind": "fail" if reuse else "informational",
        **severity,
        "message": {"text": "\n".join(text for text in texts if text)},
        "locations": [_place(report, passage.start, passage.end, places, language)],
        "relatedLocations": [
            _elsewhere(passage.source, passage.source_start, passage.source_end, passage.source_text)
        ],
        "partialFingerprints": {"passage/v1": print_of.hexdigest()},
        **_settled(passage, language),
        "properties": {
            "number": number,
            "status": passage.status,
            "identity": round(passage.identity, 4),
            "relation": passage.relation,
        },
    }


def _settled(passage: Passage, language: Language) -> dict[str, Any]:
    """The properties for a passage's decision and for its presence in an earlier report.

    A decision that does not cover the whole passage, or sends it back, suppresses nothing. If only new
    passages count, others are suppressed.
    """
    found: dict[str, Any] = {}
    if passage.novelty:
        found["baselineState"] = _BASELINE[passage.novelty]
    if passage.decision is not None or passage.settled:
        open_status = "underReview" if passage.decision is None or passage.decision.excuses else "rejected"
        found["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted" if passage.settled else open_status,
                "justification": decision_in_words(passage, language) or say("novelty.excused", language),
            }
        ]
    return found


def _shared(shared: SharedPassage, report: Report, places: Places, language: Language) -> dict[str, Any]:
    """The result for a stretch that another draft of the same call holds too."""
    place = place_of(shared.start, shared.end, places, language)
    told = [place, f"{label('among.other', language)}{visible(shared.other)}"]
    print_of = sha256(f"{shared.other}\0{shared.text}".encode("utf-8", "replace"))
    return {
        "ruleId": _AMONG,
        "ruleIndex": len(get_args(Kind)),
        "kind": "fail",
        "level": "warning",
        "message": {"text": "\n".join(told)},
        "locations": [_place(report, shared.start, shared.end, places, language)],
        "relatedLocations": [
            _elsewhere(shared.other, shared.other_start, shared.other_end, shared.other_text)
        ],
        "partialFingerprints": {"among/v1": print_of.hexdigest()},
        "properties": {"identity": round(shared.identity, 4)},
    }


def _place(report: Report, start: int, end: int, places: Places, language: Language) -> dict[str, Any]:
    """The location of a stretch in the submission: its region, and its page if it has one."""
    found = location(report.submission.path, region(start, end, places))
    if outer := outer_place(start, places, language):
        found["logicalLocations"] = [{"name": outer}]
    return found


def _elsewhere(path: str, start: int, end: int, text: str) -> dict[str, Any]:
    return location(path, {"charOffset": start, "charLength": end - start, "snippet": {"text": text}})
