"""Messages: complete in both languages, each line in one, kept in files and said again."""

from __future__ import annotations

import ast
import errno
import pickle
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup import model, passage
from dedup.errors import DedupError, IndexDamaged, UsageError
from dedup.messages import (
    Command,
    Language,
    Words,
    catalogue,
    cure_of,
    of_sqlite,
    packed,
    say,
    system,
    text,
    unpacked,
)

PACKAGE = Path(dedup.__file__).parent

SAME_IN_BOTH = {"plain", "settings.at", "settings.problems", "usage.path"}
"""Keys whose texts are only facts."""


def _facts(key: str, language: Language = "zh") -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(catalogue(language)[key]) if name}


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(catalogue("zh")) == list(catalogue("en"))


@pytest.mark.parametrize("language", get_args(Language))
def test_no_key_stands_twice(language: Language) -> None:
    lines = (PACKAGE / "data" / "words" / f"{language}.json").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith('  "') for line in lines) == len(catalogue(language))


def test_both_languages_say_it_with_the_same_facts() -> None:
    keys = set(catalogue("zh")) - SAME_IN_BOTH
    assert sorted(key for key in keys if _facts(key, "zh") != _facts(key, "en")) == []
    assert sorted(key for key in keys if not re.search(r"[一-鿿，；、：（]", catalogue("zh")[key])) == []
    assert sorted(key for key in keys if not catalogue("en")[key].strip()) == []
    assert sorted(key for key in keys if re.search(r"[一-鿿]", catalogue("en")[key])) == []


@cache
def _nodes() -> list[tuple[Path, ast.AST]]:
    """What the modules of the program call, say, and are told by name."""
    wanted = ast.Call | ast.Constant | ast.Attribute | ast.arg | ast.keyword | ast.FunctionDef | ast.JoinedStr
    return [
        (path, node)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, wanted)
    ]


def _calls(*names: str) -> Iterator[tuple[Path, ast.Call]]:
    """The calls of functions of these names."""
    for path, node in _nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield path, node


def test_every_text_is_there_and_given_the_facts_it_names() -> None:
    wrong, seen = [], 0
    for path, call in _calls("Words", "say", "word"):
        key = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
        facts = {keyword.arg for keyword in call.keywords}
        # Other keys, and facts, come from elsewhere; `text.looks` has words of its own.
        if isinstance(key, str) and re.fullmatch(r"[\w.-]+", key, re.ASCII) and None not in facts:
            seen += 1
            if key not in catalogue("zh") or facts != _facts(key):
                wrong.append(f"{path.name}:{call.lineno}")
    assert seen > 250
    assert wrong == []


def test_every_text_is_used() -> None:
    """By its key, or by a key that is put together from pieces that stand in the program."""
    pieces, patterns = {*dir(errno)}, set()
    for _, node in _nodes():
        match node:
            case ast.Constant(value=str(one)) | ast.Attribute(attr=one) | ast.arg(arg=one):
                pieces.add(one.strip("-"))
            case ast.keyword(arg=str(one)) | ast.FunctionDef(name=one):
                pieces.add(one)
            case ast.JoinedStr(values=values):
                found = [
                    re.escape(str(one.value)) if isinstance(one, ast.Constant) else "(.+)" for one in values
                ]
                patterns.add("".join(found))
    for path in PACKAGE.rglob("*.js"):
        script = path.read_text(encoding="utf-8")
        pieces.update(re.findall(r'"([\w.-]+)"', script))
        patterns.update(
            re.sub(r"\$\{[^}]*\}", "(.+)", one) for one in re.findall(r"`([a-z.-]+\$\{[^`]*)`", script)
        )
    for path in PACKAGE.rglob("*.html"):
        pieces.update(re.findall(r"{{([\w.]+)}}", path.read_text(encoding="utf-8")))
    pieces.update(f"figures_{fate}" for fate in get_args(passage.FigureFate))
    assert [key for key in catalogue("zh") if not _is_used(key, pieces, patterns)] == []


def _is_used(key: str, pieces: set[str], patterns: set[str]) -> bool:
    if key in pieces or (key.endswith(".cure") and _is_used(key.removesuffix(".cure"), pieces, patterns)):
        return True
    matches = [match for pattern in patterns if "." in key and (match := re.fullmatch(pattern, key))]
    return any(all({one, one.replace("-", "_")} & pieces for one in match.groups()) for match in matches)


def _judged() -> Iterator[tuple[str, set[str]]]:
    """Each code that judging gives, as the key of its text, with the facts it is given there."""
    for path, call in _calls("Reason"):
        facts = call.args[1].keys if len(call.args) > 1 and isinstance(call.args[1], ast.Dict) else []
        names = {str(key.value) for key in facts if isinstance(key, ast.Constant)}
        place = "verdict" if path.name in {"verdict.py", "standing.py"} else "reason"
        if isinstance(call.args[0], ast.Constant):
            yield f"{place}.{call.args[0].value!s}", names


def test_every_reason_that_judging_gives_has_its_text() -> None:
    in_lists = {"verdict.notice", "verdict.notice_short"}  # reports put their titles into words
    judged = [(key, facts) for key, facts in _judged() if key not in in_lists]
    assert len(judged) > 15
    assert [key for key, facts in judged if not _facts(key) <= facts] == []


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("passage.kind", get_args(passage.Kind)),
        ("passage.status", get_args(passage.Status)),
        ("passage.evasion", get_args(passage.Evasion)),
        ("level", get_args(model.Level)),
        ("reason", [f"figures_{fate}" for fate in get_args(passage.FigureFate) if fate]),
    ],
)
def test_every_value_a_report_can_hold_has_its_text(place: str, values: Sequence[str]) -> None:
    assert all(catalogue("zh")[f"{place}.{value}"] for value in values)


def test_what_sqlite_refuses_is_told_in_the_language_of_the_run() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError, match="disk is full") as full:
            connection.executescript("CREATE TABLE a (b); CREATE TABLE c (d); CREATE TABLE e (f);")
        with pytest.raises(sqlite3.OperationalError) as other:
            connection.execute("SELECT")
    assert text(of_sqlite(full.value), "zh") == "磁盘已满"
    assert text(of_sqlite(other.value), "zh") == "系统报错 SQLITE_ERROR"


def test_english_counts() -> None:
    assert [say("index.added", "en", count=count) for count in (0, 1, 2)] == [
        "0 files added",
        "1 file added",
        "2 files added",
    ]


def test_an_error_has_the_cure_of_its_problem_unless_another_is_given() -> None:
    problem = Words("index.needs", megabytes=3)
    assert cure_of(problem) == cure_of("a text") == UsageError("x", problem).cure == ""
    assert (
        UsageError("x", Words("input.permission")).line("en") == "x: may not be read (check its permissions)"
    )
    assert UsageError("x", Words("input.permission"), "").line("en") == "x: may not be read"
    assert UsageError("x", Words("input.permission"), "ask").line("en") == "x: may not be read (ask)"


def test_a_fact_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("index.added", "en")


def test_texts_that_scripts_fill_in_hold_nothing_but_names() -> None:
    """The scripts of a page know `{name}` and no more."""
    scripts = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.js"))
    used = set(re.findall(r'say\("([\w.]+)"', scripts))
    assert len(used) > 20
    counting = {key for key, text in catalogue("en").items() if re.search(r"\{\w+[^\w}]", text)}
    assert used & counting == set()


def test_what_is_wrong_is_named_by_key_wherever_it_is_raised() -> None:
    """A text would be in one language, whatever the run's."""
    names = {one.__name__ for one in _subclasses(DedupError)}
    texts = [
        f"{path.name}:{call.lineno}"
        for path, call in _calls(*names)
        if any(isinstance(one, ast.Constant | ast.JoinedStr) for one in call.args[1:])
    ]
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


def test_executors_have_the_texts_in_the_archive_they_import() -> None:
    from dedup.spark.session import package_archive

    script = "import dedup.messages as m; print(m.__file__, m.say('figure.total', 'en'))"
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd="/", env={"PYTHONPATH": package_archive()}, check=True, capture_output=True, text=True
    )
    assert done.stdout == f"{package_archive()}/dedup/messages.py characters in all\n"
