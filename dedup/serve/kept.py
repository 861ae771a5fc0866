"""A report as it is kept in the database: JSON, from which the same record is made again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, ValidationError, to_json, to_jsonable_python

from dedup.model import Level, Report
from dedup.records import dataclass

if TYPE_CHECKING:  # helpers pack and need neither
    from pydantic import TypeAdapter

    from dedup.serve.tables import Draft

_WORST: tuple[Level, ...] = ("pass", "unknown", "warn", "block")


@dataclass(frozen=True, slots=True)
class Kept:
    """The parts of one report that are kept: those that lists of drafts show, and all of it as JSON."""

    level: Level
    ratio: float
    """Copied, of the whole."""
    line: str
    """As `packed` writes it."""
    summary: str
    """The line of the report without its text."""


def kept(report: Report) -> Kept:
    """Take from a report what is kept of it."""
    summary = packed(without_text(report))
    return Kept(report.verdict.level, report.figures.copied_ratio, packed(report), summary)


def without_text(report: Report) -> Report:
    """Leave of a report what stands above its text: no text, and nothing that tells of places in it."""
    among = report.among and replace(report.among, passages=())
    return replace(
        report,
        passages=(),
        rewrite_first=(),
        text="",
        paragraphs=(),
        among=among,
        places=(),
        left_over=(),
        plan=None,
    )


def packed(report: Report) -> str:
    """The report as one line of JSON. Fields that hold what they hold anyway are left out."""
    try:
        return to_json(report, fallback=_plain).decode("utf-8")
    except PydanticSerializationError:  # half of a character, which UTF-8 cannot write
        return json.dumps(to_jsonable_python(report, fallback=_plain))


def unpacked(line: str) -> Report:
    """The report that `packed` wrote, also if that was an earlier version: new fields have their defaults."""
    try:
        return _reports().validate_json(line)
    except ValidationError:
        return _reports().validate_python(json.loads(line))


def reports_of(draft: Draft) -> list[Report]:
    """The reports of a draft that was checked: one, or one for each document of an archive."""
    return [unpacked(line) for line in json.loads(draft.report)] if draft.report else []


def summaries_of(draft: Draft) -> list[Report]:
    """The reports of a draft without their text, for pages that show many."""
    if draft.summary:
        return [unpacked(line) for line in json.loads(draft.summary)]
    return [without_text(report) for report in reports_of(draft)]


def worst(found: Iterable[object]) -> Level:
    """The worst level of what is kept of some reports; what is none is unknown."""
    levels: list[Level] = [one.level if isinstance(one, Kept) else "unknown" for one in found]
    return max(levels, key=_WORST.index, default="unknown")


def _plain(value: Any) -> Any:
    """A collection of the model as one that JSON has."""
    return dict(value) if isinstance(value, Mapping) else list(value)


@cache
def _reports() -> TypeAdapter[Report]:
    from pydantic import TypeAdapter

    return TypeAdapter(Report)
