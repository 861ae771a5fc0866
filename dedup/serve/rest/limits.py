"""Limits of the verdict, with a preview of what others would do; how long drafts are kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request
from pydantic import Field

from dedup.serve import choices, jobs
from dedup.serve.access import Reading, Writing, service_of
from dedup.serve.rest.jobs import JobState, as_state
from dedup.serve.rest.route import Administering, Record, routes

router = routes("limits")

Share = Annotated[float, Field(ge=0, le=1)]


class Limits(Record):
    """From where on a draft is to be looked at, and from where on it must be changed."""

    warn_over: Share
    block_over: Share
    """Not below `warn_over`."""
    notice_floor: Annotated[int, Field(ge=1, le=999_999)]
    """Characters from documents that forbid copying."""


class Retention(Record):
    """After how many days drafts are deleted; 0 keeps them. Those that wait for a reviewer stay."""

    days: Annotated[int, Field(ge=0, le=choices.MOST_DAYS)]


@router.get("/limits")
def limits(request: Request, caller: Administering, session: Reading) -> Limits:
    """The limits that hold for drafts sent to this service."""
    settings = choices.with_limits(session, service_of(request).settings)
    return Limits(**{name: getattr(settings, name) for name in choices.LIMITS})


@router.put("/limits")
def set_limits(wanted: Limits, caller: Administering, session: Writing) -> Limits:
    """Set the limits; every check from now on goes by them."""
    choices.choose_limits(session, caller.account, wanted.model_dump())
    return wanted


@router.post("/limits/preview", status_code=202)
def preview_limits(wanted: Limits, request: Request, caller: Administering) -> JobState:
    """Check the last drafts again under other limits; the job's result tells how many have each level.

    For each level it holds how many drafts have it, and how many would.
    """
    choices.demand_sound(wanted.model_dump())
    with request.app.state.database.writing() as session:
        job = jobs.ask(session, "preview", caller.account, wanted.model_dump())
    request.app.state.previews.wake()
    return as_state(job, request)


@router.get("/retention")
def retention(request: Request, caller: Administering, session: Reading) -> Retention:
    """How long drafts are kept."""
    return Retention(days=choices.retention_days(session, service_of(request)))


@router.put("/retention")
def set_retention(wanted: Retention, caller: Administering, session: Writing) -> Retention:
    """Set how long drafts are kept."""
    choices.choose_retention(session, caller.account, wanted.days)
    return wanted
