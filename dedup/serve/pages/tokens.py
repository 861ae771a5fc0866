"""访问令牌: keys for programs."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from dedup.serve import keys
from dedup.serve.access import Caller, Reading, Writing
from dedup.serve.pages.page import Anyone, page, to
from dedup.serve.problems import Problem

router = APIRouter()

_KEY_DAYS = (30, 90, 365)


@router.get("/tokens")
def tokens(request: Request, caller: Anyone, session: Reading) -> HTMLResponse:
    """The caller's keys for programs."""
    return _tokens(request, caller, session)


def _tokens(request: Request, caller: Caller, session: Session, secret: str = "") -> HTMLResponse:
    return page(
        request,
        "tokens.html",
        caller,
        tokens=keys.of_account(session, caller.account),
        secret=secret,
        scopes=keys.SCOPES[caller.account.role],
        days=_KEY_DAYS,
    )


@router.post("/tokens")
async def new_token(request: Request, caller: Anyone) -> Response:
    """Make a key; it is shown once."""
    form = await request.form()
    name, days = str(form.get("name", "")), str(form.get("days", ""))
    scopes = [str(one) for one in form.getlist("scope")]

    def made() -> Response:
        if days not in map(str, _KEY_DAYS):
            raise Problem(422, "invalid")
        with request.app.state.database.writing() as session:
            secret = keys.make(session, caller.account, name, scopes, int(days))
            return _tokens(request, caller, session, secret)

    return await asyncio.to_thread(made)


@router.post("/tokens/{identifier}/end")
def end_token(identifier: str, caller: Anyone, session: Writing) -> Response:
    """End a key of one's own."""
    keys.end(session, caller.account, identifier)
    return to("/tokens")
