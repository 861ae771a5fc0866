"""The collection against itself: asked for, scheduled, read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field

from dedup.serve.access import Reading, Writing, waking
from dedup.serve.nightly import choose_hour, chosen_hour
from dedup.serve.problems import Problem
from dedup.serve.rest.jobs import JobState, as_state
from dedup.serve.rest.route import Collecting, Overlooking, Record, Sent, routes
from dedup.serve.scans import last_summary, report_of, want_scan

router = routes("scans")


class Schedule(Sent):
    """The hour of the day at which a scan begins; null for never."""

    hour: Annotated[int | None, Field(ge=0, le=23)]


class Found(Record):
    """What the last scan found: its summary, and pairs of documents of which one may be withdrawn."""

    summary: dict[str, Any]
    pairs: list[dict[str, Any]]


@router.post("/scans", status_code=202, dependencies=[waking("scans")])
def run_scan(request: Request, caller: Collecting, session: Writing) -> JobState:
    """Scan now; where a scan waits or goes on already, that is the answer."""
    return as_state(want_scan(session, caller.account), request)


@router.get("/scans/last")
def last_scan(request: Request, caller: Overlooking) -> Found:
    """What the last scan found."""
    scans = request.app.state.scans
    summary = last_summary(scans.folder)
    if summary is None:
        raise Problem(404, "nothing_here")
    return Found(summary=summary, pairs=scans.pairs_to_act_on())


@router.get("/scans/last/report", response_class=Response, responses={200: {"content": {"text/html": {}}}})
def scan_page(request: Request, caller: Overlooking) -> Response:
    """The page of the last scan, as `dedup scan --format html` writes it."""
    return report_of(request.app.state.scans.folder)


@router.get("/scans/schedule")
def schedule(caller: Overlooking, session: Reading) -> Schedule:
    """When the collection is scanned by itself."""
    hour = chosen_hour(session)
    return Schedule(hour=int(hour) if hour else None)


@router.put("/scans/schedule")
def set_schedule(wanted: Schedule, caller: Collecting, session: Writing) -> Schedule:
    """Set when the collection is scanned by itself."""
    choose_hour(session, caller.account, "" if wanted.hour is None else str(wanted.hour))
    return wanted
