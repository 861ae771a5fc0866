"""Long work that somebody asked for: kept until it is done, whoever waits for it or goes away.

A job is claimed, and its end written, as a draft's check is: by changing the state where it is still what it
was. One that was at work when the process ended is begun anew at the next start.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Any, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dedup.errors import DedupError
from dedup.messages import Words, packed
from dedup.serve.accounts import now
from dedup.serve.bell import Bell
from dedup.serve.checkers import Lost
from dedup.serve.database import Database
from dedup.serve.tables import Account, Job

Kind = Literal["scan", "preview"]
Tell = Callable[[str, int], None]
"""Is told the stage that the work is at, and how far that is in percent."""
Work = Callable[[Any, Tell], Any]
"""Does a wish and gives the result; JSON can hold both. Raises DedupError where it cannot be done."""

_LOST = packed(Words("serve.job_lost"))
_KEPT_DAYS = 7
_PAUSE = 20.0
"""Seconds after which the queue is looked at, though nobody said that something came."""
_LOG = logging.getLogger("dedup.serve")


def ask(session: Session, kind: Kind, account: Account | None, wish: object = None) -> Job:
    """Write down that work is wanted; if the same is waiting already, that is it. Old jobs are forgotten."""
    session.execute(delete(Job).where(Job.ended > 0, Job.ended < now() - 86_400 * _KEPT_DAYS))
    written = json.dumps(wish, sort_keys=True)
    by = account.id if account is not None else ""
    same = select(Job).where(Job.kind == kind, Job.state == "queued", Job.wish == written, Job.account == by)
    if (known := session.scalars(same).first()) is not None:
        return known
    job = Job(account=by, kind=kind, created=now(), wish=written)
    session.add(job)
    session.flush()
    return job


def waiting(session: Session, kind: Kind) -> Job | None:
    """The work of a kind that waits or is done right now, the first that was asked for."""
    chosen = select(Job).where(Job.kind == kind, Job.state.in_(("queued", "running")))
    return session.scalars(chosen.order_by(Job.created).limit(1)).one_or_none()


def last_ended(session: Session, kind: Kind) -> Job | None:
    """The work of a kind that ended last."""
    chosen = select(Job).where(Job.kind == kind, Job.ended > 0)
    return session.scalars(chosen.order_by(Job.ended.desc()).limit(1)).one_or_none()


def newest(session: Session, kind: Kind | Literal[""], most: int) -> list[Job]:
    """The work that was asked for last, of one kind if it is named."""
    chosen = select(Job).order_by(Job.created.desc()).limit(most)
    return list(session.scalars(chosen.where(Job.kind == kind) if kind else chosen))


def of_kind(session: Session, kind: Kind, identifier: str) -> Job | None:
    """The work of a kind that has an identifier, which may be anything."""
    found = session.get(Job, identifier) if identifier else None
    return found if found is not None and found.kind == kind else None


def _silent(session: Session) -> None:
    """A clock that never wants anything."""


class Jobs:
    """A thread that does the work of one kind, one after the other; `clock` may ask for some by itself."""

    def __init__(
        self,
        kind: Kind,
        work: Work,
        database: Database,
        bell: Bell,
        clock: Callable[[Session], None] = _silent,
    ) -> None:
        self._kind, self._work, self._database, self._bell = kind, work, database, bell
        self._clock = clock
        self._wanted, self._ended = Event(), Event()
        self._lock = Lock()
        self._progress: dict[str, tuple[str, int]] = {}
        self._thread = Thread(target=self._run, name=f"jobs-{kind}", daemon=True)

    def start(self) -> None:
        """Begin; what an earlier run of the service was at is put back first."""
        self._put_back()
        self._thread.start()

    def wake(self) -> None:
        """Say that something came."""
        self._wanted.set()

    def end(self) -> None:
        """Begin no further job."""
        self._ended.set()
        self._wanted.set()

    def close(self) -> None:
        """Stop when the job that is at work is done."""
        self.end()
        self._thread.join()

    def progress(self, job: str) -> tuple[str, int] | None:
        """Stage and percent of a job; None if it is not at work."""
        with self._lock:
            return self._progress.get(job)

    def _put_back(self) -> None:
        """Queue again what is called running though nobody is at it."""
        running = update(Job).where(Job.kind == self._kind, Job.state == "running")
        with self._database.writing() as session:
            session.execute(running.values(state="queued"))

    def _run(self) -> None:
        astray = False
        while not self._ended.is_set():
            try:
                if astray:
                    self._put_back()
                astray, busy = False, self._one()
            # The database is away, mostly, and what is queued waits there. Of whatever else: a thread that
            # ended would end its kind of jobs until the next start.
            except Exception as error:
                astray, busy = True, False
                _LOG.warning("jobs (%s) were put off: %s", self._kind, type(error).__name__, exc_info=error)
            if not busy:
                self._wanted.wait(_PAUSE)
                self._wanted.clear()

    def _one(self) -> bool:
        """Do one job, if there is any."""
        job = self._claimed()
        if job is None:
            return False
        values = self._done(job)
        with self._database.writing() as session:
            session.execute(update(Job).where(Job.id == job.id, Job.state == "running").values(**values))
        with self._lock:
            self._progress.pop(job.id, None)
        self._bell.ring(job.id)
        return True

    def _done(self, job: Job) -> dict[str, object]:
        """Do a job and give what is to be written down of its end."""
        problem = _LOST
        try:
            result = self._work(json.loads(job.wish), lambda *told: self._tell(job.id, *told))
            return {"state": "done", "ended": now(), "result": json.dumps(result, ensure_ascii=False)}
        except DedupError as error:
            problem = error.reason
            _LOG.warning("a job failed: %s: %s", self._kind, error)
        except Lost:
            _LOG.warning("a job failed: %s: its helper was lost", self._kind)
        except Exception as error:  # a fault of ours costs this job its result, and no other one
            _LOG.error("a job failed: %s: %s", self._kind, type(error).__name__, exc_info=error)
        if self._ended.is_set():
            return {"state": "queued"}  # the service ends: it is begun anew at the next start
        return {"state": "failed", "ended": now(), "problem": problem}

    def _claimed(self) -> Job | None:
        with self._database.writing() as session:
            self._clock(session)
            chosen = select(Job).where(Job.kind == self._kind, Job.state == "queued")
            job = session.scalars(chosen.order_by(Job.created).limit(1)).one_or_none()
            if job is not None:
                job.state = "running"
        if job is not None:
            self._bell.ring(job.id)
        return job

    def _tell(self, job: str, stage: str, percent: int) -> None:
        with self._lock:
            self._progress[job] = stage, percent
        self._bell.ring(job)
