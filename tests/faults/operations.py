"""What a process can be disturbed in: operations with what they begin with, and what they must end with."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dedup.cli.program import run
from dedup.errors import IndexMissing
from dedup.limits import Limits
from dedup.scan.results import CLUSTERS, DOCUMENTS, PAIRS
from tests.faults.answers import answers, orphans
from tests.faults.documents import verify, write_documents
from tests.faults.killing import NEVER, Victim

SMALL = Limits(
    segment_positions=1500,
    shared_bytes=0,
    piece_bytes=6000,
    merged_positions=4000,
    small_segment=0,
    processes=1,
)
"""Limits that make several pieces, segments of a few thousand characters merged of them, and keep those."""
MERGING = replace(SMALL, merged_positions=10**6, small_segment=10**6)
SCANNING = replace(SMALL, pairs_at_once=16, sifted_pairs=16, lines_at_once=16, checkpoint_seconds=0)
"""Limits that make several tables and as many checkpoints as possible."""


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that a process may be killed in."""

    name: str
    prepare: Callable[[Path], None]
    """Makes the corpus and the index as they are before."""
    limits: Limits = SMALL
    scans: bool = False

    def run(self, corpus: Path) -> int:
        """The operation in this process; its exit status."""
        return run([str(one) for one in self.arguments(corpus)], self.limits)

    def arguments(self, corpus: Path) -> list[str | Path]:
        if self.scans:
            return ["scan", corpus, "--quiet", "--output", corpus.parent / "results"]
        return ["index", corpus, "--quiet"]


def new(corpus: Path) -> None:
    write_documents(corpus, range(40))


def changed(corpus: Path) -> None:
    new(corpus)
    in_peace(["index", corpus])
    write_documents(corpus, range(5, 40, 4), version=1)
    write_documents(corpus, range(40, 52))
    for number in (0, 7, 8):
        (corpus / f"{number:03d}.txt").unlink()


def grown(corpus: Path) -> None:
    for first in range(0, 40, 8):
        write_documents(corpus, range(first, first + 8))
        in_peace(["index", corpus])
    (corpus / "013.txt").unlink()
    in_peace(["index", corpus])
    write_documents(corpus, range(40, 44))


def indexed(corpus: Path) -> None:
    new(corpus)
    in_peace(["index", corpus])


def scanned(corpus: Path) -> None:
    new(corpus)
    in_peace(["scan", corpus, "--output", corpus.parent / "results"], SCANNING)
    write_documents(corpus, range(5, 40, 4), version=1)
    write_documents(corpus, range(40, 52))
    (corpus / "007.txt").unlink()


BUILD = Operation("build", new)
REFRESH = Operation("refresh", changed)
MERGE = Operation("merge", grown, MERGING)
SCAN = Operation("scan", indexed, SCANNING, scans=True)
NEXT_SCAN = Operation("next scan", scanned, SCANNING, scans=True)
OPERATIONS = (BUILD, REFRESH, MERGE, SCAN, NEXT_SCAN)


def in_peace(arguments: list[str | Path], limits: Limits = SMALL) -> None:
    with redirect_stdout(io.TextIOWrapper(io.BytesIO())):
        assert run([*map(str, arguments), "--quiet"], limits) in (0, 1)


def outcome(corpus: Path) -> dict[str, Any]:
    """All that an operation ends with."""
    results = corpus.parent / "results"
    found = {
        name: (results / name).read_text(encoding="utf-8")
        for name in (PAIRS, CLUSTERS, DOCUMENTS)
        if (results / name).exists()
    }
    return answers(corpus) | found


@dataclass(slots=True)
class Trial:
    """An operation, what it begins with, and what it must end with."""

    operation: Operation
    folder: Path
    steps: int = 0
    before: dict[str, Any] | None = None
    after: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, operation: Operation, folder: Path) -> Trial:
        trial = cls(operation, folder)
        operation.prepare(trial.start / "corpus")
        if (trial.start / "corpus" / ".dedup").exists():
            trial.before = outcome(trial.start / "corpus")
        peaceful = trial.fresh("peaceful")
        ended = Victim(operation, peaceful, step=NEVER).end()
        assert (ended.status in (0, 1), ended.said) == (True, "")
        trial.steps = ended.steps
        trial.after = outcome(peaceful)
        assert orphans(peaceful) == set()
        return trial

    @property
    def start(self) -> Path:
        return self.folder / "start"

    def fresh(self, name: str) -> Path:
        """A copy of what the operation begins with, in place of an earlier one; times of change are kept."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        return shutil.copytree(self.start, self.folder / name) / "corpus"

    def whole(self, corpus: Path) -> None:
        """Whatever was killed: the index opens, is intact, and says what it said before or what it will."""
        if not (corpus / ".dedup" / "manifest.json").exists():
            assert self.before is None
            return
        try:
            verify(corpus)
            found = answers(corpus)
        except IndexMissing:
            assert self.before is None
            return
        assert found in [{name: said[name] for name in found} for said in (self.before, self.after) if said]

    def finish(self, corpus: Path) -> None:
        """Left in peace, it ends as it would have."""
        in_peace(self.operation.arguments(corpus), self.operation.limits)
        verify(corpus)
        assert outcome(corpus) == self.after
        assert orphans(corpus) == set()
        results = corpus.parent / "results"
        assert not results.exists() or {path.suffix for path in results.iterdir()} == {
            ".csv",
            ".json",
            ".jsonl",
        }
