"""Read rich text by striprtf."""

from __future__ import annotations

import re

from dedup.readers.reading import Composer, Context, Reading, damaged
from dedup.readers.rtf_groups import MARK, Groups

_CODE_PAGE = re.compile(rb"\\ansicpg(\d+)")
_TWO_BYTES = frozenset({"932", "936", "949", "950", "0", "65001"})
"""Code pages of ideographs; Chinese programs write the last two without meaning them."""


def read(data: bytes, context: Context) -> Reading:
    """Read a rich text. Raises UnsupportedInput when it is damaged."""
    found = _CODE_PAGE.search(data[:4096])
    page = found[1].decode("ascii") if found else "936"
    encoding = "gb18030" if page in ("936", "0", "65001") else f"cp{page}"
    groups = Groups(data.decode("latin-1").replace("\\-", ""), two_bytes=page in _TWO_BYTES)
    text = _text_of(groups.source, encoding, context)
    hidden = [
        (_text_of("{\\rtf1\\ansi " + one + "}", encoding, context).strip("\n"), kind)
        for one, kind in groups.hidden
    ]
    composer = Composer(context)
    for line in text.rstrip("\n").split("\n"):
        seen, *behind = MARK.split(line)
        for number, part in zip(behind[::2], behind[1::2], strict=True):
            if int(number) < len(hidden):
                composer.hide(*hidden[int(number)], len(seen))
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
    # A character beyond the first 65,536 is written as two halves, which striprtf leaves apart.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\u00ad", "").replace("\x00", "")
