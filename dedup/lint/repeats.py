"""Find sentences that occur twice in one document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedup.lint.page import Page
from dedup.model import Finding

_SENTENCE = re.compile(r"[^。！？；\n]+")
_SHORTEST, _LONG = 16, 30
"""Characters of a repeated sentence from which it is a note, and from which it is graver."""


def find_repeats(page: Page) -> Iterator[Finding]:
    """Findings on sentences of the body that are equal to an earlier one."""
    seen: set[str] = set()
    for line in page.body():
        for found in _SENTENCE.finditer(line.text):
            sentence = found[0].strip(" \t\u3000“”")
            if len(sentence) < _SHORTEST:
                continue
            if sentence in seen:
                start = line.start + found.start()
                severity = "warning" if len(sentence) >= _LONG else "note"
                yield page.finding(start, line.start + found.end(), "repeated", severity, "repeated")  # type: ignore[arg-type]
            seen.add(sentence)
