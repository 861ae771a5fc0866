"""待审: the reviewer's queue, and what he decides."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dedup.serve import review
from dedup.serve.access import Reading
from dedup.serve.pages.page import Reviewer, page, to

router = APIRouter()

_DECIDED = 30
"""Drafts that were decided upon are shown so many."""


@router.get("/review")
def queue(request: Request, caller: Reviewer, session: Reading) -> HTMLResponse:
    """What waits for a decision in the reviewer's unit, the oldest first, and what was decided last."""
    waiting, decided = (
        review.waiting(session, caller.account),
        review.decided(session, caller.account, _DECIDED),
    )
    return page(request, "review.html", caller, waiting=waiting, decided=decided)


@router.post("/drafts/{identifier}/decide")
async def decide(identifier: str, request: Request, caller: Reviewer) -> Response:
    """Accept a draft, or hand it back with a comment."""
    form = await request.form()
    decision, comment = str(form.get("decision", "")), str(form.get("comment", ""))

    def decided() -> None:
        with request.app.state.database.writing() as session:
            review.decide(session, caller.account, identifier, decision, comment)

    await asyncio.to_thread(decided)
    return to("/review")


# ------------------------------------------------------------------------------------------ single passages


@router.post("/drafts/{identifier}/passages")
async def decide_passage(identifier: str, request: Request, caller: Reviewer) -> Response:
    """Decide about one passage of a draft that waits for it, with a reason; its report is made anew."""
    form = await request.form()
    key, ruling, reason = (str(form.get(name, "")) for name in ("passage", "ruling", "reason"))

    def decided() -> None:
        with request.app.state.database.writing() as session:
            review.decide_passage(session, caller.account, identifier, key, ruling, reason)

    await asyncio.to_thread(decided)
    request.app.state.desk.wake()
    return to(f"/drafts/{identifier}")


@router.post("/drafts/{identifier}/passages/{decision}/undo")
def undo_decision(identifier: str, decision: str, request: Request, caller: Reviewer) -> Response:
    """Take back a decision about a passage."""
    with request.app.state.database.writing() as session:
        review.take_back(session, caller.account, identifier, decision)
    request.app.state.desk.wake()
    return to(f"/drafts/{identifier}")
