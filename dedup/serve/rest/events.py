"""Server-sent events: how far something is, told until it has ended or nobody listens any more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Protocol, TypeVar

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from dedup.serve.access import Caller, still_admitted
from dedup.serve.problems import Problem
from dedup.serve.tables import Account

ENDED = ("done", "failed")
_LOOK_AGAIN = 5.0
"""Seconds after which it is looked at, though nobody said that it changed."""
_SIGN_OF_LIFE = ": still there\n\n"
"""A comment, for programs between that end silent connections."""


class Stated(Protocol):
    """What has a state, and can be written as JSON."""

    @property
    def state(self) -> str:
        """One of queued, running, done, failed."""

    def model_dump_json(self) -> str:
        """Give the JSON."""


Subject = TypeVar("Subject", bound=Stated)


def looking(
    request: Request, caller: Caller, find: Callable[[Session, Account], Subject]
) -> Callable[[], Subject]:
    """Look at a subject again and again, each time in a session of its own, while the caller may."""

    def look() -> Subject:
        with request.app.state.database.reading() as session:
            return find(session, still_admitted(session, caller))

    return look


async def watched(request: Request, subject: str, look: Callable[[], Stated]) -> StreamingResponse:
    """The states of a subject as they come. Raises Problem where there is none."""
    await asyncio.to_thread(look)
    return streamed(request, subject, look)


def streamed(request: Request, subject: str, look: Callable[[], Stated]) -> StreamingResponse:
    """The states of a subject as they come; `look` gives it as it is now, and raises Problem once it is gone.

    Each event is named by the state. The work goes on, whether or not somebody listens.
    """
    return StreamingResponse(_told(request, subject, look), media_type="text/event-stream")


async def _told(request: Request, subject: str, look: Callable[[], Stated]) -> AsyncIterator[str]:
    told = ""
    with request.app.state.desk.bell.listening(subject) as changed:
        while not await request.is_disconnected():
            try:
                now = await asyncio.to_thread(look)
            except Problem:  # it was deleted meanwhile, or may be seen no more
                return
            except SQLAlchemyError:  # the database is away: it is looked at again
                yield _SIGN_OF_LIFE
                await _changed_or(changed, _LOOK_AGAIN)
                continue
            content = now.model_dump_json()
            yield f"event: {now.state}\ndata: {content}\n\n" if content != told else _SIGN_OF_LIFE
            told = content
            if now.state in ENDED:
                return
            await _changed_or(changed, _LOOK_AGAIN)


async def ended(request: Request, subject: str, look: Callable[[], Subject], deadline: float) -> Subject:
    """Give a subject when it has ended, or as it is at the deadline of the monotonic clock."""
    with request.app.state.desk.bell.listening(subject, for_its_end=True) as changed:
        while True:
            now = await asyncio.to_thread(look)
            left = deadline - time.monotonic()
            if now.state in ENDED or left <= 0:
                return now
            await _changed_or(changed, min(left, _LOOK_AGAIN))


async def _changed_or(changed: asyncio.Event, seconds: float) -> None:
    """Wait until somebody says that it changed, or so long."""
    with suppress(TimeoutError):
        await asyncio.wait_for(changed.wait(), seconds)
    changed.clear()
