"""Keep the history of drafts: figures and fingerprints of earlier checks in one SQLite file, without text.

A draft is identified by its path or a given name. Its passages are recognised by their fingerprints
(`dedup.fingerprint`), wherever they have moved to. This file is no part of any corpus: a draft never matches
an earlier state of itself.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from dedup.errors import UsageError
from dedup.files import beside, publish_new, storable
from dedup.fingerprint import Fingerprint, as_text, fingerprint, from_text, share
from dedup.messages import Words, of_sqlite, system
from dedup.model import EarlierCheck, History, MendedPassage, Report
from dedup.records import dataclass
from dedup.reports.kit.places import Places

FILE_NAME = "history.sqlite"
"""Name of the file if only a folder is given."""
_OURS = 0x64647570
"""Application identifier (`PRAGMA application_id`) of the file for SQLite's tools: "ddup"."""
_VERSION = 1
_TABLES = f"""
CREATE TABLE checks (number INTEGER PRIMARY KEY, draft TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX checks_of_a_draft ON checks (draft);
PRAGMA application_id = {_OURS};
PRAGMA user_version = {_VERSION};
"""
_PATIENCE = 30.0
"""Seconds to wait for other processes that write the same file."""
_ONLY_OWNER = 0o600
_REMAINS = 0.5
"""Share of a passage's prints in another check from which it is there too."""


Kept = tuple[str, int, Fingerprint]
"""Source, length in characters as reports count them, and fingerprint of a passage."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One check as it is stored."""

    time: str
    copied_ratio: float
    copied_characters: int
    total_characters: int
    level: str
    snapshot: str
    text_sha256: str
    passages: tuple[Kept, ...]
    """The passages of status reuse, in order."""

    @property
    def check(self) -> EarlierCheck:
        """The part of it that reports show."""
        return EarlierCheck(
            self.time, self.copied_ratio, self.copied_characters, self.total_characters, self.level
        )


def remembered(report: Report) -> Remembered:
    """The part of a report that is stored."""
    figures, checked, places = report.figures, report.checked, Places(report)
    return Remembered(
        time=checked.time if checked else "",
        copied_ratio=figures.copied_ratio,
        copied_characters=figures.copied_characters,
        total_characters=figures.total_characters,
        level=report.verdict.level,
        snapshot=checked.snapshot if checked else "",
        text_sha256=sha256(report.text.encode("utf-8", "surrogatepass")).hexdigest(),
        passages=tuple(
            (storable(one.source), places.characters(one), fingerprint(one.text))
            for one in sorted(report.passages, key=lambda one: one.start)
            if one.status == "reuse"
        ),
    )


def compared(draft: str, earlier: Sequence[Remembered], report: Report) -> History:
    """Compare a draft with its earlier checks, the last of which may be of the same text."""
    now = remembered(report)
    others = [*earlier]
    if others and is_again(others[-1], now):
        others.pop()
    if not others:
        return History(draft, ())
    before = others[-1]
    ordered = sorted(report.passages, key=lambda one: one.start)
    numbers = [number for number, one in enumerate(ordered, 1) if one.status == "reuse"]
    added = not_in(now.passages, before.passages)
    return History(
        draft=draft,
        checks=tuple(one.check for one in others),
        mended=tuple(
            MendedPassage(source, length)
            for (source, length, _), gone in zip(
                before.passages, not_in(before.passages, now.passages), strict=True
            )
            if gone
        ),
        remaining=tuple(number for number, new in zip(numbers, added, strict=True) if not new),
        new=tuple(number for number, new in zip(numbers, added, strict=True) if new),
        same_basis=before.snapshot == now.snapshot,
    )


def not_in(passages: Sequence[Kept], others: Sequence[Kept]) -> list[bool]:
    """List, for each passage, True if it is not among the others, by the share of its prints in them."""
    known: Fingerprint = frozenset().union(*(prints for _, _, prints in others))
    return [share(prints, known) < _REMAINS for _, _, prints in passages]


def differences(before: Remembered, now: Remembered) -> tuple[int, int]:
    """Number of passages of a check that are gone in the next one, and number of new ones in that."""
    return sum(not_in(before.passages, now.passages)), sum(not_in(now.passages, before.passages))


def is_again(last: Remembered, now: Remembered) -> bool:
    """Tell whether a check found the same in the same text as the last one."""
    return (last.text_sha256, last.snapshot, last.passages, last.copied_ratio) == (
        now.text_sha256,
        now.snapshot,
        now.passages,
        now.copied_ratio,
    )


def name_of(path: str) -> str:
    """The name under which a draft at a path is kept."""
    return storable(os.path.abspath(path))


# ------------------------------------------------------------------------------------------- the file


class Store:
    """The file in which checks are stored. Every method raises UsageError if it cannot be used."""

    def __init__(self, place: Path) -> None:
        self.path = place / FILE_NAME if place.is_dir() else place

    def demand(self) -> None:
        """Create the file, if there is none yet, readable for its owner alone."""
        with self._open():
            pass

    def checks_of(self, draft: str) -> list[Remembered]:
        """The checks of a draft, the first one first."""
        with self._open() as connection:
            rows = connection.execute("SELECT record FROM checks WHERE draft = ? ORDER BY number", (draft,))
            return [_read(row[0], self.path) for row in rows]

    def drafts(self) -> list[str]:
        """The known drafts, the one checked last first."""
        with self._open() as connection:
            rows = connection.execute("SELECT draft FROM checks GROUP BY draft ORDER BY max(number) DESC")
            return [row[0] for row in rows]

    def remember(self, draft: str, report: Report) -> None:
        """Store the result of a check, unless the last one found the same in the same text."""
        now = remembered(report)
        with self._open() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute(
                "SELECT record FROM checks WHERE draft = ? ORDER BY number DESC LIMIT 1", (draft,)
            ).fetchone()
            if row is None or not is_again(_read(row[0], self.path), now):
                connection.execute("INSERT INTO checks (draft, record) VALUES (?, ?)", (draft, _record(now)))

    def forget(self, draft: str | None) -> int:
        """Remove the checks of a draft, or all for None, from the disk too; return their number."""
        condition, values = ("WHERE draft = ?", (draft,)) if draft is not None else ("", ())
        with self._open() as connection:
            with connection:
                count = connection.execute(f"DELETE FROM checks {condition}", values).rowcount
            connection.execute("VACUUM")
        return count

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self.path.exists():
                self._make()
            if not self.path.is_file():
                raise UsageError(str(self.path), Words("history.no_file"))
            with closing(_connected(self.path)) as connection:
                [ours], [version] = (
                    connection.execute(f"PRAGMA {name}").fetchone()
                    for name in ("application_id", "user_version")
                )
                if ours != _OURS:
                    raise UsageError(str(self.path), Words("history.foreign"))
                if version > _VERSION:
                    raise UsageError(str(self.path), Words("history.later"))
                yield connection
        except sqlite3.DatabaseError as error:
            foreign = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB
            key = "history.foreign" if foreign else "history.unusable"
            facts = {} if foreign else {"why": of_sqlite(error)}
            raise UsageError(str(self.path), Words(key, **facts)) from error
        except OSError as error:
            raise UsageError(str(self.path), Words("history.unwritable", why=system(error))) from error

    def _make(self) -> None:
        """Create an empty history that only its owner may read, without replacing a file.

        It appears whole or not at all, as other processes may use it at once.
        """
        aside = beside(self.path)
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_RDWR, _ONLY_OWNER))
        try:
            with closing(_connected(aside)) as connection:
                connection.executescript(_TABLES)
            with suppress(FileExistsError):
                publish_new(aside, self.path)
        finally:
            aside.unlink(missing_ok=True)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _record(check: Remembered) -> str:
    passages = [[source, length, as_text(prints)] for source, length, prints in check.passages]
    names = ("time", "copied_ratio", "copied_characters", "total_characters", "level", "snapshot")
    content = {name: getattr(check, name) for name in (*names, "text_sha256")}
    return json.dumps({**content, "passages": passages}, ensure_ascii=False)


def _read(record: str, path: Path) -> Remembered:
    try:
        content = json.loads(record)
        passages = tuple(
            (str(source), int(length), from_text(prints))
            for source, length, prints in content.pop("passages")
        )
        return Remembered(**content, passages=passages)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(str(path), Words("history.damaged")) from error
