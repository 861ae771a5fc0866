"""Edits of single words and characters."""

from __future__ import annotations

import os
from functools import cache

from dedup.errors import DedupError
from dedup.evaluation.edits.copier import Copier
from dedup.messages import Words

SYNONYM_FILE = os.path.join(
    os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "data", "synonyms.txt"
)
_LONGEST_WORD = 7

_FREQUENT = "的一是在不了有和人这中大为上个国以要他时来用们生到作地于出就分对成会可主发年动同工也能下"
"""Frequent characters, for slips of the pen."""


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """The synonyms of each word, from `dedup/data/synonyms.txt`; a word may be in several groups.

    A group is a line of words separated by blanks; lines that begin with # are comments. A word of one
    character may replace others but is not replaced itself: it would be found inside longer words.
    """
    found: dict[str, list[str]] = {}
    with open(SYNONYM_FILE, encoding="utf-8") as lines:
        for line in lines:
            group = line.split()
            if not group or line.startswith("#"):
                continue
            for word in filter(_is_long, group):
                found.setdefault(word, []).extend(other for other in group if other != word)
    if not found:
        raise DedupError(SYNONYM_FILE, Words("set.no_words"), Words("set.install"))
    return {word: tuple(dict.fromkeys(others)) for word, others in found.items()}


def _is_long(word: str) -> bool:
    return len(word) > 1


def replace_synonyms(text: str, copier: Copier) -> str:
    """Replace words by one of their synonyms; at full strength nearly all that have any."""
    known = synonyms()
    written, position = [], 0
    while position < len(text):
        for length in range(min(_LONGEST_WORD, len(text) - position), 0, -1):
            word = text[position : position + length]
            others = known.get(word)
            if others:
                written.append(copier.random.choice(others) if copier.happens(0.95) else word)
                position += length
                break
        else:
            written.append(text[position])
            position += 1
    return "".join(written)


def edit_characters(text: str, copier: Copier) -> str:
    """Drop or replace every n-th character, or insert one after it; n falls from 16 to 5 with strength."""
    step = max(5, round(16 - 11 * copier.strength))
    start = copier.random.randrange(step)
    written = []
    for position, character in enumerate(text):
        if position % step != start or position == len(text) - 1:
            written.append(character)
            continue
        slip = copier.random.choice(("drop", "replace", "insert"))
        if slip == "insert":
            written.append(character)
        if slip != "drop":
            written.append(copier.random.choice(_FREQUENT))
    return "".join(written)
