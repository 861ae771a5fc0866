"""Keys for programs. A key makes no keys: that takes a login, and its token in the header X-Form-Token."""

from __future__ import annotations

from typing import Annotated

from fastapi.responses import Response
from pydantic import BeforeValidator, Field

from dedup.serve import keys
from dedup.serve.access import Reading, Writing
from dedup.serve.keys import Scope
from dedup.serve.rest.route import Anybody, InPerson, Record, Sent, routes

router = routes("keys")


class Key(Record):
    """A key that holds."""

    id: str
    name: str
    scopes: Annotated[list[str], BeforeValidator(str.split)]
    created: float
    expires: float


class NewKey(Sent):
    """A key to be made."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    scopes: Annotated[list[Scope], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=keys.LONGEST_DAYS)]


class Secret(Record):
    """A key that was made; it is told this once."""

    secret: str


@router.get("/keys")
def list_keys(caller: Anybody, session: Reading) -> list[Key]:
    """The caller's keys that hold."""
    return [Key.model_validate(one) for one in keys.of_account(session, caller.account)]


@router.post("/keys", status_code=201)
def make_key(wanted: NewKey, caller: InPerson, session: Writing) -> Secret:
    """Make a key for some of what the caller may do. It takes a login, not a key."""
    return Secret(secret=keys.make(session, caller.account, wanted.name, wanted.scopes, wanted.days))


@router.delete("/keys/{identifier}", status_code=204)
def end_key(identifier: str, caller: InPerson, session: Writing) -> Response:
    """End a key of one's own. It takes a login, not a key."""
    keys.end(session, caller.account, identifier)
    return Response(status_code=204)
