"""范文库 · 一篇: whose a document is, under which terms, and who else has its paragraphs."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dedup.serve import choices
from dedup.serve.access import Reading, service_of
from dedup.serve.pages.page import Anyone, page
from dedup.serve.problems import Problem
from dedup.serve.provenance import provenance, shelved

router = APIRouter()


@router.get("/collection/document")
def document_page(request: Request, caller: Anyone, session: Reading, path: str) -> HTMLResponse:
    """What is known of a document; an administrator also sees what the last scan found of it elsewhere."""
    service, shelves = service_of(request), request.app.state.shelves
    parts = [one for one in shelves.catalogue().documents if one.path == path]
    if not parts:
        raise Problem(404, "no_file_there")
    [first, *others] = shelved(service, shelves, parts, caller.account.unit)
    keeps = caller.account.role == "admin"
    results = request.app.state.scans.folder
    return page(
        request,
        "document.html",
        caller,
        one=first,
        others=others,
        found=provenance(results, service.settings.corpus, path) if keeps else None,
        document=address_of,
        given=bool(first.info.given.template),
        flagged=path in choices.templates(session),
    )


def address_of(path: str) -> str:
    """The address of a document's page."""
    return f"/collection/document?{urlencode({'path': path})}"
