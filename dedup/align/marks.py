"""Marks at the borders of a stretch: those that open before it, close or end behind it."""

from __future__ import annotations

from dedup.document import Span

_OPENING = frozenset("（(“‘《〈「『【[〔<")
_CLOSING = frozenset("）)”’》〉」』】]〕>。！？；!?;，、：,:.…—%％‰")
_STRAIGHT = frozenset("\"'")
_BEFORE_OPENING = frozenset(" \t\u3000\n：:，,、；;（(《“‘—")
"""Characters behind which a straight quotation mark opens; behind any other it closes."""
BORDER_REACH = 6
"""Largest number of marks that belong to a border."""


def with_marks(text: str, span: Span, origin: int) -> Span:
    """A span of a text extended by the marks at its borders, and moved by `origin`."""
    start, end = span.start, span.end
    while start > 0 and span.start - start < BORDER_REACH and _opens(text, start - 1):
        start -= 1
    while end < len(text) and end - span.end < BORDER_REACH and _closes(text, end):
        end += 1
    return Span(start + origin, end + origin)


def _opens(text: str, place: int) -> bool:
    if text[place] in _STRAIGHT:
        return place == 0 or text[place - 1] in _BEFORE_OPENING
    return text[place] in _OPENING


def _closes(text: str, place: int) -> bool:
    if text[place] in _STRAIGHT:
        return not _opens(text, place)
    return text[place] in _CLOSING
