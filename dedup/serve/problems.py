"""Refusals of requests: a status and a key of the words that explain it (RFC 9457 for programs)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Literal

from dedup.messages import Language
from dedup.serve.words import say


class Problem(Exception):
    """A request that is refused. `key` names its words: `problem.<key>`."""

    def __init__(
        self,
        status: int,
        key: str,
        headers: Mapping[str, str] | None = None,
        *,
        fields: Iterable[str] = (),
        **facts: object,
    ) -> None:
        super().__init__(status, key)
        self.status, self.key, self.facts = status, key, facts
        self.headers = dict(headers or {})
        self.fields = tuple(fields)
        """Which parts of the request were not as they should be; never what stood in them."""
        self.parts: dict[Literal["added", "not_added"], list[str]] = {}
        """Of a request that was done in part, the names of what was done and what was not."""

    def details(self, language: Language) -> dict[str, object]:
        """The problem details that programs get."""
        told: dict[str, object] = {
            "type": f"/api/v1/problems/{self.key}",
            "status": self.status,
            "title": say(f"problem.{self.key}", language, **self.facts),
            "code": self.key,
        }
        return told | ({"fields": list(self.fields)} if self.fields else {}) | self.parts


DETAILS = {
    "title": "ProblemDetails",
    "description": "What went wrong, as RFC 9457 has it, in the language that was asked for.",
    "type": "object",
    "required": ["type", "status", "title", "code"],
    "properties": {
        "type": {"type": "string", "description": "Where its meaning is told in both languages."},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "code": {"type": "string", "description": "A stable word for programs."},
        "fields": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Which parts of the request were not as described.",
        },
        "added": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Of several files that came together, the paths of those that were added before.",
        },
        "not_added": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Those that were not: the one that was refused, and all after it.",
        },
    },
}
"""The schema of problem details, a component of the description."""
MEDIA = "application/problem+json"


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Problems as the description of the interface has them."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {one: {"description": HTTPStatus(one).phrase, "content": content} for one in statuses}
