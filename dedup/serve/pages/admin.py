"""管理: accounts, the state of the service, the log."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from dedup.serve import log, staff
from dedup.serve.access import Caller, Reading, Writing
from dedup.serve.pages.page import Administrator, page, to
from dedup.serve.problems import Problem
from dedup.serve.tables import ROLES, Event
from dedup.serve.words import language_of

router = APIRouter()


@router.get("/admin")
def admin(request: Request, caller: Administrator, session: Reading) -> HTMLResponse:
    """Accounts, the state of the service, the log."""
    return _admin(request, caller, session)


def _admin(request: Request, caller: Caller, session: Session, link: str = "") -> HTMLResponse:
    keeper = request.app.state.keeper
    problem = keeper.problem.line(language_of(request)) if keeper.problem else ""
    names = staff.names(session)
    events = session.scalars(select(Event).order_by(Event.number.desc()).limit(100))
    return page(
        request,
        "admin.html",
        caller,
        accounts=staff.everybody(session),
        roles=ROLES,
        link=link,
        documents=keeper.documents,
        problem=problem,
        events=[(one, names.get(one.account, "")) for one in events],
        altered=log.first_altered(session),
    )


@router.post("/admin/accounts")
async def new_account(request: Request, caller: Administrator) -> Response:
    """Make an account; its invitation is shown once."""
    form = await request.form()
    name, role, unit = (str(form.get(one, "")) for one in ("name", "role", "unit"))

    def made() -> Response:
        with request.app.state.database.writing() as session:
            _, secret = staff.make(session, caller.account, name, role, unit)
            return _admin(request, caller, session, link=_link(request, secret))

    return await asyncio.to_thread(made)


@router.post("/admin/accounts/{identifier}/{action}")
def change_account(
    identifier: str, action: str, request: Request, caller: Administrator, session: Writing
) -> Response:
    """Shut somebody out, let him in again, or give him a link for a new password."""
    if action == "invite":
        secret = staff.invite(session, caller.account, identifier)
        return _admin(request, caller, session, link=_link(request, secret))
    if action not in ("disable", "enable"):
        raise Problem(404, "nothing_here")
    staff.admit(session, caller.account, identifier, active=action == "enable")
    return to("/admin")


def _link(request: Request, secret: str) -> str:
    return str(request.url_for("invitation_page", secret=secret))
