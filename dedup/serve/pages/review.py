"""待审: the reviewer's queue, and what he decides."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from dedup.serve import log
from dedup.serve.access import Caller, Reading, draft_of
from dedup.serve.pages.page import Reviewer, page, to
from dedup.serve.problems import Problem
from dedup.serve.tables import Account, Draft

router = APIRouter()


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
    return to("/review")
