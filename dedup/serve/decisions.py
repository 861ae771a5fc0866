"""Decisions on single passages: kept here, recognised and applied by `dedup.decisions`."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, get_args

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from dedup.decisions.change import subject_of
from dedup.decisions.file import read_decisions
from dedup.decisions.known import KnownText
from dedup.decisions.standing import Entry, Settled
from dedup.errors import UsageError
from dedup.fingerprint import in_order_from_text
from dedup.model import Report
from dedup.passage import Decision, Passage, Ruling
from dedup.reports.check.describe import in_order
from dedup.serve.accounts import now
from dedup.serve.checkers import known_by
from dedup.serve.kept import reports_of
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account, Draft, PassageDecision

RULINGS: tuple[Ruling, ...] = get_args(Ruling)
_OF_THREAD = (
    select(PassageDecision, Account.name)
    .join(Account, Account.id == PassageDecision.account)
    .where(PassageDecision.thread == bindparam("of", type_=String))
    .order_by(PassageDecision.created)
)
_STATUSES = ("reuse", "suspected")
"""Of passages that a reviewer decides upon."""
_LOG = logging.getLogger("dedup.serve")


class ToDecide(NamedTuple):
    """A passage of a draft that can be decided upon."""

    key: str
    """Names it among those of its draft."""
    place: str
    """The place in its report, to be put behind the report's address."""
    passage: Passage
    report: Report


def to_decide(reports: Sequence[Report]) -> Iterator[ToDecide]:
    """The passages of a checked draft's reports that can be decided upon, in the order of the text."""
    for part, report in enumerate(reports):
        for number, passage in enumerate(in_order(report), 1):
            if passage.status in _STATUSES:
                key = f"{part}.{passage.start}.{passage.end}"
                yield ToDecide(key, f"?part={part}#p{number}", passage, report)


def decide(session: Session, caller: Account, draft: Draft, key: str, ruling: str, reason: str) -> None:
    """Write down what a reviewer decided about a passage. Raises Problem where it is there no more."""
    if ruling not in RULINGS or not reason:
        raise Problem(422, "no_reason" if ruling in RULINGS else "invalid")
    found = next((one for one in to_decide(reports_of(draft)) if one.key == key), None)
    if found is None:
        raise Problem(409, "not_now")
    passage = found.passage
    subject = subject_of(passage, found.report.sources, passage.end - passage.start)
    kept = PassageDecision(
        thread=draft.thread,
        account=caller.id,
        ruling=ruling,
        reason=reason,
        created=now(),
        source=subject.source,
        part=subject.part,
        forbidding=bool(subject.notice),
        excerpt=subject.excerpt,
        fingerprint=subject.fingerprint,
    )
    session.add(kept)


def of_thread(session: Session, thread: str) -> list[tuple[PassageDecision, str]]:
    """The decisions on a draft's versions, each with the name of who decided, the first one first."""
    rows = session.execute(_OF_THREAD, {"of": thread})
    return [(kept, name) for kept, name in rows]


def settled(session: Session, service: Service, thread: str) -> Settled | None:
    """The decisions on a draft as `dedup.check` takes them; None where there are none."""
    here = tuple(_entry(kept, name) for kept, name in of_thread(session, thread))
    entries = here + for_any_draft(service)
    return Settled(entries, today=_day(now())) if entries else None


def for_any_draft(service: Service) -> tuple[Entry, ...]:
    """The decisions of the configuration's file that hold for any draft, as the file is now.

    Those that are bound to a draft's path or title hold where it lies: an upload lies in no folder, and that
    it has the same name says little.
    """
    return _read(service.decisions, known_by(service.decisions)) if service.decisions is not None else ()


@lru_cache(maxsize=4)
def _read(place: Path, known: tuple[int, int]) -> tuple[Entry, ...]:
    try:
        entries = read_decisions(place, needed=False).entries
    except UsageError as error:  # then none of them holds: nobody is excused by mistake
        _LOG.warning("the decisions of the configuration are not read: %s", error)
        return ()
    return tuple(one for one in entries if not (one.draft or one.title))


def _entry(kept: PassageDecision, name: str) -> Entry:
    ruling = next(one for one in RULINGS if one == kept.ruling)
    decision = Decision(ruling, kept.reason, name, _day(kept.created))
    text = KnownText(kept.source, kept.part, in_order_from_text(kept.fingerprint), kept.forbidding)
    return Entry(decision, text, excerpt=kept.excerpt)


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))
