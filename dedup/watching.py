"""Watch a folder into which drafts are put, and find those that are complete and still need a report.

Changes are never taken from messages of the system: these are lost on network drives, come twice, or come
while a file is being copied. A message is only an occasion to list the folder. A draft is checked when it
looks the same twice, a moment apart, and has no report of this very text.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG

from dedup.errors import UnreadableInput, UsageError
from dedup.limits import LIMITS
from dedup.messages import Words, system
from dedup.records import dataclass
from dedup.reports.receipt import SUFFIXES, is_report, receipt_in

SETTLED_AFTER = 1.0
"""Seconds for which a file must not change before it is taken for whole."""

Reader = Callable[[Path], bytes]
_Stamp = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that needs a report."""

    path: Path
    content: bytes
    report: Path
    """Path of its report, at which there is nothing or an earlier report on this draft."""

    @property
    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Problem:
    """A draft without report until it, or a file in the way, changes; or a folder that may not be listed."""

    path: Path
    error: UnreadableInput
    digest: str = ""
    """SHA-256 of the content, hexadecimal, where that could be read."""


class DropFolder:
    """The drafts in a folder and its subfolders, as they come, change and go."""

    def __init__(
        self, folder: Path, output: Path | None, format_name: str, left_out: Sequence[Path] = ()
    ) -> None:
        """Watch a folder; reports go beside the drafts, or into `output` in the same layout.

        Folders in `left_out` are not searched. Raises UsageError if there is no such folder.
        """
        if not folder.is_dir():
            raise UsageError(str(folder), Words("watch.no_folder"))
        self.folder = folder
        self._identity = _identity(folder)
        self._output = output
        self._reports_among_drafts = output is None or _is_in(folder, output)
        self._suffix = SUFFIXES[format_name]
        self._left_out = {os.path.realpath(one) for one in (*left_out, *([output] if output else []))}
        self._seen: dict[Path, tuple[_Stamp, float]] = {}
        """How each file looked last, and since when."""
        self._settled: dict[Path, tuple[_Stamp, _Stamp]] = {}
        """Drafts that need nothing as long as they and their reports have these stamps."""
        self._refused: set[str] = set()
        """Folders that could not be listed at the last look."""
        self.waiting = False
        """Tell if a file has changed so lately that it must be looked at again."""

    def demand_there(self) -> None:
        """Raise UsageError when the folder has been removed, replaced or unmounted."""
        if self._identity != _identity(self.folder):
            raise UsageError(str(self.folder), Words("watch.gone"))

    def due(self, now: float, read: Reader) -> Iterator[Draft | Problem]:
        """The drafts that no longer change and have no report on their text; `now` in seconds of any clock.

        A draft is read by `read`, which may raise UnreadableInput.
        """
        self.demand_there()
        errors: list[OSError] = []
        found = dict(self._files(errors))
        yield from self._refusals(errors)
        self._seen = {path: self._since(path, stamp, now) for path, stamp in found.items()}
        self._settled = {path: stamps for path, stamps in self._settled.items() if path in found}
        self.waiting = False
        for path, (stamp, since) in self._seen.items():
            if now - since < SETTLED_AFTER:
                self.waiting = True
            elif self._settled.get(path) != (stamp, _standing(self._report_of(path))):
                yield from self._wanting(path, read)

    def settle(self, path: Path) -> None:
        """Ignore a draft until it, or the file at the path of its report, changes."""
        if path in self._seen:
            self._settled[path] = (self._seen[path][0], _standing(self._report_of(path)))

    def _refusals(self, errors: Sequence[OSError]) -> Iterator[Problem]:
        """Folders that may not be listed, each reported once until it may be."""
        before, self._refused = self._refused, {str(one.filename) for one in errors}
        for error in errors:
            if str(error.filename) not in before:
                problem = Words("input.unreadable", why=system(error))
                yield Problem(Path(error.filename), UnreadableInput(str(error.filename), problem))

    def _since(self, path: Path, stamp: _Stamp, now: float) -> tuple[_Stamp, float]:
        last = self._seen.get(path)
        return last if last is not None and last[0] == stamp else (stamp, now)

    def _wanting(self, path: Path, read: Reader) -> Iterator[Draft | Problem]:
        report = self._report_of(path)
        self.settle(path)
        try:
            draft = Draft(path, read(path), report)
        except UnreadableInput as refused:
            if path.exists():  # otherwise it is gone
                yield Problem(path, refused)
            return
        if len(os.fsencode(report.name)) > LIMITS.longest_name:
            yield Problem(path, UnreadableInput(str(path), Words("output.long_name")), draft.digest)
            return
        receipt = receipt_in(report)
        if os.path.lexists(report) and (receipt is None or report.is_symlink()):
            error = UnreadableInput(str(path), Words("watch.taken", path=str(report)))
            yield Problem(path, error, draft.digest)
        elif receipt != draft.digest:
            yield draft

    def _report_of(self, path: Path) -> Path:
        place = self._output / path.relative_to(self.folder) if self._output is not None else path
        return place.with_name(f"{place.name}.{self._suffix}")

    def _files(self, errors: list[OSError]) -> Iterator[tuple[Path, _Stamp]]:
        """Files that are documents by their names, with their stamps, without reports among them."""
        from dedup.readers import is_draft

        for place, folders, names in os.walk(self.folder, onerror=errors.append):
            folders[:] = sorted(one for one in folders if not self._is_left_out(os.path.join(place, one)))
            for name in sorted(names):
                path = Path(place, name)
                stamp = _stamp(path) if is_draft(name) else ()
                if stamp and not (self._reports_among_drafts and is_report(path)):
                    yield path, stamp

    def _is_left_out(self, folder: str) -> bool:
        return os.path.basename(folder).startswith(".") or os.path.realpath(folder) in self._left_out


def _stamp(path: Path) -> _Stamp:
    """A stamp that changes when a regular file is written, replaced or made readable; empty without one."""
    with suppress(OSError):
        facts = path.stat()
        if S_ISREG(facts.st_mode):
            return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
    return ()


def _standing(place: Path) -> _Stamp:
    """A stamp that changes when anything at a path changes, of any kind; empty if there is nothing."""
    with suppress(OSError):
        facts = place.lstat()
        return facts.st_mode, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
    return ()


def _is_in(folder: Path, output: Path) -> bool:
    """Tell whether a folder is `output` or lies in it."""
    place = Path(os.path.realpath(folder))
    return place.is_relative_to(os.path.realpath(output))


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        facts = folder.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino
