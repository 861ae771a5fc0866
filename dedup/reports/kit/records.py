"""Turn records into values for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dedup.document import Notice, Span

_DECIMALS = 4
_PLAIN = frozenset({str, int, bool})
"""The types of most values."""


def fields_of(record: object, *names: str) -> dict[str, Any]:
    """Some fields of a record by their names: shares rounded, a span by its two ends."""
    return {name: value if type(value := getattr(record, name)) in _PLAIN else plain(value) for name in names}


def plain(value: object) -> Any:
    """A value of a report as lists, dictionaries, texts and numbers."""
    match value:
        case float():
            return round(value, _DECIMALS)
        case Span():
            return [value.start, value.end]
        case Notice():
            return fields_of(value, "text", "no_copying", "origin")
        case Mapping():
            return dict(value)
        case tuple():
            return [plain(one) for one in value]
    return value
