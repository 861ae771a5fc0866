"""全库自查: the collection against itself: what the last scan found, its hour, a scan right now."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dedup.serve import jobs
from dedup.serve.access import Reading, Writing, waking
from dedup.serve.collection import can_be_undone
from dedup.serve.nightly import choose_hour, chosen_hour
from dedup.serve.pages.document import address_of
from dedup.serve.pages.page import Administrator, Field, page, to
from dedup.serve.scans import REPORT, last_summary, report_of, want_scan

router = APIRouter()


@router.get("/scan")
def scan_page(
    request: Request, caller: Administrator, session: Reading, moved: str = "", undo: str = ""
) -> HTMLResponse:
    """The results of the last scan, and how far one that goes on is."""
    scans = request.app.state.scans
    going_on, last = jobs.waiting(session, "scan"), jobs.last_ended(session, "scan")
    return page(
        request,
        "scan.html",
        caller,
        summary=last_summary(scans.folder),
        pairs=scans.pairs_to_act_on(),
        page_there=(scans.folder / REPORT).is_file(),
        progress=scans.progress(going_on.id) if going_on is not None else None,
        wanted=going_on is not None,
        problem=last.problem if last is not None else "",
        hour=chosen_hour(session),
        document=address_of,
        moved=moved,
        undo=undo if can_be_undone(request.app.state.service, undo) else "",
    )


@router.get("/scan/report")
def scan_report(request: Request, caller: Administrator) -> Response:
    """The whole page of the last scan: groups of paragraphs, pairs side by side, who was first."""
    return report_of(request.app.state.scans.folder)


@router.post("/scan", dependencies=[waking("scans")])
def run_now(caller: Administrator, session: Writing) -> Response:
    """Scan now."""
    want_scan(session, caller.account)
    return to("/scan")


@router.post("/scan/hour")
def set_hour(caller: Administrator, session: Writing, hour: Field = "") -> Response:
    """Set the hour of the nightly scan; none switches it off."""
    choose_hour(session, caller.account, hour)
    return to("/scan")
