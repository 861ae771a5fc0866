"""The collection against itself, at the hour that was chosen and on demand, in a helper of its own.

A scan is a job, so one that was cut short is begun anew; it builds upon what the last one found, and its
results replace the last ones as a whole.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from itertools import islice
from pathlib import Path
from typing import Any, cast

from fastapi.responses import FileResponse
from sqlalchemy.orm import Session

from dedup.index.workers import Done, start_helper
from dedup.progress import Advance, Observer
from dedup.serve import log
from dedup.serve.bell import Bell
from dedup.serve.checkers import Lost, carried_out, dismiss, known_by
from dedup.serve.clock import Clock
from dedup.serve.database import Database
from dedup.serve.exports import own_policy
from dedup.serve.jobs import Jobs, Tell, ask, waiting
from dedup.serve.nightly import Nightly
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account, Job
from dedup.settings import Settings

REPORT = "report.html"
STAGES = ("index", "merge", "sketch", "compare", "verify", "group", "kinds", "originals", "write")
_TO_ACT_ON = ("copy", "near-copy", "version", "part")
"""Relations of documents of which one may be withdrawn."""
_MOST_PAIRS = 100
_PAIRS_KEPT = 2_000
"""Of which some may be withdrawn until the next scan."""
_HEAD = 4096
"""Characters of a page that hold its policy."""


@dataclass(frozen=True, slots=True)
class ScanOrder:
    """Scan the collection and write results and page into a folder."""

    settings: Settings
    folder: Path

    def perform(self, done: Done) -> Iterator[str]:
        """Do it; `done` hears the stage and how far it is, as `progress_of` reads it."""
        from dedup.reports import ScanReport, View, scan_format_named
        from dedup.scan import scan_corpus

        if hasattr(os, "nice"):
            os.nice(10)  # people who wait for a check come first
        self.folder.mkdir(parents=True, exist_ok=True)
        scan = scan_corpus(self.settings, output=self.folder, observer=_Telling(done))
        page = scan_format_named("html").render(
            ScanReport(scan, str(self.folder)), View(self.settings.language)
        )
        aside = self.folder / f".{REPORT}.tmp"
        with open(aside, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.writelines((page,) if isinstance(page, str) else cast("Iterator[str]", page))
        aside.replace(self.folder / REPORT)
        yield ""


class _Telling(Observer):
    """Tells stages and thousandths as numbers, the only thing a helper says while it works."""

    def __init__(self, done: Done) -> None:
        self._done, self._told = done, -1

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        """A stage begins."""
        place = STAGES.index(name) if name in STAGES else 0

        def advance(done: int, total: int) -> None:
            number = place * 1001 + (1000 * done // total if total else 0)
            if number != self._told:
                self._told = number
                self._done(number)

        advance(0, 1)
        yield advance


def progress_of(number: int) -> tuple[str, int]:
    """The stage, and how far it is in percent."""
    return STAGES[min(number // 1001, len(STAGES) - 1)], number % 1001 // 10


class Scans(Jobs):
    """The scans of a service: jobs that somebody asks for, or the clock."""

    def __init__(self, service: Service, database: Database, bell: Bell, clock: Clock | None = None) -> None:
        self._service = service
        super().__init__("scan", self._scan, database, bell, Nightly(clock).look)
        self._helper: subprocess.Popen[bytes] | None = None
        self._closing = False

    @property
    def folder(self) -> Path:
        """The folder of the results."""
        return self._service.folder / "scan"

    def close(self) -> None:
        """Stop. A scan that is going on is begun anew at the next start."""
        self.end()
        self._closing = True
        if helper := self._helper:
            helper.kill()
        super().close()

    def pairs_to_act_on(self) -> list[dict[str, Any]]:
        """Pairs of documents of which one may go, as both still stand in the collection."""
        return pairs_to_act_on(self.folder, lambda path: (self._service.settings.corpus / path).is_file())

    def _scan(self, wish: object, tell: Tell) -> dict[str, Any]:
        """Scan in a helper and give the counts of what was found. Raises Lost, and what the scan raises."""
        tell(STAGES[0], 0)
        self._helper = helper = start_helper()
        try:
            if self._closing:  # which looked for a helper before there was one
                raise Lost
            order = ScanOrder(self._service.settings, self.folder)
            carried_out(helper, order, lambda number: tell(*progress_of(number)))
        finally:
            dismiss(helper)
            self._helper = None
        summary = last_summary(self.folder)
        return dict(summary["counts"]) if summary else {}


def want_scan(session: Session, account: Account) -> Job:
    """Write down that somebody wants a scan; one that waits or goes on already is the one that is wanted."""
    known = waiting(session, "scan")
    if known is not None:
        return known
    log.note(session, account.id, "scan.wanted")
    return ask(session, "scan", account)


# ------------------------------------------------------------------------------------------ results


def last_summary(folder: Path) -> dict[str, Any] | None:
    """The results of the last scan in numbers, as `summary.json` has them; None before the first."""
    with suppress(OSError, ValueError):
        summary: dict[str, Any] = json.loads((folder / "summary.json").read_text("utf-8"))
        return summary
    return None


def report_of(folder: Path) -> FileResponse:
    """The page of the last scan, as an answer. Raises Problem 404 where there is none."""
    path = folder / REPORT
    if not path.is_file():
        raise Problem(404, "nothing_here")
    with open(path, encoding="utf-8") as file:
        policy = own_policy(file.read(_HEAD))
    return FileResponse(path, media_type="text/html; charset=utf-8", headers=policy)


def pairs_to_act_on(folder: Path, stands: Callable[[str], bool]) -> list[dict[str, Any]]:
    """Pairs of documents of which one may go, equal ones first; both still stand in the collection."""
    file = folder / "documents.jsonl"
    pairs = _pairs(file, known_by(file))
    return list(islice((row for row in pairs if stands(row["a"]) and stands(row["b"])), _MOST_PAIRS))


@lru_cache(maxsize=1)
def _pairs(file: Path, known: tuple[int, int]) -> list[dict[str, Any]]:
    """The first pairs of a result file, which holds each pair of documents that share anything."""
    try:
        with open(file, encoding="utf-8") as lines:
            rows = (row for row in map(json.loads, lines) if row["relation"] in _TO_ACT_ON)
            return nsmallest(
                _PAIRS_KEPT,
                rows,
                key=lambda row: (_TO_ACT_ON.index(row["relation"]), -row["containment_a"]),
            )
    except (OSError, ValueError):
        return []
