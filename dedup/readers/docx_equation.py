r"""Return what the field EQ of a Word document draws: circled characters, ruby, two lines in one.

The field has no result: what is seen stands in its code, `EQ \o\ac(○,一)`.
"""

from __future__ import annotations

import re

_BEGINS = re.compile(r"\s*EQ\b", re.IGNORECASE)
_FORMAT = re.compile(r'\\\*\s*(?:"[^"]*"|\S+)')
r"""How the result is set: `\* jc0`, `\* "Font:宋体"`."""
_INNERMOST = re.compile(r"((?:\\[a-zA-Z]+\s*-?\d*\s*)+)\(([^()]*)\)")
_LAID_OVER = re.compile(r"\\a[cd]\b", re.IGNORECASE)
"""A sign or a ruby over a base, which comes last."""
_DEEPEST = 20


def drawn_by(code: str) -> str:
    """Return the text that a field with this code draws; empty if it is not EQ."""
    begins = _BEGINS.match(code)
    if not begins:
        return ""
    text = _FORMAT.sub("", code[begins.end() :])
    for _ in range(_DEEPEST):
        text, count = _INNERMOST.subn(_argument, text)
        if not count:
            break
    return "" if "\\" in text else text.strip()


def _argument(found: re.Match[str]) -> str:
    parts = [part.strip() for part in re.split("[,，;；]", found[2])]
    return parts[-1] if _LAID_OVER.search(found[1]) else "".join(parts)
