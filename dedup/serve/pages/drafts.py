"""查一份 and 我的文稿: a draft is handed in, its report read, its versions compared, sent to review."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import func, select

from dedup.serve import decisions, review
from dedup.serve.access import Reading, Writing, draft_of, visible
from dedup.serve.drafts import receive
from dedup.serve.kept import reports_of
from dedup.serve.pages.page import Anyone, Writer, page, to
from dedup.serve.problems import Problem
from dedup.serve.rendering import rendered
from dedup.serve.tables import Account, Draft
from dedup.serve.uploads import pasted, uploaded
from dedup.serve.words import language_of

router = APIRouter()

_PER_PAGE = 50


@router.get("/")
def start(request: Request, caller: Anyone) -> Response:
    """What somebody of that role came for."""
    if caller.account.role in ("writer", "reviewer"):
        return page(request, "check.html", caller)
    return to("/admin" if caller.account.role == "admin" else "/collection")


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
            return receive(session, caller.account, files, version_of=thread)

    drafts = await asyncio.to_thread(taken_in)
    request.app.state.desk.wake()
    return to(f"/drafts/{drafts[0].id}" if len(drafts) == 1 else f"/batches/{drafts[0].batch}")


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
        passages=decisions.to_decide(draft) if draft.state == "done" else [],
        decided=decisions.of_thread(session, draft.thread),
        rulings=decisions.RULINGS,
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
    service, language = request.app.state.service, language_of(request)
    answer = rendered(session, service, caller.account, draft, names.get(form, form), part, language)
    if form != "html":
        name = quote(f"{draft.name}.{form}")
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@router.post("/drafts/{identifier}/delete")
def delete_draft(identifier: str, caller: Writer, session: Writing) -> Response:
    """Delete a draft of one's own with its report."""
    review.delete(session, caller.account, identifier)
    return to("/drafts")


@router.post("/drafts/{identifier}/submit")
def submit_for_review(identifier: str, caller: Writer, session: Writing) -> Response:
    """Hand a checked draft of one's own to the reviewers of the unit."""
    review.hand_in(session, caller.account, identifier)
    return to(f"/drafts/{identifier}")
