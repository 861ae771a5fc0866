"""The formats that can be read here, and what has to be installed for the others."""

from __future__ import annotations

from dedup.messages import Language, Words, text
from dedup.readers.formats import FORMATS


def as_table(language: Language) -> str:
    """One line a format: its suffixes, and whether it can be read."""
    from tabulate import tabulate

    rows = []
    for one in FORMATS.values():
        if one.name == "image":
            continue
        missing = one.missing()
        suffixes = " ".join(filter(None, one.suffixes))
        ready = text(Words("formats.ready"), language)
        if missing:
            cure = f"reading.missing.{one.name}.cure" if one.programs else "reading.missing.package.cure"
            ready = text(Words("formats.missing", names=", ".join(missing), cure=Words(cure)), language)
        rows.append((one.name, suffixes, ready))
    headers = [text(Words(f"formats.{name}"), language) for name in ("name", "suffixes", "state")]
    return tabulate(rows, headers, tablefmt="simple", disable_numparse=True) + "\n"
