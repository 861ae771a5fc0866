"""What building, opening and asking an index cost.

`python -m pytest -m bench -s tests/bench/bench_index.py`. The corpus is made from the sample corpus by
recombining its clauses, or is the folder named by DEDUP_BENCH_CORPUS. Limits on the build are multiples of
what importing NumPy and click takes, measured beside it; look-ups are measured in processor time.
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
from pathlib import Path

import numpy as np
import pytest

from dedup.index import Index, open_index
from dedup.readers import read
from dedup.settings import Settings
from dedup.text.normalize import fold_slots

pytestmark = pytest.mark.bench

CHARACTERS = 20_000_000
DOCUMENT = 5_800
MOST_SECONDS = 50
"""Times the baseline (80 ms on an idle machine, which makes it 5 million characters a second)."""
MOST_MEMORY = 1000
"""MB."""
MOST_OPENING = 0.005
MOST_LOOK_UP = 0.030

BUILD = """
import json, resource, sys, time
started = time.perf_counter()
from pathlib import Path
from dedup.index import update_index
from dedup.settings import Settings
changes = update_index(Path(sys.argv[1]), Path(sys.argv[2]), Settings(), rebuild=True)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([time.perf_counter() - started, peak, changes.added, changes.characters]))
"""


@pytest.fixture(scope="module")
def large_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ.get("DEDUP_BENCH_CORPUS")
    if given:
        return Path(given)
    samples = sorted((Path(__file__).parents[2] / "corpus").rglob("*.txt"))
    texts = [read(path) for path in samples]
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


def baseline() -> float:
    def once() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import numpy, click"], check=True)
        return time.perf_counter() - started

    return statistics.median(once() for _ in range(9))


def processor_seconds(work: Callable[[], object], runs: int = 15) -> float:
    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return statistics.median(once() for _ in range(runs))


@pytest.fixture(scope="module")
def built(large_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("index")
    before = baseline()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(large_corpus), str(place)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, peak, files, characters = json.loads(done.stdout)
    limit = MOST_SECONDS * (before + baseline()) / 2
    size = sum(path.stat().st_size for path in (place / "segments").iterdir())
    print(f"\nbuild: {files} files, {characters / 1e6:.1f} M characters in {seconds:.2f} s")
    rate, share = characters / seconds / 1e6, size / characters
    print(f"  {rate:.1f} M characters/s, peak {peak:.0f} MB, {share:.1f} bytes a character")
    print(f"  limit on this machine now {limit:.2f} s, {MOST_MEMORY} MB")
    assert seconds <= limit
    assert peak <= MOST_MEMORY
    return place


@pytest.fixture(scope="module")
def index(large_corpus: Path, built: Path) -> Index:
    return open_index(large_corpus, built, Settings(), refresh=False)


def test_build_and_open(large_corpus: Path, built: Path) -> None:
    opening = processor_seconds(lambda: open_index(large_corpus, built, Settings(), refresh=False))
    refreshing = processor_seconds(lambda: open_index(large_corpus, built, Settings()))
    print(f"\nopen {opening * 1000:.2f} ms, with a look at the folder {refreshing * 1000:.1f} ms")
    assert opening <= MOST_OPENING


@pytest.mark.parametrize("share", [0.1, 1.0])
def test_look_up_of_10000_characters(index: Index, share: float) -> None:
    """A share of the submission comes from the corpus, in pieces of 100; the rest is noise."""
    generator, pieces = np.random.default_rng(1), []
    while sum(map(len, pieces)) < 10_000:
        piece = index.region(int(generator.integers(index.part_numbers)), 200, 300).codes
        pieces.append(piece if generator.random() < share else generator.permutation(piece))
    query = fold_slots(np.concatenate(pieces)[:10_000])
    hits = index.gram_hits(query, 200)
    taken = processor_seconds(lambda: index.gram_hits(query, 200))
    common = float((hits.frequency > 200).mean())
    print(f"\nlook-up, {share:.0%} from the corpus: {taken * 1000:.1f} ms, {len(hits.query)} hits,", end=" ")
    print(f"{common:.1%} of grams above the cap")
    assert taken <= MOST_LOOK_UP * max(1.0, len(hits.query) / 100_000)
