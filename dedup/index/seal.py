"""A seal on the catalog: a checksum of the whole file, kept beside it while nobody writes.

SQLite checks the structure of its file, and the checksum inside the catalog covers what is live; neither sees
a byte altered in the unused part of a page. The seal is broken, durably, before a transaction and put on
again after it. So a seal that is there must fit. One that is not there says that a writer was interrupted;
then the checksum inside has to do, until the next writer looks at that and puts on a new seal.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress

import numpy as np

from dedup.errors import IndexDamaged, IndexError_
from dedup.index.container import Container, sync_folder, write_container

SUFFIX = ".seal"
ALTERED = "altered since it was written"
_CURE = "bring the index up to date, which makes it anew: dedup index"


class Seal:
    """The seal of one file."""

    def __init__(self, sealed: str) -> None:
        self._sealed = sealed
        self.path = sealed + SUFFIX

    def fits(self) -> bool | None:
        """Whether the file is what was sealed; None without a seal.

        The file must not change meanwhile. Raises OSError, or IndexDamaged when it is the seal that is
        altered.
        """
        written = self._read()
        return None if written is None else written == _digest(self._sealed)

    def usable(self) -> bool:
        """Whether there is one, and it is what was written."""
        try:
            return self._read() is not None
        except IndexDamaged:
            return False

    def _read(self) -> bytes | None:
        try:
            container = Container(self.path)
            if not container.altered():
                return container.array("digest").tobytes()
            problem = ALTERED
        except FileNotFoundError:
            return None
        except IndexError_ as error:
            problem = str(error.problem)
        raise IndexDamaged(self.path, problem, _CURE)

    def break_(self) -> None:
        """Remove it, durably: from now on the file may change. Raises OSError."""
        with suppress(FileNotFoundError):
            os.remove(self.path)
            sync_folder(os.path.dirname(self.path))

    def put(self) -> None:
        """Seal the file as it is, if there is room for a seal: what it says of the file can wait."""
        with suppress(OSError):
            digest = np.frombuffer(_digest(self._sealed), dtype=np.uint8)
            write_container(self.path, [("digest", digest)])


def _digest(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).digest()
