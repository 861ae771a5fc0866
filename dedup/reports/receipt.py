"""Write and read receipts, by which `dedup watch` knows which text a report is about.

A receipt is a line at the end of the report itself, so no other file can get lost or contradict the reports.
Only the end of a report is read, whatever its size.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

_KEY = "dedup_watch"
_RECEIPT = re.compile(rb'"dedup_watch":\s*\{\s*"sha256":\s*"([0-9a-f]{64})"\s*\}\s*\}(\s*-->)?\s*\Z')
_END = 400
"""Bytes at the end of a report in which its receipt is."""

SUFFIXES = {"html": "html", "markdown": "md", "json": "json"}
"""Suffix of the reports of each format that can carry a receipt."""


def with_receipt(report: str, format_name: str, digest: str) -> str:
    """The report with the digest (SHA-256, hexadecimal) of the file it is about."""
    receipt = {_KEY: {"sha256": digest}}
    if format_name == "json":
        content: dict[str, Any] = json.loads(report)
        return json.dumps({**content, **receipt}, ensure_ascii=False, indent=2) + "\n"
    return f"{report}<!-- {json.dumps(receipt)} -->\n"


def receipt_in(path: str | Path) -> str | None:
    """The digest in a file's receipt; None if it has none or does not exist."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _END))
            end = file.read(_END)
    except OSError:
        return None
    found = _RECEIPT.search(end)
    return found[1].decode() if found else None


def is_report(path: str | Path) -> bool:
    """Tell whether a file is a report of `dedup watch`, by its name and its end."""
    suffix = os.path.splitext(path)[1].lower().removeprefix(".")
    return suffix in SUFFIXES.values() and receipt_in(path) is not None
