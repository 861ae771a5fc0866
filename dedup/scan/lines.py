"""Result files of which most lines stay from scan to scan: those are copied, not written again.

What is copied is proven: the old file must have the checksum it was written with, and not change until all
is copied; a line is taken for the same when a hash of all that it says is. So a file comes out byte for byte
as if it had been written anew.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from io import BytesIO
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.arrays import Ints, places_of

_BUFFER = 1 << 20
_LINES_AT_ONCE = 1 << 15

Formatter = Callable[[Ints], Iterable[str]]
"""Writes the lines of some numbers, each with its end of line, in pieces that are not large."""
Told = Callable[[int], None]
"""Called with how many more lines are done."""


@dataclass(frozen=True, slots=True)
class LineTable:
    """The n lines of a file as it was written."""

    identities: NDArray[np.uint64]
    """[n] a hash of all that each line says."""
    sizes: NDArray[np.uint32]
    """[n] bytes, with the end of line."""
    checksum: int
    """CRC-32 of the file."""


NO_LINES = LineTable(np.empty(0, np.uint64), np.empty(0, np.uint32), 0)


class _Altered(OSError):
    """The last file changed while lines were copied from it."""


class LastFile:
    """A file as the last scan wrote it, open to be copied from."""

    def __init__(self, file: BinaryIO, table: LineTable) -> None:
        self.table = table
        self._file = file
        self._mark = self._as_it_is()

    @classmethod
    def of(cls, path: str, table: LineTable) -> LastFile:
        """The file, or one without lines where there is none or another. Reads all of it."""
        if len(table.identities):
            with suppress(OSError), ExitStack() as opened:
                last = cls(opened.enter_context(open(path, "rb", buffering=0)), table)
                if last._is_as_written():
                    opened.pop_all()  # it stays open
                    return last
        return cls(BytesIO(), NO_LINES)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Its bytes from `start` to `end`. Raises OSError."""
        self._file.seek(start)
        while start < end:
            piece = self._file.read(min(_BUFFER, end - start))
            if not piece:
                raise _Altered
            start += len(piece)
            yield piece

    def is_unchanged(self) -> bool:
        """Whether nobody has written to it since it was opened."""
        return self._as_it_is() == self._mark

    def _is_as_written(self) -> bool:
        size = int(self.table.sizes.sum(dtype=np.int64))
        if self._mark[0] != size:
            return False
        checksum = 0
        for piece in self.read(0, size):
            checksum = zlib.crc32(piece, checksum)
        return checksum == self.table.checksum

    def _as_it_is(self) -> tuple[int, int]:
        if isinstance(self._file, BytesIO):
            return 0, 0
        facts = os.fstat(self._file.fileno())
        return facts.st_size, facts.st_mtime_ns


class Together:
    """Files that are written beside their places, and take them when all are written, or not at all.

    Those of one scan beside those of another would be taken for one.
    """

    def __init__(self) -> None:
        self._asides: dict[str, str] = {}

    def write(self, path: str, pieces: Iterable[bytes]) -> None:
        """Write one beside its place. Raises OSError."""
        aside = self._asides[path] = f"{path}.{os.getpid()}.tmp"
        with open(aside, "wb", buffering=_BUFFER) as file:
            file.writelines(pieces)

    def __enter__(self) -> Together:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                for path, aside in self._asides.items():
                    os.replace(aside, path)
        finally:
            for aside in self._asides.values():
                with suppress(OSError):
                    os.remove(aside)


def write_lines(
    files: Together, path: str, identities: NDArray[np.uint64], written: Formatter, last: LastFile, told: Told
) -> LineTable:
    """Write a file of n lines, one of some `files`; lines that are in the `last` are copied.

    That is closed then: Windows replaces no file that is open. Raises OSError.
    """
    places = _places(identities, last.table.identities)
    told(int((places >= 0).sum()))
    output = _LineWriter(len(identities), told)
    try:
        files.write(path, output.pieces(places, written, last))
    except _Altered:
        last.close()
        return write_lines(files, path, identities, written, LastFile.of(path, NO_LINES), lambda _: told(0))
    return LineTable(identities, output.sizes, output.checksum)


class _LineWriter:
    """Puts a file together, and measures it as it goes by."""

    def __init__(self, lines: int, told: Told) -> None:
        self._told = told
        self.sizes: NDArray[np.uint32] = np.empty(lines, dtype=np.uint32)
        self.checksum = 0

    def pieces(self, places: Ints, written: Formatter, last: LastFile) -> Iterator[bytes]:
        """The bytes of all lines; `places` [n] say which line of the last file each is, -1 for a new one."""
        old_sizes = last.table.sizes
        self.sizes[places >= 0] = old_sizes[places[places >= 0]]
        fresh = _Lines(self._formatted(np.flatnonzero(places < 0), written))
        offsets = np.concatenate(([0], np.cumsum(old_sizes, dtype=np.int64)))
        follows = np.zeros(len(places), dtype=np.bool_)
        follows[1:] = (places[1:] == places[:-1] + 1) & (places[:-1] >= 0) | (
            (places[1:] < 0) & (places[:-1] < 0)
        )
        begins = np.flatnonzero(~follows)
        counts = np.diff(begins, append=len(places))
        for place, count in zip(places[begins].tolist(), counts.tolist(), strict=True):
            if place >= 0:
                yield from map(self._measured, last.read(int(offsets[place]), int(offsets[place + count])))
            else:
                yield from map(self._measured, fresh.take(count))
        if not last.is_unchanged():
            raise _Altered
        last.close()

    def _formatted(self, numbers: Ints, written: Formatter) -> Iterator[list[bytes]]:
        done = 0
        for first in range(0, len(numbers), _LINES_AT_ONCE):
            for piece in written(numbers[first : first + _LINES_AT_ONCE]):
                lines = piece.encode("utf-8", "backslashreplace").splitlines(keepends=True)
                self.sizes[numbers[done : done + len(lines)]] = [len(line) for line in lines]
                done += len(lines)
                self._told(len(lines))
                yield lines

    def _measured(self, piece: bytes) -> bytes:
        self.checksum = zlib.crc32(piece, self.checksum)
        return piece


class _Lines:
    """Lines that come in blocks, taken in runs: one by one they would cost more than all the rest."""

    def __init__(self, blocks: Iterator[list[bytes]]) -> None:
        self._blocks = blocks
        self._block: list[bytes] = []
        self._taken = 0

    def take(self, count: int) -> Iterator[bytes]:
        """The next lines, many in one piece."""
        while count:
            if self._taken == len(self._block):
                self._block, self._taken = next(self._blocks), 0
            some = self._block[self._taken : self._taken + count]
            self._taken += len(some)
            count -= len(some)
            yield b"".join(some)


def _places(identities: NDArray[np.uint64], old: NDArray[np.uint64]) -> Ints:
    """[n] the old line of each identity, -1 where there is none."""
    if not len(old):
        return np.full(len(identities), -1)
    old_order, order = np.argsort(old), np.argsort(identities)
    # Ordered needles are found several times faster.
    found = places_of(identities[order], old[old_order])
    places = np.empty(len(identities), dtype=np.int64)
    places[order] = np.where(found >= 0, old_order[found], -1)
    return places
