"""Locks between processes, on open files; the system drops them when their holder closes the file or dies."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

_POLL = 0.05


def acquire(handle: int, patience: float, waiting: Callable[[], None] | None = None) -> bool:
    """Lock an open file for this process; False if another process held it for `patience` seconds.

    `waiting` is called once, if the lock is not free. Raises OSError.
    """
    give_up = time.monotonic() + patience
    while not _try(handle):
        if time.monotonic() >= give_up:
            return False
        if waiting is not None:
            waiting()
            waiting = None
        time.sleep(_POLL)
    return True


if os.name == "nt":
    import msvcrt

    def _try(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
