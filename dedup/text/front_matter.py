"""Find front matter: the block of keys and values that site generators and note programs put above a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.document import ParagraphKind
from dedup.text.looks import Expression

_LONGEST = 80
"""Lines of front matter."""
_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
"""The lines that open front matter (YAML, TOML), and those that may close it."""
_ENTRY = Expression(r"(?P<key>\w[\w .-]{0,40})\s*[:：=]\s*(?P<value>.*)$")
_GOES_ON = Expression(r"(?:[-*]\s|[\]\[{}#]|\"|')|\S+$")
"""A line of a longer value: an item of a list, a bracket, a comment, a single word."""
_FURNITURE = int(ParagraphKind.FURNITURE)


def mark_front_matter(lines: Sequence[str], kinds: NDArray[np.uint8]) -> str:
    """Mark front matter at the start of a file as furniture in `kinds`; return the title it names, or ""."""
    closing = _FENCES.get(lines[0]) if lines else None
    if closing is None:
        return ""
    end = next((number for number, line in enumerate(lines[1:_LONGEST], 1) if line in closing), 0)
    inside = lines[1:end]
    entries = [_ENTRY.match(line) for line in inside]
    if not end or not any(entries) or not all(map(_belongs, inside)):
        return ""
    kinds[: end + 1] = _FURNITURE
    titles = (
        entry["value"] for entry in entries if entry and entry["key"].strip().lower() in {"title", "标题"}
    )
    return next(titles, "").strip("\"' ")


def _belongs(line: str) -> bool:
    return bool(_ENTRY.match(line) or _GOES_ON.match(line))
