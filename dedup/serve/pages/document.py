"""范文库 · 一篇: whose a document is, under which terms, and who else has its paragraphs."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dedup.serve import staff
from dedup.serve.access import Reading
from dedup.serve.pages.page import Anyone, page
from dedup.serve.provenance import known_of

router = APIRouter()


@router.get("/collection/document")
def document_page(request: Request, caller: Anyone, session: Reading, path: str) -> HTMLResponse:
    """What is known of a document; an administrator also sees what the last scan found of it elsewhere."""
    known = known_of(session, request.app.state, caller.account, path)
    [first, *others] = known.parts
    return page(
        request,
        "document.html",
        caller,
        one=first,
        others=others,
        found=known.found,
        withdrawn=known.kept,
        names=staff.names(session) if known.kept else {},
        document=address_of,
        given=bool(first.info.given.template),
        flagged=known.flagged,
        templates=[path] if known.flagged else [],
    )


def address_of(path: str) -> str:
    """The address of a document's page."""
    return f"/collection/document?{urlencode({'path': path})}"
