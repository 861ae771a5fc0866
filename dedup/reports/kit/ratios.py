"""Format ratios for reports."""

from __future__ import annotations


def percent(ratio: float, decimals: int = 1) -> str:
    """A ratio in per cent, as other checkers print it; 100 % only if it is whole, not by rounding."""
    scale = 100 * 10**decimals
    shown = min(round(ratio * scale), scale - 1) if ratio < 1 else round(ratio * scale)
    return f"{shown / 10**decimals:.{decimals}f}%"
