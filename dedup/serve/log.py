"""The log of who did what to what, chained by hashes: a line altered, removed or moved is found."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from dedup.chain import digest
from dedup.serve.accounts import now
from dedup.serve.tables import Event


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
    last = session.execute(_LAST).one_or_none()
    line = Line(last.number + 1 if last else 1, now(), account, action, subject[:120])
    session.execute(_ADD, {**line._asdict(), "digest": _digest(line, last.digest if last else "")})


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


def _digest(line: Line, before: str) -> str:
    return digest([before, *line])
