"""List the formats that can be read here, and what must be installed for the others."""

from __future__ import annotations

from dedup.messages import Language, Words, text
from dedup.readers.formats import FORMATS, ocr_is_ready


def as_table(language: Language) -> str:
    """A line for each format: its suffixes, and whether it can be read."""
    from tabulate import tabulate

    rows = []
    for one in FORMATS.values():
        missing = one.missing()
        if one.name == "image" and not ocr_is_ready():
            missing = ("rapidocr",)
        suffixes = " ".join(filter(None, one.suffixes))
        ready = text(Words("formats.ready"), language)
        if missing:
            key = one.name if one.programs else "package"
            cure = "reading.no-ocr.cure" if one.name == "image" else f"reading.missing.{key}.cure"
            ready = text(Words("formats.missing", names=", ".join(missing), cure=Words(cure)), language)
        rows.append((one.name, suffixes, ready))
    headers = [text(Words(f"formats.{name}"), language) for name in ("name", "suffixes", "state")]
    return tabulate(rows, headers, tablefmt="simple", disable_numparse=True) + "\n"
