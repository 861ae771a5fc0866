"""How much of the mapped files counts as this process's memory.

The system maps 64 KB or more around every byte of a file that is touched. Ten thousand look-ups all over an
index of gigabytes would thus count as most of it, and a limit on the memory of a check would end it.
"""

from __future__ import annotations

import os
from functools import cache

MOST_MAPPED = 170 * 2**20
"""Bytes of files, the interpreter's own included, above which an index lets go of its pages."""
_CALLS = 16
"""Where the system does not tell, pages are let go every so many times."""

_calls = 0


def crowded(most: int = MOST_MAPPED) -> bool:
    """Whether more than `most` bytes are mapped, so that they should be let go. Takes three microseconds."""
    status = _status()
    if status < 0:
        global _calls  # noqa: PLW0603  # a count of calls is all there is to go by
        _calls += 1
        return _calls % _CALLS == 0
    _, _, shared, _ = os.pread(status, 100, 0).split(maxsplit=3)
    return int(shared) * _page() > most


@cache
def _status() -> int:
    """An open file that tells the process's sizes in pages (Linux), or -1."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1


@cache
def _page() -> int:
    return os.sysconf("SC_PAGE_SIZE")
