"""The pages: what a person sees and sends. Each is a template; nothing on it needs a script."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dedup.messages import Language, unpacked
from dedup.messages import say as say_of_reports
from dedup.messages import text as said
from dedup.serve import accounts, log
from dedup.serve.access import (
    COOKIE,
    Caller,
    Reading,
    Writing,
    allowed,
    anybody,
    draft_of,
    visible,
)
from dedup.serve.drafts import receive, reports_of
from dedup.serve.problems import Problem
from dedup.serve.rest import pasted, rendered, uploaded
from dedup.serve.service import Service
from dedup.serve.tables import ROLES, Account, Draft, Event, Token
from dedup.serve.words import say

router = APIRouter()

_HERE = Path(__file__).parent
_REPORT_ASSETS = _HERE.parent / "reports" / "kit" / "assets"
_STATIC = {
    "report.css": (_REPORT_ASSETS / "report.css", "text/css; charset=utf-8"),
    "serve.css": (_HERE / "static" / "serve.css", "text/css; charset=utf-8"),
    "docs.js": (_HERE / "static" / "docs.js", "text/javascript; charset=utf-8"),
    "serve.js": (_HERE / "static" / "serve.js", "text/javascript; charset=utf-8"),
}
_SWAGGER = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LANGUAGE = "dedup_language"
_PER_PAGE = 50
_KEY_DAYS = (30, 90, 365)

_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Anyone = Annotated[Caller, Depends(allowed())]
Writer = Annotated[Caller, Depends(allowed("writer", "reviewer"))]
Reviewer = Annotated[Caller, Depends(allowed("reviewer"))]
Administrator = Annotated[Caller, Depends(allowed("admin"))]


def language_of(request: Request) -> Language:
    """The language somebody chose, or the service's."""
    chosen = request.query_params.get("lang") or request.cookies.get(_LANGUAGE)
    service: Service = request.app.state.service
    return "en" if chosen == "en" else "zh" if chosen == "zh" else service.settings.language


def page(
    request: Request, template: str, caller: Caller | None = None, status: int = 200, **facts: Any
) -> HTMLResponse:
    """A template filled in."""
    import time

    language = language_of(request)

    def when(seconds: float) -> str:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))

    def percent(ratio: float) -> str:
        return f"{ratio:.1%}"

    markup = _TEMPLATES.get_template(template).render(
        say=lambda key, **named: say(key, language, **named),
        level=lambda name: say_of_reports(f"level.{name}", language),
        why=lambda packed: said(unpacked(packed), language),
        when=when,
        percent=percent,
        language=language,
        other="en" if language == "zh" else "zh",
        here=request.url.path,
        caller=caller.account if caller else None,
        form_token=caller.form_token if caller else "",
        **facts,
    )
    response = HTMLResponse(markup, status)
    if request.query_params.get("lang") in ("zh", "en"):
        response.set_cookie(_LANGUAGE, language, max_age=31_536_000, httponly=True, samesite="lax")
    return response


def problem_page(request: Request, problem: Problem) -> HTMLResponse:
    """What was refused, and the way back."""
    words = say(f"problem.{problem.key}", language_of(request), **problem.facts)
    response = page(request, "problem.html", status=problem.status, words=words)
    response.headers.update(problem.headers)
    return response


@router.get("/api/docs", dependencies=[Depends(anybody)])
def docs(request: Request) -> HTMLResponse:
    """The description of the interface, to be read and tried."""
    response = page(request, "docs.html")
    # The viewer sets styles on its elements and draws its signs as data.
    styles = "style-src 'self' 'unsafe-inline'"
    response.headers["Content-Security-Policy"] = POLICY.replace("style-src 'self'", styles)
    return response


def _swagger_folder() -> Path:
    from swagger_ui_bundle import swagger_ui_path

    return Path(swagger_ui_path)


def _to(place: str) -> RedirectResponse:
    return RedirectResponse(place, 303)


@router.get("/static/{name}", dependencies=[Depends(anybody)])
def static(name: str) -> FileResponse:
    """A style sheet or a script of the pages."""
    if name in _SWAGGER:
        path, kind = _swagger_folder() / name, _SWAGGER[name]
    elif name in _STATIC:
        path, kind = _STATIC[name]
    else:
        raise Problem(404, "nothing_here")
    return FileResponse(path, media_type=kind, headers={"Cache-Control": "public, max-age=3600"})


# ------------------------------------------------------------------------------------------ coming in


@router.get("/login", dependencies=[Depends(anybody)])
def login_page(request: Request) -> HTMLResponse:
    """Where somebody gives name and password."""
    return page(request, "login.html", failed=False)


@router.post("/login", dependencies=[Depends(anybody)])
async def login(request: Request) -> Response:
    """Take name and password."""
    form = await request.form(max_files=0, max_fields=10)
    name, password = str(form.get("name", ""))[:60], str(form.get("password", ""))[:1000]
    return await asyncio.to_thread(_log_in, request, name, password)


def _log_in(request: Request, name: str, password: str) -> Response:
    service: Service = request.app.state.service
    throttle: accounts.Throttle = request.app.state.throttle
    address = request.client.host if request.client else ""
    keys = (f"name:{name}", f"address:{address}")
    if wait := throttle.wait(*keys):
        raise Problem(429, "guessing", {"Retry-After": str(int(wait) + 1)}, seconds=int(wait) + 1)
    with request.app.state.database.writing() as session:
        account = accounts.verified(session, name, password)
        if account is None:
            throttle.failed(*keys)
            log.note(session, "", "login.failed", name)
            cookie = None
        else:
            throttle.succeeded(*keys)
            cookie = accounts.log_in(session, account, service.session_hours)
            log.note(session, account.id, "login")
    if cookie is None:
        return page(request, "login.html", status=401, failed=True)
    response = _to("/")
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=3600 * service.session_hours,
        httponly=True,
        samesite="lax",
        secure=service.https,
    )
    return response


@router.post("/logout")
def logout(request: Request, caller: Anyone, session: Writing) -> Response:
    """End the login."""
    accounts.log_out(session, request.cookies.get(COOKIE, ""))
    log.note(session, caller.account.id, "logout")
    response = _to("/login")
    response.delete_cookie(COOKIE)
    return response


@router.get("/invitation/{secret}", dependencies=[Depends(anybody)])
def invitation_page(secret: str, request: Request, session: Reading) -> HTMLResponse:
    """Where somebody who was invited chooses a password."""
    account = accounts.invited(session, secret)
    if account is None:
        raise Problem(404, "no_invitation")
    return page(request, "invitation.html", name=account.name, least=accounts.LEAST_PASSWORD, problem="")


@router.post("/invitation/{secret}", dependencies=[Depends(anybody)])
async def invitation(secret: str, request: Request) -> Response:
    """Take the password that somebody chose."""
    form = await request.form(max_files=0, max_fields=10)
    first, second = str(form.get("password", "")), str(form.get("again", ""))
    return await asyncio.to_thread(_set_password, request, secret, first, second)


def _set_password(request: Request, secret: str, first: str, second: str) -> Response:
    with request.app.state.database.writing() as session:
        account = accounts.invited(session, secret)
        if account is None:
            raise Problem(404, "no_invitation")
        problem = "short" if len(first) < accounts.LEAST_PASSWORD else "differ" if first != second else ""
        if not problem:
            accounts.set_password(session, account, first[:1000])
            log.note(session, account.id, "password.set")
    if problem:
        least = accounts.LEAST_PASSWORD
        return page(request, "invitation.html", status=422, name=account.name, least=least, problem=problem)
    return _to("/login")


# ------------------------------------------------------------------------------------------ drafts


@router.get("/")
def start(request: Request, caller: Anyone) -> Response:
    """What somebody of that role came for."""
    if caller.account.role in ("writer", "reviewer"):
        return page(request, "check.html", caller)
    return _to("/admin" if caller.account.role == "admin" else "/collection")


@router.post("/drafts")
async def hand_in(request: Request, caller: Writer) -> Response:
    """Take in a file, several, or a pasted text."""
    form = await request.form()
    written, thread = str(form.get("text", "")), str(form.get("thread", ""))
    files = (
        [pasted(request, written, str(form.get("name") or "文稿.txt"))]
        if written.strip()
        else await uploaded(request)
    )

    def taken_in() -> list[Draft]:
        with request.app.state.database.writing() as session:
            first = draft_of(session, caller.account, thread) if thread else None
            ours = first is not None and first.account == caller.account.id
            return receive(session, caller.account, files, thread=first.thread if first and ours else "")

    drafts = await asyncio.to_thread(taken_in)
    request.app.state.desk.wake()
    return _to(f"/drafts/{drafts[0].id}" if len(drafts) == 1 else f"/batches/{drafts[0].batch}")


@router.get("/drafts")
def own_drafts(request: Request, caller: Writer, session: Reading, before: float = 1e12) -> HTMLResponse:
    """The caller's drafts, the newest first."""
    chosen = select(Draft).where(Draft.account == caller.account.id, Draft.created < before)
    found = list(session.scalars(chosen.order_by(Draft.created.desc()).limit(_PER_PAGE)))
    return page(request, "drafts.html", caller, drafts=found, full=len(found) == _PER_PAGE)


@router.get("/batches/{batch}")
def batch_page(batch: str, request: Request, caller: Writer, session: Reading) -> HTMLResponse:
    """The drafts that were handed in together, the worst first."""
    worst = {"block": 0, "warn": 1, "unknown": 2, "": 3, "pass": 4}
    chosen = select(Draft).where(Draft.batch == batch, visible(caller.account))
    found = sorted(session.scalars(chosen), key=lambda one: (worst[one.level], -one.ratio, one.name))
    if not found:
        raise Problem(404, "no_draft")
    waiting = sum(one.state in ("queued", "running") for one in found)
    return page(request, "batch.html", caller, drafts=found, waiting=waiting)


@router.get("/drafts/{identifier}")
def draft_page(identifier: str, request: Request, caller: Writer, session: Reading) -> HTMLResponse:
    """How far a draft is, its figures, its versions, what was decided."""
    draft = draft_of(session, caller.account, identifier)
    chosen = select(Draft).where(Draft.thread == draft.thread, visible(caller.account))
    versions = list(session.scalars(chosen.order_by(Draft.created)))
    ahead = session.scalar(select(func.count()).where(Draft.state == "queued", Draft.created < draft.created))
    reviewer = session.get(Account, draft.reviewer) if draft.reviewer else None
    return page(
        request,
        "draft.html",
        caller,
        draft=draft,
        reports=reports_of(draft),
        versions=versions,
        ahead=ahead,
        own=draft.account == caller.account.id,
        reviewer=reviewer.name if reviewer else "",
    )


@router.get("/drafts/{identifier}/report.{form}")
def report_page(
    identifier: str, form: str, request: Request, caller: Writer, session: Reading, part: int = 0
) -> Response:
    """The report, to read (html) or to take away."""
    draft = draft_of(session, caller.account, identifier)
    names = {"md": "markdown", "txt": "terminal"}
    answer = rendered(draft, names.get(form, form), part, language_of(request))
    if form != "html":
        name = quote(f"{draft.name}.{form}")
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@router.post("/drafts/{identifier}/delete")
def delete_draft(identifier: str, caller: Writer, session: Writing) -> Response:
    """Delete a draft of one's own with its report."""
    draft = _own(session, caller, identifier)
    session.delete(draft)
    log.note(session, caller.account.id, "draft.deleted", identifier)
    return _to("/drafts")


@router.post("/drafts/{identifier}/submit")
def submit_for_review(identifier: str, caller: Writer, session: Writing) -> Response:
    """Hand a checked draft of one's own to the reviewers of the unit."""
    draft = _own(session, caller, identifier)
    if draft.state != "done" or draft.review in ("submitted", "accepted"):
        raise Problem(409, "not_now")
    draft.review, draft.comment, draft.reviewer = "submitted", "", ""
    log.note(session, caller.account.id, "review.submitted", identifier)
    return _to(f"/drafts/{identifier}")


def _own(session: Session, caller: Caller, identifier: str) -> Draft:
    draft = draft_of(session, caller.account, identifier)
    if draft.account != caller.account.id:
        raise Problem(403, "role")
    return draft


# ------------------------------------------------------------------------------------------ reviewing


@router.get("/review")
def queue(request: Request, caller: Reviewer, session: Reading) -> HTMLResponse:
    """What waits for a decision in the reviewer's unit, the oldest first."""
    chosen = select(Draft, Account.name).join(Account, Account.id == Draft.account)
    waiting = chosen.where(Draft.review == "submitted", Draft.unit == caller.account.unit)
    rows = session.execute(waiting.order_by(Draft.created)).all()
    return page(request, "review.html", caller, rows=rows)


@router.post("/drafts/{identifier}/decide")
async def decide(identifier: str, request: Request, caller: Reviewer) -> Response:
    """Accept a draft, or hand it back with a comment."""
    form = await request.form()
    decision, comment = str(form.get("decision", "")), str(form.get("comment", ""))[:4000].strip()
    return await asyncio.to_thread(_decided, request, caller, identifier, decision, comment)


def _decided(request: Request, caller: Caller, identifier: str, decision: str, comment: str) -> Response:
    with request.app.state.database.writing() as session:
        draft = draft_of(session, caller.account, identifier)
        if decision not in ("accepted", "returned") or draft.unit != caller.account.unit:
            raise Problem(422, "invalid")
        if draft.review != "submitted":
            raise Problem(409, "not_now")
        if draft.account == caller.account.id:
            raise Problem(403, "own_draft")
        if decision == "returned" and not comment:
            raise Problem(422, "no_comment")
        draft.review, draft.comment, draft.reviewer = decision, comment, caller.account.id
        log.note(session, caller.account.id, f"review.{decision}", identifier)
    return _to("/review")


# ------------------------------------------------------------------------------------------ the collection


@router.get("/collection")
def collection(request: Request, caller: Anyone, q: str = "") -> HTMLResponse:
    """The documents of the collection, those whose title or path holds `q`; and what could not be read."""
    from dedup.index import open_index

    settings = request.app.state.service.settings
    with open_index(settings.corpus, settings.index, settings, refresh=False) as index:
        wanted = q.strip().lower()
        found = [one for one in index.documents() if wanted in f"{one.title}\n{one.path}".lower()]
        skipped = [(one.path, one.why(language_of(request))) for one in index.skipped]
    return page(
        request, "collection.html", caller, documents=found[:500], count=len(found), query=q, skipped=skipped
    )


# ------------------------------------------------------------------------------------------ keys for programs


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
    return _to("/tokens")


# ------------------------------------------------------------------------------------------ accounts


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
        return _to("/admin")
    if account.id == caller.account.id:
        raise Problem(409, "oneself")
    accounts.shut_out(session, account)
    return _to("/admin")
