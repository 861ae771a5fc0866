"""The catalog: an SQLite file that says what exists. What it does not name is no part of the index.

Everything mutable is here (which files, which segments, what is dead in them) and everything else is in the
immutable segments. A reader needs one short transaction at opening and none after it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged, IndexFormatError
from dedup.index.container import FORMAT_VERSION, REBUILD
from dedup.index.database import begin, connect, told
from dedup.index.rows import FileRow, FileTable, SegmentRow, SkippedRow, Snapshot
from dedup.index.seal import ALTERED, Seal
from dedup.model import Skipped
from dedup.sketch.scheme import Scheme, SchemeSettings

if TYPE_CHECKING:
    from dedup.index.listing import Facts
    from dedup.index.rowsum import RowSum

CATALOG = "catalog.sqlite"

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE segments (
    id INTEGER PRIMARY KEY,
    live INTEGER NOT NULL,       -- 0: finished, but not yet part of any snapshot
    bytes INTEGER NOT NULL,
    files INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    dead BLOB NOT NULL,          -- uint32 numbers of its files that are gone, ascending
    tombstones TEXT              -- name of the file that counts their grams
);
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest BLOB NOT NULL,
    segment INTEGER NOT NULL, number INTEGER NOT NULL, characters INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE staged (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest BLOB NOT NULL,
    segment INTEGER NOT NULL, number INTEGER NOT NULL, characters INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE skipped (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
"""

_LIVE = (
    "SELECT key, value FROM meta WHERE key IN ('scheme', 'listing') ORDER BY key",
    "SELECT * FROM segments WHERE live = 1 ORDER BY id",
    "SELECT * FROM skipped ORDER BY path",
)
"""What a snapshot is made of, with the files, which are many and have a sum of their own."""
_CHECKSUM = "contents"
"""Key of what `whole` compares."""


class Catalog:
    """An open catalog. Readers change nothing, so a read-only folder serves."""

    def __init__(self, folder: str, *, writing: bool) -> None:
        """Open what is there, or begin a new catalog when writing. Raises IndexError_ of every kind."""
        self.path = os.path.join(folder, CATALOG)
        self._seal = Seal(self.path)
        with self._told():
            if writing and not os.path.exists(self.path):
                begin(self.path, f"{_SCHEMA} PRAGMA user_version = {FORMAT_VERSION};")
            self._database = connect(self.path)
        self._files_sum: RowSum | None = None
        try:
            self._check(writing)
            if writing:
                self._files_sum = self._watched()
        except BaseException:
            self.close()
            raise

    def _check(self, writing: bool) -> None:
        with self._told():
            version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version != FORMAT_VERSION:
            found = f"has format version {version}, this program reads {FORMAT_VERSION}"
            raise IndexFormatError(self.path, found, REBUILD)
        if not writing:
            return
        # What is altered must not be built upon, and then sealed.
        usable = self._seal.usable()
        if not (self.sealed() if usable else self.whole()):
            raise IndexDamaged(self.path, ALTERED, REBUILD)
        if not usable:
            self._seal.put()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what happens inside. Raises IndexUnwritable, IndexDamaged, OSError."""
        watched = self._files_sum
        if watched is None:
            raise TypeError("this catalog was opened for reading")
        with self._told():
            self._seal.break_()
            self._database.execute("BEGIN IMMEDIATE")
            before = watched.value
            try:
                yield
                self.put(_CHECKSUM, self._checksum(watched.value))
                self._database.execute("COMMIT")
            except BaseException as error:
                watched.value = before
                # A COMMIT that fails may leave the transaction open: nobody must take what it says for true.
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                if watched.was_interrupted(error):
                    raise KeyboardInterrupt from error
                raise
            self._seal.put()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise told(self.path, error) from error

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            with self._told():
                yield
        except (ValueError, TypeError) as error:  # SQLite keeps any value in any column
            raise IndexDamaged(self.path, ALTERED, REBUILD) from error

    # ------------------------------------------------------------------------------------ reading

    def snapshot(self) -> Snapshot | None:
        """What is live now, in one transaction; None for a catalog that was begun and never finished."""
        with self._reading():
            self._database.execute("BEGIN")
            try:
                facts = dict(self._database.execute("SELECT key, value FROM meta"))
                segments = self.segments(live=True)
                skipped = self._database.execute("SELECT path, reason FROM skipped").fetchall()
            finally:
                self._database.execute("COMMIT")
        if "scheme" not in facts or "listing" not in facts:
            return None
        return Snapshot(
            scheme=_scheme(self.path, facts["scheme"]),
            segments=segments,
            skipped=tuple(Skipped(path, reason) for path, reason in skipped),
            listing=facts["listing"],
        )

    def scheme(self) -> Scheme | None:
        """The scheme the index was begun with."""
        with self._reading():
            row = self._database.execute("SELECT value FROM meta WHERE key = 'scheme'").fetchone()
        return _scheme(self.path, row[0]) if row else None

    def get(self, key: str) -> str | None:
        """One fact of `meta`."""
        with self._reading():
            row = self._database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def segments(self, *, live: bool | None = None) -> tuple[SegmentRow, ...]:
        """Segments in the order they were made: live, staged, or (None) both."""
        with self._reading():
            rows = self._database.execute(
                "SELECT id, bytes, files, characters, dead, tombstones, live FROM segments ORDER BY id"
            ).fetchall()
            return tuple(
                SegmentRow(id_, size, files, characters, np.frombuffer(dead, dtype="<u4"), tombstones)
                for id_, size, files, characters, dead, tombstones, is_live in rows
                if live is None or bool(is_live) is live
            )

    def facts(self) -> set[Facts]:
        """Path, size and time of change of each live file."""
        with self._reading():
            return set(self._database.execute("SELECT path, size, mtime_ns FROM files"))

    def files(self, paths: Iterable[str]) -> dict[str, FileRow]:
        """Those of the live files that have one of these paths, by path."""
        rows = {}
        with self._reading():
            for path in paths:
                found = self._database.execute("SELECT * FROM files WHERE path = ?", (path,)).fetchone()
                if found:
                    rows[path] = FileRow(*found)
        return rows

    def staged(self) -> dict[str, FileRow]:
        """Files of segments that an interrupted build finished, by path."""
        with self._reading():
            return {row[0]: FileRow(*row) for row in self._database.execute("SELECT * FROM staged")}

    def table(self) -> FileTable:
        """All live files."""
        with self._reading():
            query = "SELECT path, digest, segment, number, characters FROM files ORDER BY path"
            rows = self._database.execute(query).fetchall()
            columns = tuple(zip(*rows, strict=True)) or ((),) * 5
            digests = np.frombuffer(b"".join(columns[1]), dtype="<u8")
            if len(digests) != 2 * len(rows):
                raise ValueError("digests are of another length")
            numbers = (np.array(column, dtype=np.int64) for column in columns[2:])
            return FileTable(columns[0], digests, *numbers)

    def files_in(self, segments: Iterable[int]) -> list[FileRow]:
        """The files, live and staged, of some segments, by segment and number."""
        numbers = ",".join(str(int(number)) for number in segments)
        tables = " UNION ALL ".join(
            f"SELECT * FROM {table} WHERE segment IN ({numbers})" for table in ("files", "staged")
        )
        with self._reading():
            return [FileRow(*row) for row in self._database.execute(f"{tables} ORDER BY segment, number")]

    def skipped(self) -> dict[str, SkippedRow]:
        """The files that could not be used, by path."""
        with self._reading():
            rows = self._database.execute("SELECT path, size, mtime_ns, reason FROM skipped")
            return {row[0]: SkippedRow(*row) for row in rows}

    def _checksum(self, files_sum: int) -> str:
        """A hash of all that is live; every commit puts it down, and `dedup verify` compares."""
        import hashlib  # only writers and `dedup verify` come here, and it costs three milliseconds

        digest = hashlib.blake2b(digest_size=16)
        for query in _LIVE:
            digest.update(repr(self._database.execute(query).fetchall()).encode("utf-8", "surrogatepass"))
        return f"{files_sum:032x}-{digest.hexdigest()}"

    def _watched(self) -> RowSum:
        """The sum of the files, as the last commit put it down, followed from now on."""
        from dedup.index.rowsum import RowSum  # which only writers need

        recorded = self.get(_CHECKSUM)
        with self._reading():
            watched = RowSum(self._database, "files", FileRow._fields)
            watched.value = int(recorded.partition("-")[0], 16) if recorded else self._counted()
        return watched

    def _counted(self) -> int:
        from dedup.index.rowsum import counted

        return counted(self._database, "files", FileRow._fields)

    def sealed(self) -> bool | None:
        """Whether every byte of the file is what the last writer left; None when that was interrupted.

        Raises IndexDamaged, OSError.
        """
        with self._reading():
            self._database.execute("BEGIN")
            try:
                # Reading keeps writers out, and takes back what one that was killed had begun.
                self._database.execute("SELECT count(*) FROM meta").fetchone()
                return self._seal.fits()
            finally:
                self._database.execute("COMMIT")

    def whole(self) -> bool:
        """Whether the file is sound and what is live is what the last commit said. Raises IndexDamaged."""
        with self._reading():
            sound = self._database.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
            return sound and self.get(_CHECKSUM) in (None, self._checksum(self._counted()))

    # ------------------------------------------------------------------------------------ writing
    # Each of these belongs inside `transaction()`.

    def next_segment(self) -> int:
        """A segment number that no segment ever had."""
        row = self._database.execute("SELECT value FROM meta WHERE key = 'last_segment'").fetchone()
        return int(row[0]) + 1 if row else 1

    def put(self, key: str, value: str) -> None:
        """Set one fact of `meta`."""
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def add_segment(self, row: SegmentRow, files: Iterable[FileRow]) -> None:
        """Name a finished segment and stage its files; it is not live yet."""
        self._database.execute(
            "INSERT INTO segments VALUES (?, 0, ?, ?, ?, ?, ?)",
            (row.id, row.bytes, row.files, row.characters, row.dead.astype("<u4").tobytes(), row.tombstones),
        )
        self._database.executemany("INSERT OR REPLACE INTO staged VALUES (?, ?, ?, ?, ?, ?, ?)", files)
        self.put("last_segment", str(row.id))

    def set_dead(self, segment: int, dead: NDArray[np.uint32], tombstones: str | None) -> None:
        """Say which files of a segment are gone."""
        self._database.execute(
            "UPDATE segments SET dead = ?, tombstones = ? WHERE id = ?",
            (dead.astype("<u4").tobytes(), tombstones, segment),
        )

    def drop_segments(self, segments: Iterable[int]) -> None:
        """Forget segments and the rows of their files; what they are on disk becomes orphans."""
        numbers = ",".join(str(int(number)) for number in segments)
        self._database.execute(f"DELETE FROM segments WHERE id IN ({numbers})")
        self._database.execute(f"DELETE FROM files WHERE segment IN ({numbers})")
        self._database.execute(f"DELETE FROM staged WHERE segment IN ({numbers})")

    def discard(self, rows: Iterable[FileRow]) -> None:
        """Forget files, live or staged, where they still stand in the segment the rows name."""
        places = [(row.path, row.segment, row.number) for row in rows]
        for table in ("files", "staged"):
            self._database.executemany(
                f"DELETE FROM {table} WHERE path = ? AND segment = ? AND number = ?", places
            )

    def go_live(self, touched: Iterable[FileRow], skipped: Iterable[SkippedRow]) -> None:
        """Make what is staged live, in place of what it replaces; note new times of change."""
        self._database.execute("INSERT OR REPLACE INTO files SELECT * FROM staged")
        self._database.execute("DELETE FROM staged")
        self._database.execute("UPDATE segments SET live = 1")
        times = [(row.mtime_ns, row.path) for row in touched]
        self._database.executemany("UPDATE files SET mtime_ns = ? WHERE path = ?", times)
        self._database.execute("DELETE FROM skipped")
        self._database.executemany("INSERT INTO skipped VALUES (?, ?, ?, ?)", skipped)


def _scheme(path: str, written: str) -> Scheme:
    try:
        return Scheme.from_json(written)
    except (ValueError, TypeError):
        raise IndexFormatError(path, "was made with a scheme this program does not know", REBUILD) from None


def check_scheme(path: str, scheme: Scheme, settings: SchemeSettings, folding: str) -> None:
    """Raise IndexFormatError unless an index made with `scheme` serves the settings in force."""
    differences = scheme.differences(settings, folding)
    if differences:
        cure = "dedup index --rebuild, or the settings it was made with"
        raise IndexFormatError(path, f"was made with {'; '.join(differences)}", cure)
