"""Read `decisions.toml`: decisions of people, in a file that can be read, reviewed and edited.

::

    [[decision]]
    verdict = "waived"          # accepted · waived · sent-back
    reason = "上级统一口径，要求照录"
    by = "王芳"
    date = 2026-11-28
    expires = 2027-01-01        # may be left out
    draft = "来稿/一.txt"        # left out together with `title`: any draft
    title = "霁山县2026年工作总结"
    source = "2023年/供水方案.docx"
    excerpt = "我们坚持把农田水利作为头等大事来抓…"   # for the reader
    fingerprint = ["…"]         # of the passage's text, by which it is recognised
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import get_args

from dedup.configuration.keys import Key, line_of, lines_of, tables_of
from dedup.configuration.rules import Rule, ruled, text_value
from dedup.decisions.known import KnownText
from dedup.decisions.standing import Entry
from dedup.errors import UsageError
from dedup.fingerprint import in_order_from_text
from dedup.messages import Words, system
from dedup.passage import Decision, Ruling
from dedup.records import dataclass

TABLE = "decision"


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """The decisions of a file, in its order, and its content."""

    path: Path
    entries: tuple[Entry, ...] = ()
    written: str = ""
    """Content of the file; empty if there is none."""


def read_decisions(path: Path, *, needed: bool = True) -> DecisionFile:
    """Read a file of decisions. Raises UsageError with all errors, each with its line.

    A missing file counts as empty unless it is `needed`.
    """
    try:
        content = content_of(path)
    except FileNotFoundError as error:
        if not needed:
            return DecisionFile(path)
        raise UsageError(str(path), Words("decision.no_file"), Words("decision.no_file.cure")) from error
    except (OSError, ValueError) as error:
        problem = system(error) if isinstance(error, OSError) else Words("system.ENOENT")
        raise UsageError(str(path), problem) from error
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(str(path), Words("settings.not_utf8")) from error
    return DecisionFile(path, parsed(str(path), written), written)


def content_of(path: Path) -> bytes:
    """Read a file whole. Raises OSError, and UsageError for a pipe or a device, which may be endless."""
    if not S_ISREG(os.stat(path).st_mode) and not path.is_dir():
        raise UsageError(str(path), Words("decision.not_regular"))
    return path.read_bytes()


def parsed(place: str, written: str) -> tuple[Entry, ...]:
    """The decisions in the text of a file. Raises UsageError as `read_decisions` does."""
    tables = tables_of(place, written)
    lines = lines_of(written)
    problems = [
        Words("decision.no_table", line=line_of(lines, (name,)), name=name)
        for name in tables
        if name != TABLE
    ]
    listed = tables.get(TABLE, [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        problems.append(Words("decision.no_list", line=line_of(lines, (TABLE,))))
        listed = []
    entries = [_entry(value, number, lines, problems) for number, value in enumerate(listed)]
    if problems:
        words = Words("settings.problems", problems=tuple(problems))
        raise UsageError(place, words, Words("decision.correct"))
    return tuple(one for one in entries if one is not None)


def _entry(
    value: Mapping[str, object], number: int, lines: Mapping[Key, int], problems: list[Words]
) -> Entry | None:
    place: Key = (TABLE, number)
    before = len(problems)
    given = ruled(value, _RULES, lambda key: line_of(lines, (*place, key)), problems)
    missing = [key for key in _NEEDED if key not in value]
    if missing:
        problems.append(Words("decision.missing", line=line_of(lines, place), names=", ".join(missing)))
    if given.get("expires") and given.get("date") and given["expires"] < given["date"]:
        problems.append(Words("decision.order", line=line_of(lines, (*place, "expires"))))
    if len(problems) > before:
        return None
    return Entry(
        decision=Decision(
            given["verdict"], given["reason"], given["by"], given["date"], given.get("expires", "")
        ),
        text=KnownText(
            given["source"], given.get("part", ""), given["fingerprint"], bool(given.get("notice"))
        ),
        draft=given.get("draft", ""),
        title=given.get("title", ""),
        excerpt=given.get("excerpt", ""),
        line=line_of(lines, place),
    )


# ------------------------------------------------------------------------------------------- rules
# A rule turns a value of the file into a fact, or raises ValueError with the Words for what is expected.


def _any_text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(Words("settings.text"))


def _ruling(value: object) -> Ruling:
    for one in get_args(Ruling):
        if value == one:
            ruling: Ruling = one
            return ruling
    raise ValueError(Words("settings.one_of", choices="、".join(get_args(Ruling))))


def day(value: object) -> str:
    """A day, as a date of TOML or as text, in ISO 8601. Raises ValueError with Words for what is expected."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    with suppress(ValueError):
        if isinstance(value, str):
            return datetime.datetime.strptime(value.strip(), "%Y-%m-%d").date().isoformat()
    raise ValueError(Words("decision.day"))


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError(Words("decision.count"))


def _fingerprint(value: object) -> tuple[int, ...]:
    pieces = [value] if isinstance(value, str) else value
    with suppress(ValueError):
        if isinstance(pieces, list) and all(isinstance(one, str) for one in pieces):
            return in_order_from_text("".join("".join(one.split()) for one in pieces))
    raise ValueError(Words("decision.fingerprint"))


_RULES: dict[str, Rule] = {
    "verdict": _ruling,
    "reason": text_value,
    "by": text_value,
    "date": day,
    "expires": day,
    "draft": text_value,
    "title": text_value,
    "source": text_value,
    "part": _any_text,
    "notice": text_value,
    "excerpt": _any_text,
    "characters": _whole,
    "fingerprint": _fingerprint,
}
_NEEDED = ("verdict", "reason", "by", "date", "source", "fingerprint")
