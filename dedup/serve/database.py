"""The database: opened, brought to the tables of this version, copied before that and on demand."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from dedup.errors import UsageError
from dedup.files import beside, publish_new
from dedup.messages import Words, of_sqlite, system
from dedup.serve.service import Service, make_folder

_MIGRATIONS = Path(__file__).with_name("migrations")
_PATIENCE = 30
"""Seconds that a writer waits for another one."""
_ALONE = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "LOCK TABLE events IN EXCLUSIVE MODE",  # which others may still read
}
"""The statement with which a transaction begins to write alone, by kind of database."""
_OWN_COPY = "before-"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The version that a database was brought up to when it was opened."""

    version: str
    copy: Path | None
    """A copy of it as it was; None for a database of another kind than SQLite."""


class Database:
    """An engine and its transactions."""

    def __init__(self, engine: Engine, upgrade: Upgrade | None = None) -> None:
        self.engine = engine
        self.upgrade = upgrade
        """None for a database that is new, or was of this version already."""
        self._turn = Lock()
        self.entrance = ThreadPoolExecutor(1, "writer")
        """The thread in which requests wait for their turn: who has it needs one of the others."""

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that looks and leaves nothing behind."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction: all of it is kept when the block ends well, nothing of it otherwise.

        One writes at a time, so what a block reads is still so when it writes. Threads take turns here before
        they take a connection; other processes are waited for by the database.
        """
        if not self._turn.acquire(timeout=_PATIENCE):
            raise TimeoutError("no turn to write")
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                session.connection().exec_driver_sql(_ALONE[self.engine.dialect.name])
                yield session
        finally:
            self._turn.release()

    def close(self) -> None:
        """Close the connections."""
        self.entrance.shutdown()
        self.engine.dispose()


def open_database(service: Service, *, upgrade: bool = True) -> Database:
    """Open the database of a service; make its tables, or bring them up to this version.

    SQLite is copied before that. All steps are one transaction: where one fails the database is as it was.
    Without `upgrade` the tables of an earlier version stay as they are. Raises UsageError where it cannot be
    opened or changed, or a newer version wrote it.
    """
    make_folder(service.folder)
    engine = _engine(service.url)
    try:
        return Database(engine, _bring_up_to_date(engine, service, upgrade))
    except OperationalError as error:
        engine.dispose()
        raise UsageError(_shown(engine.url), Words("serve.no_database", why=_told(error))) from error
    except BaseException:
        engine.dispose()
        raise


def _bring_up_to_date(engine: Engine, service: Service, upgrade: bool) -> Upgrade | None:
    scripts = ScriptDirectory.from_config(_configuration())
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    newest = str(scripts.get_current_head())
    if current is None:
        _migrate(engine)
        return None
    if current not in {one.revision for one in scripts.walk_revisions()}:
        raise UsageError(_shown(engine.url), Words("serve.newer_database"))
    if current == newest or not upgrade:
        return None
    copy = None
    if engine.dialect.name == "sqlite":
        for left in service.folder.glob(f".{_OWN_COPY}*.tmp"):  # by a process that was killed while it copied
            left.unlink()
        copy = _own_copy(service, newest)
        copy_of_sqlite(service.url, copy)
    try:
        _migrate(engine)
    except Exception as error:  # a step may fail in any way
        if copy is not None:  # there would be one more for each attempt to start
            copy.unlink(missing_ok=True)
        raise UsageError(_shown(engine.url), Words("serve.not_upgraded", why=_told(error))) from error
    return Upgrade(newest, copy)


def _migrate(engine: Engine) -> None:
    configuration = _configuration()
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def _told(error: Exception) -> str:
    """The first line of what a database said of an error."""
    lines = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


# ------------------------------------------------------------------------------------------ copies


def demand_there(url: str) -> None:
    """Raise UsageError for an SQLite database that is not there yet."""
    if make_url(url).get_backend_name() == "sqlite" and not _file_of(url).is_file():
        raise UsageError(str(_file_of(url)), Words("serve.nothing_to_copy"))


def copy_of_sqlite(url: str, target: Path) -> None:
    """Copy an SQLite database that may be in use. Raises UsageError where that cannot be done.

    The copy is there whole or not at all, for its owner alone, and never over another file.
    """
    demand_there(url)
    database, aside = _file_of(url), beside(target)
    try:
        if target.exists():
            raise FileExistsError
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(aside)) as copy:
            source.backup(copy)
        publish_new(aside, target)
    except FileExistsError:
        raise UsageError(str(target), Words("serve.backup_exists")) from None
    except OSError as error:
        raise UsageError(str(target), system(error)) from error
    except sqlite3.Error as error:
        raise UsageError(str(target), Words("serve.not_copied", why=of_sqlite(error))) from error
    finally:
        aside.unlink(missing_ok=True)


def put_back(service: Service, source: Path) -> Path | None:
    """Put a copy in the place of an SQLite database, which is copied before; give where. All or nothing.

    Raises UsageError for a file that is no sound copy of a database of this or an earlier version.
    """
    database = _file_of(service.url)
    with closing(_sound_copy(source)) as copy:
        before = _own_copy(service, "restore") if database.exists() else None
        if before is not None:
            copy_of_sqlite(service.url, before)
        try:
            with closing(sqlite3.connect(database)) as target:
                copy.backup(target)
        except sqlite3.Error as error:
            raise UsageError(str(database), Words("serve.not_copied", why=of_sqlite(error))) from error
    database.chmod(0o600)
    return before


def _sound_copy(source: Path) -> sqlite3.Connection:
    known = {one.revision for one in ScriptDirectory.from_config(_configuration()).walk_revisions()}
    copy = None
    try:
        copy = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
        [(sound,)] = copy.execute("PRAGMA integrity_check(1)")
        [(version,)] = copy.execute("SELECT version_num FROM alembic_version")
        if sound == "ok" and version in known:
            return copy
    except (sqlite3.Error, ValueError):
        pass
    if copy is not None:
        copy.close()
    raise UsageError(str(source), Words("serve.no_backup"))


def _file_of(url: str) -> Path:
    return Path(str(make_url(url).database))


def _own_copy(service: Service, occasion: str) -> Path:
    """A name for a copy that is made unasked, before something happens to the database."""
    return service.folder / f"{_OWN_COPY}{occasion}-{time.strftime('%Y%m%d-%H%M%S')}.sqlite"


def forget_own_copies(folder: Path, days: int) -> None:
    """Delete copies that were made unasked so many days ago: they hold drafts too. 0 days keeps them."""
    for copy in folder.glob(f"{_OWN_COPY}*.sqlite") if days else ():
        if copy.stat().st_mtime < time.time() - 86_400 * days:
            copy.unlink()


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    return configuration


def _shown(url: URL) -> str:
    """An address without its password."""
    return url.render_as_string(hide_password=True)


def _engine(url: str) -> Engine:
    """An engine, not connected yet. Raises UsageError for an address that is none of ours."""
    try:
        kind = make_url(url).get_backend_name()
        if kind not in _ALONE:
            raise UsageError("--database", Words("serve.database_kind"))
        if kind != "sqlite":
            return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except ImportError as error:
        raise UsageError("--database", Words("serve.no_driver", package=str(error.name))) from error
    except ArgumentError as error:
        raise UsageError("--database", Words("serve.database_kind")) from error
    engine = create_engine(
        url,
        hide_parameters=True,  # what was sent in is in no message
        connect_args={"timeout": _PATIENCE, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say so
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
