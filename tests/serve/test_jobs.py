"""Long work and those who watch it: claimed once, ended with the service, told through an outage."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import Request
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from dedup.serve import tables
from dedup.serve.bell import Bell
from dedup.serve.database import Database, open_database
from dedup.serve.jobs import Jobs, ask
from dedup.serve.problems import Problem
from dedup.serve.rest.events import streamed
from dedup.serve.rest.jobs import JobState
from dedup.serve.scans import REPORT, Scans, pairs_to_act_on
from dedup.serve.service import Service
from dedup.settings import Settings
from tests.serve.conftest import make_service


def _states(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(tables.Job.state)))


def test_a_job_that_one_is_about_to_claim_is_claimed_by_nobody_else(tmp_path: Path) -> None:
    service = Service(Settings(corpus=tmp_path), tmp_path / "serve")
    mine, others = open_database(service), open_database(service)
    done: list[str] = []
    by_me, by_another, looked = Event(), Event(), Event()

    def worker(database: Database, name: str, at_work: Event) -> Jobs:
        def work(wish: object, tell: object) -> None:
            done.append(name)
            at_work.set()

        return Jobs("preview", work, database, Bell(), lambda session: looked.set())

    first, second = worker(mine, "我", by_me), worker(others, "另一个", by_another)
    second.start()
    assert looked.wait(30)
    first.start()

    def found(connection: object, cursor: object, statement: str, *told: object) -> None:
        if statement.startswith("SELECT jobs.") and "LIMIT" in statement:
            second.wake()
            by_another.wait(0.3)  # that it can claim the job now is what must not be

    event.listen(mine.engine, "after_cursor_execute", found)
    with mine.writing() as session:
        ask(session, "preview", None)
    first.wake()
    assert by_me.wait(30)
    first.close()
    second.close()
    assert done == ["我"]
    assert _states(mine) == ["done"]
    mine.close()
    others.close()


class _Ending(Bell):
    """A bell at whose first ring somebody ends the service, before the scan has a helper."""

    def __init__(self) -> None:
        super().__init__()
        self.end: Callable[[], None] = lambda: None
        self.begun, self.ended = Event(), Event()

    def ring(self, subject: str, *, ended: bool = True) -> None:
        if not self.begun.is_set():
            Thread(target=self._end).start()
            self.ended.wait(0.3)  # it waits for the scan in turn, which goes on from here
            self.begun.set()
        super().ring(subject, ended=ended)

    def _end(self) -> None:
        self.end()
        self.ended.set()


@pytest.mark.slow
def test_a_scan_that_begins_while_the_service_ends_waits_for_the_next_start(tmp_path: Path) -> None:
    service, bell = make_service(tmp_path), _Ending()
    database = open_database(service)
    scans = Scans(service, database, bell)
    bell.end = scans.close
    with database.writing() as session:
        ask(session, "scan", None)
    scans.start()
    scans.wake()
    assert bell.ended.wait(60)
    assert bell.begun.is_set()
    assert _states(database) == ["queued"]
    assert not (scans.folder / REPORT).exists()
    database.close()


def test_pairs_of_a_scan_are_read_once_until_the_next_one(tmp_path: Path) -> None:
    file = tmp_path / "documents.jsonl"

    def written(other: str) -> str:
        row = {"a": "甲.txt", "b": other, "relation": "copy", "containment_a": 1.0}
        return json.dumps(row, ensure_ascii=False) + "\n"

    def others() -> list[str]:
        return [row["b"] for row in pairs_to_act_on(tmp_path, lambda path: True)]

    file.write_text(written("乙.txt"), encoding="utf-8")
    assert others() == ["乙.txt"]
    status = file.stat()
    file.write_text(written("丙.txt"), encoding="utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert others() == ["乙.txt"], "the file that was read is known by its number and time"
    (tmp_path / "new").write_text(written("丁.txt"), encoding="utf-8")
    (tmp_path / "new").replace(file)
    assert others() == ["丁.txt"]


def _told_of(*looks: str | Exception) -> list[str]:
    """The events of a stream, one for each look: a state, or what is raised instead."""
    bell, coming = Bell(), iter(looks)

    def look() -> JobState:
        bell.ring("x")  # so nobody waits for the next look
        now = next(coming)
        if isinstance(now, Exception):
            raise now
        known: dict[str, Any] = {"kind": "scan", "created": 0, "stage": "", "percent": 0, "problem": ""}
        return JobState(id="x", state=now, result=None, **known)  # type: ignore[arg-type]

    async def never() -> bool:
        return False

    state = SimpleNamespace(desk=SimpleNamespace(bell=bell))
    request = cast(Request, SimpleNamespace(app=SimpleNamespace(state=state), is_disconnected=never))

    async def told() -> list[str]:
        answer = streamed(request, "x", look)
        return [str(one).split("\n")[0] async for one in answer.body_iterator]

    return asyncio.run(told())


def test_a_stream_of_events_outlives_an_outage_of_the_database() -> None:
    away = OperationalError("SELECT", {}, Exception("server closed the connection"))
    told = _told_of("queued", away, away, "running", "done")
    assert told == ["event: queued", ": still there", ": still there", "event: running", "event: done"]


def test_a_stream_of_events_ends_where_its_subject_is_gone() -> None:
    assert _told_of("running", Problem(404, "nothing_here")) == ["event: running"]
