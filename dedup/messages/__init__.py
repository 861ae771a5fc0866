"""Messages to a user: what is wrong and what to do, each in Chinese and English.

Whoever finds a problem names it by its key and gives the facts, `Words("input.binary", byte=5)`. The words
are chosen when the message is shown, in the language then in force: `text(words, "zh")`. A fact may itself
be `Words`, a tuple of them, or a `Command` to paste, to which the folders in use are added then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dedup.messages.catalogue import MESSAGES
from dedup.records import dataclass

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Command:
    """A `dedup` command that cures something: `Command("index", "--rebuild")`."""

    name: str
    options: tuple[str, ...] = ()

    def __init__(self, name: str, *options: str) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "options", options)

    def line(self, folders: Sequence[str] = ()) -> str:
        """The command as it is typed, with the arguments that name the corpus and the index."""
        import shlex

        return shlex.join(["dedup", self.name, *folders, *self.options])


@dataclass(frozen=True, slots=True)
class Words:
    """The key of a message and the facts that fill it in; compares, hashes and pickles by value."""

    key: str
    facts: tuple[tuple[str, object], ...]

    def __init__(self, key: str, **facts: object) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "facts", tuple(sorted(facts.items())))

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self.key, self.facts)

    def __str__(self) -> str:
        return text(self, "en")


def packed(words: Words | str) -> str:
    """The message as one line of JSON, to be kept in a file; words that are a text stay as they are."""
    if not isinstance(words, Words):
        return words
    import json

    return json.dumps(_plain(words), ensure_ascii=False)


def unpacked(line: str) -> Words | str:
    """The message that `packed` wrote; a line that is none is the text itself."""
    if not line.startswith('{"key"'):
        return line
    import json

    try:
        words = _from_plain(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError):
        return line
    return words if words.key in MESSAGES else line  # one of a later version is shown as it was written


def text(words: object, language: Language, folders: Sequence[str] = ()) -> str:
    """The words in a language; a text is itself. `folders` complete the commands (`Command.line`).

    Raises KeyError for a key that is in no catalogue.
    """
    if isinstance(words, Words):
        facts = {name: text(fact, language, folders) for name, fact in words.facts}
        return MESSAGES[words.key][0 if language == "zh" else 1].format(**facts)
    if isinstance(words, Command):
        return words.line(folders)
    if isinstance(words, tuple):
        return ("；" if language == "zh" else "; ").join(text(one, language, folders) for one in words)
    return str(words)


def system(error: OSError) -> Words:
    """What the operating system refused and why."""
    import errno

    name = errno.errorcode.get(error.errno or 0, "")
    key = f"system.{name}"
    return Words(key) if key in MESSAGES else Words("system.other", name=name or type(error).__name__)


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
