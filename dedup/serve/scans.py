"""The collection against itself, at the hour that was chosen and on demand, in a helper of its own.

That a scan is wanted is written down until it is done, so one that was cut short is begun anew; it builds
upon what the last one found, and its results replace the last ones as a whole.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import IO, Any, cast

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from dedup.errors import DedupError
from dedup.index.workers import Done, start_helper
from dedup.progress import Advance, Observer
from dedup.serve.choices import choice, choose
from dedup.serve.database import Database
from dedup.serve.service import Service
from dedup.settings import Settings

REPORT = "report.html"
STAGES = ("index", "merge", "sketch", "compare", "verify", "group", "kinds", "originals", "write")
_TO_ACT_ON = ("copy", "near-copy", "version", "part")
"""Relations of documents of which one may be withdrawn."""
_MOST_PAIRS = 100
_PAUSE = 20.0
"""Seconds between two looks at the clock."""
_LOG = logging.getLogger("dedup.serve")


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


class Scans:
    """A thread that scans when it is time or somebody wants it."""

    def __init__(self, service: Service, database: Database) -> None:
        self._service, self._database = service, database
        self._wanted, self._ended = Event(), Event()
        self._thread = Thread(target=self._work, name="scans", daemon=True)
        self._helper: subprocess.Popen[bytes] | None = None
        self.progress: tuple[str, int] | None = None
        """Stage and percent of the scan that is going on."""
        self.problem: DedupError | None = None
        """Why the last one failed."""

    @property
    def folder(self) -> Path:
        """Where the results are."""
        return self._service.folder / "scan"

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Look now whether a scan is wanted."""
        self._wanted.set()

    def close(self) -> None:
        """Stop. A scan that is going on is begun anew at the next start."""
        self._ended.set()
        self._wanted.set()
        if helper := self._helper:
            helper.kill()
        self._thread.join()

    def _work(self) -> None:
        while not self._ended.is_set():
            try:
                with self._database.writing() as session:
                    due = _due(session, time.localtime())
                if due:
                    self._scan()
            except (SQLAlchemyError, OSError) as error:
                _LOG.warning("the scan was put off: %s", type(error).__name__)
            self._wanted.wait(_PAUSE)
            self._wanted.clear()

    def _scan(self) -> None:
        self.progress = (STAGES[0], 0)
        self._helper = helper = start_helper()
        try:
            self.problem = self._performed(helper)
        finally:
            helper.kill()
            with suppress(BrokenPipeError):
                helper.__exit__(None, None, None)
            self._helper = self.progress = None
        if not self._ended.is_set():
            with self._database.writing() as session:
                choose(session, "scan.wanted", "")

    def _performed(self, helper: subprocess.Popen[bytes]) -> DedupError | None:
        orders, messages = cast(IO[bytes], helper.stdin), cast(IO[bytes], helper.stdout)
        try:
            pickle.dump(ScanOrder(self._service.settings, self.folder), orders)
            orders.flush()
            while isinstance(message := pickle.load(messages), int):
                self.progress = progress_of(message)
        except (OSError, EOFError, pickle.UnpicklingError):
            _LOG.warning("the helper that scanned was lost")
            return None
        if isinstance(message, DedupError):
            _LOG.warning("the scan failed: %s", message)
            return message
        if isinstance(message, Exception):
            _LOG.error("the scan failed: %s", type(message).__name__)
        return None


def want_scan(session: Session) -> None:
    """Write down that a scan is wanted."""
    choose(session, "scan.wanted", "yes")


def _due(session: Session, now: time.struct_time) -> bool:
    """Whether a scan is wanted, or it is past the hour and none was begun today: then it is wanted."""
    if choice(session, "scan.wanted"):
        return True
    hour, today = choice(session, "scan.hour"), time.strftime("%Y-%m-%d", now)
    if not hour or now.tm_hour < int(hour) or choice(session, "scan.day") == today:
        return False
    choose(session, "scan.day", today)
    want_scan(session)
    return True


# ------------------------------------------------------------------------------------------ results


def last_summary(folder: Path) -> dict[str, Any] | None:
    """What the last scan found, as `summary.json` has it; None before the first."""
    with suppress(OSError, ValueError):
        summary: dict[str, Any] = json.loads((folder / "summary.json").read_text("utf-8"))
        return summary
    return None


def pairs_to_act_on(folder: Path, stands: Callable[[str], bool]) -> list[dict[str, Any]]:
    """Pairs of documents of which one may go, equal ones first; both still stand in the collection."""
    try:
        with open(folder / "documents.jsonl", encoding="utf-8") as file:
            rows = (json.loads(line) for line in file)
            wanted = [row for row in rows if row["relation"] in _TO_ACT_ON]
    except (OSError, ValueError):
        return []
    wanted.sort(key=lambda row: (_TO_ACT_ON.index(row["relation"]), -row["containment_a"]))
    return list(islice((row for row in wanted if stands(row["a"]) and stands(row["b"])), _MOST_PAIRS))
