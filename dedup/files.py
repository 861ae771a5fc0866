"""Files that are there whole or not at all: written beside their place, then given their name.

And what may be written in them: names of files need not be text.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path, mode: int | None = None, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Open a file that takes the place of the one at a path once it is written; a link stays a link.

    It gets the permissions of that one, or what the umask leaves of `mode`. Where the block fails, all is as
    it was. What is not `durable` may be lost when the power fails. Raises OSError.
    """
    target = path.resolve()
    aside = beside(target)
    try:
        allowed = 0o666 if mode is None else mode
        with open(aside, "xb", opener=lambda name, flags: os.open(name, flags, allowed)) as file:
            if mode is None and target.exists():
                os.chmod(aside, target.stat().st_mode & 0o777)
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        aside.replace(target)
        if durable:
            sync_folder(target.parent)
    finally:
        aside.unlink(missing_ok=True)


def beside(target: Path) -> Path:
    """Give a name beside a place that nobody else gives a file, and that is hidden from listings."""
    return target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")


NO_LINKS = frozenset({errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS})
"""Errors of file systems, or of places on them, that give a file no second name."""


def publish_new(aside: Path, target: Path) -> None:
    """Give a file that was written aside its name, and take the other one away.

    Raises FileExistsError where something stands there, and OSError.
    """
    try:
        os.link(aside, target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        aside.rename(target)
    else:
        aside.unlink()


def sync_folder(folder: str | Path) -> None:
    """Make new names in a folder durable, where the system can (not on Windows)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def storable(text: str) -> str:
    """A text as UTF-8 holds it: bytes of file names that are no text become escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
