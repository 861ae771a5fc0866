"""Read rich text by striprtf."""

from __future__ import annotations

import re

from dedup.readers.reading import Composer, Context, Reading, damaged

_CODE_PAGE = re.compile(rb"\\ansicpg(\d+)")


_HIDDEN = re.compile(r"\{(?=[^{}]*\\v(?![a-z0-9]))[^{}]*\}")
"""A group inside which nothing is nested, with the mark of hidden text."""
_STOOD_HERE = "\ue000"
"""Placeholder for hidden text that was removed; a private-use character that no text has."""
_PLACE = rf"\uc1\u{ord(_STOOD_HERE) - 0x10000}?"


def read(data: bytes, context: Context) -> Reading:
    """Read a rich text. Raises UnsupportedInput when it is damaged."""
    found = _CODE_PAGE.search(data[:4096])
    page = found[1].decode("ascii") if found else "936"
    encoding = "gb18030" if page in ("936", "0", "65001") else f"cp{page}"
    source = data.decode("latin-1").replace("\\-", "")
    groups = _HIDDEN.findall(source) if "\\v" in source else []
    text = _text_of(_HIDDEN.sub(lambda _: _PLACE, source) if groups else source, encoding, context)
    hidden = iter(
        [_text_of("{\\rtf1\\ansi " + group + "}", encoding, context).strip("\n") for group in groups]
    )
    composer = Composer(context)
    for line in text.rstrip("\n").split("\n"):
        seen, *behind = line.split(_STOOD_HERE) if groups else [line]
        for part in behind:
            composer.hide(next(hidden, ""), "vanish", len(seen))
            seen += part
        composer.paragraph(seen)
    return composer.reading("rtf", [])


def _text_of(source: str, encoding: str, context: Context) -> str:
    from striprtf.striprtf import rtf_to_text

    try:
        text: str = rtf_to_text(source, encoding=encoding, errors="replace")
    except (LookupError, ValueError, TypeError, AttributeError, OverflowError):  # striprtf checks little
        raise damaged(context.name) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\u00ad", "").replace("\x00", "")
