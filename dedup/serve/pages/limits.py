"""管理 · 限度: from where on a draft is to be looked at or changed, and what other limits would do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from dedup.model import Level
from dedup.serve.access import Caller, Reading, Writing, service_of
from dedup.serve.choices import (
    LIMITS,
    MOST_DAYS,
    choose_limits,
    choose_retention,
    counted,
    demand_sound,
    levels_under,
    limits_in,
    retention_days,
    with_limits,
)
from dedup.serve.drafts import expired
from dedup.serve.pages.page import Administrator, page, to
from dedup.serve.problems import Problem

router = APIRouter()


@dataclass(frozen=True, slots=True)
class _Tried:
    """What is shown of limits or of a time that was tried, not set."""

    limits: dict[str, float] | None = None
    levels: Sequence[tuple[str, Level]] = ()
    days: int | None = None
    going: int = 0
    """Drafts that would be deleted now."""


@router.get("/admin/limits")
def limits_page(request: Request, caller: Administrator, session: Reading) -> HTMLResponse:
    """The limits that hold, and how long drafts are kept."""
    return _page(request, caller, session, _Tried())


def _page(request: Request, caller: Caller, session: Session, tried: _Tried) -> HTMLResponse:
    service = service_of(request)
    settings = with_limits(session, service.settings)
    holding = {name: getattr(settings, name) for name in LIMITS}
    return page(
        request,
        "limits.html",
        caller,
        limits=tried.limits or holding,
        counts=counted(tried.levels) if tried.limits is not None else None,
        total=len(tried.levels),
        most_days=MOST_DAYS,
        days=retention_days(session, service) if tried.days is None else tried.days,
        going=tried.going if tried.days is not None else None,
    )


@router.post("/admin/limits")
async def set_limits(request: Request, caller: Administrator) -> Response:
    """Show what limits would do to the last drafts, or set them."""
    form = await request.form()
    try:
        limits = limits_in((key, value) for key, value in form.items() if isinstance(value, str))
    except (KeyError, ValueError, OverflowError):
        raise Problem(422, "limits") from None
    demand_sound(limits)
    state = request.app.state

    def tried() -> Response:
        levels = levels_under(limits, state.service, state.database, state.checkers)
        with state.database.reading() as session:
            return _page(request, caller, session, _Tried(limits, levels))

    def chosen() -> Response:
        with state.database.writing() as session:
            choose_limits(session, caller.account, limits)
        return to("/admin/limits")

    return await asyncio.to_thread(tried if form.get("do") == "preview" else chosen)


@router.post("/admin/retention")
def set_retention(
    request: Request,
    caller: Administrator,
    session: Writing,
    days: Annotated[int, Form(ge=0, le=MOST_DAYS)],
    do: Annotated[str, Form()] = "",
) -> Response:
    """Show how many drafts would be deleted if they were kept so long, or have it so."""
    if do == "preview":
        going = len(list(session.scalars(expired(days))))
        return _page(request, caller, session, _Tried(days=days, going=going))
    choose_retention(session, caller.account, days)
    return to("/admin/limits")
