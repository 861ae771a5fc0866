"""范文库: the documents of the collection."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dedup.serve.pages.page import Anyone, page
from dedup.serve.words import language_of

router = APIRouter()


@router.get("/collection")
def collection(request: Request, caller: Anyone, q: str = "") -> HTMLResponse:
    """The documents of the collection, those whose title or path holds `q`; and what could not be read."""
    from dedup.index import open_index

    settings = request.app.state.service.settings
    with open_index(settings.corpus, settings.index, settings, refresh=False) as index:
        wanted = q.strip().lower()
        found = [one for one in index.documents() if wanted in f"{one.title}\n{one.path}".lower()]
        skipped = [(one.path, one.why(language_of(request))) for one in index.skipped]
    return page(
        request, "collection.html", caller, documents=found[:500], count=len(found), query=q, skipped=skipped
    )
