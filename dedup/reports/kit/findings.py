"""Put findings of traces of copying into words, for the reports of a lint and of a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, get_args

from dedup.messages import say
from dedup.reports.kit.columns import visible, wrap
from dedup.reports.kit.page import hanging, paint
from dedup.reports.kit.records import fields_of
from dedup.settings import Gravity

if TYPE_CHECKING:
    from dedup.model import Finding, Owner
    from dedup.reports import View
    from dedup.reports.kit.places import Places
    from dedup.settings import Language

_ORDER = get_args(Gravity)
_COLOURS = {"error": "31", "warning": "33", "note": "36"}
_BESIDE = 10
"""Characters on either side of a finding that are shown with it."""


def kind_of(finding: Finding, language: Language) -> str:
    """The severity and the kind of a finding, in words."""
    severity = say(f"lint.severity.{finding.severity}", language)
    return f"{severity} · {say(f'lint.kind.{finding.kind}', language)}"


def problem_of(finding: Finding, language: Language) -> str:
    """The problem, what to do about it, and the source that has it too."""
    reason = finding.reason
    parts = [
        say(f"lint.reason.{reason.code}", language, **reason.facts),
        say(f"lint.reason.{reason.code}.cure", language, **reason.facts),
    ]
    if finding.also_in_source:
        parts.insert(1, say("lint.in_source", language, source=finding.also_in_source))
    return visible(say("semicolon", language).join(parts))


def around(finding: Finding, text: str) -> tuple[str, str, str]:
    """The text of its line before it, the text found, and the text after it; safe to show."""
    before = text[max(0, finding.start - _BESIDE) : finding.start].rpartition("\n")[2]
    behind = text[finding.end : finding.end + _BESIDE].partition("\n")[0]
    return visible(before), visible(finding.text), visible(behind)


def owner_in_words(owner: Owner, language: Language) -> list[str]:
    """The owner (unit and year) of the document, each with its evidence, or that it is unknown."""
    return [_unit(owner, language), _year(owner, language)]


def _unit(owner: Owner, language: Language) -> str:
    if not owner.unit:
        return say("lint.no_unit", language)
    facts: dict[str, object] = {"unit": visible(owner.unit), "by": say(f"lint.by.{owner.unit_by}", language)}
    key = "lint.unit_known"
    if not owner.registered:
        key = "lint.unit_near" if owner.near else "lint.unit_unknown"
        facts["near"] = say("enumeration", language).join(owner.near)
    elif not owner.place:
        key = "lint.unit_several"
    elif owner.place != owner.unit:
        key, facts["place"] = "lint.unit_place", owner.place
    label = say("lint.unit", language) + say("colon", language)
    return label + say(key, language, **facts)


def _year(owner: Owner, language: Language) -> str:
    if not owner.year:
        return say("lint.no_year", language)
    label = say("lint.year", language) + say("colon", language)
    by = say(f"lint.by.{owner.year_by}", language)
    return label + say("lint.year_known", language, year=owner.year, by=by)


def counts_in_words(findings: Iterable[Finding], language: Language) -> str:
    """The number of findings of each severity, in words."""
    counts = Counter(one.severity for one in findings)
    return say(
        "lint.counts", language, errors=counts["error"], warnings=counts["warning"], notes=counts["note"]
    )


def as_record(finding: Finding, places: Places, language: Language) -> dict[str, Any]:
    """The finding as a record for programs."""
    facts = finding.reason.facts
    return {
        **fields_of(finding, "start", "end", "text", "kind", "severity"),
        "reason_code": finding.reason.code,
        "reason": say(f"lint.reason.{finding.reason.code}", language, **facts),
        "cure": say(f"lint.reason.{finding.reason.code}.cure", language, **facts),
        "also_in_source": finding.also_in_source or None,
        "line": places.line_and_column(finding.start)[0],
        "places": [fields_of(place, "kind", "name") for place in places.at(finding.start)],
    }


def owner_record(owner: Owner) -> dict[str, Any]:
    """The owner of the document as a record for programs; null where unknown."""
    return {
        "unit": owner.unit or None,
        "unit_by": owner.unit_by or None,
        "registered": owner.registered,
        "place": owner.place or None,
        "near": list(owner.near),
        "year": owner.year or None,
        "year_by": owner.year_by or None,
    }


def gravest(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, errors first, those of one severity in the order of the text."""
    return sorted(findings, key=lambda one: (_ORDER.index(one.severity), one.start))


def finding_lines(
    findings: Sequence[Finding], text: str, places: Places, view: View, most: int | None = None
) -> Iterator[str]:
    """Findings in two or three lines each; those beyond the first `most` are only counted."""
    language = view.language
    for one in findings[:most]:
        line = say("passage.line", language, line=places.line_and_column(one.start)[0])
        before, found, behind = around(one, text)
        shown = f"{kind_of(one, language)}{line} {before}[{found}]{behind}"
        first, *more = hanging("-", shown, view)
        severity = say(f"lint.severity.{one.severity}", language)
        yield first.replace(severity, paint(severity, _COLOURS[one.severity], view), 1)
        yield from more
        yield from hanging(" ", problem_of(one, language), view)
    if most is not None and len(findings) > most:
        yield from wrap(say("lint.more", language, count=len(findings) - most), view.columns)
