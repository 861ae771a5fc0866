"""管理 · 限度: from where on a draft is to be looked at or changed, and what other limits would do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from dedup.serve import jobs
from dedup.serve.access import Caller, Reading, Writing, service_of, waking
from dedup.serve.choices import MOST_DAYS, choose_retention, retention_days
from dedup.serve.drafts import count_expired
from dedup.serve.limits import MEASURES, ask_preview, choose_limits, limits_in, limits_of, with_limits
from dedup.serve.pages.page import Administrator, Field, Fields, page, to
from dedup.serve.problems import Problem
from dedup.settings import LEVELS

router = APIRouter()


@router.get("/admin/limits")
def limits_page(request: Request, caller: Administrator, session: Reading, preview: str = "") -> HTMLResponse:
    """The limits that hold, or those of a preview with how far it is or what they would do."""
    return _page(request, caller, session, preview)


def _page(
    request: Request,
    caller: Caller,
    session: Session,
    preview: str = "",
    days: int | None = None,
    refused: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page; `refused` are fields that hold no limits, which are shown as they were filled in."""
    service, job = service_of(request), jobs.of_kind(session, "preview", preview)
    holding = limits_of(with_limits(session, service.settings))
    counts = json.loads(job.result) if job is not None and job.result else None
    limits = holding if job is None else {**holding, **json.loads(job.wish)}
    return page(
        request,
        "limits.html",
        caller,
        here="/admin/limits",
        status=200 if refused is None else 422,
        fields={name: _written(name, limit) for name, limit in limits.items()} | dict(refused or {}),
        refused=refused is not None,
        measures=MEASURES,
        levels=LEVELS,
        going_on=job is not None and not job.ended,
        percent_done=request.app.state.previews.progress(job.id) if job is not None else None,
        problem=job.problem if job is not None else "",
        counts=counts,
        total=sum(before for before, _ in counts.values()) if counts else 0,
        most_days=MOST_DAYS,
        days=retention_days(session, service) if days is None else days,
        going=None if days is None else count_expired(session, days),
    )


def _written(name: str, limit: float | None) -> str:
    """A limit as its field has it: a share in per cent, with the sign where characters may stand too."""
    if limit is None:
        return ""
    if name in ("warn_over", "block_over"):
        return f"{limit * 100:g}"
    return str(limit) if isinstance(limit, int) else f"{limit * 100:g}%"


@router.post("/admin/limits", dependencies=[waking("previews")])
def set_limits(request: Request, caller: Administrator, session: Writing, form: Fields) -> Response:
    """Set limits, or have it found out what they would do to the last drafts."""
    settings = service_of(request).settings
    try:
        limits = limits_in(form)
        if form.get("do") == "preview":
            job = ask_preview(session, caller.account, limits, settings)
            return to(f"/admin/limits?preview={job.id}")
        choose_limits(session, caller.account, limits, settings)
    except Problem as problem:
        if problem.key != "limits":
            raise
        return _page(request, caller, session, refused=form)
    return to("/admin/limits")


@router.post("/admin/retention")
def set_retention(
    request: Request,
    caller: Administrator,
    session: Writing,
    days: Annotated[int, Form(ge=0, le=MOST_DAYS)],
    do: Field = "",
) -> Response:
    """Show how many drafts would be deleted if they were kept so long, or have it so."""
    if do == "preview":
        return _page(request, caller, session, days=days)
    choose_retention(session, caller.account, days)
    return to("/admin/limits")
