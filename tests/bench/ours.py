"""Our own commands on a corpus, run as users run them and measured from outside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from dedup.index import open_index
from dedup.settings import Settings
from tests.bench.measuring import Cost, run


@dataclass(frozen=True, slots=True)
class Ours:
    """A corpus, its index and the results of a scan."""

    settings: Settings
    files: int
    characters: int
    """Normalised, of all files."""
    written: int
    """Characters as they stand in the files."""
    build: Cost
    scan: Cost
    results: Path

    def check(self, submission: Path, *, look_at_memory: bool = True) -> Cost:
        """A check as somebody waits for it, of the index as it is."""
        command = ["check", submission, "--corpus", self.settings.corpus]
        options = ["--format", "json", "--no-refresh", "--fail-over", "1"]
        return _run(self.settings, *command, *options, look_at_memory=look_at_memory)


def nightly(corpus: Path, place: Path) -> Cost:
    """The scan that a keeper runs every night: of what there is now, the index brought up to date."""
    settings = replace(Settings(), corpus=corpus, index=place / "index")
    options = ["--quiet", "--output", place / "scan"]
    return _run(settings, "scan", corpus, *options, look_at_memory=False)


def build_and_scan(corpus: Path, place: Path) -> Ours:
    """Index a corpus anew and scan all of it; index and results lie below `place`."""
    settings = replace(Settings(), corpus=corpus, index=place / "index")
    built = _run(settings, "index", corpus, "--rebuild", "--quiet")
    options = ["--full", "--no-refresh", "--quiet", "--output", place / "scan"]
    scanned = _run(settings, "scan", corpus, *options)
    with open_index(corpus, settings.index, settings, refresh=False) as index:
        living = [(segment, live.nonzero()[0]) for segment, live in index.live_files()]
        files = sum(len(numbers) for _, numbers in living)
        written = sum(
            len(segment.file_content(number)) for segment, numbers in living for number in numbers.tolist()
        )
        characters = index.characters
    return Ours(settings, files, characters, written, built, scanned, place / "scan")


def _run(settings: Settings, *command: object, look_at_memory: bool = True) -> Cost:
    statuses = (0, 1, 2)  # 2, too, where a file of the corpus cannot be read
    arguments = ["-m", "dedup", *command, "--index", settings.index]
    return run(*arguments, statuses=statuses, look_at_memory=look_at_memory)
