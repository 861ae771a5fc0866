"""Limits of the verdict, with a preview of what others would do; how long drafts are kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request
from pydantic import Field
from sqlalchemy.orm import Session

from dedup.serve import choices
from dedup.serve import limits as policy
from dedup.serve.access import Reading, Writing, service_of, waking
from dedup.serve.drafts import count_expired
from dedup.serve.rest.jobs import JobState, as_state
from dedup.serve.rest.route import Administering, Record, Sent, routes

router = routes("limits")

_MOST = 10**9
Share = Annotated[float, Field(ge=0, le=1)]
Characters = Annotated[int, Field(ge=2, le=_MOST)]


class Further(Sent):
    """Limits besides that of the whole draft; null for none.

    Up to 1 it is a share; a whole number from 2 on is so many characters.
    """

    source: Characters | Share | None = None
    """What is copied from a single source, of the whole draft."""
    paragraph: Characters | Share | None = None
    """What of one paragraph is copied."""
    run: Annotated[int | None, Field(ge=1, le=_MOST)] = None
    """The longest run that is equal, in characters."""


class Limits(Sent):
    """From where on a draft is to be looked at, and from where on it must be changed."""

    warn_over: Share
    block_over: Share
    """Not below `warn_over`."""
    notice_floor: Annotated[int, Field(ge=1, le=1_000_000)]
    """Characters from documents that forbid copying."""
    warn: Further = Further()
    """What is left out of these two stays as it is."""
    block: Further = Further()


class Retention(Sent):
    """After how many days drafts are deleted; 0 keeps them. Those that wait for a reviewer stay."""

    days: Annotated[int, Field(ge=0, le=choices.MOST_DAYS)]


class Expiry(Record):
    """What would be deleted at once."""

    drafts: int


def _named(wanted: Limits) -> policy.Limits:
    """The limits that were sent, by their names."""
    sent = wanted.model_dump(exclude_unset=True)
    further = [(level, sent.pop(level, {})) for level in ("warn", "block")]
    return sent | {f"{level}.{name}": value for level, some in further for name, value in some.items()}


def _holding(session: Session, request: Request) -> Limits:
    found = policy.limits_of(policy.with_limits(session, service_of(request).settings))
    of_level = {
        level: {name: found.pop(f"{level}.{name}") for name in policy.MEASURES} for level in ("warn", "block")
    }
    return Limits.model_validate({**found, **of_level})


@router.get("/limits")
def limits(request: Request, caller: Administering, session: Reading) -> Limits:
    """The limits that hold for drafts sent to this service."""
    return _holding(session, request)


@router.put("/limits")
def set_limits(wanted: Limits, request: Request, caller: Administering, session: Writing) -> Limits:
    """Set the limits; every check from now on goes by them. The answer holds all of them."""
    policy.choose_limits(session, caller.account, _named(wanted), service_of(request).settings)
    session.flush()
    return _holding(session, request)


@router.post("/limits/preview", status_code=202, dependencies=[waking("previews")])
def preview_limits(wanted: Limits, request: Request, caller: Administering, session: Writing) -> JobState:
    """Check the last drafts again under other limits; the job's result tells how many have each level.

    For each level it holds how many drafts have it, and how many would.
    """
    job = policy.ask_preview(session, caller.account, _named(wanted), service_of(request).settings)
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


@router.post("/retention/preview")
def preview_retention(wanted: Retention, caller: Administering, session: Reading) -> Expiry:
    """How many drafts would be deleted at once if they were kept so long; nothing is set or deleted."""
    return Expiry(drafts=count_expired(session, wanted.days))
