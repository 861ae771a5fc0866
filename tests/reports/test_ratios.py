"""Ratios as reports print them."""

from __future__ import annotations

import pytest

from dedup.reports.kit.ratios import percent


@pytest.mark.parametrize(
    ("ratio", "decimals", "shown"),
    [
        (1.0, 1, "100.0%"),
        (0.9996, 1, "99.9%"),
        (0.998, 0, "99%"),
        (1.0, 0, "100%"),
        (0.245, 1, "24.5%"),
        (0.0, 1, "0.0%"),
        (1.2, 1, "120.0%"),
    ],
)
def test_whole_is_said_of_what_is_whole(ratio: float, decimals: int, shown: str) -> None:
    assert percent(ratio, decimals) == shown
