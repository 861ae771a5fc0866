"""Write the JSON report, format_version 2, for programs.

Offsets are half-open and count Unicode code points of the plain text. Within a format version fields
are added, never renamed, dropped or given another meaning. Versions so far:

1. The first: submission, figures, verdict, sources, passages, rewrite_first, skipped.
2. `copied_characters` leaves out the submission's own text inside a passage, `identity` is the share of the
   submission's side; the statuses `minor` and `suspected` and the level `unknown` are new.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dedup import __version__
from dedup.reports.check.describe import in_order
from dedup.reports.check.history import history_record
from dedup.reports.check.reasons import remarks_on, sentence, sentences
from dedup.reports.kit.findings import as_record, owner_record
from dedup.reports.kit.places import Places
from dedup.reports.kit.records import fields_of, plain

if TYPE_CHECKING:
    from dedup.model import Among, Checked, ParagraphAdvice, Plan, Report, Undone
    from dedup.passage import Passage
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "json"
STANDS_ALONE = False
FORMAT_VERSION = 2

FIGURES = (
    *("total_characters", "copied_characters", "copied_ratio", "matched_characters", "matched_ratio"),
    *("formulaic_characters", "quoted_characters", "own_characters", "minor_characters"),
    *("suspected_characters", "by_relation", "largest_single_source_characters"),
    *("largest_single_source_ratio", "paragraphs", "suspicious_paragraphs"),
    *("decided_characters", "known_characters", "counted_characters", "counted_ratio"),
)
_SOURCE = ("document", "part", "title", "notice", "copied_characters", "copied_ratio", "passages", "relation")
_MOST_INDENTED = 20_000
"""Passages and paragraphs up to which JSON is indented, since that takes ten times as long as writing it."""
_CHECKED = ("time", "corpus", "documents", "snapshot", "version", "settings")
_ALTERNATIVE = ("source", "part", "title", "notice", "source_start", "source_end", "identity")


def render(report: Report, view: View) -> str | Iterator[str]:
    """The report as one JSON object, indented unless `view` asks for one line, or it is too long to read."""
    steps = len(report.plan.steps) if report.plan is not None else 0
    entries = len(report.passages) + len(report.rewrite_first) + steps
    if entries > _MOST_INDENTED:
        return _in_pieces(report, view.language)
    indent = None if view.one_line else 2
    return json.dumps(as_dictionary(report, view.language), ensure_ascii=False, indent=indent) + "\n"


def _in_pieces(report: Report, language: Language) -> Iterator[str]:
    """The report on one line, passage by passage: as a dictionary each would take a kilobyte of memory."""
    places, before = Places(report), "{"
    for name, value in _without_passages(report, places, language).items():
        yield f'{before}"{name}": '
        before = ", "
        if name != "passages":
            yield json.dumps(value, ensure_ascii=False)
            continue
        yield "["
        for number, passage in enumerate(in_order(report), 1):
            one = json.dumps(_passage(number, passage, places, language), ensure_ascii=False)
            yield one if number == 1 else ", " + one
        yield "]"
    yield "}\n"


def as_dictionary(report: Report, language: Language) -> dict[str, Any]:
    """The report as plain dictionaries, lists, texts and numbers; reasons in `language`."""
    places = Places(report)
    whole = _without_passages(report, places, language)
    whole["passages"] = [
        _passage(number, passage, places, language) for number, passage in enumerate(in_order(report), 1)
    ]
    return whole


def _without_passages(report: Report, places: Places, language: Language) -> dict[str, Any]:
    verdict = report.verdict
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "dedup", "version": __version__},
        "submission": fields_of(report.submission, "path", "title", "characters", "paragraphs"),
        "figures": fields_of(report.figures, *FIGURES),
        "verdict": {
            "level": verdict.level,
            "codes": list(verdict.codes),
            "reasons": sentences(verdict, language),
            "remark_codes": [remark.code for remark in verdict.remarks],
            "remarks": remarks_on(verdict, language),
        },
        "undone": report.undone and _undone(report.undone),
        "gate": report.gate and {"limit": report.gate.limit, "exceeded": report.gate.exceeded},
        "checked": report.checked and checked_record(report.checked),
        "sources": [fields_of(source, *_SOURCE) for source in report.sources],
        "passages": [],
        "among": report.among and _among(report.among, places),
        "owner": owner_record(report.owner),
        "left_over": [as_record(one, places, language) for one in report.left_over],
        "history": report.history and history_record(report.history),
        "rewrite_first": [_advice(one) for one in report.rewrite_first],
        "plan": report.plan and _plan(report.plan),
        "skipped": [{"path": skipped.path, "reason": skipped.why(language)} for skipped in report.skipped],
    }


def checked_record(checked: Checked) -> dict[str, Any]:
    """The basis of a check for programs: corpus, time, version and settings."""
    return fields_of(checked, *_CHECKED)


def _advice(advice: ParagraphAdvice) -> dict[str, Any]:
    return {
        "paragraph": advice.number,
        "start": advice.span.start,
        "end": advice.span.end,
        **fields_of(advice, "characters", "copied_characters", "shared_characters"),
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "reaches": plan.reaches,
        "smallest": plan.smallest if plan.reaches else None,
        "remaining_codes": [one.code for one in plan.remaining],
        "paragraphs": [
            {**_advice(step.advice), "ratio_after": plain(step.ratio_after)} for step in plan.steps
        ],
    }


def _undone(undone: Undone) -> dict[str, Any]:
    return {
        "characters": dict(undone.characters),
        "copied_ratio_before": plain(undone.ratio_before),
        "copied_ratio_after": plain(undone.ratio_after),
    }


def _among(among: Among, places: Places) -> dict[str, Any]:
    return {
        "figures": fields_of(among, "compared", "shared_characters", "shared_ratio"),
        "drafts": [
            {"document": one.name, **fields_of(one, "shared_characters", "shared_ratio", "identical")}
            for one in among.drafts
        ],
        "passages": [
            {
                **fields_of(one, "start", "end"),
                "with": one.other,
                "with_start": one.other_start,
                "with_end": one.other_end,
                **fields_of(one, "identity", "kind"),
                "places": _places(places, one.start),
                "text": one.text,
                "with_text": one.other_text,
            }
            for one in among.passages
        ],
    }


def _passage(number: int, passage: Passage, places: Places, language: Language) -> dict[str, Any]:
    return {
        "number": number,
        "line": places.line_and_column(passage.start)[0],
        "places": _places(places, passage.start),
        **fields_of(passage, "start", "end", "source", "part", "source_start", "source_end"),
        "source_paragraph": passage.source_paragraph or None,
        **fields_of(passage, "identity"),
        **fields_of(passage, "kind", "status", "reason_codes"),
        "reason": sentence(passage, language),
        **fields_of(passage, "evasion", "figures", "severity", "relation", "copied", "probability"),
        "counterparts": [
            fields_of(one, "start", "end", "source_start", "source_end", "kind")
            for one in passage.counterparts
        ],
        "also_in": [fields_of(other, *_ALTERNATIVE) for other in passage.also_in],
        "decision": decision_record(passage),
        "novelty": passage.novelty or None,
        **fields_of(passage, "text", "source_text"),
    }


def decision_record(passage: Passage) -> dict[str, Any] | None:
    """The decision about a passage, and the stretches that it does not cover."""
    decision = passage.decision
    if decision is None:
        return None
    return {
        "verdict": decision.ruling,
        **fields_of(decision, "reason", "by", "date"),
        "expires": decision.expires or None,
        **fields_of(passage, "undecided"),
    }


def _places(places: Places, offset: int) -> list[dict[str, Any]]:
    return [fields_of(place, "kind", "name") for place in places.at(offset)]
