"""An SQLite file as the index uses it: begun in one step, opened, and its errors told by what is at fault."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress

from dedup.errors import IndexDamaged, IndexError_, IndexUnwritable
from dedup.index.container import REBUILD, publish
from dedup.index.cures import FREE_THE_DISK, OTHER_FOLDER
from dedup.index.seal import ALTERED
from dedup.index.seal import SUFFIX as SEAL

JOURNAL = "-journal"

_WAIT = 30.0
"""Seconds to wait for another process that reads or writes."""
_FINISH = "run dedup index as somebody who may write it, or name another folder: --index DIR"
_PLACE_AT_FAULT = (
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_PROTOCOL),
)
"""Codes of errors that say nothing of what is in the file."""


def connect(path: str) -> sqlite3.Connection:
    """Open an existing file for writing: a reader, too, may have to roll back what a killed writer left.

    Where the file must not be written, SQLite opens it for reading only. Raises sqlite3.Error.
    """
    address = f"file:{_quoted(os.path.abspath(path))}?mode=rw"
    database = sqlite3.connect(address, uri=True, isolation_level=None, timeout=_WAIT)
    database.execute("PRAGMA synchronous = FULL")
    # What a long transaction changes stays in memory to its end: from the first page that is written before,
    # readers would have to wait.
    database.execute("PRAGMA cache_spill = OFF")
    if not _puts_aside():
        database.execute("PRAGMA temp_store = MEMORY")  # large commits take twice as long
    return database


def _puts_aside() -> bool:
    """Whether SQLite finds a folder for what one statement may need; a container may have none.

    It looks at these, in this order.
    """
    folders = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp", ".")
    return os.name != "posix" or any(one and os.access(one, os.W_OK | os.X_OK) for one in folders)


def begin(path: str, schema: str) -> None:
    """Make a file with its tables in one step: who finds it finds them. Raises sqlite3.Error, OSError."""
    aside = path + ".tmp"
    remove(aside)
    remove(path)  # the journal of a file that is gone would be played into this one
    open(aside, "xb").close()
    with closing(connect(aside)) as database:
        database.executescript(f"BEGIN; {schema} COMMIT;")
    publish(aside, path)


def remove(path: str) -> None:
    """Remove a file with its journal and its seal, as far as they are there. Raises OSError."""
    for name in (path, path + JOURNAL, path + SEAL):
        with suppress(FileNotFoundError):
            os.remove(name)


def told(path: str, error: sqlite3.Error | UnicodeDecodeError) -> IndexError_:
    """What to tell of an error of SQLite: either the place is at fault, or what is in the file.

    What SQLite says of an altered file may quote from it, and not be UTF-8.
    """
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the rest says more precisely
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return IndexUnwritable(path, "another process keeps it locked", "try again later")
    if code == sqlite3.SQLITE_READONLY and os.path.exists(path + JOURNAL):
        return IndexUnwritable(path, "a writer was interrupted, and this may not be written", _FINISH)
    if code in _PLACE_AT_FAULT:
        disk = code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
        return IndexUnwritable(path, str(error), FREE_THE_DISK if disk else OTHER_FOLDER)
    return IndexDamaged(path, ALTERED if isinstance(error, UnicodeDecodeError) else str(error), REBUILD)


def _quoted(path: str) -> str:
    """A path as the address of an SQLite URI wants it."""
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
