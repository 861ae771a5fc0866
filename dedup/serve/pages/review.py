"""待审: the reviewer's queue, and what he decides."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dedup.serve import review
from dedup.serve.access import Reading, Writing, waking
from dedup.serve.pages.page import Field, Reviewer, page, to

router = APIRouter()

_DECIDED = 30
"""Drafts that were decided upon are shown so many."""


@router.get("/review")
def queue(request: Request, caller: Reviewer, session: Reading) -> HTMLResponse:
    """The drafts of the reviewer's unit that wait for a decision, the oldest first, and the last decided."""
    waiting = review.waiting(session, caller.account)
    decided = review.decided(session, caller.account, _DECIDED)
    return page(request, "review.html", caller, waiting=waiting, decided=decided)


@router.post("/drafts/{identifier}/decide")
def decide(
    identifier: str, caller: Reviewer, session: Writing, decision: Field = "", comment: Field = ""
) -> Response:
    """Accept a draft, or hand it back with a comment."""
    review.decide(session, caller.account, identifier, decision, comment)
    return to("/review")


@router.post("/drafts/{identifier}/passages", dependencies=[waking("desk")])
def decide_passage(
    identifier: str,
    caller: Reviewer,
    session: Writing,
    passage: Field = "",
    ruling: Field = "",
    reason: Field = "",
) -> Response:
    """Decide about one passage of a draft that waits for it, with a reason; its report is made anew."""
    review.decide_passage(session, caller.account, identifier, passage, ruling, reason)
    return to(f"/drafts/{identifier}")


@router.post("/drafts/{identifier}/passages/{decision}/undo", dependencies=[waking("desk")])
def undo_decision(identifier: str, decision: str, caller: Reviewer, session: Writing) -> Response:
    """Take back a decision about a passage."""
    review.take_back(session, caller.account, identifier, decision)
    return to(f"/drafts/{identifier}")
