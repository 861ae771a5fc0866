"""Write the log of checks (`dedup.audit`) for the commands."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.audit.content import Draft, of_check, of_skipped
from dedup.audit.log import append, demand_log
from dedup.cli.output import STANDARD_INPUT, joins_corpus
from dedup.cli.protected import Protected
from dedup.errors import UsageError
from dedup.messages import Words
from dedup.records import dataclass

if TYPE_CHECKING:
    from dedup.document import Skipped
    from dedup.model import Report
    from dedup.settings import Settings


def demand_place(path: Path, settings: Settings) -> None:
    """Raise UsageError if the log cannot or must not be written; create it if there is none."""
    Protected.of(settings).demand_outside_index(path, "--log")
    if joins_corpus(path, settings.corpus):
        raise UsageError(f"--log {path}", Words("log.in_corpus"))
    demand_log(path)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Write a line of the log for each draft of a call."""

    path: Path
    digests: Mapping[str, str]
    """SHA-256 of the drafts' files when they were read, by name."""

    @classmethod
    def of(cls, path: Path, names: Iterable[str], typed: bytes) -> Recorder:
        """Take the digests of the files of some drafts; `typed` is the content of standard input."""
        files = {name: _file_of(name) for name in names}
        digests = {file: _digest(file) for file in {*files.values()} if file}
        found = {name: digests.get(file, "") for name, file in files.items()}
        if STANDARD_INPUT in found:
            found[STANDARD_INPUT] = sha256(typed).hexdigest()
        return cls(path, found)

    def note(self, report: Report, exit_status: int) -> None:
        """Add the line on a check. Raises UsageError if it cannot be written."""
        append(self.path, of_check(report, self._draft(report.submission.path), exit_status))

    def note_skipped(self, skipped: Iterable[Skipped], exit_status: int) -> None:
        """Add a line for each draft that has no report. Raises UsageError."""
        for one in skipped:
            append(self.path, of_skipped(one, self._draft(one.path), exit_status))

    def _draft(self, name: str) -> Draft:
        return Draft(name, self.digests.get(name, ""))


def _file_of(name: str) -> str:
    """The file of a draft, for a member of an archive the archive; empty if there is none."""
    if name == STANDARD_INPUT:
        return ""
    with suppress(OSError, ValueError):
        for path in (Path(name), *Path(name).parents):
            if path.is_file():
                return os.fspath(path)
    return ""


def _digest(path: str) -> str:
    """SHA-256 of a file's bytes; empty if it cannot be read."""
    from hashlib import file_digest

    with suppress(OSError), open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()
    return ""
