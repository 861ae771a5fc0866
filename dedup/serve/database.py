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
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from dedup.errors import UsageError
from dedup.files import beside, publish_new
from dedup.messages import Words, system
from dedup.serve.service import Service

_MIGRATIONS = Path(__file__).with_name("migrations")
_PATIENCE = 30
"""Seconds that a writer waits for another one (SQLite)."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What a database was brought up to when it was opened."""

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
        """Where a request waits for its turn to write, for it would take a thread that others need to end."""

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that looks and leaves nothing behind."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction: all of it is kept when the block ends well, nothing of it otherwise.

        In SQLite one writes at a time; here they take turns, for by itself it has them try now and then.
        """
        sqlite = self.engine.dialect.name == "sqlite"
        if sqlite and not self._turn.acquire(timeout=_PATIENCE):
            raise TimeoutError("no turn to write")
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                if sqlite:  # wait for other processes now, not half way
                    session.connection().exec_driver_sql("BEGIN IMMEDIATE")
                yield session
        finally:
            if sqlite:
                self._turn.release()

    def close(self) -> None:
        """Close the connections."""
        self.entrance.shutdown()
        self.engine.dispose()


def open_database(service: Service, *, upgrade: bool = True) -> Database:
    """Open the database of a service; make its tables, or bring them up to this version.

    An SQLite database is copied before that. All steps are one transaction, so that where one fails the
    database is as it was, and no copy is left. Without `upgrade` the tables of an earlier version stay as
    they are. Raises UsageError.
    """
    service.folder.mkdir(mode=0o700, exist_ok=True)
    engine = _engine(service.url)
    try:
        current, newest = _version(engine), _scripts().get_current_head() or ""
        if current is None:
            _migrate(engine)
        elif current not in _known_versions():
            raise UsageError(_shown(engine), Words("serve.newer_database"))
        elif current != newest and upgrade:
            return Database(engine, Upgrade(newest, _upgraded(engine, service, newest)))
    except DBAPIError as error:
        engine.dispose()
        raise UsageError(_shown(engine), Words("serve.no_database", why=_first_line(error))) from error
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


def _upgraded(engine: Engine, service: Service, newest: str) -> Path | None:
    """Bring the tables up to the newest version; give the copy that was made before."""
    copy = None
    if engine.dialect.name == "sqlite":
        for left in service.folder.glob(".before-*.tmp"):  # by a process that was killed while it copied
            left.unlink()
        copy = service.folder / f"before-{newest}-{time.strftime('%Y%m%d-%H%M%S')}.sqlite"
        copy_of_sqlite(service.url, copy)
    try:
        _migrate(engine)
    except Exception as error:  # a step may fail in any way
        if copy is not None:
            copy.unlink(
                missing_ok=True
            )  # it would be one more at each start, and holds what the database does
        raise UsageError(_shown(engine), Words("serve.not_upgraded", why=_first_line(error))) from error
    return copy


def _migrate(engine: Engine) -> None:
    configuration = _configuration()
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_configuration())


def _known_versions() -> set[str]:
    return {one.revision for one in _scripts().walk_revisions()}


def _shown(engine: Engine) -> str:
    """The address of a database, without a password."""
    return engine.url.render_as_string()


def _first_line(error: Exception) -> str:
    """What a database said of an error, which is short and has no text of a draft."""
    told = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    return told.splitlines()[0] if told else type(error).__name__


def copy_of_sqlite(url: str, target: Path) -> None:
    """Copy an SQLite database that may be in use; nobody else can read the copy, at no time.

    Raises UsageError where there is no database, no space, or something in the copy's place.
    """
    database, aside = Path(str(make_url(url).database)), beside(target)
    if not database.is_file():
        raise UsageError(str(database), Words("serve.nothing_to_copy"))
    try:
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(aside)) as copy:
            source.backup(copy)
        publish_new(aside, target)
    except FileExistsError as error:
        raise UsageError(str(target), Words("serve.backup_exists")) from error
    except OSError as error:
        raise UsageError(str(target), system(error)) from error
    except sqlite3.Error as error:
        raise UsageError(str(target), Words("serve.not_copied", why=str(error))) from error
    finally:
        aside.unlink(missing_ok=True)


def put_back(service: Service, source: Path) -> Path | None:
    """Put a copy in the place of an SQLite database, which is copied before; give where. All or nothing.

    Raises UsageError for a file that is no sound copy of a database of this or an earlier version.
    """
    known = _known_versions()
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            [(sound,)] = copy.execute("PRAGMA integrity_check(1)")
            [(version,)] = copy.execute("SELECT version_num FROM alembic_version")
            if sound != "ok" or version not in known:
                raise UsageError(str(source), Words("serve.no_backup"))
            database = Path(str(make_url(service.url).database))
            before = None
            if database.exists():
                stamp = time.strftime("%Y%m%d-%H%M%S")
                before = service.folder / f"before-restore-{stamp}.sqlite"
                copy_of_sqlite(service.url, before)
            with closing(sqlite3.connect(database)) as target:
                copy.backup(target)
    except (sqlite3.Error, ValueError) as error:
        raise UsageError(str(source), Words("serve.no_backup")) from error
    database.chmod(0o600)
    return before


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    return configuration


def _engine(url: str) -> Engine:
    try:
        if make_url(url).get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except ArgumentError as error:  # which quotes the address, perhaps with a password
        raise UsageError("--database", Words("serve.no_address")) from error
    except ImportError as error:  # the package that speaks to it
        raise UsageError("--database", Words("serve.no_driver", package=str(error.name))) from error
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
