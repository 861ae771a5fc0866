"""Killed, restarted, overfull, altered: nothing that was accepted is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event, func, select, text, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import dedup
from dedup.checking import check
from dedup.errors import UsageError
from dedup.index import open_index
from dedup.index.workers import Done
from dedup.serve import accounts, log, tables
from dedup.serve.app import application
from dedup.serve.bell import Bell
from dedup.serve.checkers import Checkers, CheckOrder, Lost, documents_in
from dedup.serve.database import copy_of_sqlite, open_database
from dedup.serve.drafts import Desk, forget_old, receive
from dedup.serve.jobs import Jobs, ask
from dedup.serve.kept import Kept, packed, unpacked, worst
from dedup.serve.logs import Lines
from dedup.serve.running import listen, restore, serving_alone
from dedup.serve.tables import Account, Base, Draft, Event
from dedup.serve.upkeep import Keeper
from tests.serve.conftest import COPY, OWN, Office, make_service, staff

pytestmark = pytest.mark.slow  # many requests to a service of its own


class _EndedMeanwhile(Checkers):
    """Loses the helper of a batch while somebody ends the service."""

    def __init__(self) -> None:
        super().__init__(1)
        self.end: Callable[[], object] = lambda: None
        self.asked: list[int] = []

    def perform(self, order: Any, seconds: float) -> list[Any]:
        """Note how many drafts were to be checked."""
        self.asked.append(len(order.wanted))
        self.end()
        raise Lost


class _Desk(Desk):
    """Tells when it is ending."""

    ending = threading.Event()

    def close(self) -> None:
        """Stop."""
        threading.Thread(target=super().close).start()
        self.ending.wait(30)

    def wake(self, drafts: int | None = None) -> None:
        """Also a desk that ends wakes its threads."""
        super().wake(drafts)
        self.ending.set()


def test_a_batch_that_is_lost_while_the_service_ends_waits_for_the_next_start(tmp_path: Path) -> None:
    service, checkers = make_service(tmp_path), _EndedMeanwhile()
    database = open_database(service)
    staff(database)
    with database.writing() as session:
        writer = session.scalars(select(Account).where(Account.name == "小李")).one()
        receive(session, writer, [("甲.txt", COPY.encode()), ("乙.txt", OWN.encode())])
    desk = _Desk(service, database, checkers, 1)
    checkers.end = desk.close
    desk.start()
    assert desk.ending.wait(30)
    Desk.close(desk)
    assert checkers.asked == [2], "to check one after the other would take long"
    with database.reading() as session:
        assert set(session.scalars(select(Draft.problem))) == {""}
    database.close()


class Deadly:
    """An order whose helper dies of it."""

    def perform(self, done: Done) -> Iterator[Kept | str]:
        os.kill(os.getpid(), signal.SIGKILL)
        yield ""


class Endless:
    """An order that never ends."""

    def perform(self, done: Done) -> Iterator[Kept | str]:
        signal.pause()
        yield ""


@pytest.fixture
def checkers() -> Iterator[Checkers]:
    made = Checkers(1)
    yield made
    made.close()


def test_a_helper_that_dies_is_replaced(tmp_path: Path, checkers: Checkers) -> None:
    service = make_service(tmp_path)
    with pytest.raises(Lost):
        checkers.perform(Deadly(), 30)
    order = CheckOrder(service.settings, {"a": ("稿子.txt", COPY.encode())}, {"a": None})
    [(_, found)] = checkers.perform(order, 30)
    assert worst([found]) == "block"


def test_a_check_that_takes_too_long_is_ended(checkers: Checkers) -> None:
    with pytest.raises(Lost):
        checkers.perform(Endless(), 0.2)


def test_a_refreshed_index_is_used_at_once(tmp_path: Path, checkers: Checkers) -> None:
    from dedup.index import update_index

    service = make_service(tmp_path)
    order = CheckOrder(service.settings, {"a": ("稿子.txt", (OWN * 3).encode())}, {"a": None})
    [(_, before)] = checkers.perform(order, 30)
    (service.settings.corpus / "新.txt").write_text(OWN, encoding="utf-8")
    update_index(service.settings.corpus, None, service.settings)
    [(_, after)] = checkers.perform(order, 30)
    assert isinstance(before, Kept)
    assert isinstance(after, Kept)
    assert before.ratio == 0
    assert after.ratio > 0


def test_what_was_accepted_is_checked_after_a_restart(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    database = open_database(service)
    staff(database)
    with database.writing() as session:
        writer = session.scalars(select(Account).where(Account.name == "小李")).one()
        for name in ("排队.txt", "做了一半.txt"):
            receive(session, writer, [(name, COPY.encode())])
        # One was at work when the process was killed.
        session.execute(update(Draft).where(Draft.name == "做了一半.txt").values(state="running", attempts=1))
    database.close()
    app = application(service)
    with TestClient(app):
        office = Office(service, app)
        person = office.person("小李")
        for found in person.get("/api/v1/checks").json():
            assert person.wait_for(found["id"])["level"] == "block"


def test_a_late_result_of_an_earlier_attempt_is_not_written(office: Office) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(OWN)
    writer.wait_for(draft)
    desk = office.app.state.desk
    with office.database.reading() as session:
        kept = session.get_one(Draft, draft)
        kept.attempts = 0
    desk._store(kept, ["too late"])
    assert writer.get(f"/api/v1/checks/{draft}").json()["state"] == "done"


def test_the_same_submission_twice_is_one(office: Office) -> None:
    writer = office.person("小李")
    headers = {"x-form-token": writer.form_token, "idempotency-key": "2026-001"}
    answers = [
        writer.browser.post("/api/v1/checks", json={"text": OWN}, headers=headers).json() for _ in range(2)
    ]
    assert answers[0][0]["id"] == answers[1][0]["id"]


@pytest.mark.parametrize("declared", [True, False])
def test_an_endless_upload_is_cut_off(tmp_path: Path, declared: bool) -> None:
    app = application(make_service(tmp_path, upload_bytes=10_000))

    def endless() -> Iterator[bytes]:
        for _ in range(1000):
            yield b"x" * 1000

    with TestClient(app) as browser:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        if declared:
            headers["content-length"] = "1000000"
        answer = browser.post("/login", content=endless(), headers=headers)
        assert answer.status_code == 413
        assert browser.get("/health/live").status_code == 200


def test_a_line_of_the_log_that_was_altered_is_found(tmp_path: Path) -> None:
    database = open_database(make_service(tmp_path))
    with database.writing() as session:
        for number in range(5):
            log.note(session, "", "login.failed", f"第{number}次")
    with database.reading() as session:
        assert log.first_altered(session) is None
    for change in ({"subject": "没有的事"}, {"time": 0.0}):
        with database.reading() as session:  # which leaves nothing behind
            session.execute(text("BEGIN"))
            session.execute(update(Event).where(Event.number == 3).values(**change))
            assert log.first_altered(session) == 3
            session.rollback()
    with database.writing() as session:
        session.delete(session.get_one(Event, 2))
    with database.reading() as session:
        assert log.first_altered(session) == 2
    database.close()


def test_a_report_is_kept_as_it_was(office: Office) -> None:
    writer = office.person("小李")
    draft = writer.hand_in(COPY + OWN)
    writer.wait_for(draft)
    settings = office.service.settings
    with open_index(settings.corpus, None, settings) as index:
        [document], _ = documents_in("稿子.txt", (COPY + OWN).encode(), settings)
        report = check(document, index, settings)
    assert report.passages
    again = unpacked(packed(report))
    assert again == report
    assert again.verdict.reasons == report.verdict.reasons
    assert again.checked is not None
    assert report.checked is not None
    assert again.checked.time == report.checked.time


def test_the_migrations_make_the_tables(tmp_path: Path) -> None:
    database = open_database(make_service(tmp_path))
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    database = open_database(service)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(UsageError, match="newer version"):
        open_database(service)


def test_a_copy_is_made_of_a_database_in_use_and_never_over_a_file(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    copy_of_sqlite(office.service.url, target)
    assert target.read_bytes().startswith(b"SQLite format 3")
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(UsageError, match="already"):
        copy_of_sqlite(office.service.url, target)


def test_a_copy_touches_no_file_of_others_and_leaves_none_behind(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    open_database(service).close()
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "copy.sqlite.tmp").write_text("somebody's own")
    copy_of_sqlite(service.url, folder / "copy.sqlite")
    assert (folder / "copy.sqlite.tmp").read_text() == "somebody's own"
    Path(service.url.removeprefix("sqlite:///")).write_bytes(b"no database any more" * 1000)
    with pytest.raises(UsageError, match="SQLITE_NOTADB"):
        copy_of_sqlite(service.url, folder / "second.sqlite")
    with pytest.raises(UsageError, match="nowhere"):
        copy_of_sqlite(service.url, folder / "nowhere" / "copy.sqlite")
    assert sorted(path.name for path in folder.iterdir()) == ["copy.sqlite", "copy.sqlite.tmp"]


def test_nobody_else_may_read_a_copy_while_it_is_written(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    connect = sqlite3.connect

    def looked_at(place: object, **options: Any) -> sqlite3.Connection:
        opened: sqlite3.Connection = connect(str(place), **options)
        opened.execute("CREATE TABLE IF NOT EXISTS looked (at)")
        modes.extend(path.stat().st_mode & 0o077 for path in tmp_path.iterdir())
        return opened

    monkeypatch.setattr(sqlite3, "connect", looked_at)
    copy_of_sqlite(office.service.url, tmp_path / "copy.sqlite")
    assert modes
    assert set(modes) == {0}


def test_copies_made_unasked_are_deleted_like_the_drafts_in_them(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    database = open_database(service)
    old = ["before-0004-20260101-000000.sqlite", "mine.sqlite"]
    for name in (*old, "before-restore-20261101-000000.sqlite"):
        copy_of_sqlite(service.url, service.folder / name)
    for name in old:
        os.utime(service.folder / name, (0, accounts.now() - 100 * 86_400))
    Keeper(service, database).forget()
    left = sorted(path.name for path in service.folder.glob("*.sqlite"))
    assert left == ["before-restore-20261101-000000.sqlite", "mine.sqlite", "service.sqlite"]
    database.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "is no address of a database"),
        ("mysql://a:b@c/d", "is no address of a database"),
        ("sqlite:////nowhere/at/all.sqlite", "cannot be opened"),
        ("postgresql+nothing://a@b/c", "is no address of a database"),
    ],
)
def test_a_wrong_address_of_a_database_is_told_in_one_line(tmp_path: Path, url: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        open_database(replace(make_service(tmp_path), database=url))


def test_more_drafts_are_deleted_than_a_statement_can_name(tmp_path: Path) -> None:
    database = open_database(make_service(tmp_path))
    staff(database)

    @event.listens_for(database.engine, "connect")
    def restrict(connection: sqlite3.Connection, record: object) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 250)

    database.engine.dispose()
    with database.writing() as session:
        writer = session.scalars(select(Account).where(Account.name == "小李")).one()
        for number in range(300):
            [draft] = receive(session, writer, [(f"{number}.txt", b"x")])
            draft.created = accounts.now() - 91 * 86_400
    assert forget_old(database, 90) == 300
    database.close()


def test_old_drafts_are_deleted_but_not_those_that_wait_for_a_reviewer(tmp_path: Path) -> None:
    database = open_database(make_service(tmp_path))
    staff(database)
    with database.writing() as session:
        writer = session.scalars(select(Account).where(Account.name == "小李")).one()
        for name, review in (("旧.txt", ""), ("送审.txt", "submitted"), ("新.txt", "")):
            [draft] = receive(session, writer, [(name, b"x")])
            draft.review = review
            draft.created = accounts.now() - (0 if name == "新.txt" else 91 * 86_400)
    assert forget_old(database, 0) == 0
    assert forget_old(database, 90) == 1
    with database.reading() as session:
        assert sorted(session.scalars(select(Draft.name))) == ["新.txt", "送审.txt"]
    database.close()


def test_many_callers_are_slowed_down_one_by_one() -> None:
    rate = accounts.Rate(3)
    assert [rate.taken("a") > 0 for _ in range(4)] == [False, False, False, True]
    assert rate.taken("b") == 0


def test_a_copy_is_put_back_and_what_was_there_is_kept(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    database = open_database(service)
    staff(database)
    copy_of_sqlite(service.url, tmp_path / "copy.sqlite")
    with database.writing() as session:
        log.note(session, "", "login", "later")
    database.close()
    before = restore(service, tmp_path / "copy.sqlite")
    assert before is not None
    for place, events in ((service, 0), (replace(service, database=f"sqlite:///{before}"), 1)):
        database = open_database(place)
        with database.reading() as session:
            assert len(list(session.scalars(select(Account)))) > 3
            assert len(list(session.scalars(select(Event)))) == events
        database.close()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(4000)])
def test_what_is_no_copy_is_not_put_back(tmp_path: Path, content: bytes) -> None:
    service = make_service(tmp_path)
    database = open_database(service)
    staff(database)
    database.close()
    (tmp_path / "copy.sqlite").write_bytes(content)
    with pytest.raises(UsageError, match="no sound copy"):
        restore(service, tmp_path / "copy.sqlite")
    database = open_database(service)
    with database.reading() as session:
        assert len(list(session.scalars(select(Account)))) > 3
    database.close()


def test_one_folder_is_served_by_one_process(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    with serving_alone(service), pytest.raises(UsageError, match="uses this folder"):
        restore(service, tmp_path / "copy.sqlite")


def test_two_hundred_that_come_at_once_are_all_checked(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    app = application(service)
    staff(app.state.database)
    with TestClient(app):
        office = Office(service, app)
        writer = office.person("小李")
        headers = {"x-form-token": writer.form_token}

        def send(number: int) -> str:
            text = {"text": f"第{number}份。{COPY}", "name": f"{number}.txt"}
            answer = writer.browser.post("/api/v1/checks", json=text, headers=headers)
            assert answer.status_code == 202
            return str(answer.json()[0]["id"])

        with ThreadPoolExecutor(20) as senders:
            drafts = list(senders.map(send, range(200)))
        assert len(set(drafts)) == 200
        for draft in drafts:
            assert writer.wait_for(draft)["level"] == "block"
        with office.database.reading() as session:
            assert log.first_altered(session) is None
            assert set(session.scalars(select(Draft.attempts))) == {1}


def test_a_full_disk_is_told_and_nothing_is_half_kept(office: Office) -> None:
    writer = office.person("小李")
    with office.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Draft))
        pages = session.scalar(text("PRAGMA page_count"))

    @event.listens_for(office.database.engine, "begin")
    def fill(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    try:
        office.database.engine.dispose()
        answer = writer.post("/drafts", text=OWN * 5000, name="大.txt")
    finally:
        event.remove(office.database.engine, "begin", fill)
        office.database.engine.dispose()
    assert answer.status_code == 507
    assert "磁盘满了" in answer.text
    with office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == before
    assert writer.wait_for(writer.hand_in(OWN))["state"] == "done"


@pytest.mark.skipif(
    which("systemd-analyze") is None, reason="needs systemd-analyze (apt-get install systemd)"
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_unit_of_the_guide_is_sound(language: str, tmp_path: Path) -> None:
    guide = (Path(dedup.__file__).parent / "guide" / language / "serve.md").read_text(encoding="utf-8")
    [unit] = re.findall(r"```ini\n(.*?)```", guide, re.S)
    program = tmp_path / ".venv" / "bin" / "dedup"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    path = tmp_path / "dedup.service"
    path.write_text(unit.replace("/srv/dedup", str(tmp_path)), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", path], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_lines_of_the_log_are_json_and_hold_no_text_of_a_draft(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Lines())
    logging.getLogger("dedup.serve").addHandler(handler)

    def fail(*arguments: object, **options: object) -> None:
        raise ValueError(f"cannot take {OWN}")

    monkeypatch.setattr("dedup.serve.pages.drafts.receive", fail)
    try:
        writer = office.person("小李")
        writer.browser = TestClient(office.app, raise_server_exceptions=False, cookies=writer.browser.cookies)
        assert writer.post("/drafts", text=OWN).status_code == 500
    finally:
        logging.getLogger("dedup.serve").removeHandler(handler)
    [line] = written.getvalue().splitlines()
    told = json.loads(line)
    assert (told["level"], told["error"]) == ("error", "ValueError")
    assert any("drafts.py" in place for place in told["at"])
    assert "稻田" not in line


def test_what_is_answered_is_sent_at_once(tmp_path: Path) -> None:
    with listen(replace(make_service(tmp_path), port=0)) as listening:
        with socket.create_connection(listening.getsockname()):
            accepted = listening.accept()[0]
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP, "asyncio would let small answers wait for others"


def test_jobs_go_on_after_an_unforeseen_error(tmp_path: Path) -> None:
    database, bell = open_database(make_service(tmp_path)), Bell()
    looked, failed = [], threading.Event()

    def stumble(session: Session) -> None:
        looked.append(session)
        if len(looked) == 1:
            failed.set()
            raise ValueError("nobody thought of that")

    worker = Jobs("preview", lambda wish, tell: wish, database, bell, stumble)
    worker.start()
    failed.wait(30)
    with database.writing() as session:
        job = ask(session, "preview", None, {"asked": 1})

    def state() -> str:
        with database.reading() as session:
            return session.get_one(tables.Job, job.id).state

    async def until_done() -> None:
        with bell.listening(job.id) as changed:
            deadline = time.monotonic() + 30
            while state() != "done" and time.monotonic() < deadline:
                worker.wake()
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), 0.2)
                changed.clear()

    asyncio.run(until_done())
    worker.close()
    assert state() == "done"
    database.close()
