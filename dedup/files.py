"""Write files that appear whole or not at all: to a temporary file first, which is then renamed.

Also a conversion for file names in them, which need not be valid text.
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
    """Open a file that replaces the one at a path once it is written; a link stays a link.

    It gets the permissions of that file, or `mode` less the umask. If the block fails, nothing is changed. If
    it is not `durable`, it may be lost when the power fails. Raises OSError.
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
    """A hidden temporary name beside a path that no other process uses."""
    return target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")


NO_LINKS = frozenset({errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS})
"""Errors of file systems, or of places on them, without hard links."""


def publish_new(aside: Path, target: Path) -> None:
    """Give a file that was written aside its final name, without overwriting another file.

    Raises FileExistsError if the name is taken, and OSError.
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
    """A text that UTF-8 can encode: undecodable bytes of file names become escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
