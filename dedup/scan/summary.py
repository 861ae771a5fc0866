"""The summary as JSON text for people as well: an entry of a list takes one line, however much it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

_STEP = "  "
_written = json.JSONEncoder(ensure_ascii=False).encode


def summary_text(summary: Mapping[str, Any]) -> str:
    """The text of `summary.json`."""
    return _text(summary, "") + "\n"


def _text(value: object, indent: str) -> str:
    inner = indent + _STEP
    if isinstance(value, Mapping) and value:
        lines = [f"{inner}{_written(key)}: {_text(one, inner)}" for key, one in value.items()]
        return _between("{", lines, indent + "}")
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return _between("[", [inner + _written(one) for one in value], indent + "]")
    return _written(value)


def _between(opening: str, lines: list[str], closing: str) -> str:
    return opening + "\n" + ",\n".join(lines) + "\n" + closing
