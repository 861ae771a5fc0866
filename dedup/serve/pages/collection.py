"""范文库: the documents of the collection; an administrator adds, replaces, withdraws and brings back."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from dedup.serve import choices, staff
from dedup.serve import collection as files
from dedup.serve.access import Reading, Writing, service_of
from dedup.serve.pages.document import address_of
from dedup.serve.pages.page import Administrator, Anyone, Field, page, to
from dedup.serve.provenance import shelved
from dedup.serve.uploads import uploaded
from dedup.serve.words import language_of

router = APIRouter()

_PER_PAGE = 50
_BACK = ("/collection", "/scan")


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
    templates = choices.templates(session)
    found = catalogue.search(q, only, templates)
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
        templates=templates,
        moved=moved,
        undo=undo if keeps and files.can_be_undone(service_of(request), undo) else "",
        further=urlencode({"q": q, "only": only, "start": start + _PER_PAGE}) if more else "",
        skipped=[
            (one.path, one.why(language_of(request)), keeps and files.stands(service_of(request), one.path))
            for one in catalogue.skipped[:_PER_PAGE]
        ],
        skipped_count=len(catalogue.skipped),
        withdrawn=files.withdrawn(service_of(request))[:_PER_PAGE] if keeps else [],
        names=staff.names(session) if keeps else {},
    )


@router.post("/collection")
async def add(request: Request, caller: Administrator) -> Response:
    """Add documents; one that is there already is not written over."""
    await asyncio.to_thread(files.add_all, request, caller.account, await uploaded(request))
    return _moved("added")


@router.post("/collection/replace")
async def replace(request: Request, caller: Administrator) -> Response:
    """Put another content in the place of a document, which is kept."""
    [(_, content), *_] = await uploaded(request)
    path = str((await request.form()).get("path", ""))
    await asyncio.to_thread(files.replace_one, request, caller.account, path, content)
    return _moved("replaced")


@router.post("/collection/withdraw")
def withdraw(request: Request, caller: Administrator, path: Field = "", back: Field = "") -> Response:
    """Take a document out of the collection; it is kept, and can be brought back."""
    with files.recorded(request, caller.account, "withdrawn") as told:
        kept = files.withdraw(service_of(request), path, caller.account.id)
        told.append(path)
    return _moved("withdrawn", back, kept.id)


@router.post("/collection/withdrawn/{identifier}/back")
def bring_back(identifier: str, request: Request, caller: Administrator, back: Field = "") -> Response:
    """Put a withdrawn document back where it stood."""
    with files.recorded(request, caller.account, "brought_back") as told:
        told.append(files.bring_back(service_of(request), identifier, caller.account.id))
    return _moved("brought_back", back)


@router.post("/collection/template")
def flag_template(
    request: Request,
    caller: Administrator,
    session: Writing,
    path: Field,
    flagged: Annotated[bool, Form()] = False,
) -> Response:
    """Call a document a template, whose text never counts as copied, or call it one no longer."""
    files.demand_document(service_of(request), path)
    choices.flag_template(session, caller.account, path, flagged=flagged)
    return to(address_of(path))


def _moved(action: files.Action, back: str = "", undo: str = "") -> Response:
    place = back if back in _BACK else _BACK[0]
    facts = {"moved": action, "undo": undo} if undo else {"moved": action}
    return to(f"{place}?{urlencode(facts)}")
