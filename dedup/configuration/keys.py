"""Read TOML and find the lines of its keys, which the standard library's parser does not give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dedup.errors import UsageError
from dedup.messages import Words

Key = tuple[str | int, ...]
"""The names of the tables around a value, and its own; in an array its number, from 0."""

_LONGEST_SHOWN = 60
_BARE = r"[A-Za-z0-9_-]+"
_TEXT = r""""[^"\\\n]*(?:\\.[^"\\\n]*)*"(?!")|'[^'\n]*'(?!')"""
_ORDINARY = re.compile(
    rf"""
    [ \t]*
    (?: (?P<key>{_BARE}) [ \t]*=[ \t]* (?:{_TEXT}|[^\s"'\[\]{{}}\#][^\n"'\[\]{{}}\#]*)
      | \[\[[ \t]*(?P<several>{_BARE})[ \t]*\]\]
      | \[[ \t]*(?P<table>{_BARE}|"[^"\\\n]*"|'[^'\n]*')[ \t]*\]
    )?
    [ \t]* (?:\#[^\n]*)? \r? (?:\n|\Z)
    """,
    re.VERBOSE,
)
"""An ordinary line, as nearly all are; it is not split into tokens, as files may have thousands of tables."""
_TEXT_LINE = re.compile(rf"[ \t]*(?:{_TEXT})[ \t]*,[ \t]*\r?\n")
_TOKEN = re.compile(
    r'''
      (?:[ \t\r]+|\#[^\n]*)*
    ( \n
    | """(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^']|'{1,2}(?!'))*'{3,5}
    | "[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*'
    | [\[\]{}=,.]
    | [^\s\#"'\[\]{}=,.]+
    | \Z
    )
    ''',
    re.VERBOSE | re.DOTALL,
)
"""Anything in a document but white space and comments."""


def lines_of(document: str) -> dict[Key, int]:
    """The line of each key of a document that is known to be valid TOML, from 1.

    For a key that occurs several times, as a table's name may, it is the first line.
    """
    return _Walk(document).lines


def line_of(lines: Mapping[Key, int], key: Key) -> int:
    """The line of a key, or of the table that holds it."""
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)


class _Walk:
    """A pass over a document: line by line, and token by token in lines that are not ordinary."""

    def __init__(self, document: str) -> None:
        self.lines: dict[Key, int] = {}
        self._document = document
        self._at, self._line = 0, 1
        self._token, self._token_line = "", 1
        """The next one, and the line it begins in."""
        self._arrays: dict[Key, int] = {}
        table: Key = ()
        while self._at < len(document):
            if found := _ORDINARY.match(document, self._at):
                if found["key"]:
                    self.lines.setdefault((*table, found["key"]), self._line)
                elif name := found["several"] or found["table"]:
                    table = self._begun(
                        [name[1:-1] if name[0] in "\"'" else name], self._line, several=bool(found["several"])
                    )
                self._at = found.end()
                self._line += 1
                continue
            self._step()
            if self._token == "[":
                table = self._header()
            else:
                self._pair(table)

    def _step(self) -> None:
        """Go to the next token; it is empty at the end."""
        found = _TOKEN.match(self._document, self._at)
        if found is None:
            raise ValueError(f"no TOML in line {self._line}")
        self._token, self._token_line = found[1], self._line
        self._line += found[1].count("\n")
        self._at = found.end()

    def _header(self) -> Key:
        """Parse a line [name] or [[name]]; return the key of the table that begins."""
        self._step()
        several = self._token == "["
        if several:
            self._step()
        names, line = self._name()
        while self._token == "]":
            self._step()
        return self._begun(names, line, several=several)

    def _begun(self, names: list[str], line: int, *, several: bool) -> Key:
        """The key of the table, or of the next one of several, that begins in a line."""
        key: Key = ()
        for place, name in enumerate(names):
            key = (*key, name)
            if several and place == len(names) - 1:
                self._arrays[key] = self._arrays.get(key, -1) + 1
            self.lines.setdefault(key, line)
            if key in self._arrays:
                key = (*key, self._arrays[key])
                self.lines.setdefault(key, line)
        return key

    def _pair(self, table: Key) -> None:
        """Parse `name = value`, up to the token after it."""
        names, line = self._name()
        self._step()  # the equals sign
        for place in range(len(names)):
            self.lines.setdefault((*table, *names[: place + 1]), line)
        self._value((*table, *names))

    def _value(self, key: Key) -> None:
        if self._token == "[":
            self._step()
            place = self._texts(key)
            while self._next("]"):
                self.lines.setdefault((*key, place), self._token_line)
                self._value((*key, place))
                place += 1
        elif self._token == "{":
            self._step()
            while self._next("}"):
                self._pair(key)
        else:  # a text, or the words and dots of a number or a date
            while self._token not in ("", "\n", ",", "]", "}"):
                self._step()

    def _texts(self, key: Key) -> int:
        """Skip the texts at the beginning of an array, one for each line; return their number."""
        place = 0
        while self._token == "\n" and (found := _TEXT_LINE.match(self._document, self._at)):
            self.lines.setdefault((*key, place), self._line)
            self._at = found.end()
            self._line += 1
            place += 1
        return place

    def _next(self, end: str) -> bool:
        """Go to the next element of an array or inline table; False at the end, which is skipped."""
        while self._token in ("\n", ","):
            self._step()
        if self._token == end:
            self._step()
            return False
        return True

    def _name(self) -> tuple[list[str], int]:
        """Parse a dotted key; return its names and its line."""
        names, line = [], self._token_line
        while True:
            names.append(_plain(self._token))
            self._step()
            if self._token != ".":
                return names, line
            self._step()


def _plain(name: str) -> str:
    """A key without its quotation marks."""
    if name[0] not in "\"'":
        return name
    import tomllib

    (plain,) = tomllib.loads(f"{name} = 0")
    return plain


def tables_of(path: str, written: str) -> dict[str, Any]:
    """What a file holds as TOML. Raises UsageError with the line that is none, in words of our own."""
    import tomllib

    try:
        return tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        where = _where_no_toml(written, error)
        raise UsageError(path, where, Words("settings.not_toml.cure")) from error
    except RecursionError as error:
        raise UsageError(path, Words("settings.too_deep"), Words("settings.not_toml.cure")) from error
    except ValueError as error:  # a number too long for Python, or an invalid date
        raise UsageError(path, Words("settings.not_toml_all"), Words("settings.not_toml.cure")) from error


def _where_no_toml(written: str, error: ValueError) -> Words:
    """The words for the line that is no TOML, with its content."""
    found = re.search(r"\(at line (\d+),", str(error))
    lines = written.split("\n")
    if found is None or not lines[int(found[1]) - 1].strip():
        return Words("settings.not_toml_all")
    number = int(found[1])
    return Words("settings.not_toml", line=number, content=lines[number - 1].strip()[:_LONGEST_SHOWN])
