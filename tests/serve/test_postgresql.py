"""The service on PostgreSQL: Debian's, started here as its own user, reached by a socket of files only."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select
from starlette.testclient import TestClient

from dedup.serve import log
from dedup.serve.app import application
from dedup.serve.database import Database, open_database
from dedup.serve.tables import Base, Event
from tests.serve.conftest import COPY, OWN, Office, make_service, staff

pytest.importorskip("psycopg", reason="psycopg is not installed: pip install -e '.[postgresql]'")

pytestmark = pytest.mark.slow  # a server of its own


class Server:
    """A PostgreSQL server in a folder, that can be stopped and started."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self._user = "postgres" if os.getuid() == 0 else None  # it refuses to run as root
        if self._user:
            shutil.chown(folder, self._user)
        self._run("initdb", "-A", "trust", "-U", "dedup", "-E", "UTF8", "--locale=C.UTF-8")
        self.url = f"postgresql+psycopg://dedup@/postgres?host={folder}"

    def start(self) -> None:
        options = f"-c listen_addresses='' -k {self._folder} -c fsync=off"
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self._folder / "log"), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        subprocess.run(command, check=True, user=self._user, cwd=self._folder, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        pytest.skip("no PostgreSQL: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="dedup-"))  # a short path, that the server's user may enter
    try:
        server = Server(found[-1].parent, folder)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def office(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    service = replace(make_service(tmp_path_factory.mktemp("office")), database=server.url)
    app = application(service)
    staff(app.state.database)
    with TestClient(app):
        yield Office(service, app)


def test_the_migrations_make_the_tables(office: Office) -> None:
    with office.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_draft_is_checked_reviewed_and_handed_back(office: Office) -> None:
    writer, reviewer = office.person("小李"), office.person("老王")
    draft = writer.hand_in(COPY)
    assert writer.wait_for(draft)["level"] == "block"
    assert writer.post(f"/drafts/{draft}/submit").status_code == 303
    sent = {"decision": "returned", "comment": "第二部分要重写"}
    assert reviewer.post(f"/drafts/{draft}/decide", **sent).status_code == 303
    assert "第二部分要重写" in writer.get(f"/drafts/{draft}").text
    assert "供水" in writer.get(f"/drafts/{draft}/report.html").text


def test_what_the_database_cannot_hold_is_refused(office: Office) -> None:
    """PostgreSQL has no NUL in texts, and no text longer than its column: that is no reason to come again."""
    writer, reviewer = office.person("小李"), office.person("老王")
    draft = writer.hand_in(OWN)
    writer.wait_for(draft)
    writer.post(f"/drafts/{draft}/submit")
    refused = (
        writer.get("/api/v1/checks/%00"),
        writer.get("/api/v1/checks?thread=%00"),
        writer.get("/batches/%00"),
        reviewer.post(f"/drafts/{draft}/decide", decision="returned", comment="甲\0"),
        office.person("主任").get("/admin/limits?preview=%00"),
    )
    assert [one.status_code for one in refused] == [422] * len(refused)
    assert "等待审核" not in office.person("老赵").get("/review").text
    assert writer.get(f"/drafts/{draft}").status_code == 200


@contextmanager
def _side_by_side(database: Database, count: int) -> Iterator[None]:
    def write(number: int) -> None:
        for step in range(10):
            with database.writing() as session:
                log.note(session, "", "login.failed", f"{number}.{step}")

    threads = [Thread(target=write, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def test_lines_of_the_log_that_come_at_once_are_chained(office: Office) -> None:
    with _side_by_side(office.database, 8):
        pass
    with office.database.reading() as session:
        assert log.first_altered(session) is None
        assert len(list(session.scalars(select(Event).where(Event.subject == "7.9")))) == 1


def test_a_database_that_was_away_is_used_again(office: Office, server: Server) -> None:
    writer = office.person("小李")
    server.stop()
    try:
        answer = writer.get("/drafts")
        assert answer.status_code == 503
        assert "数据库暂时连不上" in answer.text
        assert office.person().get("/health/ready").status_code == 503
        assert office.person().get("/health/live").status_code == 200
    finally:
        server.start()
    assert writer.get("/drafts").status_code == 200
    assert writer.wait_for(writer.hand_in(OWN))["state"] == "done"
    open_database(office.service).close()


def test_what_is_checked_while_the_database_goes_away_is_checked_to_its_end(
    office: Office, server: Server
) -> None:
    writer = office.person("小李")
    for number in range(4):
        drafts = [writer.hand_in(f"第{number}.{one}份。{COPY}") for one in range(5)]
        server.stop()
        server.start()
        for draft in drafts:
            assert writer.wait_for(draft)["level"] == "block"
    with office.database.reading() as session:
        assert log.first_altered(session) is None
