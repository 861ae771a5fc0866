"""The log of who did what to what, chained by hashes: a line altered, removed or moved is found."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from dedup.chain import digest
from dedup.serve.accounts import now
from dedup.serve.tables import Event


def note(session: Session, account: str, action: str, subject: str = "") -> None:
    """Add a line, in the transaction that does what it tells of."""
    session.flush()
    last = session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one_or_none()
    event = Event(
        number=last.number + 1 if last else 1,
        time=now(),
        account=account,
        action=action,
        subject=subject[:120],
    )
    event.digest = _digest(event, last.digest if last else "")
    session.add(event)


def first_altered(session: Session) -> int | None:
    """The number of the first line that is not as it was written, or not where it was; None if all are."""
    before = ""
    events = session.scalars(select(Event).order_by(Event.number)).yield_per(1000)
    for number, event in enumerate(events, 1):
        if event.number != number or event.digest != _digest(event, before):
            return number
        before = event.digest
    return None


def _digest(event: Event, before: str) -> str:
    return digest([before, event.number, event.time, event.account, event.action, event.subject])
