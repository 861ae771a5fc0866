"""The JSON report, format_version 2, for programs.

Offsets are half-open and count Unicode code points of the plain text. Within a format version fields
are added, never renamed, dropped or given another meaning. Versions so far:

1. The first: submission, figures, verdict, sources, passages, rewrite_first, skipped.
2. `copied_characters` leaves out the submission's own text inside a passage, `identity` is the share of the
   submission's side; the statuses `minor` and `suspected` and the level `unknown` are new.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dedup import __version__
from dedup.reports.check.describe import in_order
from dedup.reports.check.reasons import remarks_on, sentence, sentences
from dedup.reports.kit.places import Places

if TYPE_CHECKING:
    from dedup.model import (
        Alternative,
        Among,
        Checked,
        Figures,
        Gate,
        Notice,
        Passage,
        Report,
        SourceSummary,
        Undone,
    )
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "json"
STANDS_ALONE = False
FORMAT_VERSION = 2


def render(report: Report, view: View) -> str:
    """The report as one JSON object, indented unless `view` asks for one line."""
    indent = None if view.one_line else 2
    return json.dumps(as_dictionary(report, view.language), ensure_ascii=False, indent=indent) + "\n"


def as_dictionary(report: Report, language: Language) -> dict[str, Any]:
    """The report as plain dictionaries, lists, texts and numbers; reasons in `language`."""
    submission, verdict, places = report.submission, report.verdict, Places(report)
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "dedup", "version": __version__},
        "submission": {
            "path": submission.path,
            "title": submission.title,
            "characters": submission.characters,
            "paragraphs": submission.paragraphs,
        },
        "figures": _figures(report.figures),
        "verdict": {
            "level": verdict.level,
            "codes": list(verdict.codes),
            "reasons": sentences(verdict, language),
            "remark_codes": [remark.code for remark in verdict.remarks],
            "remarks": remarks_on(verdict, language),
        },
        "undone": _undone(report.undone),
        "gate": _gate(report.gate),
        "checked": _checked(report.checked),
        "sources": [_source(source) for source in report.sources],
        "passages": [
            _passage(number, passage, places, language) for number, passage in enumerate(in_order(report), 1)
        ],
        "among": _among(report.among, places),
        "rewrite_first": [
            {
                "paragraph": advice.number,
                "start": advice.span.start,
                "end": advice.span.end,
                "characters": advice.characters,
                "copied_characters": advice.copied_characters,
            }
            for advice in report.rewrite_first
        ],
        "skipped": [{"path": skipped.path, "reason": skipped.why(language)} for skipped in report.skipped],
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "total_characters": figures.total_characters,
        "copied_characters": figures.copied_characters,
        "copied_ratio": _ratio(figures.copied_ratio),
        "matched_characters": figures.matched_characters,
        "matched_ratio": _ratio(figures.matched_ratio),
        "formulaic_characters": figures.formulaic_characters,
        "quoted_characters": figures.quoted_characters,
        "own_characters": figures.own_characters,
        "minor_characters": figures.minor_characters,
        "suspected_characters": figures.suspected_characters,
        "by_relation": dict(figures.by_relation),
        "largest_single_source_characters": figures.largest_single_source_characters,
        "largest_single_source_ratio": _ratio(figures.largest_single_source_ratio),
        "paragraphs": figures.paragraphs,
        "suspicious_paragraphs": figures.suspicious_paragraphs,
    }


def _source(source: SourceSummary) -> dict[str, Any]:
    return {
        "document": source.document,
        "part": source.part,
        "title": source.title,
        "notice": _notice(source.notice),
        "copied_characters": source.copied_characters,
        "copied_ratio": _ratio(source.copied_ratio),
        "passages": source.passages,
        "relation": source.relation,
    }


def _undone(undone: Undone | None) -> dict[str, Any] | None:
    if undone is None:
        return None
    return {
        "characters": dict(undone.characters),
        "copied_ratio_before": _ratio(undone.ratio_before),
        "copied_ratio_after": _ratio(undone.ratio_after),
    }


def _gate(gate: Gate | None) -> dict[str, Any] | None:
    return None if gate is None else {"limit": gate.limit, "exceeded": gate.exceeded}


def _checked(checked: Checked | None) -> dict[str, Any] | None:
    if checked is None:
        return None
    return {
        "time": checked.time,
        "corpus": checked.corpus,
        "documents": checked.documents,
        "snapshot": checked.snapshot,
        "settings": dict(checked.settings),
    }


def _among(among: Among | None, places: Places) -> dict[str, Any] | None:
    if among is None:
        return None
    return {
        "figures": {
            "compared": among.compared,
            "shared_characters": among.shared_characters,
            "shared_ratio": _ratio(among.shared_ratio),
        },
        "drafts": [
            {
                "document": one.name,
                "shared_characters": one.shared_characters,
                "shared_ratio": _ratio(one.shared_ratio),
                "identical": one.identical,
            }
            for one in among.drafts
        ],
        "passages": [
            {
                "start": one.start,
                "end": one.end,
                "with": one.other,
                "with_start": one.other_start,
                "with_end": one.other_end,
                "identity": _ratio(one.identity),
                "kind": one.kind,
                "places": [{"kind": place.kind, "name": place.name} for place in places.at(one.start)],
                "text": one.text,
                "with_text": one.other_text,
            }
            for one in among.passages
        ],
    }


def _notice(notice: Notice | None) -> dict[str, Any] | None:
    if notice is None:
        return None
    return {"text": notice.text, "no_copying": notice.no_copying, "origin": notice.origin}


def _passage(number: int, passage: Passage, places: Places, language: Language) -> dict[str, Any]:
    return {
        "number": number,
        "line": places.line_and_column(passage.start)[0],
        "places": [{"kind": place.kind, "name": place.name} for place in places.at(passage.start)],
        "start": passage.start,
        "end": passage.end,
        "source": passage.source,
        "part": passage.part,
        "source_start": passage.source_start,
        "source_end": passage.source_end,
        "identity": _ratio(passage.identity),
        "kind": passage.kind,
        "status": passage.status,
        "reason_codes": list(passage.reason_codes),
        "reason": sentence(passage, language),
        "evasion": list(passage.evasion),
        "figures": passage.figures,
        "severity": passage.severity,
        "relation": passage.relation,
        "copied": [[span.start, span.end] for span in passage.copied],
        "also_in": [_alternative(other) for other in passage.also_in],
        "text": passage.text,
        "source_text": passage.source_text,
    }


def _alternative(other: Alternative) -> dict[str, Any]:
    return {
        "source": other.source,
        "part": other.part,
        "title": other.title,
        "notice": _notice(other.notice),
        "source_start": other.source_start,
        "source_end": other.source_end,
        "identity": _ratio(other.identity),
    }


def _ratio(value: float) -> float:
    return round(value, 4)
