"""What wakes those who wait: threads ring, requests listen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock


class Bell:
    """Wakes those in the event loop who wait for a draft or a job; they look themselves what became of it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[str, list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}

    @contextmanager
    def listening(self, subject: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever something has become of the subject."""
        ear = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._waiting.setdefault(subject, []).append(ear)
        try:
            yield ear[1]
        finally:
            with self._lock:
                self._waiting[subject].remove(ear)
                if not self._waiting[subject]:
                    del self._waiting[subject]

    def ring(self, subject: str) -> None:
        """Wake those who wait for it; from any thread."""
        with self._lock:
            ears = list(self._waiting.get(subject, ()))
        for loop, event in ears:
            with suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(event.set)
