"""查一份 and 我的文稿: a draft is handed in, its report read, its versions compared, sent to review."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from dedup.messages import Language
from dedup.model import Report
from dedup.reports.batch import html
from dedup.reports.check.reasons import verdict_in_words
from dedup.serve import decisions, review
from dedup.serve.access import Reading, Writing, draft_of
from dedup.serve.batches import count_unseen, count_waiting, drafts_of, side_by_side
from dedup.serve.disclosure import reader_of, reports_shown
from dedup.serve.drafts import count_ahead, receive
from dedup.serve.exports import exported, markable, writes_word
from dedup.serve.kept import reports_of
from dedup.serve.pages.page import Anyone, Writer, page, to
from dedup.serve.tables import Draft
from dedup.serve.uploads import pasted, uploaded
from dedup.serve.versions import compared, threads, two_versions, versions_of
from dedup.serve.words import language_of

router = APIRouter()

_PER_PAGE = 50
_LATEST = 1e12


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
def own_drafts(
    request: Request,
    caller: Writer,
    session: Reading,
    before: Annotated[float, Query(ge=0, le=_LATEST)] = _LATEST,
) -> HTMLResponse:
    """The caller's drafts with the course of their versions, the newest first."""
    found = threads(session, caller.account, before, _PER_PAGE)
    return page(request, "drafts.html", caller, threads=found, full=len(found) == _PER_PAGE)


@router.get("/batches/{batch}")
def batch_page(batch: str, request: Request, caller: Writer, session: Reading) -> HTMLResponse:
    """The drafts that were handed in together: how far they are, then the worst first and who shares what."""
    found = drafts_of(session, caller.account, batch)
    if waiting := count_waiting(found):
        return page(request, "batch.html", caller, drafts=found, waiting=waiting)
    language = language_of(request)
    unseen = count_unseen(session, found)
    overview, _, alone = side_by_side(found, reader_of(request, caller, session))
    return page(
        request,
        "batch.html",
        caller,
        waiting=0,
        counts=overview.counts,
        rows=Markup(html.rows(overview, language)),
        sources=Markup(html.sources(overview, language)),
        matrix=Markup(html.matrix(overview, language, most=len(found)))
        if len(found) > 1 or not unseen
        else "",
        alone=alone,
        skipped=[(one.path, one.why(language)) for one in overview.skipped],
        unseen=unseen,
    )


@router.get("/drafts/{identifier}")
def draft_page(identifier: str, request: Request, caller: Writer, session: Reading) -> HTMLResponse:
    """How far a draft is, its figures, its versions, what was decided."""
    draft = draft_of(session, caller.account, identifier)
    versions = versions_of(session, caller.account, draft)
    own, reader = draft.account == caller.account.id, reader_of(request, caller, session)
    deciding = not own and (draft.review, draft.state) == ("submitted", "done")
    reports = reports_shown(reader, draft, text=deciding)
    return page(
        request,
        "draft.html",
        caller,
        draft=draft,
        reports=[(one, verdict_in_words(one, reader.language)) for one in reports],
        deciding=deciding,
        passages=list(decisions.to_decide(reports)) if deciding else [],
        decided=decisions.of_thread(session, draft.thread),
        rulings=decisions.RULINGS,
        versions=versions,
        ahead=count_ahead(session, draft),
        marked=markable(draft),
        word=writes_word(),
        own=own,
        section="/drafts" if own else "/review",
        reviewer=review.name_of(session, draft.reviewer),
        writer=review.name_of(session, draft.account),
        unattended=own
        and draft.state == "done"
        and draft.review != "accepted"
        and not review.has_reviewer(session, draft),
        skipped=_skipped(reports, reader.language),
    )


def _skipped(reports: Iterable[Report], language: Language) -> list[tuple[str, str]]:
    """What of an archive could not be read, which each of its reports tells."""
    found = dict.fromkeys(one for report in reports for one in report.skipped)
    return [(one.path, one.why(language)) for one in found]


@router.get("/drafts/{identifier}/since/{earlier}")
def changes_page(
    identifier: str, earlier: str, request: Request, caller: Writer, session: Reading
) -> HTMLResponse:
    """What changed from one version of a draft to another, and what became of its passages."""
    before, after = two_versions(session, caller.account, earlier, identifier)
    found = zip(reports_of(before), reports_of(after), strict=False)
    return page(
        request,
        "changes.html",
        caller,
        before=before,
        after=after,
        versions=[one for one in versions_of(session, caller.account, after) if one.state == "done"],
        comparisons=[(now.submission.name, compared(was, now)) for was, now in found],
    )


@router.get("/drafts/{identifier}/report.{form}")
def report_page(
    identifier: str, form: str, request: Request, caller: Writer, session: Reading, part: int = 0
) -> Response:
    """The report to read (html) or to take away; a Word document or a PDF itself, marked (docx, pdf)."""
    draft = draft_of(session, caller.account, identifier)
    reader = reader_of(request, caller, session)
    return exported(reader, request.app.state.checkers, draft, form, part)


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
