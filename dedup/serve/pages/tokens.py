"""访问令牌: keys for programs."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from dedup.serve import accounts, log
from dedup.serve.access import Caller, Reading, Writing
from dedup.serve.pages.page import Writer, page, to
from dedup.serve.problems import Problem
from dedup.serve.tables import Token

router = APIRouter()

_KEY_DAYS = (30, 90, 365)


@router.get("/tokens")
def tokens(request: Request, caller: Writer, session: Reading) -> HTMLResponse:
    """The caller's keys for programs."""
    return _tokens(request, caller, session)


def _tokens(request: Request, caller: Caller, session: Session, secret: str = "") -> HTMLResponse:
    chosen = select(Token).where(Token.account == caller.account.id, Token.expires > accounts.now())
    found = list(session.scalars(chosen.order_by(Token.created)))
    scopes = accounts.SCOPES
    return page(request, "tokens.html", caller, tokens=found, secret=secret, scopes=scopes, days=_KEY_DAYS)


@router.post("/tokens")
async def new_token(request: Request, caller: Writer) -> Response:
    """Make a key; it is shown once."""
    form = await request.form()
    name, days = str(form.get("name", "")).strip()[:60], str(form.get("days", ""))
    scopes = [str(one) for one in form.getlist("scope")]

    def made() -> Response:
        if not name or not set(scopes) & set(accounts.SCOPES) or days not in map(str, _KEY_DAYS):
            raise Problem(422, "invalid")
        with request.app.state.database.writing() as session:
            secret = accounts.new_token(session, caller.account, name, scopes, int(days))
            log.note(session, caller.account.id, "token.made", name)
            session.flush()
            return _tokens(request, caller, session, secret)

    return await asyncio.to_thread(made)


@router.post("/tokens/{identifier}/end")
def end_token(identifier: str, caller: Writer, session: Writing) -> Response:
    """End a key of one's own."""
    token = session.get(Token, identifier)
    if token is None or token.account != caller.account.id:
        raise Problem(404, "nothing_here")
    token.expires = 0.0
    log.note(session, caller.account.id, "token.ended", token.name)
    return to("/tokens")
