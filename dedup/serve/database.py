"""The database: opened, brought to the tables of this version, copied before that and on demand."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import TimeoutError
from sqlalchemy.orm import Session

from dedup.errors import UsageError
from dedup.messages import Words
from dedup.serve.service import Service

_MIGRATIONS = Path(__file__).with_name("migrations")
_PATIENCE = 30
"""Seconds that a writer waits for another one (SQLite)."""


class Database:
    """An engine and its transactions."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
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


def open_database(service: Service) -> Database:
    """Open the database of a service, its tables brought up to this version; SQLite is copied before that."""
    service.folder.mkdir(mode=0o700, exist_ok=True)
    engine = _engine(service.url)
    scripts = ScriptDirectory.from_config(_configuration())
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    newest = scripts.get_current_head()
    if current is not None and current not in {one.revision for one in scripts.walk_revisions()}:
        engine.dispose()
        raise UsageError(engine.url.render_as_string(), Words("serve.newer_database"))
    if current != newest:
        if current is not None and engine.dialect.name == "sqlite":
            stamp = time.strftime("%Y%m%d-%H%M%S")
            copy_of_sqlite(service.url, service.folder / f"before-{newest}-{stamp}.sqlite")
        configuration = _configuration()
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
    return Database(engine)


def copy_of_sqlite(url: str, target: Path) -> None:
    """Copy an SQLite database that may be in use. Raises UsageError where there is something already."""
    if target.exists():
        raise UsageError(str(target), Words("serve.backup_exists"))
    database = make_url(url).database
    partial = target.with_name(target.name + ".tmp")
    with closing(sqlite3.connect(str(database))) as source, closing(sqlite3.connect(partial)) as copy:
        source.backup(copy)
    partial.chmod(0o600)
    partial.rename(target)


def put_back(service: Service, source: Path) -> Path | None:
    """Put a copy in the place of an SQLite database, which is copied before; give where. All or nothing.

    Raises UsageError for a file that is no sound copy of a database of this or an earlier version.
    """
    known = {one.revision for one in ScriptDirectory.from_config(_configuration()).walk_revisions()}
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
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
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
