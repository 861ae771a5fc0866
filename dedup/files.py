"""Files that are there whole or not at all: written beside their place, then given their name."""

from __future__ import annotations

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
    finally:
        aside.unlink(missing_ok=True)


def beside(target: Path) -> Path:
    """Give a name beside a place that nobody else gives a file, and that is hidden from listings."""
    return target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")


def publish_new(aside: Path, target: Path) -> None:
    """Give a file that was written aside its name. Raises FileExistsError where something stands there."""
    try:
        os.link(aside, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        with open(target, "xb") as file:
            file.write(aside.read_bytes())


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
