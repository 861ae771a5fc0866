"""Accounts, units, and the log of who did what."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from dedup.serve import log, staff
from dedup.serve.access import Reading, Writing
from dedup.serve.problems import described
from dedup.serve.rest.route import Administering, Anybody, Record, Sent, routes

router = routes("accounts")

Role = Literal["writer", "reviewer", "admin", "reader"]


class Person(Record):
    """An account."""

    id: str
    name: str
    role: Role
    unit: str
    active: bool
    created: float


class NewPerson(Sent):
    """An account to be made."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    role: Role
    unit: Annotated[str, Field(max_length=120)] = ""


class Change(Sent):
    """What is to change of an account; what is left out stays."""

    role: Role | None = None
    unit: Annotated[str | None, Field(max_length=120)] = None
    active: bool | None = None


class Invitation(Record):
    """A link with which somebody sets a password, once; it holds three days."""

    account: str
    url: str


class Unit(Record):
    """A unit, and how many accounts of it may log in."""

    name: str
    accounts: int


class Renaming(Sent):
    """A unit, and the name it is to have."""

    name: str
    new: Annotated[str, Field(min_length=1, max_length=120)]


class Line(Record):
    """One line of the log. Its digest is of it and the one before."""

    number: int
    time: float
    account: str
    """The name of who did it; empty for nobody in particular."""
    action: str
    subject: str
    digest: str


class Log(Record):
    """Lines of the log; `first_altered` is the first of all that is not as it was written."""

    lines: list[Line]
    first_altered: int | None
    """Null where all are, and where that was not asked for."""
    count: int
    """Lines of the whole log."""
    head: str
    """The digest of its last line: whoever keeps it finds later whether the end was cut off."""


@router.get("/account")
def who_am_i(caller: Anybody) -> Person:
    """The caller's own account."""
    return Person.model_validate(caller.account)


@router.get("/accounts")
def list_accounts(caller: Administering, session: Reading) -> list[Person]:
    """All accounts, by name."""
    return [Person.model_validate(one) for one in staff.everybody(session)]


@router.post("/accounts", status_code=201, responses=described(409))
def make_account(wanted: NewPerson, request: Request, caller: Administering, session: Writing) -> Invitation:
    """Make an account, and give the link with which its person sets a password."""
    account, secret = staff.make(session, caller.account, wanted.name, wanted.role, wanted.unit)
    return _invitation(request, account.id, secret)


@router.patch("/accounts/{identifier}", responses=described(409))
def change_account(identifier: str, change: Change, caller: Administering, session: Writing) -> Person:
    """Give somebody another role or unit, shut him out, let him in again."""
    account = staff.account_of(session, identifier)
    if change.role is not None or change.unit is not None:
        role = change.role or account.role
        unit = account.unit if change.unit is None else change.unit
        staff.assign(session, caller.account, identifier, role, unit)
    if change.active is not None:
        staff.admit(session, caller.account, identifier, active=change.active)
    return Person.model_validate(account)


@router.post("/accounts/{identifier}/invitation", responses=described(409))
def invite(identifier: str, request: Request, caller: Administering, session: Writing) -> Invitation:
    """Give a link with which somebody sets a new password; earlier links end."""
    return _invitation(request, identifier, staff.invite(session, caller.account, identifier))


def _invitation(request: Request, account: str, secret: str) -> Invitation:
    return Invitation(account=account, url=str(request.url_for("invitation_page", secret=secret)))


@router.get("/units")
def list_units(caller: Administering, session: Reading) -> list[Unit]:
    """The units that accounts belong to."""
    return [Unit(name=name, accounts=count) for name, count in staff.units(session)]


@router.post("/units/renaming")
def rename_unit(renaming: Renaming, caller: Administering, session: Writing) -> list[Unit]:
    """Give a unit another name, with everybody in it and the drafts that its reviewers see."""
    staff.rename_unit(session, caller.account, renaming.name, renaming.new)
    session.flush()
    return [Unit(name=name, accounts=count) for name, count in staff.units(session)]


@router.get("/log")
def read_log(
    caller: Administering,
    session: Reading,
    before: Annotated[int, Query(ge=1, le=log.MOST_NUMBER)] = log.MOST_NUMBER,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    account: Annotated[str, Query(description="Identifier: only what that account did.")] = "",
    verify: Annotated[bool, Query(description="Go through the whole log, which takes its time.")] = True,
) -> Log:
    """The lines of the log that come before a number, the newest first."""
    names, (count, head) = staff.names(session), log.last(session)
    lines = [
        Line.model_validate({**vars(one), "account": names.get(one.account, "")})
        for one in session.scalars(log.chosen(before, account).limit(limit))
    ]
    return Log(
        lines=lines,
        first_altered=log.first_altered(session) if verify else None,
        count=count,
        head=head,
    )


@router.get(
    "/log.jsonl",
    response_class=StreamingResponse,
    responses={200: {"content": {log.MEDIA: {"schema": {"type": "string"}}}}},
)
def take_log_away(request: Request, caller: Administering) -> StreamingResponse:
    """The whole log, a JSON object a line, with the digests that chain it."""
    return log.to_take_away(request.app.state.database)
