"""The hour of the nightly scan, which comes once a night whatever is done to the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dedup.serve import log
from dedup.serve.accounts import now
from dedup.serve.choices import choice, choose
from dedup.serve.clock import Clock
from dedup.serve.jobs import ask
from dedup.serve.problems import Problem
from dedup.serve.tables import Account

_HOURS = 24
_HOUR, _BEGUN = "scan.hour", "scan.begun"
"""Names of two choices: the hour, and the moment when a scan was last asked for or the hour was set."""
_HALF_A_DAY = 43_200.0


def choose_hour(session: Session, account: Account, hour: str) -> None:
    """Set the hour of the nightly scan, 0 to 23, from the next time it comes; an empty text switches it off.

    Raises Problem for what is no hour.
    """
    if hour and not (hour.isdecimal() and hour.isascii() and int(hour) < _HOURS):
        raise Problem(422, "invalid")
    choose(session, _HOUR, hour)
    choose(session, _BEGUN, repr(now()))
    log.note(session, account.id, "scan.hour", hour)


def chosen_hour(session: Session) -> str:
    """The hour of the nightly scan; empty where none is made."""
    return choice(session, _HOUR)


class Nightly:
    """Asks for a scan if the hour has come since the last time.

    What is compared are moments, not days and hours: those come twice or never where a clock is put back or
    forward, where summer time begins or ends, where a machine travels. An hour that was slept through is made
    up for.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._asked = float("-inf")

    def look(self, session: Session) -> None:
        """Ask, if it is time; to be called every now and then."""
        believed, here = self._clock.believed(), self._clock.wall()
        hour = chosen_hour(session)
        if not hour:
            return
        begun = float(choice(session, _BEGUN) or "inf")
        if begun > here + _HALF_A_DAY:  # by a clock that was far ahead; or by a version that kept the day
            choose(session, _BEGUN, repr(here))
            return
        steady = self._clock.steady()
        just_asked = not believed and steady < self._asked + _HALF_A_DAY  # so the clock brought the hour
        if _last_time(int(hour), here) > begun and not just_asked:
            self._asked = steady
            choose(session, _BEGUN, repr(here))
            ask(session, "scan", None)


def _last_time(hour: int, moment: float) -> float:
    """When it last was so many hours here; of an hour that came twice the first time."""
    at = datetime.fromtimestamp(moment).replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    return at.timestamp() if at.timestamp() <= moment else (at - timedelta(days=1)).timestamp()
