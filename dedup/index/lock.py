"""One writer at a time: a lock that the system drops when its holder dies."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple

_POLL = 0.05


class Patience(NamedTuple):
    """What to do while another process writes."""

    seconds: float = 600.0
    """How long to wait."""
    told: Callable[[], None] | None = None
    """Called once, if there is anything to wait for."""


class WriterLock:
    """An advisory lock on a file. The file stays; only the lock on it means anything."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._handle = -1

    def acquire(self, patience: Patience) -> bool:
        """Take the lock, waiting if need be; say whether it was got. Raises OSError."""
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        give_up = time.monotonic() + patience.seconds
        told = patience.told
        while not _try_lock(self._handle):
            if time.monotonic() >= give_up:
                self.release()
                return False
            if told is not None:
                told()
                told = None
            time.sleep(_POLL)
        return True

    def release(self) -> None:
        """Let go; harmless when it is not held."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> WriterLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


if os.name == "nt":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
