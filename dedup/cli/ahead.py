"""A look at the corpus folder in a process of its own, while this one begins to check or to scan.

Whether an index is up to date is known when the system has been asked about every file, which takes as long
as importing NumPy when there are thirty thousand. Threads would not help: they take turns at it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import dedup
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.index.listing import Foreseen, Listing

_WORTH_IT = 500_000
"""Bytes of a catalog from which a process (15 ms of another processor) is worth it: some 4,000 files."""
_SCRIPT = os.path.join(os.path.dirname(dedup.__file__), "index", "listing.py")


def look_ahead(settings: Settings) -> Callable[[], str] | None:
    """Begin to look; what is returned waits for what `dedup.index.listing.folder_digest` tells.

    It gives no digest, so none that an index has, when that goes wrong. None where looking is not worth it,
    or this system cannot.
    """
    answer = _begun("digest", settings)
    return None if answer is None else lambda: (answer() or b"unknown").decode("ascii", "replace")


def list_ahead(settings: Settings) -> Foreseen | None:
    """Begin to list a corpus that an index is to be brought up to date with; else as `look_ahead`."""
    # A catalog that was written to has another seal.
    seal = os.path.join(_folder(settings), "catalog.sqlite.seal")
    before = _content(seal)
    answer = _begun("listing", settings) if before else None
    if answer is None:
        return None

    def foreseen() -> Listing | None:
        from dedup.index.listing import read

        told = answer()
        try:
            return read(told) if told is not None and _content(seal) == before else None
        except ValueError:
            return None

    return foreseen


def _folder(settings: Settings) -> str:
    """As `dedup.index.index_folder` has it, which there is no time yet to import."""
    return os.fspath(settings.index) if settings.index else os.path.join(os.fspath(settings.corpus), ".dedup")


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _begun(what: str, settings: Settings) -> Callable[[], bytes | None] | None:
    """What waits for the answer, None when there is none; None where asking is not worth it or possible."""
    folder = _folder(settings)
    try:
        if os.path.getsize(os.path.join(folder, "catalog.sqlite")) < _WORTH_IT:
            return None
        if (os.cpu_count() or 1) < 2 or not sys.executable or not os.path.exists(_SCRIPT):
            return None
        return _started([what, os.fspath(settings.corpus), folder])
    except (OSError, AttributeError):  # there is no index yet; or no such call on this system
        return None


def _started(arguments: list[str]) -> Callable[[], bytes | None]:
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

    def result() -> bytes | None:
        with open(reader, "rb") as answer:
            told = answer.read()
        try:
            return told if os.waitpid(process, 0)[1] == 0 else None
        except ChildProcessError:  # who started us wants to hear of no child: the system keeps no status
            return None

    return result
