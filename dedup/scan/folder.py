"""The folder that scans keep in the index: its lock, its files by name, and whether they are intact."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from dedup.errors import IndexDamaged, IndexError_, IndexUnwritable, ScanRunning
from dedup.index.container import Container
from dedup.index.cures import for_place
from dedup.index.folder import locked, make_room
from dedup.messages import Words, system
from dedup.records import dataclass

_FOLDER = "scan"
_LAST = "last-"
_OURS = re.compile(r"(last|unfinished)-[0-9.e-]+\.scan|[0-9.e-]+-\d+\.texts")
_OF_EARLIER_VERSIONS = re.compile(r"(\d+x\d+-[0-9a-f]{16}|\d{8}-\d+x\d+)\.texts")


@dataclass(frozen=True, slots=True)
class ScanFiles:
    """Paths of what scans of one threshold keep."""

    folder: str
    threshold: float

    def texts(self, number: int) -> str:
        """A table of texts: number 0 is of all documents there were when it was made, others of what came."""
        return os.path.join(self.folder, f"{self.threshold:g}-{number}.texts")

    @property
    def last(self) -> str:
        """What the last scan leaves for the next."""
        return self._path("last")

    @property
    def unfinished(self) -> str:
        """What an interrupted scan has found out so far."""
        return self._path("unfinished")

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, f"{name}-{self.threshold:g}.scan")


@contextmanager
def locked_folder(index_folder: str) -> Iterator[str]:
    """The folder, this process being the only scan in it. Raises ScanRunning or IndexUnwritable."""
    folder = os.path.join(index_folder, _FOLDER)
    with ExitStack() as stack:
        try:
            make_room(index_folder, _FOLDER)
            got = stack.enter_context(locked(folder, patience=0))
        except OSError as error:
            raise unwritable(folder, error) from error
        if not got:
            raise ScanRunning(index_folder, Words("scan.running"), Words("scan.running.cure"))
        yield folder


def unwritable(folder: str, error: OSError) -> IndexUnwritable:
    """What to say when the folder cannot be written."""
    place = error.filename if isinstance(error.filename, str) else folder
    return IndexUnwritable(place, system(error), for_place(error))


def tidy(folder: str) -> None:
    """Remove what killed scans left half written, and what earlier versions of this program kept.

    Other files are not touched, whoever put them there.
    """
    for name in os.listdir(folder):
        whole = name.removesuffix(".tmp")
        if _OF_EARLIER_VERSIONS.fullmatch(whole) or (whole != name and _OURS.fullmatch(whole)):
            remove(os.path.join(folder, name))


def remove(path: str) -> None:
    """Remove a file that may be gone already, or open elsewhere (Windows): the next scan tries again."""
    with suppress(OSError):
        os.remove(path)


def verify_scans(index_folder: str) -> int:
    """Read all that scans keep; say how many files that were. Raises IndexDamaged."""
    folder = os.path.join(index_folder, _FOLDER)
    try:
        names = sorted(name for name in os.listdir(folder) if _OURS.fullmatch(name))
    except FileNotFoundError:
        return 0
    for name in names:
        path = os.path.join(folder, name)
        try:
            altered = Container(path).altered()
        except IndexError_ as error:
            raise IndexDamaged(path, error.problem, _cure(name, path)) from error
        if altered:
            problem = Words("index.altered_in", arrays=", ".join(altered))
            raise IndexDamaged(path, problem, _cure(name, path))
    return len(names)


def _cure(name: str, path: str) -> Words:
    return Words("scan.delete_last.cure" if name.startswith(_LAST) else "scan.delete.cure", path=path)
