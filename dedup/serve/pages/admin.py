"""管理: accounts with their roles and units, how the service is, the log."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlalchemy.orm import Session

from dedup.serve import log, staff, state
from dedup.serve.access import Caller, Reading
from dedup.serve.pages.page import Administrator, page, to
from dedup.serve.problems import Problem
from dedup.serve.tables import ROLES
from dedup.serve.words import language_of

router = APIRouter()

_EVENTS = 100
"""Lines of the log on one page."""


@router.get("/admin")
def admin(request: Request, caller: Administrator, session: Reading) -> HTMLResponse:
    """Who may log in, as what, of which unit."""
    return _admin(request, caller, session)


def _admin(request: Request, caller: Caller, session: Session, link: str = "") -> HTMLResponse:
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
    )


@router.post("/admin/accounts")
async def new_account(request: Request, caller: Administrator) -> Response:
    """Make an account; its invitation is shown once."""
    form = await request.form()
    name, role, unit = (str(form.get(one, "")) for one in ("name", "role", "unit"))

    def made() -> Response:
        with request.app.state.database.writing() as session:
            _, secret = staff.make(session, caller.account, name, role, unit)
            return _invited(request, caller, session, secret)

    return await asyncio.to_thread(made)


def _invited(request: Request, caller: Caller, session: Session, secret: str) -> Response:
    return _admin(request, caller, session, link=str(request.url_for("invitation_page", secret=secret)))


@router.post("/admin/accounts/{identifier}/{action}")
async def change_account(identifier: str, action: str, request: Request, caller: Administrator) -> Response:
    """Change somebody's role and unit, shut him out, let him in again, or give a link for a new password."""
    form = await request.form()
    role, unit = str(form.get("role", "")), str(form.get("unit", ""))

    def changed() -> Response:
        with request.app.state.database.writing() as session:
            if action == "invite":
                return _invited(request, caller, session, staff.invite(session, caller.account, identifier))
            if action == "change":
                staff.assign(session, caller.account, identifier, role, unit)
            elif action in ("enable", "disable"):
                staff.admit(session, caller.account, identifier, active=action == "enable")
            else:
                raise Problem(404, "nothing_here")
            return to("/admin")

    return await asyncio.to_thread(changed)


@router.post("/admin/units")
async def rename_unit(request: Request, caller: Administrator) -> Response:
    """Give a unit another name, with everybody in it and the drafts that its reviewers see."""
    form = await request.form()
    old, new = str(form.get("old", "")), str(form.get("new", ""))

    def renamed() -> Response:
        with request.app.state.database.writing() as session:
            staff.rename_unit(session, caller.account, old, new)
        return to("/admin")

    return await asyncio.to_thread(renamed)


@router.get("/admin/state")
def state_page(request: Request, caller: Administrator, session: Reading) -> HTMLResponse:
    """How the service is: index, queue, database, disks, the last scan."""
    found = state.found(session, request.app.state)
    problems = state.problems(found, language_of(request))
    return page(request, "state.html", caller, found=found, problems=problems)


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
    last = log.last(session)
    return page(
        request,
        "log.html",
        caller,
        events=[(one, names.get(one.account, "")) for one in events],
        further=events[-1].number if len(events) == _EVENTS else 0,
        names=sorted(names.items(), key=lambda item: item[1]),
        who=who,
        head=last.digest if last else "",
        count=last.number if last else 0,
        verified=verify,
        altered=log.first_altered(session) if verify else None,
    )


@router.get("/admin/log.jsonl")
def log_lines(request: Request, caller: Administrator) -> StreamingResponse:
    """The whole log to take away, a JSON object a line, with the digests that chain it."""
    return log.to_take_away(request.app.state.database)
