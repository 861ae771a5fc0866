"""Rich text, by striprtf."""

from __future__ import annotations

import re

from dedup.readers.reading import Composer, Context, Reading, damaged

_CODE_PAGE = re.compile(rb"\\ansicpg(\d+)")


def read(data: bytes, context: Context) -> Reading:
    """Read a rich text. Raises UnsupportedInput when it is damaged."""
    from striprtf.striprtf import rtf_to_text

    found = _CODE_PAGE.search(data[:4096])
    page = found[1].decode("ascii") if found else "936"
    encoding = "gb18030" if page in ("936", "0", "65001") else f"cp{page}"
    source = data.decode("latin-1").replace("\\-", "")
    try:
        text = rtf_to_text(source, encoding=encoding, errors="replace")
    except (LookupError, ValueError, TypeError, AttributeError, OverflowError):  # striprtf checks little
        raise damaged(context.name) from None
    composer = Composer(context)
    for line in text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n"):
        composer.paragraph(line.replace("\u00ad", "").strip("\x00"))
    return composer.reading("rtf", [])
