"""Escape cells of CSV tables, so that spreadsheets do not run them as formulas."""

from __future__ import annotations

BYTE_ORDER_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    # Many programs stop reading a file at NUL, which is no text in any case.
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return f"'{text}" if text.lstrip(" \n").startswith(_FORMULA) else text
