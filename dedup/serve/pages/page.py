"""One page: a template filled in, in the language of whoever asks. Nothing on it needs a script."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.datastructures import URL

from dedup.messages import say as say_of_reports
from dedup.messages import text as said
from dedup.messages import unpacked
from dedup.serve.access import Caller, allowed, service_of
from dedup.serve.problems import Problem
from dedup.serve.words import LANGUAGE, language_of, say

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Anyone = Annotated[Caller, Depends(allowed())]
Writer = Annotated[Caller, Depends(allowed("writer", "reviewer"))]
Reviewer = Annotated[Caller, Depends(allowed("reviewer"))]
Administrator = Annotated[Caller, Depends(allowed("admin"))]
Field = Annotated[str, Form()]
"""A field of a form."""


async def _fields(request: Request) -> dict[str, str]:
    form = await request.form()  # it was parsed for its token
    return {name: value for name, value in form.items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(_fields)]
"""The fields of a form by their names; to be asked for after the caller."""


def page(
    request: Request,
    template: str,
    caller: Caller | None = None,
    status: int = 200,
    *,
    here: str = "",
    **facts: Any,
) -> HTMLResponse:
    """A template filled in; `here` is the address of the page where that of a form is none."""
    language = language_of(request)
    other = "en" if language == "zh" else "zh"
    address = request.url if request.method == "GET" else URL(here or request.url.path)
    in_other_language = f"{address.path}?{address.include_query_params(lang=other).query}"

    def when(seconds: float) -> str:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))

    def moment(iso: str) -> str:
        return when(datetime.fromisoformat(iso).timestamp())

    def size(count: int) -> str:
        for unit, bytes_of_one in (("GB", 1e9), ("MB", 1e6)):
            if count >= bytes_of_one:
                return f"{count / bytes_of_one:.1f} {unit}"
        return f"{count / 1e3:.0f} KB"

    def percent(ratio: float) -> str:
        return f"{ratio:.1%}"

    markup = _TEMPLATES.get_template(template).render(
        say=lambda key, **named: say(key, language, **named),
        report_says=lambda key, **named: say_of_reports(key, language, **named),
        level=lambda name: say_of_reports(f"level.{name}", language),
        status=lambda name: say_of_reports(f"passage.status.{name}", language),
        ruling=lambda name: say_of_reports(f"decision.{name}", language),
        relation=lambda name: say_of_reports(f"scan.relation.{name}", language),
        why=lambda packed: said(unpacked(packed), language),
        when=when,
        moment=moment,
        percent=percent,
        size=size,
        language=language,
        other=other,
        in_other_language=in_other_language,
        here=address.path,
        caller=caller.account if caller else None,
        most=service_of(request).upload_bytes,
        form_token=caller.form_token if caller else "",
        **facts,
    )
    response = HTMLResponse(markup, status)
    if request.query_params.get("lang") in ("zh", "en"):
        response.set_cookie(LANGUAGE, language, max_age=31_536_000, httponly=True, samesite="lax")
    return response


def problem_page(request: Request, problem: Problem, came_from: str = "", login: str = "") -> HTMLResponse:
    """A page that says what was refused, with the way back, and the menu of who is logged in.

    Who must log in first is led to `login`, others to the page they came from, if it can be fetched.
    """
    caller: Caller | None = getattr(request.state, "caller", None)
    key = "login.ended" if login else f"problem.{problem.key}"
    words = say(key, language_of(request), **problem.facts)
    here = "" if request.method == "GET" else "/"
    facts = {"words": words, "parts": problem.parts, "came_from": came_from, "login": login}
    response = page(request, "problem.html", caller, problem.status, here=here, **facts)
    response.headers.update(problem.headers)
    return response


def to(place: str) -> RedirectResponse:
    """An answer that has the browser fetch another page."""
    return RedirectResponse(place, 303)
