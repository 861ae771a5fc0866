"""Drafts from the moment they come to the moment they are deleted: received, checked once, decided upon."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from threading import Condition, Event, Thread
from typing import cast

from sqlalchemy import Select, Table, bindparam, delete, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, undefer

from dedup.serve import decisions, log
from dedup.serve.accounts import now
from dedup.serve.batches import Claimed, apart, order_of
from dedup.serve.bell import Bell
from dedup.serve.checkers import CRASHED, LOST, Checkers, CheckOrder, Lost
from dedup.serve.database import Database
from dedup.serve.kept import Kept, worst
from dedup.serve.limits import in_force
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account, Draft, PassageDecision, new_id

_ATTEMPTS = 2
"""Times that a draft may lose its helper before it is given up."""
_TOGETHER, _PARTS = 8, 6
"""Drafts of a batch that one helper checks at a time: so many, or that part of the batch if it is more."""
_NEXT = 1e-6
"""Seconds between the drafts of one submission, whose order and place in a list it tells."""
_TRY_AGAIN = 1.0
"""Seconds after which a result is written that the database did not take."""
_LOOK_AGAIN = 5.0
"""Seconds after which the queue is looked at, though nobody said that something came."""
_FORGOTTEN_AT_ONCE = 200
_LOG = logging.getLogger("dedup.serve")


def receive(
    session: Session,
    account: Account,
    files: Sequence[tuple[str, bytes]],
    *,
    version_of: str = "",
    request: str = "",
) -> list[Draft]:
    """Take in files that somebody hands in together. What this returns is kept, once the transaction ends.

    They are versions of his draft `version_of`, if that is named. With the caller's own key `request` the
    same submission twice is one. Raises Problem for a key that came with others, and a foreign draft.
    """
    thread = _thread(session, account, version_of) if version_of else ""
    files = apart(files)
    if request and (known := _received(session, account, files, thread, request)):
        return known
    batch = new_id() if len(files) > 1 else ""
    drafts: list[Draft] = []
    for name, content in files:
        identifier = new_id()
        came = drafts[-1].created + _NEXT if drafts else 0.0
        draft = Draft(
            id=identifier,
            account=account.id,
            unit=account.unit,
            name=name,
            thread=thread or identifier,
            batch=batch,
            request=request,
            created=max(now(), came),
            content=content,
        )
        session.add(draft)
        log.note(session, account.id, "draft.received", identifier)
        drafts.append(draft)
    return drafts


def _thread(session: Session, account: Account, earlier: str) -> str:
    """The versions that a draft of an account's own belongs to."""
    own = select(Draft.thread).where(Draft.id == earlier, Draft.account == account.id)
    thread = session.scalar(own)
    if thread is None:
        raise Problem(404, "no_draft")
    return thread


def _received(
    session: Session, account: Account, files: Sequence[tuple[str, bytes]], thread: str, request: str
) -> list[Draft]:
    """The drafts that came with a caller's own key before. Raises Problem where they were others."""
    chosen = select(Draft).where(Draft.account == account.id, Draft.request == request)
    known = list(session.scalars(chosen.order_by(Draft.created).options(undefer(Draft.content))))
    same_files = sorted((draft.name, draft.content) for draft in known) == sorted(files)
    same_thread = all(draft.thread == (thread or draft.id) for draft in known)
    if known and not (same_files and same_thread):
        raise Problem(409, "key_used")
    return known


# Statements of the way of every draft, made once: to make one costs as much as to carry it out.
_DRAFTS = cast(Table, Draft.__table__)
_QUEUED = select(_DRAFTS.c.id).where(_DRAFTS.c.state == "queued").order_by(_DRAFTS.c.created)
_AHEAD = select(func.count()).where(_DRAFTS.c.state == "queued", _DRAFTS.c.created < bindparam("came"))
_CLAIM = (
    update(_DRAFTS)
    .values(state="running", attempts=_DRAFTS.c.attempts + 1)
    .returning(*(_DRAFTS.c[field] for field in Claimed._fields))
)
_CLAIM_OLDEST = _CLAIM.where(_DRAFTS.c.id == _QUEUED.limit(1).scalar_subquery())
_CLAIM_OF_BATCH = _CLAIM.where(
    _DRAFTS.c.id.in_(_QUEUED.where(_DRAFTS.c.batch == bindparam("of")).limit(bindparam("others")))
)
_RESULT = update(_DRAFTS).where(
    _DRAFTS.c.id == bindparam("claimed"),
    _DRAFTS.c.state == "running",
    _DRAFTS.c.attempts == bindparam("attempt"),
)


class Desk:
    """Threads that take drafts from the queue, one each, and have them checked.

    The queue is the table. A draft is claimed by changing its state where that is still `queued`, and its
    result is written where it is still `running` with the attempt that made it: whatever is killed when, each
    draft gets one result.
    """

    def __init__(self, service: Service, database: Database, checkers: Checkers, threads: int) -> None:
        self._service, self._database, self._checkers = service, database, checkers
        self.bell = Bell()
        self._came = Condition()
        self._arrivals = 0
        self._ended = Event()
        self._at_work: set[str] = set()
        self._astray = True
        """Drafts may be called running that nobody is at: an earlier run was, or the database was away."""
        self._threads = [Thread(target=self._work, name=f"desk-{n}", daemon=True) for n in range(threads)]

    def start(self) -> None:
        """Begin; what an earlier run of the service was at is put back first."""
        self._put_back()
        for thread in self._threads:
            thread.start()

    def wake(self, drafts: int | None = None) -> None:
        """Say that something came, so many drafts if that is known."""
        with self._came:
            self._arrivals += 1
            self._came.notify(len(self._threads) if drafts is None else drafts)

    def close(self) -> None:
        """Stop when each thread is done with its draft."""
        self._ended.set()
        self.wake()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while not self._ended.is_set():
            seen = self._arrivals
            try:
                if self._astray:
                    self._put_back()
                busy = self._one()
            # The database is away, mostly, and what is queued waits there. Of whatever else: with each thread
            # that ended one draft less would be checked at a time, and in the end none.
            except Exception as error:
                _LOG.warning("the queue was left for a moment: %s", type(error).__name__, exc_info=error)
                self._astray, busy = True, False
            if not busy:
                with self._came:
                    if not self._ended.is_set() and self._arrivals == seen:
                        self._came.wait(_LOOK_AGAIN)

    def _put_back(self) -> None:
        """Queue again what is called running though nobody is at it: that attempt was none of the draft's."""
        self._astray = False
        with self._database.writing() as session:  # others claim drafts until it is our turn
            nobody = (Draft.state == "running", Draft.id.not_in(list(self._at_work)))
            again = update(Draft).where(*nobody).values(state="queued", attempts=Draft.attempts - 1)
            session.execute(again.execution_options(synchronize_session=False))

    def _one(self) -> bool:
        """Check one draft of the queue, if there is any, or some of a batch."""
        drafts: list[Claimed] = []
        try:
            drafts = self._claimed()
            for draft in drafts:
                self.bell.ring(draft.id, ended=False)
            if drafts and drafts[0].batch:
                self._check_together(drafts)
            else:
                for draft in drafts:
                    self._check(draft, last=draft.attempts >= _ATTEMPTS)
        finally:
            self._at_work.difference_update(draft.id for draft in drafts)
        return bool(drafts)

    def _check(self, draft: Claimed, *, last: bool) -> None:
        """Check a draft by itself."""
        with self._database.reading() as session:
            settings = in_force(session, self._service.settings)
            before = decisions.settled(session, self._service, draft.thread)
        order = CheckOrder(settings, {draft.id: (draft.name, draft.content)}, {draft.id: before})
        found: Sequence[Kept | str]
        try:
            found = [one for _, one in self._checkers.perform(order, self._service.check_seconds)]
        except Lost:
            found = [LOST] if last else []
        except Exception as error:  # a fault of ours costs this draft its check, and nobody else's
            _LOG.error("a check failed: %s", type(error).__name__, exc_info=error)
            found = [CRASHED]
        self._store(draft, found)

    def _check_together(self, drafts: Sequence[Claimed]) -> None:
        """Check drafts of a batch with one another; each by itself where that costs a helper."""
        with self._database.reading() as session:
            settings = in_force(session, self._service.settings)
            order = order_of(session, self._service, settings, drafts)
        try:
            found = self._checkers.perform(order, self._service.check_seconds)
        except Exception as error:  # by itself each draft shows whose it is, and the others are checked
            _LOG.warning("a batch is checked one by one: %s", type(error).__name__)
            for draft in drafts:
                if self._ended.is_set():
                    return  # the next run checks them
                self._check(draft, last=True)
            return
        for draft in drafts:
            self._store(draft, [one for owner, one in found if owner == draft.id])

    def _claimed(self) -> list[Claimed]:
        """The oldest draft of the queue, and some of those that came together with it."""
        drafts: list[Claimed] = []
        try:
            with self._database.writing() as session:
                drafts = [Claimed(*row) for row in session.execute(_CLAIM_OLDEST)]
                if drafts and (batch := drafts[0].batch):
                    size = session.scalar(select(func.count()).where(Draft.batch == batch)) or 0
                    some = {"of": batch, "others": max(_TOGETHER, size // _PARTS) - 1}
                    drafts += [Claimed(*row) for row in session.execute(_CLAIM_OF_BATCH, some)]
                    drafts.sort(key=lambda draft: draft.created)
                self._at_work.update(draft.id for draft in drafts)  # before others see that they are running
            return drafts
        except BaseException:  # perhaps they were claimed, perhaps not
            self._at_work.difference_update(draft.id for draft in drafts)
            raise

    def _store(self, draft: Claimed, found: Sequence[Kept | str]) -> None:
        reports = [one for one in found if isinstance(one, Kept)]
        problems = [one for one in found if isinstance(one, str)]
        values: dict[str, object] = {"state": "queued"}  # nothing came of it: once more
        if problems:
            values = {"state": "failed", "problem": problems[0]}
        elif reports:
            values = {
                "state": "done",
                "level": worst(reports),
                "ratio": max(one.ratio for one in reports),
                "report": json.dumps([one.line for one in reports], ensure_ascii=False),
                "summary": json.dumps([one.summary for one in reports], ensure_ascii=False),
            }
        ours = {"claimed": draft.id, "attempt": draft.attempts}
        while True:
            try:
                with self._database.writing() as session:
                    session.execute(_RESULT.values(**values), ours)
                break
            except OperationalError as error:  # away, or its disk is full: the result waits here
                _LOG.warning("a result waits for the database: %s", type(error.orig).__name__)
                if self._ended.wait(_TRY_AGAIN):
                    return  # the next run checks the draft again
        self.bell.ring(draft.id)


def check_again(session: Session, draft: Draft) -> None:
    """Put a draft back into the queue: something was decided that its report is to tell."""
    draft.state, draft.attempts = "queued", 0
    session.flush()


def forget_old(database: Database, days: int) -> int:
    """Delete the drafts that came longer ago than that, and say how many; 0 days keeps all."""
    count = 0
    while some := _forget_some(database, days):  # others write in between
        count += some
    return count


def _forget_some(database: Database, days: int) -> int:
    with database.writing() as session:
        identifiers = list(session.scalars(expired(days).limit(_FORGOTTEN_AT_ONCE)))
        for identifier in identifiers:
            log.note(session, "", "draft.expired", identifier)
        if identifiers:
            session.execute(delete(Draft).where(Draft.id.in_(identifiers)))
            forget_decisions(session)
    return len(identifiers)


def expired(days: int) -> Select[str]:
    """The drafts that came longer ago than that and wait for nobody; none for 0 days."""
    before = now() - 86_400 * days if days else 0.0
    return select(Draft.id).where(Draft.created < before, Draft.review != "submitted")


def count_ahead(session: Session, draft: Draft) -> int:
    """How many drafts are checked before one that waits; 0 for any other."""
    if draft.state != "queued":
        return 0
    return session.scalar(_AHEAD, {"came": draft.created}) or 0


def count_expired(session: Session, days: int) -> int:
    """How many drafts would be deleted now if they were kept so long."""
    return session.scalar(select(func.count()).select_from(expired(days).subquery())) or 0


def forget_decisions(session: Session) -> None:
    """Delete the decisions on drafts of which no version is left: they hold words of it."""
    left = select(Draft.thread)
    session.execute(delete(PassageDecision).where(PassageDecision.thread.not_in(left)))
