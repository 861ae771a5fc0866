"""Coming in and going out: passwords, invitations, logins."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import URL

from dedup.serve import accounts, log
from dedup.serve.access import COOKIE, Reading, Writing, anybody
from dedup.serve.pages.page import Anyone, Field, page, to
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account

router = APIRouter()

_LONGEST_PASSWORD = 1000


@router.get("/login", dependencies=[Depends(anybody)])
def login_page(request: Request, then: str = "") -> HTMLResponse:
    """The page that asks for name and password."""
    return page(request, "login.html", failed=False, then=then)


def login_address(then: str) -> str:
    """The address of the login that leads on to a place."""
    return f"/login?{urlencode({'then': then})}" if then not in ("", "/") else "/login"


def to_login(asked: URL) -> Response:
    """Have somebody log in, who comes then to what he asked for."""
    then = f"{asked.path}?{asked.query}" if asked.query else asked.path
    return to(login_address(then))


def _local(place: str) -> str:
    """A place that leads to a page of this service; the first page instead of one that may lead elsewhere.

    Browsers take two slashes as the beginning of another host, a backslash as a slash, and leave out signs
    that steer a line.
    """
    here = place.startswith("/") and not place.startswith("//") and "\\" not in place
    return place if here and place.isprintable() else "/"


@router.post("/login", dependencies=[Depends(anybody)])
async def login(request: Request) -> Response:
    """Take name and password."""
    form = await request.form(max_files=0, max_fields=10)
    name, password = str(form.get("name", "")).strip()[:60], str(form.get("password", ""))[:_LONGEST_PASSWORD]
    return await asyncio.to_thread(_log_in, request, name, password, str(form.get("then", "")))


def _log_in(request: Request, name: str, password: str, then: str) -> Response:
    service: Service = request.app.state.service
    account = _verified(request, name, password)
    renewed = accounts.hashed_anew(account, password) if account is not None else ""
    with request.app.state.database.writing() as session:
        if account is None:
            log.note(session, "", "login.failed", name)
        else:
            if renewed:
                accounts.renew_hash(session, account, renewed)
            accounts.log_out(session, request.cookies.get(COOKIE, ""))  # what the browser had before
            cookie = accounts.log_in(session, account, service.session_hours)
            log.note(session, account.id, "login")
    if account is None:
        here = login_address(then)
        return page(request, "login.html", status=401, here=here, failed=True, then=then)
    response = to(_local(then))
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=3600 * service.session_hours,
        httponly=True,
        samesite="lax",
        secure=service.https,
    )
    return response


def _verified(request: Request, name: str, password: str) -> Account | None:
    """The account that may log in so. Raises Problem for who has guessed too often."""
    throttle: accounts.Throttle = request.app.state.throttle
    address = request.client.host if request.client else ""
    keys = (f"name:{name}", f"address:{address}")
    with throttle.turn:
        if wait := throttle.wait(*keys):
            raise Problem(429, "guessing", {"Retry-After": str(int(wait) + 1)}, seconds=int(wait) + 1)
        with request.app.state.database.reading() as session:
            account = accounts.verified(session, name, password)
        (throttle.failed if account is None else throttle.succeeded)(*keys)
    return account


@router.post("/logout")
def logout(request: Request, caller: Anyone, session: Writing) -> Response:
    """End the login."""
    accounts.log_out(session, request.cookies.get(COOKIE, ""))
    log.note(session, caller.account.id, "logout")
    response = to("/login")
    response.delete_cookie(COOKIE)
    return response


@router.get("/invitation/{secret}", dependencies=[Depends(anybody)])
def invitation_page(secret: str, request: Request, session: Reading) -> HTMLResponse:
    """The page on which somebody who was invited chooses a password."""
    account = _invited(session, secret)
    return page(request, "invitation.html", name=account.name, least=accounts.LEAST_PASSWORD, problem="")


def _invited(session: Session, secret: str) -> Account:
    """The account of an invitation. Raises Problem for one that holds no longer."""
    if (account := accounts.invited(session, secret)) is None:
        raise Problem(404, "no_invitation")
    return account


@router.post("/invitation/{secret}", dependencies=[Depends(anybody)])
def set_password(
    secret: str, request: Request, session: Writing, password: Field = "", again: Field = ""
) -> Response:
    """Take the password that somebody chose."""
    account = _invited(session, secret)
    least = accounts.LEAST_PASSWORD
    problem = "short" if len(password) < least else "differ" if password != again else ""
    if problem:
        return page(request, "invitation.html", status=422, name=account.name, least=least, problem=problem)
    accounts.set_password(session, account, password[:_LONGEST_PASSWORD])
    log.note(session, account.id, "password.set")
    return to("/login")
