"""Lay out text in terminal columns: an ideograph takes two, and control characters are made visible."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

from wcwidth import wcwidth

# Punctuation that must not begin a line hangs past its end instead, into this many spare columns.
HANGING = "，。；：！？、）》」』”’,.;:!?)"
HANG_COLUMNS = 2

_UNSEEN = "\N{REPLACEMENT CHARACTER}"
_VISIBLE = {"\n": "↵", "\t": " ", "\N{IDEOGRAPHIC SPACE}": "\N{IDEOGRAPHIC SPACE}"}
# Control, format (zero-width, direction), surrogate, private, unassigned; line and paragraph separators.
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    """`text` with every invisible or control character replaced by a visible one.

    A submission is an untrusted file: its escape sequences must not reach the terminal, and the reader should
    see its zero-width characters.
    """
    if text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    if character in _VISIBLE:
        return _VISIBLE[character]
    return _UNSEEN if unicodedata.category(character) in _UNSEEN_CATEGORIES else character


def width(text: str) -> int:
    """Columns that `text` takes; `text` holds no control characters."""
    return sum(map(_columns_of, text))


@cache
def _columns_of(character: str) -> int:
    """Columns that one character takes; cached, since texts repeat a few thousand characters."""
    columns: int = wcwidth(character)
    return max(0, columns)


def wrap(text: str, columns: int) -> list[str]:
    """`text` in lines of at most `columns` columns, broken anywhere between ideographs.

    There is at least one line. No line begins with closing punctuation: such a mark hangs in the HANG_COLUMNS
    that are kept free at the end of the line before.
    """
    return list(_lines(text, columns - HANG_COLUMNS)) or [""]


def _lines(text: str, columns: int) -> Iterator[str]:
    start = taken = position = 0
    while position < len(text):
        needed = _columns_of(text[position])
        limit = columns + HANG_COLUMNS if text[position] in HANGING else columns
        if taken + needed > limit and position > start:
            position = _before_word(text, start, position)
            yield text[start:position].rstrip(" ")
            while position < len(text) - 1 and text[position] == " ":
                position += 1
            start, taken = position, 0
            continue
        taken += needed
        position += 1
    if start < len(text):
        yield text[start:]


def _before_word(text: str, start: int, position: int) -> int:
    """Position of a line break that splits no Latin word or figure: `position`, or the start of its word."""
    earlier = position
    while earlier > start and text[earlier].isascii() and _joins(text[earlier - 1]):
        earlier -= 1
    return earlier if earlier > start else position


def _joins(character: str) -> bool:
    return character.isascii() and character != " "


def clip(text: str, columns: int) -> str:
    """`text` cut to `columns` columns, ending in … when something was cut."""
    if width(text) <= columns:
        return text
    return next(_lines(text, columns - 1 - HANG_COLUMNS)) + "…"


def clip_middle(name: str, columns: int) -> str:
    """`name` cut in the middle to `columns` columns, since its beginning and its end distinguish it."""
    if width(name) <= columns:
        return name
    behind = _fitting(name[::-1], (columns - 1) // 2)[::-1]
    return f"{_fitting(name, columns - 1 - width(behind))}…{behind}"


def _fitting(text: str, columns: int) -> str:
    """The beginning of `text` that takes at most `columns` columns."""
    taken = 0
    for position, character in enumerate(text):
        taken += _columns_of(character)
        if taken > columns:
            return text[:position]
    return text
