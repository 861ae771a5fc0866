"""A look at the corpus folder in a process of its own, while this one begins to check.

Whether an index is up to date is known when the system has been asked about every file, which takes as long
as importing NumPy when there are thirty thousand. Threads would not help: they take turns at it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import dedup
from dedup.settings import Settings

_WORTH_IT = 500_000
"""Bytes of a catalog from which a process (15 ms of another processor) is worth it: some 4,000 files."""
_SCRIPT = os.path.join(os.path.dirname(dedup.__file__), "index", "listing.py")


def look_ahead(settings: Settings) -> Callable[[], str] | None:
    """Begin to look; what is returned waits for what `dedup.index.listing.folder_digest` tells.

    It gives no digest, so none that an index has, when that goes wrong. None where looking is not worth it,
    or this system cannot.
    """
    corpus = os.fspath(settings.corpus)
    folder = os.fspath(settings.index) if settings.index else os.path.join(corpus, ".dedup")
    try:
        if os.path.getsize(os.path.join(folder, "catalog.sqlite")) < _WORTH_IT:
            return None
        if (os.cpu_count() or 1) < 2 or not os.path.exists(_SCRIPT):
            return None
        return _started([corpus, folder])
    except (OSError, AttributeError):  # there is no index yet; or no such call on this system
        return None


def _started(arguments: list[str]) -> Callable[[], str]:
    # The same names must come from the same bytes, and nothing must be imported but what Python brings.
    command = [sys.executable, "-I", "-S", "-X", f"utf8={sys.flags.utf8_mode}", _SCRIPT, *arguments]
    reader, writer = os.pipe()
    try:
        streams = [
            (os.POSIX_SPAWN_DUP2, writer, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        process = os.posix_spawn(sys.executable, command, os.environ, file_actions=streams)
    except BaseException:
        os.close(reader)
        raise
    finally:
        os.close(writer)

    def result() -> str:
        with open(reader, encoding="ascii") as answer:
            told = answer.read()
        return told if os.waitpid(process, 0)[1] == 0 else "unknown"

    return result
