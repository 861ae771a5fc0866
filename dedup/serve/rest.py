"""The interface for programs, version 1: the same as the pages do, as JSON."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from html import unescape
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse, Response, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy import func, select, text
from starlette.datastructures import UploadFile

from dedup.reports import FORMATS, View, format_named
from dedup.reports.check.json import as_dictionary
from dedup.serve import log
from dedup.serve.access import Caller, Reading, Writing, allowed, anybody, draft_of, visible
from dedup.serve.drafts import receive
from dedup.serve.kept import reports_of
from dedup.serve.problems import Problem, described
from dedup.serve.tables import Draft
from dedup.serve.words import language_of


def _operation(route: APIRoute) -> str:
    """The name that a client made from the description gives a call."""
    return route.name


router = APIRouter(
    prefix="/api/v1",
    tags=["checks"],
    generate_unique_id_function=_operation,
    responses=described(400, 401, 403, 404, 422, 429, 503),
)
open_router = APIRouter(tags=["service"], generate_unique_id_function=_operation, responses=described(503))

MEDIA = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "markdown": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "sarif": "application/sarif+json",
    "terminal": "text/plain; charset=utf-8",
}
_OWN_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')
_LOOK_AGAIN = 5.0
"""Seconds after which a draft that somebody waits for is looked at, though nobody said that it changed."""
_LONGEST_WAIT = 60.0
_ENDED = ("done", "failed")
_PAGE = 100

Checking = Annotated[Caller, Depends(allowed("writer", "reviewer", scope="check"))]
Looking = Annotated[Caller, Depends(allowed("writer", "reviewer", scope="read"))]


class Check(BaseModel):
    """A draft and how far its check is."""

    id: str
    name: str
    state: Literal["queued", "running", "done", "failed"]
    created: float
    level: str
    copied_ratio: float
    problem: str


class Text(BaseModel):
    """A draft as plain text."""

    text: str
    name: str = "draft.txt"


def as_check(draft: Draft, request: Request) -> Check:
    """A draft as programs see it."""
    from dedup.messages import text as said
    from dedup.messages import unpacked

    problem = said(unpacked(draft.problem), language_of(request)) if draft.problem else ""
    return Check(
        id=draft.id,
        name=draft.name,
        state=draft.state,  # type: ignore[arg-type]
        created=draft.created,
        level=draft.level,
        copied_ratio=draft.ratio,
        problem=problem,
    )


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Text.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


@router.post("/checks", status_code=202, openapi_extra=_BODY, responses=described(413, 507))
async def submit(
    request: Request, caller: Checking, wait: Annotated[float, Query(ge=0, le=_LONGEST_WAIT)] = 0
) -> list[Check]:
    """Hand in a file, or `{"text": …}`. With `Idempotency-Key`, the same submission twice is one.

    The answer comes at once, or with `wait` as soon as all is checked, after so many seconds at the latest.
    """
    files = await _files(request)
    key = request.headers.get("idempotency-key", "")[:80]

    def taken_in() -> list[Check]:
        with request.app.state.database.writing() as session:
            drafts = receive(session, caller.account, files, request=key)
            return [as_check(draft, request) for draft in drafts]

    checks = await asyncio.to_thread(taken_in)
    request.app.state.desk.wake()
    if wait:
        deadline = time.monotonic() + wait
        checks = [await _waited(request, caller, check, deadline) for check in checks]
    return checks


async def _files(request: Request) -> list[tuple[str, bytes]]:
    kind = request.headers.get("content-type", "").split(";")[0]
    if kind == "multipart/form-data":
        return await uploaded(request)
    try:
        written = Text.model_validate_json(await request.body())
    except ValueError:
        raise Problem(422, "invalid") from None
    return [pasted(request, written.text, written.name)]


def pasted(request: Request, written: str, name: str) -> tuple[str, bytes]:
    """A pasted text as a file. Raises Problem for an empty or endless one."""
    if not written.strip():
        raise Problem(422, "empty")
    if len(written) > request.app.state.service.text_characters:
        raise Problem(413, "too_large")
    name = safe_name(name)
    name = name if name.endswith(".txt") else f"{name}.txt"
    return name, written.encode("utf-8", "replace")


async def uploaded(request: Request) -> list[tuple[str, bytes]]:
    """The files of a form, those without a name or content left out. Raises Problem where there is none."""
    form = await request.form()  # it was parsed for its token
    files = [
        (safe_name(one.filename), await one.read())
        for one in form.getlist("file")
        if isinstance(one, UploadFile) and one.filename
    ]
    if not files:
        raise Problem(422, "no_file")
    return files


def safe_name(name: str) -> str:
    """The last part of a name, without what steers a line or leaves a folder."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(one for one in last if one.isprintable())[-120:] or "draft.txt"


@router.get("/checks")
def list_checks(request: Request, caller: Looking, session: Reading, before: float = 1e12) -> list[Check]:
    """The newest checks that the caller may see; further ones are those `before` the last one's `created`."""
    chosen = select(Draft).where(visible(caller.account), Draft.created < before)
    found = session.scalars(chosen.order_by(Draft.created.desc()).limit(_PAGE))
    return [as_check(draft, request) for draft in found]


@router.get("/checks/{identifier}")
def one_check(identifier: str, request: Request, caller: Looking, session: Reading) -> Check:
    """How far a check is."""
    return as_check(draft_of(session, caller.account, identifier), request)


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
    """The report, as `dedup check --format` writes it; `part` counts the documents of an archive."""
    return rendered(draft_of(session, caller.account, identifier), format, part, language_of(request))


def rendered(draft: Draft, format_name: str, part: int, language: Any) -> Response:
    """A report in one of the formats, as an answer."""
    reports = reports_of(draft)
    if not reports:
        raise Problem(409, "not_checked")
    if not 0 <= part < len(reports) or format_name not in FORMATS:
        raise Problem(404, "nothing_here")
    if format_name == "json":
        return Response(
            json.dumps(as_dictionary(reports[part], language), ensure_ascii=False), media_type=MEDIA["json"]
        )
    content = format_named(format_name).render(reports[part], View(language, complete=True))
    answer = Response(content, media_type=MEDIA[format_name])
    if isinstance(content, str):
        answer.headers.update(own_policy(content))
    return answer


def own_policy(markup: str) -> dict[str, str]:
    """The header with the policy that a report names itself: the hashes of its style sheet and its script."""
    found = _OWN_POLICY.search(markup)
    return {"Content-Security-Policy": f"{unescape(found[1])}; frame-ancestors 'none'"} if found else {}


@router.get("/checks/{identifier}/events", response_class=StreamingResponse)
def watch_check(identifier: str, request: Request, caller: Looking, session: Reading) -> StreamingResponse:
    """The states of a check as they come (server-sent events); the stream ends with `done` or `failed`."""
    draft_of(session, caller.account, identifier)
    return StreamingResponse(_states(request, caller, identifier), media_type="text/event-stream")


async def _states(request: Request, caller: Caller, identifier: str) -> AsyncIterator[str]:
    told = ""
    with request.app.state.desk.bell.listening(identifier) as changed:
        while not await request.is_disconnected():
            try:
                check = await asyncio.to_thread(_look, request, caller, identifier)
            except Problem:  # it was deleted meanwhile
                return
            if check.state != told:
                told = check.state
                yield f"event: {told}\ndata: {check.model_dump_json()}\n\n"
            if told in _ENDED:
                return
            await _changed_or(changed, _LOOK_AGAIN)


def _look(request: Request, caller: Caller, identifier: str) -> Check:
    with request.app.state.database.reading() as session:
        return as_check(draft_of(session, caller.account, identifier), request)


async def _changed_or(changed: asyncio.Event, seconds: float) -> None:
    """Wait until somebody says that a draft changed, or so long."""
    with suppress(TimeoutError):
        await asyncio.wait_for(changed.wait(), seconds)
    changed.clear()


async def _waited(request: Request, caller: Caller, check: Check, deadline: float) -> Check:
    """A check when it has ended, or as it is at the deadline."""
    with request.app.state.desk.bell.listening(check.id) as changed:
        while True:
            check = await asyncio.to_thread(_look, request, caller, check.id)
            left = deadline - time.monotonic()
            if check.state in _ENDED or left <= 0:
                return check
            await _changed_or(changed, min(left, _LOOK_AGAIN))


@router.delete("/checks/{identifier}", status_code=204)
def delete_check(
    identifier: str,
    caller: Annotated[Caller, Depends(allowed("writer", "reviewer", scope="check"))],
    session: Writing,
) -> Response:
    """Delete a draft of one's own with its report."""
    draft = draft_of(session, caller.account, identifier)
    if draft.account != caller.account.id:
        raise Problem(403, "role")
    session.delete(draft)
    log.note(session, caller.account.id, "draft.deleted", identifier)
    return Response(status_code=204)


# ------------------------------------------------------------------------------------------ the service


@open_router.get("/health/live", dependencies=[Depends(anybody)])
def live() -> dict[str, str]:
    """Answers while the process does."""
    return {"status": "live"}


@open_router.get("/health/ready", dependencies=[Depends(anybody)])
def ready(request: Request, session: Reading) -> dict[str, str]:
    """Answers well once there is an index and while the database is there."""
    session.execute(text("SELECT 1"))
    if request.app.state.keeper.documents is None:
        raise Problem(503, "no_index", {"Retry-After": "5"})
    return {"status": "ready"}


@open_router.get("/metrics", dependencies=[Depends(anybody)], response_class=PlainTextResponse)
def metrics(request: Request, session: Reading) -> str:
    """Counts for Prometheus; nothing of any document, nobody's name."""
    counted = dict(session.execute(select(Draft.state, func.count()).group_by(Draft.state)).all())
    lines = ["# HELP dedup_drafts Drafts that are kept, by state.", "# TYPE dedup_drafts gauge"]
    lines += [
        f'dedup_drafts{{state="{state}"}} {counted.get(state, 0)}'
        for state in ("queued", "running", "done", "failed")
    ]
    documents = request.app.state.keeper.documents or 0
    lines += ["# HELP dedup_documents Documents of the index.", "# TYPE dedup_documents gauge"]
    lines += [f"dedup_documents {documents}", ""]
    return "\n".join(lines)
