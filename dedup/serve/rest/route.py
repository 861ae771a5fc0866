"""What the routes of the interface have in common: their prefix, their problems, who may call them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict

from dedup.serve.access import Caller, allowed
from dedup.serve.description import DESCRIBED
from dedup.serve.problems import described

_BEARER = HTTPBearer(auto_error=False, description="A key made on the page of keys (访问令牌).")
"""For the description only: a rule finds out whose key it is."""


class Record(BaseModel):
    """What the interface sends or takes; the texts below its fields stand in the description."""

    model_config = ConfigDict(**DESCRIBED, from_attributes=True)


class Sent(Record):
    """What the interface takes; a field that it does not know is refused, for it may be a slip."""

    model_config = ConfigDict(extra="forbid")


Checking = Annotated[Caller, Depends(allowed("writer", "reviewer", scope="check"))]
Looking = Annotated[Caller, Depends(allowed("writer", "reviewer", scope="read"))]
Reviewing = Annotated[Caller, Depends(allowed("reviewer", scope="review"))]
ReadingReviews = Annotated[Caller, Depends(allowed("reviewer", scope="read"))]
Anybody = Annotated[Caller, Depends(allowed(scope="read"))]
Overlooking = Annotated[Caller, Depends(allowed("admin", scope="read"))]
Collecting = Annotated[Caller, Depends(allowed("admin", scope="collection"))]
Administering = Annotated[Caller, Depends(allowed("admin", scope="admin"))]
InPerson = Annotated[Caller, Depends(allowed())]
"""Somebody with a login: no key will do."""


def _operation(route: APIRoute) -> str:
    """The name that a client made from the description gives a call."""
    return route.name


def routes(tag: str) -> APIRouter:
    """A router of the interface."""
    return APIRouter(
        prefix="/api/v1",
        tags=[tag],
        generate_unique_id_function=_operation,
        responses=described(400, 401, 403, 404, 422, 429, 503),
        dependencies=[Security(_BEARER)],
    )


def open_routes() -> APIRouter:
    """A router for what needs no login."""
    return APIRouter(tags=["service"], generate_unique_id_function=_operation, responses=described(400, 503))


def one_file(required: bool = True) -> dict[str, Any]:
    """A body that is a file itself, as the description has it."""
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"requestBody": {"required": required, "content": content}}


FILES: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1}},
}
"""The schema of a form with files."""
