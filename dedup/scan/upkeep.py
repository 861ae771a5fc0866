"""The folder that scans keep in the index: locking it, tidying it, verifying it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from dedup.errors import IndexDamaged, IndexError_, IndexUnwritable, ScanRunning
from dedup.index.container import Container
from dedup.index.cures import for_place
from dedup.index.folder import locked
from dedup.scan.state import LAST
from dedup.scan.state import SUFFIX as STATE
from dedup.scan.store import SUFFIX as BATCH

FOLDER = "scan"
_OLD_SKETCH = re.compile(r"\d{8}-\d+x\d+\.texts")


@contextmanager
def locked_folder(index_folder: str) -> Iterator[str]:
    """The folder, this process being the only scan in it. Raises ScanRunning or IndexUnwritable."""
    folder = os.path.join(index_folder, FOLDER)
    with ExitStack() as stack:
        try:
            os.makedirs(folder, exist_ok=True)
            got = stack.enter_context(locked(folder, patience=0))
        except OSError as error:
            raise unwritable(folder, error) from error
        if not got:
            raise ScanRunning(index_folder, "another scan is at work", "wait until it has ended")
        yield folder


def unwritable(folder: str, error: OSError) -> IndexUnwritable:
    """What to say when the folder cannot be written."""
    place = error.filename if isinstance(error.filename, str) else folder
    return IndexUnwritable(place, error.strerror or str(error), for_place(error))


def tidy(folder: str) -> None:
    """Remove what killed scans left half written, and what older versions of this program kept."""
    for name in os.listdir(folder):
        if name.endswith(".tmp") or _OLD_SKETCH.fullmatch(name):
            with suppress(OSError):  # open elsewhere (Windows): the next scan tries again
                os.remove(os.path.join(folder, name))


def _cure(name: str, path: str) -> str:
    if name.startswith(LAST):
        lost = "cannot tell what is new since the last, and names clusters anew"
        return f"delete {path}; the next scan compares everything, {lost}"
    if name.endswith(BATCH):  # which scans may have used: what they found is not to be built upon
        return "scan anew, at each --threshold in use: dedup scan --full"
    return f"delete {path}; the next scan makes it anew"


def verify_scans(index_folder: str) -> int:
    """Read all that scans keep; say how many files that were. Raises IndexDamaged."""
    folder = os.path.join(index_folder, FOLDER)
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return 0
    kept = [name for name in names if name.endswith((BATCH, STATE))]
    for name in kept:
        path = os.path.join(folder, name)
        cure = _cure(name, path)
        try:
            altered = Container(path).altered()
        except IndexError_ as error:
            raise IndexDamaged(path, error.problem, cure) from error
        if altered:
            raise IndexDamaged(path, f"altered since it was written ({', '.join(altered)})", cure)
    return len(kept)
