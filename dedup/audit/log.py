"""Add lines to the log: one process at a time, whole lines, without truncating or overwriting anything.

A process that dies while it writes leaves half a line. The next line then records the size and digest of the
bytes between it and the last whole line (`interrupted`), and the chain continues across them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG

from dedup.audit.line import BEGIN, MOST_BYTES, Line, is_cut, read_line, written
from dedup.errors import UsageError
from dedup.files import sync_folder
from dedup.locking import acquire
from dedup.messages import Words, system
from dedup.records import dataclass

_PATIENCE = 30.0
"""Seconds to wait for other processes that write the same log."""
_FIRST_READ = 1 << 14
_LOCKED_AT = 1 << 40
"""Offset of the locked byte: on Windows nobody can read it then, so it is far beyond the end."""
_ONLY_OWNER = 0o600


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a log."""

    last: Line | None
    """The last whole line; None for an empty log."""
    rest: bytes = b""
    """Half lines after it."""
    ended: bool = True
    """True if the last byte ends a line."""


def demand_log(path: Path) -> None:
    """Create the log if there is none yet. Raises UsageError if no line can be added."""
    with _opened(path) as handle:
        _end_of(handle, path)


def append(path: Path, content: Mapping[str, object]) -> None:
    """Add a line, which is on the disk when this returns. Raises UsageError if that fails."""
    with _opened(path) as handle:
        end = _end_of(handle, path)
        if end.rest:
            left = {"bytes": len(end.rest), "sha256": sha256(end.rest).hexdigest()}
            content = {"interrupted": left, **content}
        number, previous = (end.last.number, end.last.digest) if end.last else (0, "")
        line = written(number + 1, previous, content) + b"\n"
        if len(line) > MOST_BYTES:
            raise UsageError(str(path), Words("log.long"))
        _write(handle, line if end.ended else b"\n" + line)
        os.fsync(handle)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """The log, open for this process alone."""
    try:
        handle = _open(path)
        try:
            os.lseek(handle, _LOCKED_AT, os.SEEK_SET)
            if not acquire(handle, _PATIENCE):
                raise UsageError(str(path), Words("log.busy"))
            yield handle
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        why = system(error) if isinstance(error, OSError) else Words("log.name")
        raise UsageError(str(path), Words("log.unwritable", why=why)) from error


def _open(path: Path) -> int:
    flags = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        handle = os.open(path, flags | os.O_CREAT, _ONLY_OWNER)
        sync_folder(path.parent)
    if not S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UsageError(str(path), Words("log.no_file"))
    return handle


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _end_of(handle: int, path: Path) -> _End:
    """Find the end of a log. Raises UsageError if it is no log, or its last line is altered."""
    size = os.fstat(handle).st_size
    length = _FIRST_READ
    while True:
        length = min(length, size)
        os.lseek(handle, size - length, os.SEEK_SET)
        data = _read(handle, length)
        found = _end_in(data, path, whole=length == size)
        if found is not None:
            return found
        if length == size or length > 2 * MOST_BYTES:
            raise UsageError(str(path), Words("log.foreign"))
        length *= 4


def _read(handle: int, length: int) -> bytes:
    pieces = []
    while length and (piece := os.read(handle, length)):
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def _end_in(data: bytes, path: Path, *, whole: bool) -> _End | None:
    """Find the end of a log from its last bytes, or all of them (`whole`); None if they are too few."""
    ended = data.endswith(b"\n") or not data
    stop = len(data)
    while stop > 0:
        last_byte = stop - 1 if data[stop - 1 : stop] == b"\n" else stop
        start = data.rfind(b"\n", 0, last_byte) + 1
        if start == 0 and not whole:
            return None
        line = data[start:last_byte]
        if (found := read_line(line)) is not None:
            return _End(found, data[stop:], ended)
        if line.startswith(BEGIN) and not is_cut(line):
            raise UsageError(str(path), Words("log.altered"))
        stop = start
    if not whole:
        return None
    first = data.partition(b"\n")[0]
    begun = first.startswith(BEGIN) or (BEGIN.startswith(first) and not data.endswith(b"\n"))
    return _End(None, data, ended) if not data or begun else None
