"""The documents of the collection: listed, added, replaced, withdrawn, brought back, called templates."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import Query, Request

from dedup.serve import choices, staff
from dedup.serve import collection as files
from dedup.serve.access import Reading, Writing, service_of
from dedup.serve.collection import Withdrawn
from dedup.serve.problems import described
from dedup.serve.provenance import Related, SharedParagraph, Shelved, known_of, shelved
from dedup.serve.rest.route import FILES, Anybody, Collecting, Overlooking, Record, Sent, one_file, routes
from dedup.serve.uploads import sent_as_body, uploaded
from dedup.serve.words import language_of
from dedup.settings import Relation

router = routes("documents")

_CHANGES = described(409, 413, 415, 507)
_MOST = 500

Start = Annotated[int, Query(ge=0, le=10**9, description="How many are left out before.")]
Limit = Annotated[int, Query(ge=1, le=_MOST, description="How many there are at most.")]
Path = Annotated[str, Query(description="Below the collection's folder, with `/`.")]


class Document(Record):
    """One document of the collection: a file, or a part of one. Its text is not given."""

    path: str
    part: str
    title: str
    characters: int
    unit: str
    """That `corpus.toml` gives, else the one that the document names; empty where neither does."""
    date: str
    """Likewise; of what the document itself says, the year."""
    relation: Relation
    """How its writer stands to the unit of the caller."""
    notice: str
    no_copying: bool
    """Whether the notice forbids copying."""
    template: bool
    missing: list[str]
    """What its contents name and it does not hold."""


class Documents(Record):
    """Some of the documents that were looked for."""

    count: int
    """How many there are in all."""
    documents: list[Document]


class Unread(Record):
    """A file of the folder that is not in the index, and why."""

    path: str
    reason: str


class Particulars(Record):
    """All that is known of a document; the last three are told to an administrator only."""

    parts: list[Document]
    """The file as one document, or the parts that it is a collection of."""
    related: list[Related] | None
    """Documents that share much with it by the last scan, its other versions among them."""
    shared: list[SharedParagraph] | None
    """Paragraphs that stand elsewhere too, those that fewest others hold first."""
    before: list[Withdrawn] | None
    """Contents that stood in its place before, and can be brought back."""


class Place(Record):
    """Where a file stands in the collection."""

    path: str


class Flag(Sent):
    """Whether a document is a template, whose text never counts."""

    template: bool


@router.get("/documents")
def list_documents(
    request: Request,
    caller: Anybody,
    session: Reading,
    q: Annotated[str, Query(description="Stands in the title or the path.")] = "",
    only: Annotated[
        Literal["", "notice", "template"], Query(description="Those that forbid copying, or templates.")
    ] = "",
    start: Start = 0,
    limit: Limit = 50,
) -> Documents:
    """The documents of the collection."""
    shelves, flagged = request.app.state.shelves, choices.templates(session)
    found = shelves.catalogue().search(q, only, flagged)
    shown = shelved(service_of(request), shelves, found[start : start + limit], caller.account.unit)
    return Documents(
        count=len(found), documents=[_as_document(one, one.info.path in flagged) for one in shown]
    )


def _as_document(one: Shelved, flagged: bool) -> Document:
    info = one.info
    return Document(
        path=info.path,
        part=info.part_title,
        title=info.title,
        characters=info.characters,
        unit=one.unit,
        date=one.date,
        relation=one.relation,
        notice=info.notice.text if info.notice else "",
        no_copying=info.notice is not None and info.notice.no_copying,
        template=bool(info.given.template) or flagged,
        missing=list(info.missing_parts),
    )


@router.get("/documents/particulars")
def one_document(request: Request, caller: Anybody, session: Reading, path: Path) -> Particulars:
    """What is known of one document; its text is not given."""
    known = known_of(session, request.app.state, caller.account, path)
    found, keeps = known.found, caller.account.role == "admin"
    names = staff.names(session) if keeps else {}
    return Particulars(
        parts=[_as_document(one, known.flagged) for one in known.parts],
        related=list(found.related) if found else None,
        shared=list(found.shared) if found else None,
        before=[_named(one, names) for one in known.kept] if keeps else None,
    )


@router.get("/documents/unread")
def list_unread(request: Request, caller: Anybody, start: Start = 0, limit: Limit = _MOST) -> list[Unread]:
    """The files of the folder that could not be read."""
    language = language_of(request)
    skipped = request.app.state.shelves.catalogue().skipped[start : start + limit]
    return [Unread(path=one.path, reason=one.why(language)) for one in skipped]


_FORM = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FILES}}}}


@router.post("/documents", status_code=201, openapi_extra=_FORM, responses=_CHANGES)
async def add_documents(request: Request, caller: Collecting) -> list[Place]:
    """Add documents; one that is there already is not written over. The index follows.

    At the first that is refused this ends: `added` and `not_added` of the problem tell how far it came.
    """
    added = await asyncio.to_thread(files.add_all, request, caller.account, await uploaded(request))
    return [Place(path=path) for path in added]


@router.put("/documents/content", openapi_extra=one_file(), responses=_CHANGES)
async def replace_document(request: Request, caller: Collecting, path: Path) -> Place:
    """Put another content in the place of a document, which is kept. The index follows."""
    _, content = await sent_as_body(request, path)
    await asyncio.to_thread(files.replace_one, request, caller.account, path, content)
    return Place(path=path)


@router.delete("/documents", responses=_CHANGES)
def withdraw_document(request: Request, caller: Collecting, path: Path) -> Withdrawn:
    """Take a document out of the collection; it is kept, and can be brought back. The index follows."""
    with files.recorded(request, caller.account, "withdrawn") as told:
        kept = files.withdraw(service_of(request), path, caller.account.id)
        told.append(path)
    return _named(kept, {caller.account.id: caller.account.name})


def _named(one: Withdrawn, names: Mapping[str, str]) -> Withdrawn:
    """The same with the name of who did it, in the place of his account's identifier."""
    return replace(one, by=names.get(one.by, ""))


@router.put("/documents/template")
def set_template(flag: Flag, request: Request, caller: Collecting, session: Writing, path: Path) -> Flag:
    """Call a document a template, or call it one no longer; what `corpus.toml` says holds besides."""
    files.demand_document(service_of(request), path)
    choices.flag_template(session, caller.account, path, flagged=flag.template)
    return flag


@router.get("/withdrawn")
def list_withdrawn(
    request: Request, caller: Overlooking, session: Reading, start: Start = 0, limit: Limit = _MOST
) -> list[Withdrawn]:
    """The files that can be brought back, the last one first."""
    names = staff.names(session)
    return [_named(one, names) for one in files.withdrawn(service_of(request))[start : start + limit]]


@router.post("/withdrawn/{identifier}/restoration", responses=_CHANGES)
def bring_back(identifier: str, request: Request, caller: Collecting) -> Place:
    """Put a withdrawn document back where it stood. The index follows."""
    with files.recorded(request, caller.account, "brought_back") as told:
        told.append(files.bring_back(service_of(request), identifier, caller.account.id))
    return Place(path=told[0])
