"""Read zip files as packages: entries are unpacked one at a time, within the limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress

from dedup.errors import UnsupportedInput
from dedup.readers.reading import Context, damaged, encrypted

_PIECE = 1 << 20
_BEGINNING = 32
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, LookupError)
"""Errors that the library raises for entries that differ from their record in the directory."""


class Package:
    """An opened zip file. Names of entries are as the file gives them; nothing is written anywhere."""

    def __init__(self, data: bytes, context: Context) -> None:
        self._context = context
        try:
            self.file = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE:
            raise self._damaged() from None
        self.entries = self.file.infolist()
        context.budget.enter(len(self.entries), context.name)
        self._by_name = {entry.filename.lstrip("/"): entry for entry in self.entries}

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def names(self) -> tuple[str, ...]:
        """The names of all entries, in the order of the directory."""
        return tuple(self._by_name)

    def is_current(self, entry: zipfile.ZipInfo) -> bool:
        """Tell if an entry is in force: of several entries with one name only the last is."""
        return self._by_name.get(entry.filename.lstrip("/")) is entry

    def read(self, name: str) -> bytes:
        """The content of an entry, empty if there is none. Raises UnsupportedInput."""
        entry = self._by_name.get(name.lstrip("/"))
        return self.unpacked(entry) if entry else b""

    def beginning(self, name: str) -> bytes:
        """The first bytes of an entry, from which its kind is known; empty if it cannot be read."""
        entry = self._by_name.get(name.lstrip("/"))
        if entry is None or entry.flag_bits & 1:
            return b""
        with suppress(*_DAMAGE), self.file.open(entry) as stream:
            return stream.read(_BEGINNING)
        return b""

    def unpacked(self, entry: zipfile.ZipInfo) -> bytes:
        """The content of an entry. Raises UnsupportedInput when it is damaged, encrypted or too large.

        The size in the directory is not trusted: the bytes are counted while they are unpacked.
        """
        if entry.flag_bits & 1:
            raise encrypted(self._context.name)
        pieces: list[bytes] = []
        try:
            with self.file.open(entry) as stream:
                while piece := stream.read(_PIECE):
                    self._context.budget.unpack(len(piece), self._context.name)
                    pieces.append(piece)
        except _DAMAGE:
            raise self._damaged() from None
        except RuntimeError:  # raised by zipfile if a password is needed
            raise encrypted(self._context.name) from None
        return b"".join(pieces)

    def _damaged(self) -> UnsupportedInput:
        return damaged(self._context.name)
