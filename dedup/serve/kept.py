"""A report as it is kept in the database: JSON, from which the same record is made again."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from dedup.model import Level, Report
from dedup.serve.tables import Draft

_WORST: tuple[Level, ...] = ("pass", "unknown", "warn", "block")


def packed(report: Report) -> str:
    """The report as one line of JSON. Fields that hold what they hold anyway are left out."""
    return json.dumps(_plain(report), ensure_ascii=False, separators=(",", ":"))


def unpacked(line: str) -> Report:
    """The report that `packed` wrote, also if that was an earlier version: new fields have their defaults."""
    report: Report = _made(Report, json.loads(line))
    return report


def reports_of(draft: Draft) -> list[Report]:
    """The reports of a draft that was checked: one, or one for each document of an archive."""
    return [unpacked(line) for line in json.loads(draft.report)] if draft.report else []


def worst(found: Iterable[object]) -> Level:
    """The worst level of some reports; what is none is unknown."""
    levels: list[Level] = [one.verdict.level if isinstance(one, Report) else "unknown" for one in found]
    return max(levels, key=_WORST.index, default="unknown")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value.value if isinstance(value, enum.Enum) else value


@cache
def _types(record: type) -> dict[str, Any]:
    return get_type_hints(record)


def _made(kind: Any, value: Any) -> Any:
    """The value as its type has it."""
    origin = get_origin(kind)
    if value is None or kind in (str, int, float, bool) or origin is Literal:
        made = value
    elif origin in (UnionType, Union):
        made = _chosen([one for one in get_args(kind) if one is not NoneType], value)
    elif origin in (tuple, Sequence):
        made = tuple(_made(get_args(kind)[0], one) for one in value)
    elif origin is not None and issubclass(origin, Mapping):
        key, inner = get_args(kind)
        made = {_made(key, name): _made(inner, one) for name, one in value.items()}
    elif issubclass(kind, enum.Enum):
        made = kind(value)
    else:
        known, types = {one.name for one in fields(kind)}, _types(kind)
        made = kind(**{name: _made(types[name], one) for name, one in value.items() if name in known})
    return made


def _chosen(kinds: list[Any], value: Any) -> Any:
    if len(kinds) == 1:
        return _made(kinds[0], value)
    return tuple(value) if isinstance(value, list) else value  # a fact: a word, a number or several words
