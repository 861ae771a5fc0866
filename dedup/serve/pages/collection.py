"""范文库: the documents of the collection; an administrator adds, replaces, withdraws and brings back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from dedup.index.index import PartInfo
from dedup.serve import collection as files
from dedup.serve import log
from dedup.serve.access import Caller, Reading, service_of
from dedup.serve.pages.document import address_of
from dedup.serve.pages.page import Administrator, Anyone, page, to
from dedup.serve.problems import Problem
from dedup.serve.provenance import shelved
from dedup.serve.rest import uploaded
from dedup.serve.service import Service
from dedup.serve.tables import Account
from dedup.serve.words import language_of

router = APIRouter()

_PER_PAGE = 50
_BACK = ("/collection", "/scan")
_ONLY: dict[str, Callable[[PartInfo], bool]] = {
    "notice": lambda one: one.notice is not None and one.notice.no_copying,
    "template": lambda one: bool(one.given.template),
}
"""Which documents are listed, by what was chosen; all for anything else."""


@router.get("/collection")
def collection(
    request: Request,
    caller: Anyone,
    session: Reading,
    q: str = "",
    only: str = "",
    start: int = 0,
    moved: str = "",
    undo: str = "",
) -> HTMLResponse:
    """The documents of the collection, those whose title or path holds `q`; and what could not be read."""
    shelves = request.app.state.shelves
    catalogue = shelves.catalogue()
    wanted = q.strip().lower()
    found = [one for one in catalogue.documents if wanted in f"{one.title}\n{one.path}".lower()]
    if only in _ONLY:
        found = [one for one in found if _ONLY[only](one)]
    keeps = caller.account.role == "admin"
    start = max(0, start)
    more, unit = start + _PER_PAGE < len(found), caller.account.unit
    return page(
        request,
        "collection.html",
        caller,
        documents=shelved(service_of(request), shelves, found[start : start + _PER_PAGE], unit),
        document=address_of,
        count=len(found),
        query=q,
        only=only,
        moved=moved,
        undo=undo,
        further=urlencode({"q": q, "only": only, "start": start + _PER_PAGE}) if more else "",
        skipped=[(one.path, one.why(language_of(request))) for one in catalogue.skipped[:_PER_PAGE]],
        skipped_count=len(catalogue.skipped),
        withdrawn=files.withdrawn(service_of(request))[:_PER_PAGE] if keeps else [],
        names={one.id: one.name for one in session.scalars(select(Account))} if keeps else {},
    )


@router.post("/collection")
async def add(request: Request, caller: Administrator) -> Response:
    """Add documents; one that is there already is not written over."""
    sent = await uploaded(request)

    def added(service: Service) -> str:
        paths = [files.add(service, name, content) for name, content in sent]
        return paths[0] if len(paths) == 1 else str(len(paths))

    return await asyncio.to_thread(_changed, request, caller, "added", added)


@router.post("/collection/replace")
async def replace(request: Request, caller: Administrator) -> Response:
    """Put another content in the place of a document, which is kept."""
    [(_, content), *_] = await uploaded(request)
    path = str((await request.form()).get("path", ""))

    def replaced(service: Service) -> str:
        files.replace(service, path, content, caller.account.id)
        return path

    return await asyncio.to_thread(_changed, request, caller, "replaced", replaced)


@router.post("/collection/withdraw")
async def withdraw(request: Request, caller: Administrator) -> Response:
    """Take a document out of the collection; it is kept, and can be brought back."""
    form = await request.form()
    path, back = str(form.get("path", "")), str(form.get("back", ""))

    def withdrawn(service: Service) -> str:
        files.withdraw(service, path, caller.account.id)
        return path

    return await asyncio.to_thread(_changed, request, caller, "withdrawn", withdrawn, back)


@router.post("/collection/withdrawn/{identifier}/back")
def bring_back(identifier: str, request: Request, caller: Administrator) -> Response:
    """Put a withdrawn document back where it stood."""
    by = caller.account.id
    return _changed(
        request, caller, "brought_back", lambda service: files.bring_back(service, identifier, by)
    )


def _changed(
    request: Request, caller: Caller, action: str, change: Callable[[Service], str], back: str = ""
) -> Response:
    """Change the collection, write that down, and have the index follow."""
    service = service_of(request)
    try:
        path = change(service)
    except Problem:
        request.app.state.keeper.refresh()  # some of several may have been added
        raise
    with request.app.state.database.writing() as session:
        log.note(session, caller.account.id, f"collection.{action}", path)
    request.app.state.keeper.refresh()
    place = back if back in _BACK else _BACK[0]
    return to(f"{place}?{urlencode({'moved': action})}")
