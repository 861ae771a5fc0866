"""The texts that users read, by key, in Chinese and English: messages, reports, the command line.

`data/words/zh.json` and `en.json` hold the texts, with `{names}` for the facts that fill them in; a key that
ends in `.cure` says what to do about the problem it is named for. English counts with `{n} {n:file|files}`.
The texts speak of reuse and evidence, never of plagiarism: people judge.

Where the language is known, `say("figure.total", "zh")` gives the text. Code that finds a problem names it by
key and facts, `Words("input.binary", byte=5)`, and `text(words, "zh")` says it later. A fact may itself be
`Words`, a tuple of them, or a `Command` to paste, to which the folders in use are added then.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal

from dedup.records import dataclass

Language = Literal["zh", "en"]

_FOLDER = os.path.join(os.path.dirname(__file__), "data", "words")


@dataclass(frozen=True, slots=True)
class Command:
    """A `dedup` command that mends a problem: `Command("index", "--rebuild")`."""

    name: str
    options: tuple[str, ...] = ()

    def __init__(self, name: str, *options: str) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "options", options)

    def line(self, folders: Sequence[str] = ()) -> str:
        """The command line, with the arguments that name the corpus and the index."""
        import shlex

        return shlex.join(["dedup", self.name, *folders, *self.options])


@dataclass(frozen=True, slots=True)
class Words:
    """The key of a message and the facts that fill it in; compares, hashes and pickles by value."""

    key: str
    facts: tuple[tuple[str, object], ...]

    def __init__(self, key: str, /, **facts: object) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "facts", tuple(sorted(facts.items())))

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self.key, self.facts)

    def __str__(self) -> str:
        return text(self, "en")


def cure_of(problem: Words | str) -> Words | str:
    """The cure in the catalogue for a problem, with its facts; empty if there is none."""
    if not isinstance(problem, Words):
        return ""
    key = f"{problem.key}.cure"
    cure = catalogue("zh").get(key, "")
    return Words(key, **{name: fact for name, fact in problem.facts if f"{{{name}" in cure}) if cure else ""


class _Counted(str):
    """A fact that chooses between two forms of a word: `{n:file|files}` is `file` where it is 1."""

    __slots__ = ()

    def __format__(self, forms: str) -> str:
        one, _, other = forms.partition("|")
        return super().__format__(forms) if not other else one if self == "1" else other


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """The texts of a language by their keys."""
    import json

    loader: Any = __spec__ and __spec__.loader  # on Spark's executors this package is in an archive
    texts: dict[str, str] = json.loads(loader.get_data(os.path.join(_FOLDER, f"{language}.json")))
    return texts


def say(key: str, language: Language, /, **facts: object) -> str:
    """The text of a key in a language, filled in with the facts.

    Raises KeyError for an unknown key or a missing fact.
    """
    template = catalogue(language)[key]
    if "|" in template:
        return template.format_map({name: _Counted(fact) for name, fact in facts.items()})
    return template.format_map(facts)


def label(key: str, language: Language) -> str:
    """The text of a key with a colon after it, as a label."""
    return say(key, language) + say("colon", language)


def packed(words: Words | str) -> str:
    """The message as one line of JSON, for storing in a file; a plain text stays as it is."""
    if not isinstance(words, Words):
        return words
    import json

    return json.dumps(_plain(words), ensure_ascii=False)


def unpacked(line: str) -> Words | str:
    """The message that `packed` wrote; any other line is returned as a plain text."""
    if not line.startswith('{"key"'):
        return line
    import json

    try:
        words = _from_plain(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError):
        return line
    known = words.key in catalogue("zh")
    return words if known else line  # a message of a later version is shown unchanged


def text(words: object, language: Language, folders: Sequence[str] = ()) -> str:
    """The words in a language; a plain text stays the same. `folders` complete commands (`Command.line`).

    Raises KeyError as `say` does.
    """
    if isinstance(words, Words):
        facts = {name: text(fact, language, folders) for name, fact in words.facts}
        return say(words.key, language, **facts)
    if isinstance(words, Command):
        return words.line(folders)
    if isinstance(words, tuple):
        return ("；" if language == "zh" else "; ").join(text(one, language, folders) for one in words)
    return str(words)


def system(error: OSError) -> Words:
    """The words for an error of the operating system."""
    import errno

    name = errno.errorcode.get(error.errno or 0, "")
    key = f"system.{name}"
    return Words(key) if key in catalogue("zh") else Words("system.other", name=name or type(error).__name__)


_OF_SQLITE = {
    3: "EACCES",
    5: "EBUSY",
    6: "EBUSY",
    7: "ENOMEM",
    8: "EACCES",
    10: "EIO",
    13: "ENOSPC",
    14: "EACCES",
}
"""Primary result codes of SQLite (its documentation: rescode) that say what an operating system would."""


def of_sqlite(error: Exception) -> Words:
    """Name what SQLite could not do: its own messages are English."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _OF_SQLITE:
        return Words(f"system.{_OF_SQLITE[code]}")
    return Words("system.other", name=getattr(error, "sqlite_errorname", "") or type(error).__name__)


def _restored(key: str, facts: tuple[tuple[str, object], ...]) -> Words:
    return Words(key, **dict(facts))


def _plain(fact: object) -> object:
    if isinstance(fact, Words):
        return {"key": fact.key, **{name: _plain(one) for name, one in fact.facts}}
    if isinstance(fact, Command):
        return {"command": [fact.name, *fact.options]}
    if isinstance(fact, tuple):
        return [_plain(one) for one in fact]
    return fact if isinstance(fact, int | float) else str(fact)


def _from_plain(value: dict[str, object]) -> Words:
    def fact(one: object) -> object:
        if isinstance(one, dict):
            return Command(*one["command"]) if "command" in one else _from_plain(one)
        return tuple(map(fact, one)) if isinstance(one, list) else one

    facts = {name: fact(one) for name, one in value.items() if name != "key"}
    return Words(str(value["key"]), **facts)
