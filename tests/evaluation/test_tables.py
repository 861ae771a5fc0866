"""Bars and rows of the pages."""

from __future__ import annotations

import pytest

from dedup.evaluation.edits import EDITS
from dedup.evaluation.tables import bar
from dedup.messages import say
from dedup.reports.kit.columns import width


@pytest.mark.parametrize(
    ("ratio", "drawn"),
    [
        (0, ""),
        (1, "████████"),
        (0.5, "████"),
        (1 / 64, "▏"),
        (0.25 + 4 / 64, "██▌"),
        (-1, ""),
        (7, "████████"),
    ],
)
def test_a_bar_is_drawn_to_an_eighth_of_a_column(ratio: float, drawn: str) -> None:
    assert bar(ratio, 8) == drawn
    assert width(bar(ratio, 8)) <= 8


@pytest.mark.parametrize("kind", EDITS)
def test_every_edit_has_its_words(kind: str) -> None:
    assert say(f"evaluation.edit.{kind}", "zh")
