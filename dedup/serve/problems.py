"""What goes wrong in a request: a status and a key of the words that tell it (RFC 9457 for programs)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class Problem(Exception):
    """A request that is refused. `key` names its words: `problem.<key>`."""

    def __init__(
        self, status: int, key: str, headers: Mapping[str, str] | None = None, **facts: object
    ) -> None:
        super().__init__(status, key)
        self.status, self.key, self.facts = status, key, facts
        self.headers = dict(headers or {})


_DETAILS = {
    "type": "object",
    "required": ["type", "status", "title", "code"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "code": {"type": "string"},
    },
}


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Problems as the description of the interface has them."""
    content = {"application/problem+json": {"schema": _DETAILS}}
    return {one: {"description": HTTPStatus(one).phrase, "content": content} for one in statuses}
