"""Find lines of a log that were altered, removed, moved, inserted or written twice.

Lines cut off at the end, and a log written anew as a whole, can be found only by a digest that was noted
elsewhere, which must still be that of a line.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Literal

from dedup.audit.line import MOST_BYTES, Line, read_line
from dedup.errors import UsageError
from dedup.messages import Words, system
from dedup.records import dataclass

FaultKind = Literal["altered", "missing", "moved", "unchained", "unfinished", "lost", "head"]
"""The line was altered or is invalid · lines before it are missing · it was moved or is repeated · it does
not follow the line before it · it has no end · an unfinished line that it records is missing · no line has
the digest that was noted."""

MOST_FAULTS = 100
"""Largest number of faults that are listed; all are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A difference between the log and what was written."""

    line: int
    """Line of the file, from 1; 0 for the log as a whole."""
    kind: FaultKind
    number: int = 0
    """Number recorded in the line, where that matters."""
    expected: int = 0
    """Number of the line expected there, or of the first that is missing."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of reading a log through."""

    lines: int
    """Number of whole lines in their right place."""
    first_time: str
    last_time: str
    digest: str
    """Digest of the last of them; empty if there is none."""
    faults: tuple[Fault, ...]
    """The first faults, in the order of the file."""
    fault_count: int
    interrupted: tuple[int, ...] = ()
    """Lines of the file that were never finished, as the line after each records."""
    head_at: int = 0
    """Number of the line with the given digest; 0 if none was given or no line has it."""


def verify(path: Path, head: str = "") -> Verification:
    """Read a log through. `head` is a digest, or the beginning of one, that a line must have.

    Raises UsageError where the file cannot be read or is no log.
    """
    chain = _Chain(head)
    with _reading(path) as file:
        for number, piece in _pieces(file):
            chain.take(number, piece)
    found = chain.finished()
    if not found.lines and found.fault_count:
        raise UsageError(str(path), Words("log.foreign"))
    return found


def whole_lines(path: Path, most: int = 0) -> Sequence[Line]:
    """The last whole lines of a log, at most `most`, all for 0. Raises UsageError."""
    found: deque[Line] = deque(maxlen=most or None)
    places = 0
    with _reading(path) as file:
        for places, piece in _pieces(file):  # noqa: B007
            if (line := read_line(piece.removesuffix(b"\n"))) is not None:
                found.append(line)
    if places and not found:
        raise UsageError(str(path), Words("log.foreign"))
    return found


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    """Open the log for reading. Raises UsageError, also for errors while it is read."""
    try:
        with path.open("rb") as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UsageError(str(path), Words("log.no_file"))
            yield file
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        why = system(error) if isinstance(error, OSError) else Words("log.name")
        raise UsageError(str(path), Words("log.unreadable", why=why)) from error


def _pieces(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers; a line longer than any valid one comes in several pieces."""
    number, inside = 0, False
    while piece := file.readline(MOST_BYTES + 1):
        number += not inside
        yield number, piece
        inside = not piece.endswith(b"\n")


class _Chain:
    """Take the lines in the order of the file, and keep what the next one must match."""

    def __init__(self, head: str) -> None:
        self._head = head
        self._head_at = 0
        self._last: Line | None = None
        self._lines = 0
        self._first_time = self._last_time = ""
        self._faults: list[Fault] = []
        self._count = 0
        self._interrupted: list[int] = []
        self._between = _Between()

    def take(self, place: int, raw: bytes) -> None:
        """Take a line of the file, or a piece of a long one, with its end."""
        line = read_line(raw.removesuffix(b"\n")) if place != self._between.place else None
        if line is None:
            self._between.add(place, raw)
            return
        skipped = self._settle(place, line)
        expected = self._last.number + 1 if self._last else 1
        if line.number < expected:
            self._fault(Fault(place, "moved", line.number, expected))
            return
        if line.number > expected + skipped:
            self._fault(Fault(place, "missing", line.number, expected + skipped))
        elif not skipped and line.previous != (self._last.digest if self._last else ""):
            self._fault(Fault(place, "unchained", line.number, expected))
        self._accept(line)

    def finished(self) -> Verification:
        """The result, after the last line."""
        between = self._between
        for place in between.places:
            unfinished = not between.ended and place == between.places[-1]
            self._fault(Fault(place, "unfinished" if unfinished else "altered"))
        if self._head and not self._head_at:
            self._fault(Fault(0, "head"))
        return Verification(
            lines=self._lines,
            first_time=self._first_time,
            last_time=self._last_time,
            digest=self._last.digest if self._last else "",
            faults=tuple(self._faults),
            fault_count=self._count + max(0, between.count - len(between.places)),
            interrupted=tuple(self._interrupted),
            head_at=self._head_at,
        )

    def _settle(self, place: int, line: Line) -> int:
        """Judge the damaged lines before this one, and count those that were once valid lines."""
        between, self._between = self._between, _Between()
        told = line.record.get("interrupted")
        if told is None and not between.count:
            return 0
        if between.is_what(told):
            self._interrupted += between.places
            return 0
        if not between.count:
            self._fault(Fault(place, "lost", line.number))
            return 0
        for one in between.places:
            self._fault(Fault(one, "altered"))
        self._count += between.count - len(between.places)
        # Each may be an altered or an inserted line: the numbers show how many were lines before.
        return min(between.count, max(0, line.number - (self._last.number + 1 if self._last else 1)))

    def _accept(self, line: Line) -> None:
        self._last = line
        self._lines += 1
        time = line.record.get("time")
        if isinstance(time, str):
            self._first_time = self._first_time or time
            self._last_time = time
        if self._head and line.digest.startswith(self._head):
            self._head_at = line.number

    def _fault(self, fault: Fault) -> None:
        self._count += 1
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(fault)


class _Between:
    """The part of a log between two whole lines."""

    def __init__(self) -> None:
        self.places: list[int] = []
        """Numbers of the first lines of it in the file."""
        self.place = 0
        """Number of the last one."""
        self.count = 0
        self.ended = True
        self._bytes = 0
        self._hasher = sha256()

    def add(self, place: int, raw: bytes) -> None:
        """Add a line, or a piece of one."""
        if self._bytes and self.ended:
            self._hasher.update(b"\n")
        if place != self.place:
            self.place = place
            self.count += 1
            self.places += [place] if self.count <= MOST_FAULTS else []
        self.ended = raw.endswith(b"\n")
        self._bytes += len(raw)
        self._hasher.update(raw.removesuffix(b"\n"))

    def is_what(self, told: object) -> bool:
        """Tell whether a later line records just this, with or without the end of its last line."""
        if not isinstance(told, dict) or not self.count:
            return False
        whole = self._hasher.copy()
        whole.update(b"\n")
        own = self._bytes - self.ended
        return told in (
            {"bytes": own, "sha256": self._hasher.hexdigest()},
            {"bytes": own + 1, "sha256": whole.hexdigest()},
        )
