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
from threading import Event, Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, select
from starlette.testclient import TestClient

from dedup.errors import UsageError
from dedup.serve import log, review, tables
from dedup.serve.app import application
from dedup.serve.database import Database, open_database
from dedup.serve.tables import Account, Base
from tests.serve.conftest import COPY, OWN, Office, make_service, staff
from tests.serve.test_upgrade import made_at

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


def test_an_older_database_is_brought_up_to_date_whole_or_not_at_all(office: Office, server: Server) -> None:
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE old")
    engine.dispose()
    service = replace(
        office.service, database=make_url(server.url).set(database="old").render_as_string(False)
    )
    made_at(service.url, "0001")
    engine = create_engine(service.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE jobs (mine TEXT)")  # which the last step wants to make
    with pytest.raises(UsageError, match=r'"jobs" already exists.*it is as it was'):
        open_database(service)
    with engine.begin() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0001"
        connection.exec_driver_sql("DROP TABLE jobs")
    engine.dispose()
    database = open_database(service)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    with database.reading() as session:
        assert list(session.scalars(select(tables.Draft.name))) == ["旧稿.txt"]
    database.close()
    assert database.upgrade is not None
    assert database.upgrade.copy is None
    assert list(office.service.folder.glob("before-*")) == []


def test_a_draft_is_checked_reviewed_and_handed_back(office: Office) -> None:
    writer, reviewer = office.person("小李"), office.person("老王")
    draft = writer.hand_in(COPY)
    assert writer.wait_for(draft)["level"] == "block"
    assert writer.post(f"/drafts/{draft}/submit").status_code == 303
    sent = {"decision": "returned", "comment": "第二部分要重写"}
    assert reviewer.post(f"/drafts/{draft}/decide", **sent).status_code == 303
    assert "第二部分要重写" in writer.get(f"/drafts/{draft}").text
    assert "供水" in writer.get(f"/drafts/{draft}/report.html").text


def test_a_nul_that_is_asked_for_or_written_is_refused(office: Office) -> None:
    """PostgreSQL has none in texts, and that is no reason to come again."""
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
        assert len(list(session.scalars(select(tables.Event).where(tables.Event.subject == "7.9")))) == 1


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


def test_of_two_reviewers_at_once_one_decides(office: Office) -> None:
    writer, reviewer = office.person("小李"), office.person("老王")
    draft = writer.hand_in(COPY)
    writer.wait_for(draft)
    writer.post(f"/drafts/{draft}/submit")
    began, answers = Event(), []

    def accept() -> None:
        with office.database.writing() as session:
            wang = session.scalars(select(Account).where(Account.name == "老王")).one()
            began.set()
            returned.wait(1)  # in which nobody else begins to write
            review.decide(session, wang, draft, "accepted", "")

    def hand_back() -> None:
        sent = {"decision": "returned", "comment": "第二部分要重写"}
        answers.append(reviewer.post(f"/drafts/{draft}/decide", **sent))
        returned.set()

    returned = Event()
    threads = [Thread(target=accept), Thread(target=hand_back)]
    threads[0].start()
    began.wait()
    threads[1].start()
    for thread in threads:
        thread.join()
    assert answers[0].status_code == 409
    assert writer.browser.get(f"/api/v1/checks/{draft}").json()["review"] == "accepted"


def test_what_the_database_cannot_hold_is_refused(office: Office) -> None:
    admin = office.person("主任")
    assert admin.post("/admin/accounts", name="新\0人", role="writer", unit="").status_code == 422
