"""Ratios as a report prints them."""

from __future__ import annotations


def percent(ratio: float, decimals: int = 1) -> str:
    """A ratio as the checkers print it; 100 % is said of what is whole, not of what is nearly so."""
    scale = 100 * 10**decimals
    shown = min(round(ratio * scale), scale - 1) if ratio < 1 else round(ratio * scale)
    return f"{shown / 10**decimals:.{decimals}f}%"
