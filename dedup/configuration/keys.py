"""Where the keys of a TOML document stand, which the parser of the standard library does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

Key = tuple[str | int, ...]
"""The names of the tables around a value and its own; in an array its place, from 0."""

_TOKEN = re.compile(
    r'''
      (?P<space>[ \t\r]+|\#[^\n]*)
    | (?P<line>\n)
    | (?P<text>"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^']|'{1,2}(?!'))*'{3,5}
              |"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
    | (?P<mark>[\[\]{}=,.])
    | (?P<word>[^\s\#"'\[\]{}=,.]+)
    ''',
    re.VERBOSE | re.DOTALL,
)


def lines_of(document: str) -> dict[Key, int]:
    """The line of each key of a document that is known to be valid TOML, from 1.

    Of a key that stands several times, as a table's name may, it is the first.
    """
    return _Walk(document).lines


class _Walk:
    """One walk through the tokens of a document."""

    def __init__(self, document: str) -> None:
        self.lines: dict[Key, int] = {}
        self._tokens = list(_tokens(document))
        self._at = 0
        self._arrays: dict[Key, int] = {}
        table: Key = ()
        while self._at < len(self._tokens):
            token, _ = self._tokens[self._at]
            if token == "\n":
                self._at += 1
            elif token == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Key:
        """A line [name] or [[name]]; the key of the table that begins."""
        start = self._at
        self._skip("[")
        several = self._at - start > 1
        names, line = self._name()
        self._skip("]")
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
        """`name = value`."""
        names, line = self._name()
        self._skip("=")
        for place in range(len(names)):
            self.lines.setdefault((*table, *names[: place + 1]), line)
        self._value((*table, *names))

    def _value(self, key: Key) -> None:
        token = self._tokens[self._at][0]
        if token == "[":
            self._at += 1
            place = 0
            while self._next("]"):
                self.lines.setdefault((*key, place), self._tokens[self._at][1])
                self._value((*key, place))
                place += 1
        elif token == "{":
            self._at += 1
            while self._next("}"):
                self._pair(key)
        else:  # a text, or the words and dots of a number or a date
            while self._at < len(self._tokens) and self._tokens[self._at][0] not in ("\n", ",", "]", "}"):
                self._at += 1

    def _next(self, end: str) -> bool:
        """Go to the next one in an array or a table within a line; false at the end, which is passed."""
        while self._tokens[self._at][0] in ("\n", ","):
            self._at += 1
        if self._tokens[self._at][0] == end:
            self._at += 1
            return False
        return True

    def _name(self) -> tuple[list[str], int]:
        """A key with its dots, and the line it stands in."""
        names, line = [], self._tokens[self._at][1]
        while True:
            names.append(_plain(self._tokens[self._at][0]))
            self._at += 1
            if self._tokens[self._at][0] != ".":
                return names, line
            self._at += 1

    def _skip(self, mark: str) -> None:
        while self._at < len(self._tokens) and self._tokens[self._at][0] == mark:
            self._at += 1


def _tokens(document: str) -> Iterator[tuple[str, int]]:
    """What stands in a document but white space and comments, and the line of each."""
    line = 1
    for found in _TOKEN.finditer(document):
        if found.lastgroup != "space":
            yield found[0], line
        line += found[0].count("\n")


def _plain(name: str) -> str:
    """A key without its quotation marks."""
    if name[0] not in "\"'":
        return name
    import tomllib

    (plain,) = tomllib.loads(f"{name} = 0")
    return plain
