"""Cells of CSV tables that spreadsheets show as they are."""

from __future__ import annotations

BYTE_ORDER_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    # NUL ends a file early for many readers; it is no text in any case.
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return f"'{text}" if text.lstrip(" \n").startswith(_FORMULA) else text
