"""访问令牌: keys for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from dedup.serve import keys
from dedup.serve.access import Caller, Reading, Writing
from dedup.serve.pages.page import Anyone, Field, page, to

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
def new_token(
    request: Request,
    caller: Anyone,
    session: Writing,
    name: Field = "",
    scope: Annotated[tuple[str, ...], Form()] = (),
    days: Annotated[int, Form()] = 0,
) -> Response:
    """Make a key; it is shown once."""
    secret = keys.make(session, caller.account, name, scope, days)
    return _tokens(request, caller, session, secret)


@router.post("/tokens/{identifier}/end")
def end_token(identifier: str, caller: Anyone, session: Writing) -> Response:
    """End a key of one's own."""
    keys.end(session, caller.account, identifier)
    return to("/tokens")
