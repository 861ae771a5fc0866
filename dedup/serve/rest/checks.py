"""Drafts: sent in, looked at, read as a report, deleted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Header, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from dedup.serve import review
from dedup.serve.access import Caller, Reading, Writing, draft_of, kind_of, visible
from dedup.serve.disclosure import reader_of
from dedup.serve.drafts import count_ahead, receive
from dedup.serve.exports import MEDIA, exported, markable, rendered
from dedup.serve.kept import reports_of
from dedup.serve.problems import Problem, described
from dedup.serve.rest.events import ended, looking, watched
from dedup.serve.rest.route import FILES, Checking, Looking, Record, Sent, routes
from dedup.serve.tables import Account, Draft
from dedup.serve.uploads import body_of, pasted, sent_as_body, uploaded
from dedup.serve.versions import Row, compared, two_versions
from dedup.serve.words import why

router = routes("checks")

_LONGEST_WAIT = 60.0
_LONGEST_KEY = 80
_PAGE = 100
_LATEST = 1e12


class Check(Record):
    """A draft, how far its check is, and what became of it."""

    id: str
    name: str
    state: Literal["queued", "running", "done", "failed"]
    ahead: int
    """Drafts that are checked before it."""
    created: float
    level: str
    copied_ratio: float
    problem: str
    thread: str
    """The identifier of its first version."""
    batch: str
    """Of the drafts that came together with it; empty for one that came alone."""
    unit: str
    review: Literal["", "submitted", "returned", "accepted"]
    reviewer: str
    """The name of who decided upon it; empty while nobody did."""
    comment: str


class Text(Sent):
    """A draft as plain text."""

    text: str
    name: str = "draft.txt"


def as_check(session: Session, draft: Draft, request: Request) -> Check:
    """A draft as programs see it."""
    told = {
        **vars(draft),
        "ahead": count_ahead(session, draft),
        "copied_ratio": draft.ratio,
        "problem": why(draft.problem, request),
        "reviewer": review.name_of(session, draft.reviewer),
    }
    return Check.model_validate(told)


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Text.model_json_schema()},
            "multipart/form-data": {"schema": FILES},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post("/checks", status_code=202, openapi_extra=_BODY, responses=described(409, 413, 415, 507))
async def submit(
    request: Request,
    caller: Checking,
    wait: Annotated[float, Query(ge=0, le=_LONGEST_WAIT)] = 0,
    version_of: str = "",
    name: str = "draft.txt",
    idempotency_key: Annotated[str, Header(max_length=_LONGEST_KEY)] = "",
) -> list[Check]:
    """Send in files, a file as the body (its name in `name`), or `{"text": …}`.

    With `version_of`, the identifier of a draft of one's own, it is the next version of that. With the
    header `Idempotency-Key` the same submission twice is one. The answer comes at once, or with `wait` as
    soon as all is checked, after so many seconds at the latest.
    """
    files = await _files(request, name)

    def taken_in() -> list[Check]:
        with request.app.state.database.writing() as session:
            drafts = receive(session, caller.account, files, version_of=version_of, request=idempotency_key)
            session.flush()
            return [as_check(session, draft, request) for draft in drafts]

    checks = await asyncio.to_thread(taken_in)
    request.app.state.desk.wake(len(checks))
    if wait:
        deadline = time.monotonic() + wait
        looks = [(check.id, _looking(request, caller, check.id)) for check in checks]
        checks = [await ended(request, identifier, look, deadline) for identifier, look in looks]
    return checks


async def _files(request: Request, name: str) -> list[tuple[str, bytes]]:
    kind = kind_of(request)
    if kind == "multipart/form-data":
        return await uploaded(request)
    if kind == "application/octet-stream":
        return [await sent_as_body(request, name)]
    try:
        written = Text.model_validate_json(await body_of(request))
    except ValueError:
        raise Problem(422, "invalid", fields=("body",)) from None
    return [pasted(request, written.text, written.name)]


def _looking(request: Request, caller: Caller, identifier: str) -> Callable[[], Check]:
    def find(session: Session, account: Account) -> Check:
        return as_check(session, draft_of(session, account, identifier), request)

    return looking(request, caller, find)


@router.get("/checks")
def list_checks(
    request: Request,
    caller: Looking,
    session: Reading,
    before: Annotated[float, Query(ge=0, le=_LATEST)] = _LATEST,
    thread: str = "",
    batch: str = "",
) -> list[Check]:
    """The newest checks that the caller may see, of one `thread` of versions or one `batch` if that is named.

    Further ones are those `before` the last one's `created`.
    """
    chosen = select(Draft).where(visible(caller.account), Draft.created < before)
    if thread:
        chosen = chosen.where(Draft.thread == thread)
    if batch:
        chosen = chosen.where(Draft.batch == batch)
    found = session.scalars(chosen.order_by(Draft.created.desc()).limit(_PAGE))
    return [as_check(session, draft, request) for draft in found]


@router.get("/checks/{identifier}")
def one_check(identifier: str, request: Request, caller: Looking, session: Reading) -> Check:
    """How far a check is, and what became of the draft."""
    return as_check(session, draft_of(session, caller.account, identifier), request)


_REPORT: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in MEDIA.values()}}}


@router.get("/checks/{identifier}/report", responses={**described(409), **_REPORT})
def report(
    identifier: str,
    request: Request,
    caller: Looking,
    session: Reading,
    format: Literal["json", "html", "docx", "markdown", "csv", "sarif", "terminal"] = "json",
    part: int = 0,
) -> Response:
    """The report, as `dedup check --format` writes it; `part` counts the documents of an archive.

    Of a source whose text is protected a writer gets the characters that his draft holds too, each other one
    as □.
    """
    draft = draft_of(session, caller.account, identifier)
    return rendered(reader_of(request, caller, session), draft, format, part)


@router.get(
    "/checks/{identifier}/marked",
    response_class=Response,
    responses={**described(409), 200: {"content": {MEDIA["docx"]: {}, "application/pdf": {}}}},
)
def marked(identifier: str, request: Request, caller: Looking, session: Reading) -> Response:
    """The draft itself, a Word document or a PDF, with its passages marked in a copy of it."""
    draft = draft_of(session, caller.account, identifier)
    suffix = markable(draft)
    if not suffix:
        raise Problem(409, "not_marked")
    return exported(reader_of(request, caller, session), request.app.state.checkers, draft, suffix, 0)


class Paragraph(Record):
    """A paragraph that differs: one that was added has no `before`, one that was removed no `after`."""

    change: Literal["changed", "added", "removed"]
    before: str
    after: str


class Changed(Record):
    """What became of a document from one version to the other."""

    document: str
    paragraphs: dict[str, int]
    """How many were `changed`, `added`, `removed`, and how many are the `same`."""
    differing: list[Paragraph]
    """In the order of the text."""
    too_long: bool
    """Whether the paragraphs were not compared, for there are too many."""
    gone: list[str]
    """The reused passages, by the text that the draft has of each."""
    came: list[str]
    stayed: list[str]


@router.get("/checks/{identifier}/since/{earlier}", responses=described(409))
def changes(identifier: str, earlier: str, caller: Looking, session: Reading) -> list[Changed]:
    """What changed from an earlier version of a draft to this one."""
    before, after = two_versions(session, caller.account, earlier, identifier)
    found = []
    for was, now in zip(reports_of(before), reports_of(after), strict=False):
        one = compared(was, now)
        counts = {str(change): count for change, count in one.counts.items()}
        differing = [
            Paragraph(
                change=row.change,
                before="".join(part.left for part in row.parts),
                after="".join(part.right for part in row.parts),
            )
            for row in one.rows
            if isinstance(row, Row) and row.change != "same"
        ]
        found.append(
            Changed(
                document=now.submission.name,
                paragraphs=counts,
                differing=differing,
                too_long=one.too_long,
                gone=[passage.text for passage in one.gone],
                came=[passage.text for passage in one.came],
                stayed=[passage.text for passage in one.stayed],
            )
        )
    return found


@router.get("/checks/{identifier}/events", response_class=StreamingResponse)
async def watch_check(identifier: str, request: Request, caller: Looking) -> StreamingResponse:
    """The states of a check as they come (server-sent events); the stream ends with `done` or `failed`."""
    return await watched(request, identifier, _looking(request, caller, identifier))


@router.delete("/checks/{identifier}", status_code=204)
def delete_check(identifier: str, caller: Checking, session: Writing) -> Response:
    """Delete a draft of one's own with its report."""
    review.delete(session, caller.account, identifier)
    return Response(status_code=204)
