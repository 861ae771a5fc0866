"""The whole collection against itself: near-duplicate paragraphs across documents.

::

    index → batches (texts, bands) → candidates → verified pairs of texts → pairs of paragraphs
                                                                          → clusters → relations of documents

Only texts that the last scan has not seen are compared. What it found of the others still holds: whether two
texts are a pair depends on the two alone, except in buckets that hold very many texts, and those are compared
anew when they change (`dedup.scan.near`). So an incremental scan ends where a full one would.
"""

from __future__ import annotations

import gc
import os
import time
from dataclasses import dataclass
from pathlib import Path

from dedup import __version__
from dedup.errors import IndexDamaged, IndexFormatError, IndexUnreadable, UsageError
from dedup.index import Index, open_index, update_index
from dedup.index.index import FileTable, demand_documents, demand_files
from dedup.limits import LIMITS, Limits
from dedup.progress import UNOBSERVED, Observer
from dedup.scan.banding import SHINGLE_SIZE, Banding, choose_banding
from dedup.scan.collection import Collection
from dedup.scan.comparing import Findings, compare, remember
from dedup.scan.lines import NO_LINES
from dedup.scan.mending import on_sound_batches
from dedup.scan.output import Output
from dedup.scan.record import Scan
from dedup.scan.report import since_last, with_samples
from dedup.scan.state import State, checkpoint_path, read_state, state_path, write_state
from dedup.scan.store import NO_KEYS
from dedup.scan.upkeep import locked_folder, tidy, unwritable
from dedup.scan.work import Stages, Work
from dedup.settings import Settings

__all__ = ["Scan", "scan"]


def scan(
    settings: Settings,
    *,
    threshold: float = 0.7,
    output: Path | None = None,
    full: bool = False,
    refresh: bool = True,
    observer: Observer = UNOBSERVED,
    limits: Limits = LIMITS,
) -> Scan:
    """Scan the corpus that the settings name; with `output` write the result files there.

    `full` compares everything again. `refresh` brings the index up to date first.

    Raises UsageError, ScanRunning, and whatever opening an index raises.
    """
    if not 0 < threshold <= 1:
        raise UsageError(f"--threshold {threshold:g}", "a similarity above 0 and up to 1 is expected")
    started = time.time()
    if refresh:
        demand_files(settings.corpus, settings.index)
        update_index(settings.corpus, settings.index, settings, observer=observer, limits=limits)
    index = open_index(settings.corpus, settings.index, settings, refresh=False, limits=limits)
    with index, locked_folder(index.folder) as folder:
        demand_documents(index, settings.corpus)
        banding = _banding_for(index, threshold)
        run = _Run(settings, index, index.files(), folder, threshold, banding, started)
        # What was read so far stays to the end: to look through it for garbage again and again is a waste.
        gc.freeze()
        try:
            return on_sound_batches(
                folder, full, lambda everything: run.run(output, everything, observer.stage)
            )
        except OSError as error:
            raise unwritable(folder, error) from error
        finally:
            gc.unfreeze()


def _banding_for(index: Index, threshold: float) -> Banding:
    scheme = index.scheme
    if (scheme.shingle, scheme.shingle_size) != ("char", SHINGLE_SIZE):
        made = f"signatures of {scheme.shingle} shingles of {scheme.shingle_size}"
        cure = "scan with an index of its own and the default settings: --index DIR"
        raise UsageError(index.folder, f"holds {made}; a scan compares {SHINGLE_SIZE} characters", cure)
    return choose_banding(threshold, scheme.permutations)


@dataclass(frozen=True, slots=True)
class _Run:
    """One scan, which holds the lock."""

    settings: Settings
    index: Index
    files: FileTable
    folder: str
    threshold: float
    banding: Banding
    started: float

    def run(self, output: Path | None, full: bool, stages: Stages) -> Scan:
        clock = _Clock(self.started)
        clock.lap("index")
        path = state_path(self.folder, self.threshold)
        last, lost = None, None
        try:
            last = read_state(path, self._basis())
        except (IndexDamaged, IndexUnreadable, IndexFormatError) as error:
            lost = f"{error.what}: {error.problem}"
        with Output(output, last.lines if last else (NO_LINES, NO_LINES)) as results:
            with stages("sketch") as progress:
                collection = Collection(
                    self.index,
                    self.files,
                    self.folder,
                    self.banding,
                    remembered=last.file_keys if last else NO_KEYS,
                    progress=progress,
                )
            clock.lap("sketch")
            checkpoint = checkpoint_path(self.folder, self.threshold)
            work = Work(stages, checkpoint, self._purpose(collection, last, full))
            findings: Findings = compare(collection, self.threshold, last, work, full=full)
            clock.lap("compare")
            with results.written(collection, findings, stages) as lines:
                state = remember(collection, findings, self.started)
                since = since_last(collection, findings, state, last) if last else None
            clock.lap("write")
            found = Scan(
                corpus=os.fspath(self.settings.corpus),
                threshold=self.threshold,
                bands=self.banding.bands,
                rows=self.banding.rows,
                expected_recall=self.banding.recall(self.threshold),
                full=findings.full,
                started=state.facts["started"],
                seconds=clock.seconds,
                counts=findings.counts(collection),
                since=since,
                skipped=self.index.skipped,
                lost=lost,
            )
            result = with_samples(collection, findings, found)
            results.summarize(
                result.as_json({"name": "dedup", "version": __version__}, self.settings.language)
            )
        # Only now: a scan that dies before has not happened, and the next one reports what is new again.
        write_state(path, self._basis(), state.with_lines(lines.result()))
        work.done()
        tidy(self.folder)
        return result

    def _purpose(self, collection: Collection, last: State | None, full: bool) -> str:
        """What a checkpoint must have been made for to be gone on from."""
        past = "nothing" if last is None or full else last.facts["started"]
        return f"{self._basis()} {collection.fingerprint():016x} since {past}"

    def _basis(self) -> str:
        """What a state must have been made with to be of use."""
        return f"{__version__} {self.threshold!r} {self.index.scheme.to_json()}"


class _Clock:
    """How long each stage took."""

    def __init__(self, started: float) -> None:
        self._last = started
        self.seconds: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """A stage has ended."""
        now = time.time()
        self.seconds[stage], self._last = now - self._last, now
