"""The catalogue of words is complete in both languages."""

from __future__ import annotations

import re
from string import Formatter
from typing import get_args

import pytest

from dedup import model
from dedup.wording import CATALOGUE, say


def _names(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


@pytest.mark.parametrize("key", CATALOGUE)
def test_both_languages_say_it_with_the_same_values(key: str) -> None:
    chinese, english = CATALOGUE[key]
    assert _names(chinese) == _names(english)
    assert english.strip()
    assert re.search(r"[一-鿿，；、]", chinese)
    assert not re.search(r"[一-鿿]", english)


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("passage.kind", get_args(model.Kind)),
        ("passage.status", get_args(model.Status)),
        ("passage.evasion", get_args(model.Evasion)),
        ("level", get_args(model.Level)),
    ],
)
def test_every_value_a_report_can_hold_has_its_words(place: str, values: tuple[str, ...]) -> None:
    assert all(say(f"{place}.{value}", "zh") and say(f"{place}.{value}", "en") for value in values)
