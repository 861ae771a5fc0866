"""The log of who did what to what, chained by hashes: a line altered, removed or moved is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from fastapi.responses import StreamingResponse
from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from dedup.chain import digest
from dedup.serve.accounts import now
from dedup.serve.database import Database
from dedup.serve.tables import Event

MOST_NUMBER = 2**31 - 1
"""Of a line: what every database has room for."""
MEDIA = "application/jsonl; charset=utf-8"


class Line(NamedTuple):
    """A line of the log without its digest."""

    number: int
    time: float
    account: str
    action: str
    subject: str


_OF_A_LINE = [getattr(Event, field) for field in Line._fields]
_LAST = select(Event.number, Event.digest).order_by(Event.number.desc()).limit(1)
_ADD = insert(Event.__table__)  # type: ignore[arg-type]


def note(session: Session, account: str, action: str, subject: str = "") -> None:
    """Add a line, in the transaction that does what it tells of."""
    number, before = last(session)
    line = Line(number + 1, now(), account, action, subject[:120])
    session.execute(_ADD, {**line._asdict(), "digest": _digest(line, before)})


def first_altered(session: Session) -> int | None:
    """The number of the first line that is not as it was written, or not where it was; None if all are."""
    before = ""
    written = select(*_OF_A_LINE, Event.digest).order_by(Event.number)
    for number, (*told, kept) in enumerate(session.execute(written).yield_per(1000), 1):
        line = Line(*told)
        if line.number != number or kept != _digest(line, before):
            return number
        before = kept
    return None


def to_take_away(database: Database) -> StreamingResponse:
    """The whole log as an answer, a JSON object a line, with the digests that chain it."""

    def lines() -> Iterator[str]:
        written = select(*_OF_A_LINE, Event.digest).order_by(Event.number)
        with database.reading() as session:
            for row in session.execute(written).yield_per(1000):
                yield json.dumps(row._asdict(), ensure_ascii=False) + "\n"

    headers = {"Content-Disposition": 'attachment; filename="dedup-log.jsonl"'}
    return StreamingResponse(lines(), media_type=MEDIA, headers=headers)


def chosen(before: int, account: str) -> Select[Event]:
    """The events with a smaller number, the last one first; those of one account if it is named."""
    found = select(Event).where(Event.number < before).order_by(Event.number.desc())
    return found.where(Event.account == account) if account else found


def last(session: Session) -> tuple[int, str]:
    """Number and digest of the last line of the log; 0 and an empty one before the first."""
    found = session.execute(_LAST).one_or_none()
    return (found.number, found.digest) if found else (0, "")


def _digest(line: Line, before: str) -> str:
    return digest([before, *line])
