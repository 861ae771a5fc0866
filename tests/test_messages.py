"""Messages: complete in both languages, each line in one, kept in files and said again."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.errors import DedupError, IndexDamaged, UsageError
from dedup.messages import Command, Words, packed, system, text, unpacked
from dedup.messages.catalogue import MESSAGES

SAME_IN_BOTH = {"plain", "settings.problems", "usage.path"}
"""Keys whose words are only facts."""


def _names(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


@pytest.mark.parametrize("key", sorted(set(MESSAGES) - SAME_IN_BOTH))
def test_both_languages_say_it_with_the_same_facts(key: str) -> None:
    chinese, english = MESSAGES[key]
    assert _names(chinese) == _names(english)
    assert re.search(r"[一-鿿，；、：（]", chinese)
    assert not re.search(r"[一-鿿]", english.replace("％", ""))


def _used() -> Iterator[tuple[str, set[str], str]]:
    """Each key that is used by its name, with the facts it is given there and the place."""
    package = Path(dedup.__file__).parent
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id == "Words" and isinstance(node.args[0], ast.Constant):
                facts = {keyword.arg for keyword in node.keywords if keyword.arg is not None}
                yield str(node.args[0].value), facts, f"{path.relative_to(package)}:{node.lineno}"


def test_every_message_is_given_the_facts_it_says() -> None:
    used = list(_used())
    assert len(used) > 50
    assert [(place, key, facts) for key, facts, place in used if facts != _names(MESSAGES[key][0])] == []


def test_what_is_wrong_is_named_by_key_wherever_it_is_raised() -> None:
    """A text would be in one language, whatever the run's."""
    names = {one.__name__ for one in _subclasses(DedupError)}
    texts = []
    for path in sorted(Path(dedup.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                said = [one for one in node.args[1:] if isinstance(one, ast.Constant | ast.JoinedStr)]
                texts += [f"{path.name}:{node.lineno}" for _ in said]
    assert texts == []


def _subclasses(error: type[DedupError]) -> Iterator[type[DedupError]]:
    yield error
    for one in error.__subclasses__():
        yield from _subclasses(one)


facts = st.recursive(
    st.text() | st.integers(),
    lambda inner: st.builds(lambda one: Words("plain", text=one), inner),
    max_leaves=3,
)


@given(facts)
def test_a_message_is_the_same_after_a_file_and_after_a_process(fact: object) -> None:
    words = Words("reason", problem=Words("plain", text=fact), cure=(Command("index", "--rebuild"), "x"))
    assert unpacked(packed(words)) == words
    assert pickle.loads(pickle.dumps(words)) == words


@pytest.mark.parametrize(
    "line", ["没有权限 (a cure)", "", "{", '{"key": 5}', '{"key": "of a later version", "n": 1}']
)
def test_what_is_no_message_is_shown_as_it_is(line: str) -> None:
    assert unpacked(line) == line
    assert unpacked(packed(line)) == line


def test_a_command_in_a_cure_names_the_folders_in_use() -> None:
    error = UsageError("x", Words("input.missing"), Words("plain", text=Command("index", "--rebuild")))
    assert error.line("en") == "x: there is no such file (dedup index --rebuild)"
    error.folders = ("我的 范文", "--index", "ix")
    assert error.line("zh") == "x: 没有这个文件（dedup index '我的 范文' --index ix --rebuild）"


def test_an_error_pickles_and_says_english_to_python() -> None:
    error = pickle.loads(
        pickle.dumps(IndexDamaged("seg", Words("input.binary", byte=3), Words("input.check_path")))
    )
    assert isinstance(error, IndexDamaged)
    assert str(error) == "seg: is binary data: zero byte at byte 3 (check the path)"


@pytest.mark.parametrize(
    ("number", "chinese"), [(28, "磁盘已满"), (13, "没有权限"), (61, "系统报错 ENODATA")]
)
def test_what_the_system_refuses_is_said_in_the_language_of_the_run(number: int, chinese: str) -> None:
    assert text(system(OSError(number, "whatever it says")), "zh") == chinese
