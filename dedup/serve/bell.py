"""Waking requests that wait: threads ring, requests listen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock


class Bell:
    """Wakes those in the event loop who wait for a draft or a job; they look themselves what became of it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[str, list[tuple[asyncio.AbstractEventLoop, asyncio.Event, bool]]] = {}

    @contextmanager
    def listening(self, subject: str, *, for_its_end: bool = False) -> Iterator[asyncio.Event]:
        """An event that is set whenever something has become of the subject, or when it has ended only."""
        ear = asyncio.get_running_loop(), asyncio.Event(), for_its_end
        with self._lock:
            self._waiting.setdefault(subject, []).append(ear)
        try:
            yield ear[1]
        finally:
            with self._lock:
                self._waiting[subject].remove(ear)
                if not self._waiting[subject]:
                    del self._waiting[subject]

    def ring(self, subject: str, *, ended: bool = True) -> None:
        """Wake those who wait for it; from any thread. It may have ended, unless that is denied."""
        with self._lock:
            ears = list(self._waiting.get(subject, ()))
        for loop, event, for_its_end in ears:
            if for_its_end and not ended:
                continue
            with suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(event.set)
