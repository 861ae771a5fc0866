"""A database of an earlier version is copied, then brought up to date as a whole or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select

import dedup.serve
from dedup.errors import UsageError
from dedup.serve.database import copy_of_sqlite, open_database
from dedup.serve.running import back_up, restore, verify_log
from dedup.serve.service import Service
from dedup.serve.tables import Account, Base, Draft
from dedup.settings import Settings

FIRST, NEWEST = "0001", "0004"


def made_at(url: str, version: str) -> None:
    """Make the tables as an earlier version had them."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(dedup.serve.__file__).parent / "migrations"))
    engine = create_engine(url)
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, version)
        connection.exec_driver_sql(
            "INSERT INTO accounts (id, name, unit, role, password, active, created)"
            " VALUES ('a', '小李', '清溪镇', 'writer', '', true, 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO drafts (id, account, unit, name, thread, batch, request, created, content, state,"
            " attempts, level, ratio, problem, report, review, reviewer, comment)"
            " VALUES ('d', 'a', '清溪镇', '旧稿.txt', 'd', '', '', 1, '', 'done',"
            " 1, 'block', 0.5, '', '', '', '', '')"
        )
    engine.dispose()


@pytest.fixture
def old(tmp_path: Path) -> Service:
    """A service whose database an earlier version left."""
    service = Service(Settings(corpus=tmp_path), tmp_path / "serve")
    service.folder.mkdir(mode=0o700)
    made_at(service.url, FIRST)
    return service


def _version(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        [(version,)] = connection.execute("SELECT version_num FROM alembic_version")
    return str(version)


def _database(service: Service) -> Path:
    return service.folder / "service.sqlite"


def _drafts(service: Service) -> list[str]:
    with closing(sqlite3.connect(_database(service))) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM drafts")]


def test_an_older_database_is_copied_and_then_brought_up_to_date(old: Service) -> None:
    (old.folder / ".before-0003-x.sqlite.1.tmp").write_bytes(b"half a copy")
    database = open_database(old)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    with database.reading() as session:
        assert list(session.scalars(select(Draft.name))) == ["旧稿.txt"]
        assert session.scalars(select(Account.role)).one() == "writer"
    database.close()
    [copy] = old.folder.glob("before-*.sqlite")
    assert database.upgrade is not None
    assert database.upgrade.copy == copy
    assert _version(copy) == FIRST
    assert list(old.folder.glob(".before*")) == []
    assert copy.stat().st_mode & 0o077 == 0
    again = open_database(old)
    again.close()
    assert again.upgrade is None, "nothing is left to do"
    assert list(old.folder.glob("before-*.sqlite")) == [copy]


def test_a_new_database_is_not_copied(tmp_path: Path) -> None:
    service = Service(Settings(corpus=tmp_path), tmp_path / "serve")
    database = open_database(service)
    database.close()
    assert database.upgrade is None
    assert list(service.folder.glob("before-*")) == []


def test_the_copy_made_before_can_be_put_back_and_brought_up_to_date_anew(old: Service) -> None:
    database = open_database(old)
    with database.writing() as session:
        session.get_one(Draft, "d").name = "改过.txt"
    database.close()
    assert database.upgrade is not None
    assert database.upgrade.copy is not None
    before = restore(old, database.upgrade.copy)
    assert (_version(_database(old)), _drafts(old)) == (FIRST, ["旧稿.txt"])
    assert before is not None
    assert _version(before) == database.upgrade.version
    database.upgrade.copy.unlink()  # both may be made within one second
    database = open_database(old)
    database.close()
    assert database.upgrade is not None
    assert _drafts(old) == ["旧稿.txt"]


@pytest.mark.parametrize("table", ["choices", "jobs"])
def test_where_a_step_fails_the_database_is_as_it_was(old: Service, table: str) -> None:
    with closing(sqlite3.connect(_database(old))) as connection:  # a table that a step wants to make
        connection.execute(f"CREATE TABLE {table} (mine TEXT)")
        connection.commit()
    for _ in range(2):
        with pytest.raises(UsageError, match=f"table {table} already exists.*it is as it was"):
            open_database(old)
        assert (_version(_database(old)), _drafts(old)) == (FIRST, ["旧稿.txt"])
        assert list(old.folder.glob("*before-*")) == [], "no copy is left for each attempt"
    with closing(sqlite3.connect(_database(old))) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        assert not {"choices", "jobs", "passage_decisions", "templates"} - {table} & tables
        connection.execute(f"DROP TABLE {table}")
    open_database(old).close()
    assert _drafts(old) == ["旧稿.txt"]


def test_nothing_is_changed_where_no_copy_can_be_made(old: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.strftime", lambda form: "now")
    theirs = old.folder / f"before-{NEWEST}-now.sqlite"
    theirs.write_text("somebody's", encoding="utf-8")
    with pytest.raises(UsageError, match="already"):
        open_database(old)
    assert _version(_database(old)) == FIRST
    assert theirs.read_text(encoding="utf-8") == "somebody's"


def test_to_verify_the_log_changes_no_older_database(old: Service) -> None:
    assert verify_log(old) == (0, "")
    assert _version(_database(old)) == FIRST
    assert list(old.folder.glob("before-*")) == []


def test_what_is_not_there_is_not_copied(tmp_path: Path) -> None:
    service = Service(Settings(corpus=tmp_path), tmp_path / "serve")
    with pytest.raises(UsageError, match="no database yet"):
        back_up(service, tmp_path / "copy.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_into_a_folder_that_is_not_there_leaves_nothing(old: Service, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        copy_of_sqlite(old.url, tmp_path / "none" / "copy.sqlite")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("my database, password secret", "no address of a database"),
        ("nothing://secret@host/name", "no address of a database"),
        ("sqlite:////nowhere/secret/x.sqlite", "cannot be opened"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_one_line(tmp_path: Path, url: str, told: str) -> None:
    service = Service(Settings(corpus=tmp_path), tmp_path / "serve")
    with pytest.raises(UsageError, match=told) as raised:
        open_database(replace(service, database=url))
    assert len(raised.value.lines("zh")) == 1
    if "nowhere" not in url:
        assert "secret" not in str(raised.value)
