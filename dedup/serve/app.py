"""The application: routes, what stands around each of them, and what is started and ended with it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPMethod, HTTPStatus
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dedup import __version__
from dedup.index.workers import MOST_PROCESSES, processors
from dedup.serve import pages, rest, upkeep
from dedup.serve.accounts import Rate, Throttle, recall_failures
from dedup.serve.checkers import Checkers
from dedup.serve.collection import Shelves
from dedup.serve.database import Database, open_database
from dedup.serve.description import described_by
from dedup.serve.drafts import Desk
from dedup.serve.jobs import Jobs
from dedup.serve.limits import previewing
from dedup.serve.pages.entry import login_address, to_login
from dedup.serve.pages.page import POLICY, problem_page
from dedup.serve.problems import MEDIA, Problem
from dedup.serve.scans import Scans
from dedup.serve.service import Service
from dedup.serve.words import is_for_programs, language_of

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer browsers tell no origin of forms
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
}
_ABOUT = (
    "公文查重：送查、看报告、送审、审核、范文库、全库自查、管理，同网页上的一样。"
    "请求带 `Authorization: Bearer <令牌>`；出错时按 RFC 9457 说明，语言看 `Accept-Language` 或 `?lang=`。"
    "\n\nChecks of official documents for reused text: all that the pages do. Send "
    "`Authorization: Bearer <key>`; problems are told as RFC 9457 has it, in the language of "
    "`Accept-Language` or `?lang=`."
)
_TAKING_FILES = frozenset(
    {
        "/drafts",
        "/collection",
        "/collection/replace",
        "/api/v1/checks",
        "/api/v1/documents",
        "/api/v1/documents/content",
    }
)
"""Paths that take files. The framework reads the body of any other before it asks who sends it."""
_MOST_BYTES = 1_000_000
"""Of a request without a file."""
_MOST_DIGITS = 20
_LONGEST_FIELD = 80
_LOG = logging.getLogger("dedup.serve")


def application(service: Service, database: Database | None = None) -> FastAPI:
    """Make the application of a service. Its database is opened now, the rest when it starts."""
    size = service.helpers or min(processors(), MOST_PROCESSES)
    store = database or open_database(service)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        checkers = Checkers(size)
        desk = Desk(service, store, checkers, size)
        keeper = upkeep.Keeper(service, store)
        scans = Scans(service, store, desk.bell)
        previews = Jobs("preview", previewing(service, store, checkers), store, desk.bell)
        app.state.checkers, app.state.desk, app.state.keeper = checkers, desk, keeper
        app.state.scans, app.state.previews = scans, previews
        with store.reading() as session:
            recall_failures(session, app.state.throttle)
        for one in (desk, keeper, scans, previews):
            one.start()
        try:
            yield
        finally:
            keeper.close()
            await asyncio.to_thread(scans.close)
            await asyncio.to_thread(previews.close)
            await asyncio.to_thread(desk.close)
            checkers.close()
            store.close()

    app = FastAPI(
        title="dedup",
        description=_ABOUT,
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # the framework's own fetches its script from elsewhere
        redoc_url=None,
        lifespan=life,
    )
    app.openapi = lambda: described_by(app)  # type: ignore[method-assign]
    app.state.service, app.state.database = service, store
    app.state.shelves = Shelves(service)
    app.state.throttle, app.state.rate = Throttle(), Rate(service.requests_a_minute)
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(rest.router)
    app.add_middleware(_Surrounded, service=service)
    for kind in (Problem, HTTPException, RequestValidationError, SQLAlchemyError, ClientDisconnect):
        app.add_exception_handler(kind, _told)
    return app


class _Surrounded:
    """Ends a request that carries too much, and adds to each answer what keeps it inert and out of caches.

    Also to that of a request that found a fault of ours.
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._upload_bytes = app, service.upload_bytes
        self._headers = dict(_HEADERS)
        if service.https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._upload_bytes if scope["path"] in _TAKING_FILES else min(_MOST_BYTES, self._upload_bytes)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        taken, begun = 0, False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise _too_much()
            return message

        async def completed(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        if declared.isdigit() and len(declared) <= _MOST_DIGITS and int(declared) <= most:
            try:
                await self._app(scope, counted, completed)
            except Exception as error:  # whatever it is, an answer tells it, and has the headers of any other
                if begun:  # nothing else can be said any more
                    raise
                answer = await _told(Request(scope), error)
                await answer(scope, receive, completed)
        else:
            answer = await _told(Request(scope), _too_much())
            await answer(scope, receive, completed)


def _too_much() -> HTTPException:
    """The error of a request that carries too much; what is still to come of it is not read."""
    return HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers={"Connection": "close"})


async def _told(request: Request, error: Exception) -> Response:
    """Answer what was refused or went wrong: a page for people, problem details for programs."""
    problem = _as_problem(request, error)
    language = language_of(request)
    path = request.url.path
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("%s %s: %s", request.method, path, type(error).__name__, exc_info=error)
    if is_for_programs(path):
        headers = {**problem.headers, "Content-Language": language}
        return JSONResponse(problem.details(language), problem.status, headers, MEDIA)
    if request.method == "GET":
        return (
            to_login(request.url)
            if problem.status == HTTPStatus.UNAUTHORIZED
            else problem_page(request, problem)
        )
    came_from = _came_from(request)
    login = login_address(came_from) if problem.status == HTTPStatus.UNAUTHORIZED else ""
    return problem_page(request, problem, came_from, login)


def _as_problem(request: Request, error: Exception) -> Problem:
    match error:
        case Problem():
            problem = error
        case RequestValidationError():
            places = (".".join(map(str, one["loc"]))[:_LONGEST_FIELD] for one in error.errors())
            problem = Problem(422, "invalid", fields=places)
        case HTTPException(status_code=405):
            problem = Problem(405, "method", {"Allow": ", ".join(_methods(request))})
        case HTTPException():
            key = {404: "nothing_here", 413: "too_large"}.get(error.status_code, "invalid")
            problem = Problem(error.status_code, key, dict(error.headers or {}))
        case ClientDisconnect() | DataError():  # nobody reads of the first; NUL, which PostgreSQL cannot hold
            problem = Problem(422, "invalid")
        case DBAPIError() if _is_full(error.orig):
            problem = Problem(507, "full")
        case SQLAlchemyError():
            problem = Problem(503, "database", {"Retry-After": "5"})
        case _:
            problem = Problem(500, "crash")
    return problem


def _methods(request: Request) -> list[str]:
    """The methods that some route takes at a path; the framework names those of the first route only."""
    return [str(method) for method in HTTPMethod if _takes(request, method, request.scope["path"])]


def _takes(request: Request, method: str, path: str) -> bool:
    routes: list[BaseRoute] = request.app.routes
    asked = {**request.scope, "method": method, "path": path}
    return any(route.matches(asked)[0] is Match.FULL for route in routes)


def _came_from(request: Request) -> str:
    """The page that a form was sent from, if a browser tells it and it can be fetched; or empty."""
    try:
        place = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # it is no address
        return ""
    address = f"{place.path}?{place.query}" if place.query else place.path
    return address if place.path != "/" and _takes(request, "GET", place.path) else ""


def _is_full(error: BaseException | None) -> bool:
    """Tell whether a database could not write for want of space."""
    told = getattr(error, "sqlite_errorcode", None), getattr(error, "sqlstate", None)
    return told[0] == sqlite3.SQLITE_FULL or told[1] == "53100"
