"""Drafts between writer and reviewer: handed in, waiting, decided upon passage by passage and as a whole."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dedup.serve import decisions, log
from dedup.serve.access import draft_of
from dedup.serve.drafts import check_again, forget_decisions
from dedup.serve.problems import Problem
from dedup.serve.tables import Account, Draft, PassageDecision

Outcome = Literal["accepted", "returned"]

LONGEST_COMMENT = 4000


def own_draft(session: Session, caller: Account, identifier: str) -> Draft:
    """A draft of the caller's own. Raises Problem 403 for one that he may only read, else 404."""
    draft = draft_of(session, caller, identifier)
    if draft.account != caller.id:
        raise Problem(403, "role")
    return draft


def name_of(session: Session, account: str) -> str:
    """The name of an account, such as that which decided upon a draft; empty for none."""
    found = session.get(Account, account) if account else None
    return found.name if found else ""


def has_reviewer(session: Session, draft: Draft) -> bool:
    """Tell whether somebody else may review a draft once it is handed in."""
    others = (
        Account.role == "reviewer",
        Account.active,
        Account.unit == draft.unit,
        Account.id != draft.account,
    )
    return session.scalar(select(Account.id).where(*others).limit(1)) is not None


def delete(session: Session, caller: Account, identifier: str) -> None:
    """Delete a draft of the caller's own with its report."""
    session.delete(own_draft(session, caller, identifier))
    session.flush()
    forget_decisions(session)
    log.note(session, caller.id, "draft.deleted", identifier)


def hand_in(session: Session, caller: Account, identifier: str) -> Draft:
    """Hand a checked draft of the caller's own to the reviewers of its unit, instead of any other version."""
    draft = own_draft(session, caller, identifier)
    if draft.state != "done" or draft.review in ("submitted", "accepted"):
        raise Problem(409, "not_now")
    waiting_too = (Draft.thread == draft.thread, Draft.account == caller.id, Draft.review == "submitted")
    for other in session.scalars(select(Draft).where(*waiting_too)):
        other.review = ""
        log.note(session, caller.id, "review.superseded", other.id)
    draft.review, draft.comment, draft.reviewer = "submitted", "", ""
    log.note(session, caller.id, "review.submitted", identifier)
    return draft


def waiting(session: Session, caller: Account) -> list[tuple[Draft, str]]:
    """The drafts that wait for a reviewer of the caller's unit, each with its writer, the oldest first."""
    chosen = _with_writers(caller).where(Draft.review == "submitted")
    return [(draft, name) for draft, name in session.execute(chosen.order_by(Draft.created))]


def decided(session: Session, caller: Account, most: int) -> list[tuple[Draft, str]]:
    """The drafts of the caller's unit that were decided upon, each with its writer, the newest first."""
    chosen = _with_writers(caller).where(Draft.review.in_(("returned", "accepted")))
    rows = session.execute(chosen.order_by(Draft.created.desc()).limit(most))
    return [(draft, name) for draft, name in rows]


def _with_writers(caller: Account) -> Select[Draft, str]:
    chosen = select(Draft, Account.name).join(Account, Account.id == Draft.account)
    return chosen.where(Draft.unit == caller.unit)


def decide(session: Session, caller: Account, identifier: str, outcome: str, comment: str) -> Draft:
    """Accept a draft that waits, or hand it back with a comment."""
    comment = comment.strip()[:LONGEST_COMMENT]
    draft = draft_of(session, caller, identifier)
    if outcome not in ("accepted", "returned") or draft.unit != caller.unit:
        raise Problem(422, "invalid")
    if draft.review != "submitted":
        raise Problem(409, "not_now")
    if draft.account == caller.id:
        raise Problem(403, "own_draft")
    if outcome == "returned" and not comment:
        raise Problem(422, "no_comment")
    draft.review, draft.comment, draft.reviewer = outcome, comment, caller.id
    log.note(session, caller.id, f"review.{outcome}", identifier)
    return draft


def decide_passage(
    session: Session, caller: Account, identifier: str, key: str, ruling: str, reason: str
) -> Draft:
    """Decide about one passage of a draft that waits, with a reason; the draft is checked again."""
    draft = _undecided(session, caller, identifier)
    decisions.decide(session, caller, draft, key, ruling, reason.strip()[:LONGEST_COMMENT])
    check_again(session, draft)
    log.note(session, caller.id, f"passage.{ruling}", identifier)
    return draft


def take_back(session: Session, caller: Account, identifier: str, decision: str) -> Draft:
    """Take back a decision about a passage; the draft is checked again."""
    draft = _undecided(session, caller, identifier)
    kept = session.get(PassageDecision, decision)
    if kept is None or kept.thread != draft.thread:
        raise Problem(404, "nothing_here")
    session.delete(kept)
    check_again(session, draft)
    log.note(session, caller.id, "passage.undone", identifier)
    return draft


def _undecided(session: Session, caller: Account, identifier: str) -> Draft:
    """A draft that waits for this reviewer."""
    draft = draft_of(session, caller, identifier)
    if draft.account == caller.id:
        raise Problem(403, "own_draft")
    if draft.review != "submitted" or draft.state != "done" or draft.unit != caller.unit:
        raise Problem(409, "not_now")
    return draft
