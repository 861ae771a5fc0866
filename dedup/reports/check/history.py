"""Put the history of a draft since its earlier checks into words, and into a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dedup.messages import say
from dedup.reports.kit.columns import visible
from dedup.reports.kit.ratios import percent
from dedup.reports.kit.records import fields_of

if TYPE_CHECKING:
    from dedup.model import EarlierCheck, History, Report
    from dedup.settings import Language

_ARROW = " → "
_MOST_CHECKS = 8
_MOST_SOURCES = 5
_MOST_NUMBERS = 12
_MINUTES = 16
"""Characters of a time up to its minutes."""


def history_lines(report: Report, language: Language) -> Iterator[str]:
    """The course of the copied ratio, then the passages mended, remaining and new; safe to show."""
    history = report.history
    if history is None:
        return
    if not history.checks:
        yield say("history.first", language)
        return
    now = say("history.now", language, ratio=percent(report.figures.copied_ratio))
    yield course(history.checks, now)
    yield say(
        "history.changes",
        language,
        time=moment(history.checks[-1].time),
        mended=len(history.mended),
        remaining=len(history.remaining),
        new=len(history.new),
    )
    if history.mended:
        yield say("history.mended", language, sources=_by_source(history, language))
    for name, numbers in (("remaining", history.remaining), ("new", history.new)):
        if numbers:
            shown = say("enumeration", language).join(map(str, numbers[:_MOST_NUMBERS]))
            more = " …" if len(numbers) > _MOST_NUMBERS else ""
            yield say(f"history.{name}", language, numbers=shown + more)
    if not history.same_basis:
        yield say("history.basis", language)


def course(checks: tuple[EarlierCheck, ...], now: str = "") -> str:
    """The copied ratios of the checks in order, the last ones if there are many."""
    shown = [percent(one.copied_ratio) for one in checks[-_MOST_CHECKS:]]
    before = ["…"] if len(checks) > _MOST_CHECKS else []
    return _ARROW.join([*before, *shown, *filter(None, (now,))])


def moment(time: str) -> str:
    """A time up to its minutes, safe to show."""
    return visible(time[:_MINUTES].replace("T", " "))


def _by_source(history: History, language: Language) -> str:
    """The sources of the passages that are gone, those with most first."""
    lengths: dict[str, list[int]] = defaultdict(list)
    for one in history.mended:
        lengths[one.source].append(one.characters)
    ordered = sorted(lengths.items(), key=lambda item: (-sum(item[1]), item[0]))
    told = [
        say("history.source", language, source=visible(source), count=len(some), characters=sum(some))
        for source, some in ordered[:_MOST_SOURCES]
    ]
    return say("semicolon", language).join([*told, *(["…"] if len(ordered) > _MOST_SOURCES else [])])


def history_record(history: History) -> dict[str, Any]:
    """The history for programs."""
    figures = ("time", "copied_ratio", "copied_characters", "total_characters", "level")
    return {
        "draft": history.draft,
        "checks": [fields_of(one, *figures) for one in history.checks],
        "mended": len(history.mended),
        "remaining": len(history.remaining),
        "new": len(history.new),
        "mended_passages": [fields_of(one, "source", "characters") for one in history.mended],
        "remaining_passages": list(history.remaining),
        "new_passages": list(history.new),
        "same_basis": history.same_basis,
    }
