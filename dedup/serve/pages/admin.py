"""管理: accounts, the state of the service, the log."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from dedup.serve import accounts, log
from dedup.serve.access import Caller, Reading, Writing
from dedup.serve.pages.page import Administrator, page, to
from dedup.serve.problems import Problem
from dedup.serve.tables import ROLES, Account, Event
from dedup.serve.words import language_of

router = APIRouter()


@router.get("/admin")
def admin(request: Request, caller: Administrator, session: Reading) -> HTMLResponse:
    """Accounts, the state of the service, the log."""
    return _admin(request, caller, session)


def _admin(request: Request, caller: Caller, session: Session, link: str = "") -> HTMLResponse:
    keeper = request.app.state.keeper
    problem = keeper.problem.line(language_of(request)) if keeper.problem else ""
    names = {one.id: one.name for one in session.scalars(select(Account))}
    events = session.scalars(select(Event).order_by(Event.number.desc()).limit(100))
    return page(
        request,
        "admin.html",
        caller,
        accounts=list(session.scalars(select(Account).order_by(Account.name))),
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
    name, role = str(form.get("name", "")).strip()[:60], str(form.get("role", ""))
    unit = str(form.get("unit", "")).strip()[:120]

    def made() -> Response:
        with request.app.state.database.writing() as session:
            if not name or role not in ROLES:
                raise Problem(422, "invalid")
            if session.scalars(select(Account).where(Account.name == name)).first():
                raise Problem(409, "name_taken")
            account = Account(name=name, role=role, unit=unit, created=accounts.now())
            session.add(account)
            session.flush()
            secret = accounts.invite(session, account)
            log.note(session, caller.account.id, "account.made", name)
            session.flush()
            return _admin(
                request, caller, session, link=str(request.url_for("invitation_page", secret=secret))
            )

    return await asyncio.to_thread(made)


@router.post("/admin/accounts/{identifier}/{action}")
def change_account(
    identifier: str, action: str, request: Request, caller: Administrator, session: Writing
) -> Response:
    """Shut somebody out, let him in again, or give him a link for a new password."""
    account = session.get(Account, identifier)
    if account is None or action not in ("disable", "enable", "invite"):
        raise Problem(404, "nothing_here")
    log.note(session, caller.account.id, f"account.{action}", account.name)
    if action == "invite":
        secret = accounts.invite(session, account)
        session.flush()
        return _admin(request, caller, session, link=str(request.url_for("invitation_page", secret=secret)))
    if action == "enable":
        account.active = True
        return to("/admin")
    if account.id == caller.account.id:
        raise Problem(409, "oneself")
    accounts.shut_out(session, account)
    return to("/admin")
