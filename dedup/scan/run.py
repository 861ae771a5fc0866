"""A scan from one end to the other."""

from __future__ import annotations

import os
import time
from dataclasses import field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup import __version__
from dedup.errors import IndexDamaged, IndexFormatError, IndexUnreadable, UsageError
from dedup.index import Index, open_index, update_index
from dedup.index.folder import unwritable
from dedup.index.opening import demand_documents, demand_files
from dedup.limits import LIMITS, Limits
from dedup.messages import Words
from dedup.progress import UNOBSERVED, Observer
from dedup.readers import reader_identities
from dedup.records import dataclass
from dedup.scan.banding import SHINGLE_SIZE, Banding, choose_banding
from dedup.scan.candidates import Past, find_candidates
from dedup.scan.checkpoint import Checkpoint
from dedup.scan.collection import Collection
from dedup.scan.files import Files
from dedup.scan.findings import Findings, list_findings
from dedup.scan.near_texts import NearTexts, verified
from dedup.scan.record import Scan
from dedup.scan.relations import FILE_NAME as DUPLICATES
from dedup.scan.relations import Duplicate, Relations, duplicate_lines, duplicates, relate
from dedup.scan.results import SUMMARY, ResultFolder, result_lines
from dedup.scan.state import (
    NO_NAMES,
    LastScan,
    ScanFiles,
    clustered_texts,
    difference,
    locked_folder,
    name_clusters,
    read_last,
    this_scan,
    tidy,
    write_last,
)
from dedup.scan.summary import (
    changed_clusters,
    closest_documents,
    counts_of,
    largest_clusters,
    since_last,
    summary_text,
)
from dedup.scan.texts import KeptTable, basis_text, drop_tables, text_tables
from dedup.settings import Settings
from dedup.sketch.arrays import distinct
from dedup.text.structure import PARSER


def scan_corpus(
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
        raise UsageError(f"--threshold {threshold:g}", Words("scan.threshold"))
    clock = Clock()
    if refresh:
        demand_files(settings.corpus, settings.index)
        update_index(settings.corpus, settings.index, settings, observer=observer, limits=limits)
    index = open_index(settings.corpus, settings.index, settings, refresh=False, limits=limits)
    with index, locked_folder(index.folder) as folder:
        demand_documents(index, settings.corpus)
        files = Files.of(index)
        run = _Run(settings, index, files, folder, threshold, observer, limits, clock)
        clock.lap("index")
        try:
            return run.run(output, full)
        except OSError as error:
            raise unwritable(folder, error) from error


@dataclass(slots=True)
class Clock:
    """The seconds that each stage took."""

    started: float = field(default_factory=time.time)
    seconds: dict[str, float] = field(default_factory=dict)

    def lap(self, stage: str) -> None:
        """A stage has ended."""
        self.seconds[stage] = time.time() - self.started - sum(self.seconds.values())


@dataclass(frozen=True, slots=True)
class _Found:
    """Findings of a scan, before they are told."""

    collection: Collection
    findings: Findings
    ids: NDArray[np.uint64]
    """[clusters]"""
    relations: Relations
    duplicates: tuple[Duplicate, ...]
    compared: int
    """Texts compared anew."""
    full: bool


class _Run:
    """One scan, which holds the lock on its folder."""

    def __init__(
        self,
        settings: Settings,
        index: Index,
        files: Files,
        folder: str,
        threshold: float,
        observer: Observer,
        limits: Limits,
        clock: Clock,
    ) -> None:
        self._settings, self._index, self._files, self._folder = settings, index, files, folder
        self._threshold, self._observer, self._limits, self._clock = threshold, observer, limits, clock
        self._banding = _banding_for(index, threshold)
        self._kept = ScanFiles(folder, threshold)
        self._basis = basis_text(
            {
                "version": __version__,
                "state": 2,
                "threshold": repr(threshold),
                "scheme": index.scheme.to_json(),
                "readers": dict(reader_identities()),
                "parser": PARSER,
            }
        )

    def run(self, output: Path | None, full: bool) -> Scan:
        """Compare, write the results, and leave what the next scan builds upon."""
        last, lost = self._read_last()
        checkpoint, found = self._compare(last, full)
        results = None if output is None else ResultFolder(output)
        if results is not None:
            with self._observer.stage("write") as progress:
                lines = result_lines(
                    found.collection, found.findings, found.ids, found.relations, progress, self._limits
                )
                table = duplicate_lines(found.duplicates, self._settings.language)
                results.write({**lines, DUPLICATES: table})
        now = this_scan(found.collection, found.findings, found.ids, self._clock.started)
        self._clock.lap("write")
        scan = self._described(found, last, now, lost)
        if results is not None:
            tool = {"name": "dedup", "version": __version__}
            results.write({SUMMARY: [summary_text(scan.as_json(tool, self._settings.language))]})
        # Only now: a scan that dies before has not happened, and the next one reports what is new again.
        write_last(self._kept.last, self._basis, now)
        checkpoint.remove()
        if found.collection.is_worn(self._limits):
            # Not before the end: what is gone since the last scan, only the tables know.
            del found
            self._renew_tables()
        tidy(self._folder)
        return scan

    def _compare(self, last: LastScan | None, full: bool) -> tuple[Checkpoint, _Found]:
        """Find near texts, then pairs, clusters and relations."""
        permutations = self._index.scheme.permutations
        collection = Collection(self._files, self._tables(self._observer), self._banding, permutations)
        self._clock.lap("sketch")
        past = None if full or last is None else self._past(collection, last)
        since = last.started if past is not None and last is not None else "nothing"
        purpose = f"{self._basis} {collection.fingerprint():016x} since {since}"
        checkpoint = Checkpoint(self._kept.unfinished, purpose, self._limits.checkpoint_seconds)
        near = self._near_texts(collection, past, checkpoint)
        findings = list_findings(collection, near, checkpoint, observer=self._observer, limits=self._limits)
        ids = name_clusters(*clustered_texts(collection, findings), last.names if last else NO_NAMES)
        relations = relate(collection, findings)
        compared = int((collection.alive if past is None else past.fresh).sum())
        self._clock.lap("compare")
        characters = self._files.characters
        equal = duplicates(self._files.paths, collection.folded, collection.dates, characters)
        return checkpoint, _Found(collection, findings, ids, relations, equal, compared, past is None)

    def _described(self, found: _Found, last: LastScan | None, now: LastScan, lost: Words | None) -> Scan:
        """The scan as reports are told it."""
        collection, findings = found.collection, found.findings
        since = None
        if last is not None:
            since = since_last(collection, findings, difference(last, now), last.started, self._limits)
        changed, echoes = changed_clusters(collection, findings, found.ids, since)
        return Scan(
            corpus=os.fspath(self._settings.corpus),
            threshold=self._threshold,
            bands=self._banding.bands,
            rows=self._banding.rows,
            expected_recall=self._banding.recall(self._threshold),
            full=found.full,
            started=now.started,
            seconds=self._clock.seconds,
            counts=counts_of(collection, findings, found.relations, found.compared, len(found.duplicates)),
            since=since,
            skipped=self._index.skipped,
            lost=lost,
            largest_clusters=largest_clusters(collection, findings, found.ids, since),
            changed_clusters=changed,
            echoes=echoes,
            duplicates=found.duplicates,
            closest_documents=closest_documents(self._files.paths, found.relations, since),
        )

    def _read_last(self) -> tuple[LastScan | None, Words | None]:
        """The record of the last scan, and what is wrong with it if it is of no use."""
        try:
            return read_last(self._kept.last, self._basis), None
        except (IndexDamaged, IndexUnreadable, IndexFormatError) as error:
            return None, Words("scan.record", what=error.what, problem=error.problem)

    def _tables(self, observer: Observer) -> list[KeptTable]:
        with observer.stage("sketch") as progress:
            return text_tables(self._kept.texts, self._basis, self._files, self._banding, progress=progress)

    def _renew_tables(self) -> None:
        """Make the tables of texts anew: they hold much that is gone, or are many."""
        drop_tables(self._kept.texts)
        self._tables(UNOBSERVED)

    def _past(self, collection: Collection, last: LastScan) -> Past | None:
        """Findings to build upon: none when it is not known any more what is gone."""
        changes = collection.changes(distinct(last.file_keys))
        return None if changes is None else Past(*changes, last.near.numbered(collection))

    def _near_texts(self, collection: Collection, past: Past | None, checkpoint: Checkpoint) -> NearTexts:
        """The pairs of near texts: what is new is verified, what was found before is taken over."""
        kept = checkpoint.found("candidates")
        if kept is None:
            with self._observer.stage("compare") as progress:
                pairs, still = find_candidates(collection, self._threshold, past, self._limits, progress)
            kept = {"pairs": pairs, "still": still}
            checkpoint.keep("candidates", kept)
        near = verified(
            collection,
            kept["pairs"],
            self._threshold,
            checkpoint,
            observer=self._observer,
            limits=self._limits,
        )
        return near if past is None else NearTexts.joined([past.near.where(kept["still"]), near])


def _banding_for(index: Index, threshold: float) -> Banding:
    scheme = index.scheme
    if (scheme.shingle, scheme.shingle_size) != ("char", SHINGLE_SIZE):
        size = scheme.shingle_size
        problem = Words("scan.shingles", shingle=scheme.shingle, size=size, compared=SHINGLE_SIZE)
        raise UsageError(index.folder, problem, Words("scan.shingles.cure"))
    return choose_banding(threshold, scheme.permutations)
