"""Drafts between writer and reviewer: handed in, waiting, decided upon."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Request
from pydantic import Field

from dedup.passage import Ruling
from dedup.serve import decisions, review
from dedup.serve.access import Reading, Writing, draft_of, waking
from dedup.serve.kept import reports_of
from dedup.serve.problems import described
from dedup.serve.rest.checks import Check, as_check
from dedup.serve.rest.route import Checking, Looking, ReadingReviews, Record, Reviewing, Sent, routes

router = routes("review")

_MOST = 100


class Waiting(Record):
    """A draft that waits for a reviewer, or did."""

    check: Check
    writer: str


class Outcome(Sent):
    """What becomes of a draft; handed back it wants a comment."""

    decision: Literal["accepted", "returned"]
    comment: Annotated[str, Field(max_length=review.LONGEST_COMMENT)] = ""


class OpenPassage(Record):
    """A passage that can be decided upon. Offsets count code points of the draft's plain text."""

    passage: str
    """What names it in a decision."""
    start: int
    end: int
    status: str
    source: str
    text: str
    """The draft's own."""


class Verdict(Sent):
    """A decision about a passage, and why."""

    passage: str
    ruling: Ruling
    reason: Annotated[str, Field(min_length=1, max_length=review.LONGEST_COMMENT)]


class KeptDecision(Record):
    """A decision that was made about a passage of this draft or an earlier version of it."""

    id: str
    ruling: str
    reason: str
    by: str
    created: float
    source: str
    excerpt: str


@router.post("/checks/{identifier}/submission", responses=described(409))
def hand_in(identifier: str, request: Request, caller: Checking, session: Writing) -> Check:
    """Hand a checked draft of one's own to the reviewers of the unit."""
    return as_check(session, review.hand_in(session, caller.account, identifier), request)


@router.get("/reviews")
def list_reviews(request: Request, caller: ReadingReviews, session: Reading) -> list[Waiting]:
    """What waits for a decision in the reviewer's unit, the oldest first."""
    found = review.waiting(session, caller.account)
    return [Waiting(check=as_check(session, draft, request), writer=writer) for draft, writer in found]


@router.get("/reviews/decided")
def list_decided(
    request: Request,
    caller: ReadingReviews,
    session: Reading,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _MOST,
) -> list[Waiting]:
    """What was accepted or handed back in the reviewer's unit, the draft that came last first."""
    found = review.decided(session, caller.account, limit)
    return [Waiting(check=as_check(session, draft, request), writer=writer) for draft, writer in found]


@router.post("/checks/{identifier}/decision", responses=described(409))
def decide(identifier: str, outcome: Outcome, request: Request, caller: Reviewing, session: Writing) -> Check:
    """Accept a draft, or hand it back with a comment."""
    draft = review.decide(session, caller.account, identifier, outcome.decision, outcome.comment)
    return as_check(session, draft, request)


@router.get("/checks/{identifier}/passages")
def list_passages(identifier: str, caller: Looking, session: Reading) -> list[OpenPassage]:
    """The passages of a checked draft that can be decided upon."""
    draft = draft_of(session, caller.account, identifier)
    return [
        OpenPassage(
            passage=one.key,
            start=one.passage.start,
            end=one.passage.end,
            status=one.passage.status,
            source=one.passage.source,
            text=one.passage.text,
        )
        for one in decisions.to_decide(reports_of(draft))
    ]


@router.get("/checks/{identifier}/decisions")
def list_decisions(identifier: str, caller: Looking, session: Reading) -> list[KeptDecision]:
    """The decisions about passages of a draft and of its other versions."""
    draft = draft_of(session, caller.account, identifier)
    found = decisions.of_thread(session, draft.thread)
    return [KeptDecision.model_validate({**vars(one), "by": name}) for one, name in found]


@router.post(
    "/checks/{identifier}/decisions",
    status_code=202,
    responses=described(409),
    dependencies=[waking("desk")],
)
def decide_passage(
    identifier: str, verdict: Verdict, request: Request, caller: Reviewing, session: Writing
) -> Check:
    """Decide about a passage of a draft that waits, with a reason; the draft is checked again."""
    by, key, ruling, reason = caller.account, verdict.passage, verdict.ruling, verdict.reason
    draft = review.decide_passage(session, by, identifier, key, ruling, reason)
    return as_check(session, draft, request)


@router.delete(
    "/checks/{identifier}/decisions/{decision}",
    status_code=202,
    responses=described(409),
    dependencies=[waking("desk")],
)
def take_back(identifier: str, decision: str, request: Request, caller: Reviewing, session: Writing) -> Check:
    """Take back a decision about a passage; the draft is checked again."""
    draft = review.take_back(session, caller.account, identifier, decision)
    return as_check(session, draft, request)
