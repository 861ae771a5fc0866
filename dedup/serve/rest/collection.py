"""The documents of the collection: listed, added, replaced, withdrawn, brought back, called templates."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Query, Request

from dedup.serve import choices
from dedup.serve import collection as files
from dedup.serve.access import Reading, Writing, service_of
from dedup.serve.problems import described
from dedup.serve.rest.route import FILES, Anybody, Collecting, Overlooking, Record, one_file, routes
from dedup.serve.uploads import sent_as_body, uploaded
from dedup.serve.words import language_of

router = routes("documents")

_CHANGES = described(409, 413, 507)
_MOST = 500

Path = Annotated[str, Query(description="Below the collection's folder, with `/`.")]


class Document(Record):
    """One document of the collection: a file, or a part of one. Its text is not given."""

    path: str
    part: str
    title: str
    characters: int
    unit: str
    date: str
    notice: str
    no_copying: bool
    """Whether the notice forbids copying."""
    template: bool


class Documents(Record):
    """Some of the documents that were looked for."""

    count: int
    """How many there are in all."""
    documents: list[Document]


class Unread(Record):
    """A file of the folder that is not in the index, and why."""

    path: str
    reason: str


class Withdrawn(Record):
    """A file that was withdrawn or replaced, and can be brought back."""

    id: str
    path: str
    time: float
    move: str


class Place(Record):
    """Where a file stands in the collection."""

    path: str


class Flag(Record):
    """Whether a document is a template, whose text never counts."""

    template: bool


@router.get("/documents")
def list_documents(
    request: Request,
    caller: Anybody,
    session: Reading,
    q: Annotated[str, Query(description="Stands in the title or the path.")] = "",
    start: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 50,
) -> Documents:
    """The documents of the collection."""
    found = request.app.state.shelves.catalogue().search(q)
    flagged = choices.templates(session)
    return Documents(
        count=len(found),
        documents=[
            Document(
                path=one.path,
                part=one.part_title,
                title=one.title,
                characters=one.characters,
                unit=one.given.unit,
                date=one.given.date,
                notice=one.notice.text if one.notice else "",
                no_copying=one.notice is not None and one.notice.no_copying,
                template=bool(one.given.template) or one.path in flagged,
            )
            for one in found[start : start + limit]
        ],
    )


@router.get("/documents/unread")
def list_unread(request: Request, caller: Anybody) -> list[Unread]:
    """The files of the folder that could not be read."""
    language = language_of(request)
    skipped = request.app.state.shelves.catalogue().skipped[:_MOST]
    return [Unread(path=one.path, reason=one.why(language)) for one in skipped]


_FORM = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FILES}}}}


@router.post("/documents", status_code=201, openapi_extra=_FORM, responses=_CHANGES)
async def add_documents(request: Request, caller: Collecting) -> list[Place]:
    """Add documents; one that is there already is not written over. The index follows."""
    sent = await uploaded(request)

    def added() -> list[Place]:
        with files.recorded(request, caller.account, "added") as told:
            for name, content in sent:
                told.append(files.add(service_of(request), name, content))
        return [Place(path=path) for path in told]

    return await asyncio.to_thread(added)


@router.put("/documents/content", openapi_extra=one_file(), responses=_CHANGES)
async def replace_document(request: Request, caller: Collecting, path: Path) -> Place:
    """Put another content in the place of a document, which is kept. The index follows."""
    _, content = await sent_as_body(request, path)

    def replaced() -> Place:
        with files.recorded(request, caller.account, "replaced") as told:
            files.replace(service_of(request), path, content, caller.account.id)
            told.append(path)
        return Place(path=path)

    return await asyncio.to_thread(replaced)


@router.delete("/documents", responses=_CHANGES)
def withdraw_document(request: Request, caller: Collecting, path: Path) -> Withdrawn:
    """Take a document out of the collection; it is kept, and can be brought back. The index follows."""
    with files.recorded(request, caller.account, "withdrawn") as told:
        kept = files.withdraw(service_of(request), path, caller.account.id)
        told.append(path)
    return Withdrawn(id=kept.id, path=kept.path, time=kept.time, move=kept.move)


@router.put("/documents/template")
def set_template(flag: Flag, request: Request, caller: Collecting, session: Writing, path: Path) -> Flag:
    """Call a document a template, or call it one no longer; what `corpus.toml` says holds besides."""
    files.demand_document(service_of(request), path)
    choices.flag_template(session, caller.account, path, flagged=flag.template)
    return flag


@router.get("/withdrawn")
def list_withdrawn(request: Request, caller: Overlooking) -> list[Withdrawn]:
    """The files that can be brought back, the last one first."""
    found = files.withdrawn(service_of(request))[:_MOST]
    return [Withdrawn(id=one.id, path=one.path, time=one.time, move=one.move) for one in found]


@router.post("/withdrawn/{identifier}/restoration", responses=_CHANGES)
def bring_back(identifier: str, request: Request, caller: Collecting) -> Place:
    """Put a withdrawn document back where it stood. The index follows."""
    with files.recorded(request, caller.account, "brought_back") as told:
        told.append(files.bring_back(service_of(request), identifier, caller.account.id))
    return Place(path=told[0])
