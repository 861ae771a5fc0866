"""The log of who did what to what, chained by hashes: a line altered, removed or moved is found."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fastapi.responses import StreamingResponse
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dedup.chain import digest
from dedup.serve.accounts import now
from dedup.serve.database import Database
from dedup.serve.tables import Event

MOST_NUMBER = 2**31 - 1
"""Of a line: what every database has room for."""
MEDIA = "application/jsonl; charset=utf-8"
_FIELDS = ("number", "time", "account", "action", "subject", "digest")


def note(session: Session, account: str, action: str, subject: str = "") -> None:
    """Add a line, in the transaction that does what it tells of."""
    session.flush()
    before = last(session)
    event = Event(
        number=before.number + 1 if before else 1,
        time=now(),
        account=account,
        action=action,
        subject=subject[:120],
    )
    event.digest = _digest(event, before.digest if before else "")
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


def to_take_away(database: Database) -> StreamingResponse:
    """The whole log as an answer, a JSON object a line, with the digests that chain it."""

    def lines() -> Iterator[str]:
        with database.reading() as session:
            for one in session.scalars(select(Event).order_by(Event.number)).yield_per(1000):
                line = {name: getattr(one, name) for name in _FIELDS}
                yield json.dumps(line, ensure_ascii=False) + "\n"

    headers = {"Content-Disposition": 'attachment; filename="dedup-log.jsonl"'}
    return StreamingResponse(lines(), media_type=MEDIA, headers=headers)


def chosen(before: int, account: str) -> Select[Event]:
    """The events with a smaller number, the last one first; those of one account if it is named."""
    found = select(Event).where(Event.number < before).order_by(Event.number.desc())
    return found.where(Event.account == account) if account else found


def last(session: Session) -> Event | None:
    """The last line of the log."""
    return session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one_or_none()


def _digest(event: Event, before: str) -> str:
    return digest([before, event.number, event.time, event.account, event.action, event.subject])
