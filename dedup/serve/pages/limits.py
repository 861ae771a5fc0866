"""管理 · 限度: from where on a draft is to be looked at or changed, and what other limits would do."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from dedup.model import Level
from dedup.serve.access import Caller, Reading, service_of
from dedup.serve.choices import (
    LIMITS,
    choose_limits,
    counted,
    demand_sound,
    levels_under,
    limits_in,
    with_limits,
)
from dedup.serve.pages.page import Administrator, page, to
from dedup.serve.problems import Problem

router = APIRouter()


@router.get("/admin/limits")
def limits_page(request: Request, caller: Administrator, session: Reading) -> HTMLResponse:
    """The limits that hold."""
    return _page(request, caller, _holding(request, session))


def _holding(request: Request, session: Session) -> dict[str, float]:
    settings = with_limits(session, service_of(request).settings)
    return {name: getattr(settings, name) for name in LIMITS}


def _page(
    request: Request, caller: Caller, limits: dict[str, float], levels: list[tuple[str, Level]] | None = None
) -> HTMLResponse:
    counts = counted(levels) if levels is not None else None
    total = len(levels) if levels is not None else 0
    return page(request, "limits.html", caller, limits=limits, counts=counts, total=total)


@router.post("/admin/limits")
async def set_limits(request: Request, caller: Administrator) -> Response:
    """Show what limits would do to the last drafts, or set them."""
    form = await request.form()
    try:
        limits = limits_in((key, value) for key, value in form.items() if isinstance(value, str))
    except (KeyError, ValueError, OverflowError):
        raise Problem(422, "limits") from None
    demand_sound(limits)
    if form.get("do") == "preview":
        state = request.app.state
        levels = await asyncio.to_thread(levels_under, limits, state.service, state.database, state.checkers)
        return await asyncio.to_thread(_page, request, caller, limits, levels)
    return await asyncio.to_thread(_set, request, caller, limits)


def _set(request: Request, caller: Caller, limits: dict[str, float]) -> Response:
    with request.app.state.database.writing() as session:
        choose_limits(session, caller.account, limits)
    return to("/admin/limits")
