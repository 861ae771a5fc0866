"""Facts that a corpus's `corpus.toml` gives of its documents: unit, place, date, writer, terms, template,
and whether its text is shown.

::

    ["2023年/*"]
    unit = "霁山县教育局"
    place = "云州市霁山县"

    ["2023年/供水方案.docx"]
    date = 2023-03-05
    notice = "仅供学习参考，请勿照搬照抄"
    template = true

A table is named by a path below the folder, or a pattern with `*`; a folder's name stands for all in it. For
each fact the most specific table that gives it holds: the one with the most characters that are no `*`. The
file is read whenever an index is opened, so a change to it needs no new index.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from fnmatch import fnmatchcase
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.configuration.rules import Rule, ruled, text_value
from dedup.document import Notice, Span
from dedup.errors import UsageError
from dedup.messages import Words
from dedup.records import dataclass
from dedup.text.notice import forbids

if TYPE_CHECKING:
    from dedup.configuration.keys import Key

FILE_NAME = "corpus.toml"
LEVELS = ("国家", "省", "市", "县", "乡")
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:[-年./](?P<month>\d{1,2})(?:[-月./](?P<day>\d{1,2}))?)?[月日]?"
)


@dataclass(frozen=True, slots=True)
class Given:
    """The facts given of one document; None or empty where nothing is."""

    title: str = ""
    unit: str = ""
    place: str = ""
    """Name of the place, best with those above it: 湖南省益阳市安化县."""
    level: str = ""
    """One of LEVELS."""
    date: str = ""
    """ISO 8601, as precise as it was given: 2023, 2023-03, 2023-03-05."""
    author: str = ""
    notice: Notice | None = None
    """Terms that replace those in the document; a notice without text says that there are none."""
    template: bool | None = None
    restricted: bool | None = None
    """True if writers see only the passages of it that their drafts share; None leaves it to the notice."""


NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file."""

    pattern: str
    line: int
    given: Mapping[str, object]

    @property
    def weight(self) -> int:
        """Number of characters of its pattern that are no `*`: how specific it is."""
        return len(self.pattern.replace("*", ""))

    def covers(self, path: str) -> bool:
        """True if its pattern names a file or a folder above it."""
        return fnmatchcase(path, self.pattern) or fnmatchcase(path, f"{self.pattern.rstrip('/')}/*")


class Particulars:
    """The facts given of the documents of a corpus."""

    def __init__(self, place: str = "", tables: tuple[Table, ...] = (), digest: str = "") -> None:
        self._place = place
        self.tables = tables
        self._known: dict[str, Given] = {}
        self.digest = digest
        """Digest of the file's content; empty if there is none."""

    def __bool__(self) -> bool:
        return bool(self.tables)

    def of(self, path: str) -> Given:
        """The facts given of the file at a path below the corpus folder.

        Raises UsageError where two tables that are as specific as each other contradict one another.
        """
        if not self.tables:
            return NOTHING
        if path not in self._known:
            self._known[path] = self._gathered(path)
        return self._known[path]

    def _gathered(self, path: str) -> Given:
        chosen: dict[str, Table] = {}
        for table in self.tables:
            for name in table.given if table.covers(path) else ():
                other = chosen.get(name)
                if other is None or other.weight < table.weight:
                    chosen[name] = table
                elif other.weight == table.weight and other.given[name] != table.given[name]:
                    facts = {"name": name, "path": path, "first": other.line, "second": table.line}
                    raise UsageError(self._place, Words("particulars.contradiction", **facts))
        return Given(**{name: table.given[name] for name, table in chosen.items()})  # type: ignore[arg-type]

    def templates(self, corpus: Path) -> tuple[str, ...]:
        """The files and folders whose text is common, as the setting `template` names them."""
        flagged = [table for table in self.tables if table.given.get("template")]
        names = dict.fromkeys(table.pattern.rstrip("/*") for table in flagged)
        return tuple(os.path.join(corpus, name) for name in names)

    def unmatched(self, paths: list[str]) -> Iterator[Words]:
        """A remark for each table that covers no file of the corpus, since a slip would go unnoticed."""
        for table in self.tables:
            if not any(table.covers(path) for path in paths):
                yield Words("particulars.no_file", line=table.line, pattern=table.pattern)


def read_particulars(corpus: str | os.PathLike[str]) -> Particulars:
    """Read the `corpus.toml` of a folder, if there is one. Raises UsageError with all its faults."""
    place = os.path.join(corpus, FILE_NAME)
    try:
        with open(place, "rb") as file:
            content = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return Particulars()
    except OSError as error:
        from dedup.messages import system

        raise UsageError(place, system(error)) from error
    return _parsed(place, content)


def _parsed(place: str, content: bytes) -> Particulars:
    from dedup.configuration.keys import line_of, lines_of, tables_of

    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(place, Words("settings.not_utf8")) from error
    tables = tables_of(place, written)
    problems: list[Words] = []
    where = partial(line_of, lines_of(written))
    found = tuple(_table(name, value, where, problems) for name, value in tables.items())
    if problems:
        words = Words("settings.problems", problems=tuple(problems))
        raise UsageError(place, words, Words("settings.correct"))
    return Particulars(place, found, sha256(content).hexdigest())


def _table(name: str, value: object, where: Callable[[Key], int], problems: list[Words]) -> Table:
    line = where((name,))
    if not isinstance(value, dict):
        problems.append(Words("particulars.no_table", line=line, name=name))
        value = {}
    return Table(name, line, ruled(value, _RULES, lambda key: where((name, key)), problems))


# ------------------------------------------------------------------------------------------ rules
# A rule turns a value of the file into a fact, or raises ValueError with the Words for what is expected.


def _level(value: object) -> str:
    if value in LEVELS:
        return str(value)
    raise ValueError(Words("settings.one_of", choices="、".join(LEVELS)))


def _date(value: object) -> str:
    """A day, a month or a year; TOML's own dates, or a text."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    found = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(Words("particulars.date"))
    year, month, day = (int(one or 0) for one in found.groups())
    try:
        datetime.date(year, month or 1, day or 1)
    except ValueError:
        raise ValueError(Words("particulars.no_day")) from None
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


def _notice(value: object) -> Notice:
    """Terms by their wording; `false` says that there are none."""
    if value is False:
        return Notice("", Span(0, 0), no_copying=False, origin="")
    text = text_value(value)
    return Notice(text, Span(0, 0), no_copying=forbids(text), origin="")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(Words("particulars.flag"))


_RULES: dict[str, Rule] = {
    "title": text_value,
    "unit": text_value,
    "place": text_value,
    "level": _level,
    "date": _date,
    "author": text_value,
    "notice": _notice,
    "template": _flag,
    "restricted": _flag,
}
if set(_RULES) != {one.name for one in fields(Given)}:  # pragma: no cover
    raise TypeError("each fact has its rule")
