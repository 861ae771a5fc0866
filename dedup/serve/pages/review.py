"""待审: the reviewer's queue, and what he decides."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from dedup.serve import decisions, log
from dedup.serve.access import Caller, Reading, draft_of
from dedup.serve.drafts import check_again
from dedup.serve.pages.page import Reviewer, page, to
from dedup.serve.problems import Problem
from dedup.serve.tables import Account, Draft, PassageDecision

router = APIRouter()

_DECIDED = 30
"""Drafts that were decided upon are shown so many."""


@router.get("/review")
def queue(request: Request, caller: Reviewer, session: Reading) -> HTMLResponse:
    """What waits for a decision in the reviewer's unit, the oldest first, and what was decided last."""
    chosen = select(Draft, Account.name).join(Account, Account.id == Draft.account)
    ours = chosen.where(Draft.unit == caller.account.unit)
    waiting = ours.where(Draft.review == "submitted").order_by(Draft.created)
    decided = ours.where(Draft.review.in_(("returned", "accepted"))).order_by(Draft.created.desc())
    return page(
        request,
        "review.html",
        caller,
        waiting=session.execute(waiting).all(),
        decided=session.execute(decided.limit(_DECIDED)).all(),
    )


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


# ------------------------------------------------------------------------------------------ single passages


@router.post("/drafts/{identifier}/passages")
async def decide_passage(identifier: str, request: Request, caller: Reviewer) -> Response:
    """Decide about one passage of a draft that waits for it, with a reason; its report is made anew."""
    form = await request.form()
    key, ruling = str(form.get("passage", "")), str(form.get("ruling", ""))
    reason = str(form.get("reason", "")).strip()[:4000]

    def decided() -> None:
        with request.app.state.database.writing() as session:
            draft = _undecided(session, caller, identifier)
            decisions.decide(session, caller.account, draft, key, ruling, reason)
            check_again(session, draft)
            log.note(session, caller.account.id, f"passage.{ruling}", identifier)

    await asyncio.to_thread(decided)
    request.app.state.desk.wake()
    return to(f"/drafts/{identifier}")


@router.post("/drafts/{identifier}/passages/{decision}/undo")
def undo_decision(identifier: str, decision: str, request: Request, caller: Reviewer) -> Response:
    """Take back a decision about a passage."""
    with request.app.state.database.writing() as session:
        draft = _undecided(session, caller, identifier)
        kept = session.get(PassageDecision, decision)
        if kept is None or kept.thread != draft.thread:
            raise Problem(404, "nothing_here")
        session.delete(kept)
        check_again(session, draft)
        log.note(session, caller.account.id, "passage.undone", identifier)
    request.app.state.desk.wake()
    return to(f"/drafts/{identifier}")


def _undecided(session: Session, caller: Caller, identifier: str) -> Draft:
    """A draft that waits for this reviewer."""
    draft = draft_of(session, caller.account, identifier)
    if draft.account == caller.account.id:
        raise Problem(403, "own_draft")
    if draft.review != "submitted" or draft.state != "done" or draft.unit != caller.account.unit:
        raise Problem(409, "not_now")
    return draft
