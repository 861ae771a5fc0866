"""全库自查: the collection against itself: what the last scan found, its hour, a scan right now."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from dedup.serve import choices, log
from dedup.serve.access import Reading, Writing
from dedup.serve.pages.document import address_of
from dedup.serve.pages.page import Administrator, page, to
from dedup.serve.problems import Problem
from dedup.serve.rest import own_policy
from dedup.serve.scans import REPORT, last_summary, pairs_to_act_on, want_scan
from dedup.serve.words import language_of

router = APIRouter()


@router.get("/scan")
def scan_page(
    request: Request, caller: Administrator, session: Reading, moved: str = "", undo: str = ""
) -> HTMLResponse:
    """What the last scan found, and how far one that goes on is."""
    scans = request.app.state.scans
    corpus = request.app.state.service.settings.corpus
    return page(
        request,
        "scan.html",
        caller,
        summary=last_summary(scans.folder),
        pairs=pairs_to_act_on(scans.folder, lambda path: (corpus / path).is_file()),
        page_there=(scans.folder / REPORT).is_file(),
        progress=scans.progress,
        wanted=bool(choices.choice(session, "scan.wanted")),
        problem=scans.problem.line(language_of(request)) if scans.problem else "",
        hour=choices.choice(session, "scan.hour"),
        document=address_of,
        moved=moved,
        undo=undo,
    )


@router.get("/scan/report")
def scan_report(request: Request, caller: Administrator) -> Response:
    """The whole page of the last scan: groups of paragraphs, pairs side by side, who was first."""
    path = request.app.state.scans.folder / REPORT
    if not path.is_file():
        raise Problem(404, "nothing_here")
    with open(path, encoding="utf-8") as file:
        policy = own_policy(file.read(4096))
    return FileResponse(path, media_type="text/html; charset=utf-8", headers=policy)


@router.post("/scan")
def run_now(request: Request, caller: Administrator, session: Writing) -> Response:
    """Scan now."""
    want_scan(session)
    log.note(session, caller.account.id, "scan.wanted")
    session.commit()
    request.app.state.scans.wake()
    return to("/scan")


@router.post("/scan/hour")
def set_hour(caller: Administrator, session: Writing, hour: Annotated[str, Form()] = "") -> Response:
    """Set the hour of the nightly scan; none switches it off."""
    if hour and not (hour.isdecimal() and hour.isascii() and int(hour) < 24):
        raise Problem(422, "invalid")
    choices.choose(session, "scan.hour", hour)
    log.note(session, caller.account.id, "scan.hour", hour)
    return to("/scan")
