"""The catalogue of words is complete in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import dedup
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


def _said() -> Iterator[tuple[str, set[str], str]]:
    """Each message that is said by its name, with the values it is given there."""
    package = Path(dedup.__file__).parent
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"):
                continue
            given = {keyword.arg for keyword in node.keywords if keyword.arg is not None}
            if isinstance(node.args[0], ast.Constant) and len(given) == len(node.keywords):
                yield str(node.args[0].value), given, f"{path.relative_to(package)}:{node.lineno}"


def test_every_message_is_given_the_values_it_says() -> None:
    said = list(_said())
    assert len(said) > 50
    wrong = [(place, key, given) for key, given, place in said if given != _names(CATALOGUE[key][0])]
    assert wrong == []


def _judged() -> Iterator[tuple[str, set[str]]]:
    """Each code that judging gives, as the key of its wording, with the facts it is given there."""
    package = Path(dedup.__file__).parent
    for path in (*(package / "align").glob("*.py"), package / "tally.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                facts = node.args[1].keys if len(node.args) > 1 and isinstance(node.args[1], ast.Dict) else []
                names = {str(key.value) for key in facts if isinstance(key, ast.Constant)}
                place = "verdict" if path.name == "tally.py" else "reason"
                for code in _codes(node.args[0]):
                    yield f"{place}.{code}", names


def _codes(code: ast.expr) -> list[str]:
    """The codes an expression may give: a literal, or what became of the figures behind its beginning."""
    if isinstance(code, ast.Constant):
        return [str(code.value)]
    assert isinstance(code, ast.JoinedStr)
    beginning = code.values[0]
    assert isinstance(beginning, ast.Constant)
    return [f"{beginning.value!s}{fate}" for fate in get_args(model.FigureFate) if fate]


def test_every_reason_that_judging_gives_has_its_words() -> None:
    judged = [
        (key, facts) for key, facts in _judged() if key != "verdict.notice"
    ]  # its facts are put in words
    assert len(judged) > 12
    assert [key for key, facts in judged if not _names(CATALOGUE[key][0]) <= facts] == []


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
