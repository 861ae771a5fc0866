"""The hour of the nightly scan under a clock that somebody, or the law, puts back and forward."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import pytest
from sqlalchemy import create_engine, delete
from sqlalchemy.orm import Session

from dedup.serve import nightly
from dedup.serve.choices import choose
from dedup.serve.clock import Clock
from dedup.serve.nightly import Nightly
from dedup.serve.tables import Account, Base, Choice, Job

MINUTES, HOURS, DAYS = 60.0, 3600.0, 86_400.0
LOOK = 30 * MINUTES
HERE = "CST-8"
SUMMER = "CET-1CEST,M3.5.0,M10.5.0/3"
"""Where the last Sunday of March has no hour from two to three, and that of October two of them."""


class World:
    """Time as it passes, a clock that is wrong by something, and the hours at which a scan was asked for."""

    def __init__(self, session: Session, start: str) -> None:
        self.session, self.true = session, datetime.fromisoformat(start).timestamp()
        self.wrong = 0.0
        self.scans: list[str] = []
        self.begin()

    def begin(self) -> None:
        """Start the process, which knows nothing of what an earlier one saw."""
        self._nightly = Nightly(Clock(self.wall, lambda: self.true))

    def wall(self) -> float:
        return self.true + self.wrong

    def choose(self, hour: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(nightly, "now", self.wall)
        nightly.choose_hour(self.session, Account(id="a"), str(hour))

    def live(self, seconds: float) -> list[str]:
        """Let time pass; give what the clock showed each time that a scan was asked for."""
        asked, end = [], self.true + seconds
        while self.true < end:
            self._nightly.look(self.session)
            if self.session.execute(delete(Job)).rowcount:  # type: ignore[attr-defined]
                asked.append(time.strftime("%m-%d %H:%M", time.localtime(self.wall())))
            self.true += LOOK
        return asked


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Account(id="a", name="主任", role="admin", created=0.0))
        yield session
    engine.dispose()


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Lets a test travel: the time zone is the system's, and put back afterwards."""
    with monkeypatch.context() as there:
        yield there
    time.tzset()


def _at(zone: pytest.MonkeyPatch, place: str) -> None:
    zone.setenv("TZ", place)
    time.tzset()


@pytest.fixture
def world(session: Session, zone: pytest.MonkeyPatch) -> World:
    """It is ten in the morning of the fourth of May, and three in the night was chosen as the hour."""
    _at(zone, HERE)
    world = World(session, "2026-05-04 10:00")
    world.choose(3, zone)
    return world


def test_a_scan_is_made_each_night_at_the_hour(world: World) -> None:
    assert world.live(3 * DAYS) == ["05-05 03:00", "05-06 03:00", "05-07 03:00"]


def test_without_an_hour_none_is_made(world: World) -> None:
    nightly.choose_hour(world.session, Account(id="a"), "")
    assert world.live(2 * DAYS) == []


def test_an_hour_that_was_slept_through_is_made_up_for_once(world: World) -> None:
    world.true += 20 * HOURS  # to six in the morning
    assert world.live(2 * HOURS) == ["05-05 06:00"]
    world.true += 5 * DAYS
    assert world.live(DAYS) == ["05-10 08:00", "05-11 03:00"]


@pytest.mark.parametrize("hour", [0, 3, 23])
@pytest.mark.parametrize(("back", "after"), [(10 * MINUTES, 0.0), (HOURS, 40 * MINUTES), (5 * HOURS, 0.0)])
def test_a_clock_that_is_put_back_after_the_scan_brings_no_second_one(
    world: World, zone: pytest.MonkeyPatch, hour: int, back: float, after: float
) -> None:
    world.choose(hour, zone)
    while not (asked := world.live(LOOK)):
        pass
    world.true += after
    world.wrong -= back
    assert len(asked + world.live(back + DAYS - LOOK - after - HOURS)) == 1
    assert len(world.live(2 * HOURS + after)) == 1, "the next night has its own"


@pytest.mark.parametrize("hour", [0, 22, 23])
@pytest.mark.parametrize("ahead", [HOURS, 5 * HOURS])
def test_an_hour_that_a_clock_leaps_over_is_made_up_for(
    world: World, zone: pytest.MonkeyPatch, hour: int, ahead: float
) -> None:
    world.choose(hour, zone)
    world.true += ((hour - 10) % 24) * HOURS - 5 * MINUTES
    world.wrong += ahead
    assert len(world.live(20 * HOURS - ahead)) == 1


@pytest.mark.parametrize("days", [1, 400])
def test_a_clock_that_is_days_ahead_for_a_while_changes_nothing(world: World, days: int) -> None:
    assert world.live(DAYS) == ["05-05 03:00"]
    world.wrong += days * DAYS
    assert world.live(2 * HOURS) == []
    world.wrong -= days * DAYS
    assert world.live(2 * DAYS) == ["05-06 03:00", "05-07 03:00"]


@pytest.mark.parametrize("days", [1, 400])
def test_a_clock_that_stays_days_ahead_has_a_scan_each_night(world: World, days: int) -> None:
    assert world.live(DAYS) == ["05-05 03:00"]
    world.wrong += days * DAYS
    assert len(world.live(3 * DAYS)) in (3, 4)
    assert len(world.live(3 * DAYS)) == 3


def test_a_clock_that_was_ahead_when_the_service_ended_keeps_no_night_away(world: World) -> None:
    world.wrong = 400 * DAYS
    assert len(world.live(4 * HOURS)) == 1
    world.wrong = 0.0
    world.begin()
    assert world.live(2 * DAYS) == ["05-05 03:00", "05-06 03:00"]


@pytest.mark.parametrize("days", [1, 400])
def test_a_clock_that_is_put_back_by_days_has_a_scan_each_night(world: World, days: int) -> None:
    assert world.live(DAYS) == ["05-05 03:00"]
    world.wrong -= days * DAYS
    assert len(world.live(2 * DAYS)) in (1, 2)
    assert len(world.live(3 * DAYS)) == 3


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
@pytest.mark.parametrize("hour", [1, 2, 3])
def test_summer_time_comes_and_goes(session: Session, zone: pytest.MonkeyPatch, day: str, hour: int) -> None:
    _at(zone, SUMMER)
    world = World(session, f"{day} 23:30")
    world.choose(hour, zone)
    asked = [datetime.strptime(f"2026-{one}", "%Y-%m-%d %H:%M") for one in world.live(4 * DAYS)]
    assert len(asked) >= 3
    assert {(after.date() - before.date()).days for before, after in pairwise(asked)} == {1}
    assert {one.hour for one in asked} <= ({2, 3} if hour == 2 else {hour})


@pytest.mark.parametrize("there", ["PST+8", "NZST-12"])
@pytest.mark.parametrize("hours", [1, 22])
def test_a_machine_that_travels_has_a_scan_each_night_of_where_it_is(
    world: World, zone: pytest.MonkeyPatch, there: str, hours: int
) -> None:
    assert world.live(hours * HOURS) == ([] if hours == 1 else ["05-05 03:00"])
    _at(zone, there)
    first = world.live(DAYS)
    assert len(first) <= 1
    assert [one[-5:] for one in world.live(2 * DAYS)] == ["03:00", "03:00"]


def test_what_an_earlier_version_kept_is_no_reason_to_scan_by_day(world: World) -> None:
    world.session.execute(delete(Choice).where(Choice.name == "scan.begun"))
    choose(world.session, "scan.day", "2026-05-04")
    assert world.live(DAYS) == ["05-05 03:00"]
