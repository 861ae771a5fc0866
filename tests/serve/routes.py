"""The routes of the service, each with its rule: who may call it, and with which scope of a key.

A route that is not here fails `test_access.py`: whoever adds one says here who may call it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from dedup.serve.access import Rule, anybody

RULES = {
    "GET /": "all",
    "GET /login": "open",
    "POST /login": "open",
    "POST /logout": "all",
    "GET /invitation/{secret}": "open",
    "POST /invitation/{secret}": "open",
    "GET /static/{name}": "open",
    "POST /drafts": "writer reviewer",
    "GET /drafts": "writer reviewer",
    "GET /batches/{batch}": "writer reviewer",
    "GET /drafts/{identifier}": "writer reviewer",
    "GET /drafts/{identifier}/since/{earlier}": "writer reviewer",
    "GET /drafts/{identifier}/report.{form}": "writer reviewer",
    "POST /drafts/{identifier}/delete": "writer reviewer",
    "POST /drafts/{identifier}/submit": "writer reviewer",
    "GET /review": "reviewer",
    "POST /drafts/{identifier}/decide": "reviewer",
    "POST /drafts/{identifier}/passages": "reviewer",
    "POST /drafts/{identifier}/passages/{decision}/undo": "reviewer",
    "GET /collection": "all",
    "GET /collection/document": "all",
    "POST /collection": "admin",
    "POST /collection/replace": "admin",
    "POST /collection/template": "admin",
    "POST /collection/withdraw": "admin",
    "POST /collection/withdrawn/{identifier}/back": "admin",
    "GET /scan": "admin",
    "GET /scan/report": "admin",
    "POST /scan": "admin",
    "POST /scan/hour": "admin",
    "GET /tokens": "all",
    "POST /tokens": "all",
    "POST /tokens/{identifier}/end": "all",
    "GET /admin": "admin",
    "POST /admin/accounts": "admin",
    "POST /admin/accounts/{identifier}/{action}": "admin",
    "POST /admin/units": "admin",
    "GET /admin/state": "admin",
    "GET /admin/log": "admin",
    "GET /admin/log.jsonl": "admin",
    "GET /admin/limits": "admin",
    "POST /admin/limits": "admin",
    "POST /admin/retention": "admin",
    "GET /api/docs": "open",
    "POST /api/v1/checks": "writer reviewer / check",
    "GET /api/v1/checks": "writer reviewer / read",
    "GET /api/v1/batches/{batch}": "writer reviewer / read",
    "GET /api/v1/checks/{identifier}": "writer reviewer / read",
    "GET /api/v1/checks/{identifier}/report": "writer reviewer / read",
    "GET /api/v1/checks/{identifier}/marked": "writer reviewer / read",
    "GET /api/v1/checks/{identifier}/since/{earlier}": "writer reviewer / read",
    "GET /api/v1/checks/{identifier}/events": "writer reviewer / read",
    "DELETE /api/v1/checks/{identifier}": "writer reviewer / check",
    "POST /api/v1/checks/{identifier}/submission": "writer reviewer / check",
    "GET /api/v1/reviews": "reviewer / read",
    "GET /api/v1/reviews/decided": "reviewer / read",
    "POST /api/v1/checks/{identifier}/decision": "reviewer / review",
    "GET /api/v1/checks/{identifier}/passages": "writer reviewer / read",
    "GET /api/v1/checks/{identifier}/decisions": "writer reviewer / read",
    "POST /api/v1/checks/{identifier}/decisions": "reviewer / review",
    "DELETE /api/v1/checks/{identifier}/decisions/{decision}": "reviewer / review",
    "GET /api/v1/documents": "all / read",
    "GET /api/v1/documents/particulars": "all / read",
    "GET /api/v1/documents/unread": "all / read",
    "POST /api/v1/documents": "admin / collection",
    "PUT /api/v1/documents/content": "admin / collection",
    "DELETE /api/v1/documents": "admin / collection",
    "PUT /api/v1/documents/template": "admin / collection",
    "GET /api/v1/withdrawn": "admin / read",
    "POST /api/v1/withdrawn/{identifier}/restoration": "admin / collection",
    "POST /api/v1/scans": "admin / collection",
    "GET /api/v1/scans/last": "admin / read",
    "GET /api/v1/scans/last/report": "admin / read",
    "GET /api/v1/scans/schedule": "admin / read",
    "PUT /api/v1/scans/schedule": "admin / collection",
    "GET /api/v1/jobs": "admin / read",
    "GET /api/v1/jobs/{identifier}": "admin / read",
    "GET /api/v1/jobs/{identifier}/events": "admin / read",
    "GET /api/v1/account": "all / read",
    "GET /api/v1/accounts": "admin / admin",
    "POST /api/v1/accounts": "admin / admin",
    "PATCH /api/v1/accounts/{identifier}": "admin / admin",
    "POST /api/v1/accounts/{identifier}/invitation": "admin / admin",
    "GET /api/v1/units": "admin / admin",
    "POST /api/v1/units/renaming": "admin / admin",
    "GET /api/v1/log": "admin / admin",
    "GET /api/v1/log.jsonl": "admin / admin",
    "GET /api/v1/limits": "admin / admin",
    "PUT /api/v1/limits": "admin / admin",
    "POST /api/v1/limits/preview": "admin / admin",
    "GET /api/v1/retention": "admin / admin",
    "PUT /api/v1/retention": "admin / admin",
    "POST /api/v1/retention/preview": "admin / admin",
    "GET /api/v1/state": "admin / admin",
    "GET /api/v1/keys": "all / read",
    "POST /api/v1/keys": "all",
    "DELETE /api/v1/keys/{identifier}": "all",
    "GET /api/v1/problems/{code}": "open",
    "GET /health/live": "open",
    "GET /health/ready": "open",
    "GET /metrics": "open",
}

TWINS = {
    "POST /drafts": "POST /checks",
    "GET /drafts": "GET /checks",
    "GET /batches/{batch}": "GET /batches/{batch}",
    "GET /drafts/{identifier}": "GET /checks/{identifier}, GET /checks/{identifier}/passages, "
    "GET /checks/{identifier}/decisions, GET /checks/{identifier}/events, GET /checks",
    "GET /drafts/{identifier}/since/{earlier}": "GET /checks/{identifier}/since/{earlier}",
    "GET /drafts/{identifier}/report.{form}": "GET /checks/{identifier}/report, "
    "GET /checks/{identifier}/marked",
    "POST /drafts/{identifier}/delete": "DELETE /checks/{identifier}",
    "POST /drafts/{identifier}/submit": "POST /checks/{identifier}/submission",
    "GET /review": "GET /reviews, GET /reviews/decided",
    "POST /drafts/{identifier}/decide": "POST /checks/{identifier}/decision",
    "POST /drafts/{identifier}/passages": "POST /checks/{identifier}/decisions",
    "POST /drafts/{identifier}/passages/{decision}/undo": "DELETE /checks/{identifier}/decisions/{decision}",
    "GET /collection": "GET /documents, GET /documents/unread, GET /withdrawn",
    "GET /collection/document": "GET /documents/particulars",
    "POST /collection": "POST /documents",
    "POST /collection/replace": "PUT /documents/content",
    "POST /collection/template": "PUT /documents/template",
    "POST /collection/withdraw": "DELETE /documents",
    "POST /collection/withdrawn/{identifier}/back": "POST /withdrawn/{identifier}/restoration",
    "GET /scan": "GET /scans/last, GET /scans/schedule, GET /jobs",
    "GET /scan/report": "GET /scans/last/report",
    "POST /scan": "POST /scans, GET /jobs/{identifier}, GET /jobs/{identifier}/events",
    "POST /scan/hour": "PUT /scans/schedule",
    "GET /tokens": "GET /keys",
    "POST /tokens": "POST /keys",
    "POST /tokens/{identifier}/end": "DELETE /keys/{identifier}",
    "GET /admin": "GET /accounts, GET /units",
    "POST /admin/accounts": "POST /accounts",
    "POST /admin/accounts/{identifier}/{action}": "PATCH /accounts/{identifier}, "
    "POST /accounts/{identifier}/invitation",
    "POST /admin/units": "POST /units/renaming",
    "GET /admin/state": "GET /state",
    "GET /admin/log": "GET /log",
    "GET /admin/log.jsonl": "GET /log.jsonl",
    "GET /admin/limits": "GET /limits, GET /retention, GET /jobs/{identifier}",
    "POST /admin/limits": "PUT /limits, POST /limits/preview",
    "POST /admin/retention": "PUT /retention, POST /retention/preview",
}
"""What programs call, below `/api/v1`, for what people do on a page; the first one is for the same roles."""
FOR_PEOPLE = {
    "GET /": "leads to the page of a role; `GET /api/v1/account` tells the role",
    "GET /login": "programs have keys",
    "POST /login": "programs have keys",
    "POST /logout": "a key is ended instead",
    "GET /invitation/{secret}": "a password is chosen by a person",
    "POST /invitation/{secret}": "a password is chosen by a person",
    "GET /static/{name}": "style sheets and scripts of the pages",
    "GET /api/docs": "a viewer; `/api/openapi.json` is for programs",
}
"""Why a page has nothing for programs."""

_LIMITS: dict[str, object] = {"warn_over": 0.05, "block_over": 0.2, "notice_floor": 60}
BODIES: dict[str, dict[str, object]] = {
    "POST /api/v1/checks": {"text": " "},
    "POST /api/v1/checks/{identifier}/decision": {"decision": "accepted"},
    "POST /api/v1/checks/{identifier}/decisions": {"passage": "0.0.9", "ruling": "waived", "reason": "口径"},
    "PUT /api/v1/documents/template": {"template": True},
    "PUT /api/v1/scans/schedule": {"hour": None},
    "POST /api/v1/accounts": {"name": "主任", "role": "admin"},
    "PATCH /api/v1/accounts/{identifier}": {"active": True},
    "POST /api/v1/units/renaming": {"name": "没有的单位", "new": "也没有"},
    "PUT /api/v1/limits": _LIMITS,
    "POST /api/v1/limits/preview": _LIMITS,
    "PUT /api/v1/retention": {"days": 90},
    "POST /api/v1/retention/preview": {"days": 90},
    "POST /api/v1/keys": {"name": "脚本", "scopes": ["admin"], "days": 1},
}
"""What a program sends that does no harm where it is taken."""


@dataclass(frozen=True)
class Operation:
    """A method of a route."""

    method: str
    route: APIRoute

    @property
    def name(self) -> str:
        return f"{self.method} {self.route.path}"

    @property
    def changes(self) -> bool:
        return self.method != "GET"

    @cached_property
    def rule(self) -> str:
        """The rule that it declares, as the table has it; empty for none."""
        found = _rules(self.route.dependant)
        if not found:
            return ""
        rule = found[0]
        if not isinstance(rule, Rule):
            return "open"
        return " ".join(rule.roles or ("all",)) + (f" / {rule.scope}" if rule.scope else "")

    @property
    def roles(self) -> list[str]:
        return self.rule.split(" / ")[0].split()

    @property
    def scope(self) -> str:
        return self.rule.partition(" / ")[2]

    def lets_in(self, role: str) -> bool:
        return "all" in self.roles or role in self.roles

    def place(self, **parameters: str) -> str:
        """Its path filled in. A parameter that is not given raises KeyError."""
        return self.route.path.format(**parameters)


def operations(app: FastAPI) -> list[Operation]:
    """All operations of the service, in the order of their routes."""
    return [
        Operation(method, route)
        for route in _routes(app.routes)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def _routes(routes: object) -> Iterator[APIRoute]:
    for one in routes:  # type: ignore[attr-defined]
        if isinstance(one, APIRoute):
            yield one
        elif hasattr(one, "original_router"):
            yield from _routes(one.original_router.routes)


def _rules(dependant: Dependant) -> list[object]:
    own = [dependant.call] if isinstance(dependant.call, Rule) or dependant.call is anybody else []
    return own + [rule for one in dependant.dependencies for rule in _rules(one)]
