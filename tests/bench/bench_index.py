"""What building, opening and asking an index cost.

`python -m pytest -m bench -s tests/bench/bench_index.py`. The corpus is made from the sample corpus by
recombining its clauses, or is the folder named by DEDUP_BENCH_CORPUS. All limits are multiples of what
importing NumPy and click takes, measured beside it, in processor time, which other work on the machine
disturbs less than the clock; the clock is held to a looser limit.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dedup.index import Index, open_index
from dedup.readers import read_text
from dedup.settings import Settings
from dedup.text.normalize import fold_slots

pytestmark = pytest.mark.bench

CHARACTERS = 20_000_000
DOCUMENT = 5_800
MOST_BUILD = 40
"""Times the baseline for each processor (90 ms where that makes it 5 million characters a second)."""
MOST_BUILD_ELAPSED = 80
"""Times the elapsed time of the baseline: more than twice what a build takes on an idle machine."""
MOST_MEMORY = 1500
"""MB, of all processes together."""
MOST_SEGMENTS = 8
"""A check looks into each."""
MOST_LISTING = 12e-6
"""Seconds of processor time for each file when nothing has changed: the system is asked about each."""
MOST_OPENING = 0.05
MOST_LOOK_UP = 0.3
"""Times the baseline; a look-up that finds more than 100,000 hits may take longer in proportion."""

ONE_THREAD = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
"""NumPy's threads for linear algebra, which are not used, would only add noise."""

BUILD = """
import json, resource, sys, time
started = time.perf_counter()
from pathlib import Path
from dedup.index import update_index
from dedup.index.workers import processes, processors
from dedup.limits import LIMITS
from dedup.settings import Settings
changes = update_index(Path(sys.argv[1]), Path(sys.argv[2]), Settings(), rebuild=True)
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
peak = own + largest * processes(99, LIMITS)
print(json.dumps([time.perf_counter() - started, processors(), peak, changes.added, changes.characters]))
"""


@pytest.fixture(scope="module")
def large_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ.get("DEDUP_BENCH_CORPUS")
    if given:
        return Path(given)
    samples = sorted((Path(__file__).parents[2] / "corpus").rglob("*.txt"))
    texts = [read_text(path) for path in samples]
    clauses = [clause for text in texts for clause in re.split(r"(?<=[，。；\n])", text) if len(clause) > 3]
    letters = re.sub(r"\W", "", "".join(texts))
    folder, numbers = tmp_path_factory.mktemp("large"), random.Random(20)
    for number in range(CHARACTERS // DOCUMENT):
        pieces, length = [], 0
        while length < DOCUMENT:
            clause = numbers.choice(clauses)
            if numbers.random() < 0.7:  # most of a real corpus is found in one document only
                clause = "".join(numbers.choice(letters) if numbers.random() < 0.3 else c for c in clause)
            pieces.append(clause + ("\n" if numbers.random() < 0.1 else ""))
            length += len(pieces[-1])
        (folder / f"{number:05d}.txt").write_text("".join(pieces), encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Baseline:
    """What `import numpy, click` takes, in seconds."""

    elapsed: float
    processor: float


def baseline() -> Baseline:
    def once() -> tuple[float, float]:
        started, before = time.perf_counter(), processor_time_of_children()
        subprocess.run([sys.executable, "-c", "import numpy, click"], check=True, env=ONE_THREAD)
        return time.perf_counter() - started, processor_time_of_children() - before

    elapsed, processor = zip(*(once() for _ in range(9)), strict=True)
    return Baseline(statistics.median(elapsed), statistics.median(processor))


def processor_time_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def processor_seconds(work: Callable[[], object], runs: int = 15) -> float:
    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return statistics.median(once() for _ in range(runs))


@pytest.fixture(scope="module")
def built(large_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("index")
    before, processor_before = baseline(), processor_time_of_children()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(large_corpus), str(place)],
        check=True,
        env=ONE_THREAD,
        capture_output=True,
        text=True,
    )
    used = processor_time_of_children() - processor_before
    seconds, processors, peak, files, characters = json.loads(done.stdout)
    after = baseline()
    limit = MOST_BUILD * (before.processor + after.processor) / 2 * min(processors, 2)
    elapsed_limit = MOST_BUILD_ELAPSED * (before.elapsed + after.elapsed) / min(processors, 2)
    segments = [path.stat().st_size for path in (place / "segments").iterdir()]
    size = sum(segments)
    rate, share = characters / seconds / 1e6, size / characters
    print(f"\nbuild: {files} files, {characters / 1e6:.1f} M characters in {seconds:.2f} s, {rate:.1f} M/s")
    print(f"  {used:.2f} processor seconds, peak {peak:.0f} MB, {share:.1f} bytes a character")
    print(f"  {len(segments)} segments, the largest of {max(segments) / 1e6:.0f} MB")
    print(f"  limits now: {limit:.2f} processor seconds, {elapsed_limit:.2f} s, {MOST_MEMORY} MB")
    assert used <= limit
    assert seconds <= elapsed_limit
    assert peak <= MOST_MEMORY
    assert len(segments) <= MOST_SEGMENTS
    return place


@pytest.fixture(scope="module")
def index(large_corpus: Path, built: Path) -> Index:
    return open_index(large_corpus, built, Settings(), refresh=False)


def test_build_and_open(large_corpus: Path, built: Path) -> None:
    opening = processor_seconds(lambda: open_index(large_corpus, built, Settings(), refresh=False))
    refreshing = processor_seconds(lambda: open_index(large_corpus, built, Settings()))
    limit = MOST_OPENING * baseline().processor
    files = sum(len(names) for _, _, names in os.walk(large_corpus))
    print(f"\nopen {opening * 1000:.2f} ms, with a look at the folder {refreshing * 1000:.1f} ms", end=" ")
    print(f"(limit {limit * 1000:.1f} ms), {(refreshing - opening) / files * 1e6:.1f} µs for each file")
    assert opening <= limit
    assert refreshing - opening <= 0.002 + MOST_LISTING * files


@pytest.mark.parametrize("share", [0.1, 1.0])
def test_look_up_of_10000_characters(index: Index, share: float) -> None:
    """A share of the submission comes from the corpus, in pieces of 100; the rest is noise."""
    generator, pieces = np.random.default_rng(1), list[NDArray[np.uint32]]()
    while sum(map(len, pieces)) < 10_000:
        piece = index.region(int(generator.integers(index.part_numbers)), 200, 300).codes
        pieces.append(piece if generator.random() < share else generator.permutation(piece))
    query = fold_slots(np.concatenate(pieces)[:10_000])
    hits = index.gram_hits(query, 200)
    taken = processor_seconds(lambda: index.gram_hits(query, 200))
    common = float((hits.frequency > 200).mean())
    print(f"\nlook-up, {share:.0%} from the corpus: {taken * 1000:.1f} ms, {len(hits.query)} hits,", end=" ")
    print(f"{common:.1%} of grams above the cap")
    assert taken <= MOST_LOOK_UP * baseline().processor * max(1.0, len(hits.query) / 100_000)
