"""管理: accounts with their roles and units, how the service is, the log."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlalchemy.orm import Session

from dedup.serve import log, staff, state
from dedup.serve.access import Caller, Reading, Writing
from dedup.serve.pages.page import Administrator, Field, page, to
from dedup.serve.problems import Problem
from dedup.serve.tables import ROLES
from dedup.serve.words import language_of

router = APIRouter()

_EVENTS = 100
"""Lines of the log on one page."""


@router.get("/admin")
def admin(request: Request, caller: Administrator, session: Reading) -> HTMLResponse:
    """The accounts that may log in, their roles and units."""
    return _admin(request, caller, session)


def _admin(
    request: Request, caller: Caller, session: Session, link: str = "", invited: str = ""
) -> HTMLResponse:
    everybody = staff.everybody(session)
    return page(
        request,
        "admin.html",
        caller,
        here="/admin",
        accounts=everybody,
        units=sorted({one.unit for one in everybody if one.unit}),
        roles=ROLES,
        link=link,
        invited=invited,
    )


@router.post("/admin/accounts")
def new_account(
    request: Request,
    caller: Administrator,
    session: Writing,
    name: Field = "",
    role: Field = "",
    unit: Field = "",
) -> Response:
    """Make an account; its invitation is shown once."""
    account, secret = staff.make(session, caller.account, name, role, unit)
    return _invited(request, caller, session, account.name, secret)


def _invited(request: Request, caller: Caller, session: Session, name: str, secret: str) -> Response:
    link = str(request.url_for("invitation_page", secret=secret))
    return _admin(request, caller, session, link=link, invited=name)


@router.post("/admin/accounts/{identifier}/{action}")
def change_account(
    identifier: str,
    action: str,
    request: Request,
    caller: Administrator,
    session: Writing,
    role: Field = "",
    unit: Field = "",
) -> Response:
    """Change somebody's role and unit, shut him out, let him in again, or give a link for a new password."""
    match action:
        case "invite":
            secret = staff.invite(session, caller.account, identifier)
            return _invited(request, caller, session, staff.account_of(session, identifier).name, secret)
        case "change":
            staff.assign(session, caller.account, identifier, role, unit)
        case "enable" | "disable":
            staff.admit(session, caller.account, identifier, active=action == "enable")
        case _:
            raise Problem(404, "nothing_here")
    return to("/admin")


@router.post("/admin/units")
def rename_unit(caller: Administrator, session: Writing, old: Field = "", new: Field = "") -> Response:
    """Give a unit another name, with everybody in it and the drafts that its reviewers see."""
    staff.rename_unit(session, caller.account, old, new)
    return to("/admin")


@router.get("/admin/state")
def state_page(request: Request, caller: Administrator, session: Reading) -> HTMLResponse:
    """The state of the service: index, queue, database, disks, the last scan."""
    found = state.found(session, request.app.state, language_of(request))
    return page(request, "state.html", caller, found=found)


@router.get("/admin/log")
def log_page(
    request: Request,
    caller: Administrator,
    session: Reading,
    before: Annotated[int, Query(ge=1, le=log.MOST_NUMBER)] = log.MOST_NUMBER,
    who: str = "",
    verify: bool = False,
) -> HTMLResponse:
    """The log, the last line first; of one account if it is named. It is verified on demand."""
    names = staff.names(session)
    events = list(session.scalars(log.chosen(before, who).limit(_EVENTS)))
    count, head = log.last(session)
    return page(
        request,
        "log.html",
        caller,
        events=[(one, names.get(one.account, "")) for one in events],
        further=events[-1].number if len(events) == _EVENTS else 0,
        names=sorted(names.items(), key=lambda item: item[1]),
        who=who,
        head=head,
        count=count,
        verified=verify,
        altered=log.first_altered(session) if verify else None,
    )


@router.get("/admin/log.jsonl")
def log_lines(request: Request, caller: Administrator) -> StreamingResponse:
    """The whole log to take away, a JSON object a line, with the digests that chain it."""
    return log.to_take_away(request.app.state.database)
