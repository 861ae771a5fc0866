"""Rights: the one place where a request gets its caller, and each route its rule.

A route names its rule by depending on one of the functions here, and a test goes through the table of routes:
one without a rule fails. What somebody may not see does not exist for him: the answer is 404, as for an
identifier that never was.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi import BackgroundTasks, Depends, Request
from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from dedup.serve import accounts, keys
from dedup.serve.keys import Scope
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account, Draft, Login, Token

_BY_KEY = {"WWW-Authenticate": "Bearer"}
COOKIE = "dedup_login"
FORM_TOKEN = "form_token"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MOST_FILES = 200
"""That are handed in together."""
_MOST_FIELDS = 50
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """The one who asks: a person with a login, or a program with a key."""

    account: Account
    login: Login | None = None
    token: Token | None = None

    @property
    def form_token(self) -> str:
        """The secret that each form of this login carries."""
        return self.login.form_token if self.login else ""


def service_of(request: Request) -> Service:
    """The service that answers."""
    service: Service = request.app.state.service
    return service


def reading(request: Request) -> Iterator[Session]:
    """A session of the database for a request that only looks."""
    with request.app.state.database.reading() as session:
        yield session


async def writing(request: Request) -> AsyncIterator[Session]:
    """A transaction for a request that changes something; who waits for his turn takes no thread."""
    database = request.app.state.database
    transaction = database.writing()
    session = await asyncio.get_running_loop().run_in_executor(database.entrance, transaction.__enter__)

    async def end(*error: object) -> bool:
        alone = CapacityLimiter(1)  # a thread of its own: those of the pool may wait for this one
        return bool(await to_thread.run_sync(transaction.__exit__, *error, limiter=alone))

    try:
        yield session
    except BaseException as error:
        if not await end(type(error), error, error.__traceback__):
            raise
    else:
        await end(None, None, None)


Reading = Annotated[Session, Depends(reading)]
Writing = Annotated[Session, Depends(writing, scope="function")]
"""Ends before the answer is sent: what an answer says is kept, and the page it leads to shows it."""


def _known(request: Request) -> Caller | None:
    """The caller by the cookie or the key that came along."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    with request.app.state.database.reading() as session:
        if scheme.lower() == "bearer":
            found = keys.owner(session, secret.strip())
            return Caller(found[0], token=found[1]) if found else None
        if cookie := request.cookies.get(COOKIE, ""):
            entered = accounts.logged_in(session, cookie, service_of(request).session_hours)
            return Caller(entered[0], login=entered[1]) if entered else None
    return None


def anybody(request: Request) -> None:
    """Rule: no login is needed, and nothing of anybody's is shown. Another site's forms are refused.

    There is no token in a form without a login; so a browser must not say that it comes from elsewhere.
    """
    if request.method not in _SAFE and _is_foreign(request):
        raise Problem(403, "foreign_form")


def _is_foreign(request: Request) -> bool:
    """Tell whether a browser says that another site's page sent a request."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    try:
        return origin is not None and urlsplit(origin).hostname != request.url.hostname
    except ValueError:  # it is no address
        return True


def _admitted(request: Request) -> Caller:
    caller = _known(request)
    if caller is None:
        raise Problem(401, "login", _BY_KEY)
    wait = request.app.state.rate.taken(caller.token.id if caller.token else caller.account.id)
    if wait:
        raise Problem(429, "too_many", headers={"Retry-After": str(int(wait) + 1)})
    request.state.caller = caller
    return caller


def kind_of(request: Request) -> str:
    """The media type of a request's body, without parameters."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def _form_token(request: Request) -> AsyncIterator[str]:
    """The token that came with a request; files of its form are closed when it is answered."""
    if kind_of(request) not in FORMS:
        yield request.headers.get("x-form-token", "")
        return
    most = service_of(request).upload_bytes
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=most)
    except HTTPException as error:
        if str(error.detail).startswith("Too many files"):
            raise Problem(413, "too_many_files", most=MOST_FILES) from error
        raise
    try:
        yield request.headers.get("x-form-token", "") or str(form.get(FORM_TOKEN, ""))
    finally:
        await form.close()


def _from_our_page(request: Request, caller: Caller, sent: str) -> None:
    """Refuse what another site has a browser send: it does not know the token of the login's forms."""
    if request.method in _SAFE or caller.login is None:
        return
    if not secrets.compare_digest(sent.encode(), caller.login.form_token.encode()):
        raise Problem(403, "foreign_form")


def still_admitted(session: Session, caller: Caller) -> Account:
    """The caller's account as it is now, for answers that go on for long. Raises Problem if it was shut out,
    has another role, or its login or key has ended.
    """
    account = session.get(Account, caller.account.id)
    token = session.get(Token, caller.token.id) if caller.token else None
    ended = token.expires < accounts.now() if token else caller.login is None
    if caller.login is not None:
        ended = session.get(Login, caller.login.digest) is None
    if ended or account is None or not account.active or account.role != caller.account.role:
        raise Problem(401, "login", _BY_KEY)
    return account


@dataclass(frozen=True, slots=True)
class Rule:
    """A caller with one of these roles, any if none is named. Keys do only where there is a `scope`."""

    roles: tuple[str, ...]
    scope: Scope | None

    async def __call__(  # which waits for nothing, and needs no thread so
        self,
        request: Request,
        caller: Annotated[Caller, Depends(_admitted)],
        sent: Annotated[str, Depends(_form_token)],
    ) -> Caller:
        """Give the caller. Raises Problem where he may not."""
        _from_our_page(request, caller, sent)
        if self.roles and caller.account.role not in self.roles:
            raise Problem(403, "role")
        if caller.token is not None and (self.scope is None or self.scope not in caller.token.scopes.split()):
            raise Problem(403, "scope")
        return caller


def allowed(*roles: str, scope: Scope | None = None) -> Rule:
    """A rule for a route."""
    return Rule(roles, scope)


def waking(worker: Literal["desk", "scans", "previews"]) -> Any:
    """A dependency of a route that gives a worker something to do: it is woken once that is kept."""

    def wake(request: Request, afterwards: BackgroundTasks) -> None:
        afterwards.add_task(getattr(request.app.state, worker).wake)

    return Depends(wake)


# ------------------------------------------------------------------------------------------ drafts


def visible(caller: Account) -> ColumnElement[bool]:
    """Which drafts an account may see: its own; a reviewer those of his unit that were handed in."""
    if caller.role == "writer":
        return Draft.account == caller.id
    if caller.role == "reviewer":
        handed_in = (Draft.review != "") & (Draft.unit == caller.unit)
        return or_(Draft.account == caller.id, handed_in)
    return false()


def draft_of(session: Session, caller: Account, identifier: str) -> Draft:
    """A draft that the caller may see. Raises Problem 404, the same for one that never was."""
    found = session.scalars(select(Draft).where(Draft.id == identifier, visible(caller))).one_or_none()
    if found is None:
        raise Problem(404, "no_draft")
    return found
