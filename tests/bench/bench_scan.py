"""What a scan finds and costs, beside the exact answer and, where it is installed, rensa.

`python -m pytest -m bench -s tests/bench/bench_scan.py`. The corpus is the folder named by DEDUP_BENCH_CORPUS
(several thousand documents that share passages tell most), else the sample corpus. Truth is an exact join
with prefix filtering (Chaudhuri et al. 2006; Bayardo et al. 2007) over the same paragraphs. Every system
runs in a process of its own, from the index (ours) or from texts in memory (rensa) to verified pairs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dedup.index import update_index
from dedup.index.contents import open_with_files
from dedup.index.postings import expand
from dedup.scan.banding import SHINGLE_SIZE, choose_banding
from dedup.scan.collection import Collection
from dedup.scan.verify import PAIRS_AT_ONCE, overlaps, shingle_sets
from dedup.settings import Settings
from dedup.sketch.arrays import Ints, portions, run_begins
from dedup.sketch.hashing import window_hashes

pytestmark = pytest.mark.bench

THRESHOLD = 0.7
LEAST_CHARACTERS = 40
"""Of the paragraphs that recall is measured on."""
LEAST_RECALL = 0.998

OURS = """
import json, sys, time
started = time.perf_counter()
from dataclasses import replace
from pathlib import Path
from dedup.scan import scan
from dedup.settings import Settings
settings = replace(Settings(), corpus=Path(sys.argv[1]), index=Path(sys.argv[2]))
result = scan(settings, output=Path(sys.argv[3]), full=True, refresh=False)
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps([time.perf_counter() - started, peak, result.counts.pairs]))
"""

RENSA = """
import json, sys, time
from rensa import RMinHash, RMinHashLSH
texts = json.load(open(sys.argv[1], encoding="utf-8"))
started = time.perf_counter()
index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
signatures, sets = [], []
for number, text in enumerate(texts):
    shingles = [text[place : place + 5] for place in range(len(text) - 4)]
    signature = RMinHash(num_perm=128, seed=42)
    signature.update(shingles)
    index.insert(number, signature)
    signatures.append(signature)
    sets.append(frozenset(shingles))
pairs = 0
for number, signature in enumerate(signatures):
    one = sets[number]
    for other in set(index.query(signature)):
        if other > number:
            common = len(one & sets[other])
            pairs += common >= 0.7 * (len(one) + len(sets[other]) - common)
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps([time.perf_counter() - started, peak, pairs]))
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    corpus = Path(os.environ.get("DEDUP_BENCH_CORPUS") or Path(__file__).parents[2] / "corpus")
    made = replace(Settings(), corpus=corpus, index=tmp_path_factory.mktemp("index"))
    changes = update_index(corpus, made.index, made)
    size = changes.characters / 1e6
    print(f"\nindex: {changes.added} files, {size:.1f} M characters, {changes.seconds:.1f} s")
    return made


@pytest.fixture(scope="module")
def collection(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    index, rows = open_with_files(settings.corpus, settings.index, settings)
    with index:
        folder = str(tmp_path_factory.mktemp("sketches"))
        yield Collection(index, rows, folder, choose_banding(THRESHOLD, index.scheme.permutations))


def measured(script: str, *arguments: object) -> tuple[float, float, int]:
    """Seconds, peak MB, pairs."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak, pairs = json.loads(done.stdout)
    return seconds, peak, pairs


def test_scan_finds_what_an_exact_join_finds(
    settings: Settings, collection: Collection, tmp_path: Path
) -> None:
    seconds, peak, pairs = measured(OURS, settings.corpus, settings.index, tmp_path)
    print(f"\nscan: {collection.paragraphs} paragraphs, {pairs} pairs, {seconds:.2f} s, {peak:.0f} MB")
    near = exact_join(collection, THRESHOLD)
    listed = [
        json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    found = {
        tuple((pair[side]["document"], pair[side]["start"]) for side in "ab"): pair["jaccard"]
        for pair in listed
    }
    truth = paragraph_pairs(collection, near, LEAST_CHARACTERS)
    everything = paragraph_pairs(collection, near, 0)
    recall = sum(pair in found for pair in truth) / max(1, len(truth))
    precision = sum(pair in everything for pair in found) / max(1, len(found))
    print(f"  {len(truth)} true pairs of {LEAST_CHARACTERS}+ characters: recall {recall:.5f}", end=", ")
    print(f"precision {precision:.5f} of {len(found)}")
    assert recall >= LEAST_RECALL
    assert precision == 1.0


def test_beside_rensa(settings: Settings, collection: Collection, tmp_path: Path) -> None:
    pytest.importorskip("rensa")
    texts = tmp_path / "texts.json"
    counts = np.repeat(np.arange(len(collection)), collection.multiplicities)
    chosen = counts[collection.lengths(counts) >= LEAST_CHARACTERS]
    codes, starts = collection.codes(chosen)
    written = codes.astype("<u4").tobytes().decode("utf-32-le")
    texts.write_text(
        json.dumps([written[begin:end] for begin, end in pairwise(starts.tolist())]), encoding="utf-8"
    )
    theirs = measured(RENSA, texts)
    ours = measured(OURS, settings.corpus, settings.index, tmp_path / "out")
    print(f"\n{len(chosen)} paragraphs of {LEAST_CHARACTERS}+ characters (ours: all {collection.paragraphs})")
    for name, (seconds, peak, pairs) in {"rensa, 32 bands": theirs, "dedup scan": ours}.items():
        print(f"  {name:16} {seconds:6.2f} s {peak:6.0f} MB {pairs} pairs")
    assert ours[0] < theirs[0]


def paragraph_pairs(
    collection: Collection, near: tuple[Ints, Ints], least: int
) -> set[tuple[tuple[str, int], ...]]:
    """Pairs of (path, start) of different files whose texts, of `least` characters, are equal or near."""
    occurrences = collection.occurrences(collection.lengths(np.arange(len(collection))) >= least)
    by_text: dict[int, list[tuple[str, int]]] = {}
    for text, file, start in zip(
        occurrences.text.tolist(), occurrences.file.tolist(), occurrences.start.tolist(), strict=True
    ):
        by_text.setdefault(text, []).append((collection.files.paths[file], start))
    couples = [*zip(near[0].tolist(), near[1].tolist(), strict=True), *((text, text) for text in by_text)]
    return {
        (min(left, right), max(left, right))
        for one, other in couples
        for left in by_text.get(one, ())
        for right in by_text.get(other, ())
        if left[0] != right[0]
    }


def exact_join(collection: Collection, threshold: float) -> tuple[Ints, Ints]:
    """All pairs of texts with Jaccard ≥ threshold, by prefix filtering.

    With the shingles of every set in one order, rare ones first, two sets of sizes a ≤ b that reach the
    threshold share one of the first a − ⌈t·a⌉ + 1 of the one and b − ⌈t·b⌉ + 1 of the other.
    """
    count = len(collection)
    codes, starts = collection.codes(np.arange(count))
    places, text = expand(starts[:-1], starts[:-1] + np.maximum(np.diff(starts) - SHINGLE_SIZE + 1, 0))
    hashes = window_hashes(codes, SHINGLE_SIZE, 1, 99)[places]
    _, shingle = np.unique(hashes, return_inverse=True)
    pairs = np.unique(text.astype(np.uint64) << np.uint64(32) | shingle.astype(np.uint64))
    text, shingle = (
        (pairs >> np.uint64(32)).astype(np.int64),
        (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64),
    )
    frequency = np.bincount(shingle)
    order = np.lexsort((shingle, frequency[shingle], text))
    text, shingle = text[order], shingle[order]
    sizes = np.bincount(text, minlength=count)
    begins = np.cumsum(sizes) - sizes
    prefix = sizes - np.ceil(threshold * sizes - 1e-9).astype(np.int64) + 1
    inside = (np.arange(len(text)) - begins[text] < prefix[text]) & (frequency[shingle] > 1)
    words = np.sort(shingle[inside] << 32 | text[inside])
    firsts = np.flatnonzero(run_begins(words >> 32))
    lengths = np.diff(firsts, append=len(words))
    candidates = np.empty(0, np.int64)
    members = words & 0xFFFFFFFF
    for part in portions(lengths * (lengths - 1) // 2, 1 << 23, len(lengths)):
        left, row = expand(firsts[part], firsts[part] + lengths[part])
        right, back = expand(left + 1, (firsts[part] + lengths[part])[row])
        one, other = members[left[back]], members[right]
        fits = np.minimum(sizes[one], sizes[other]) >= threshold * np.maximum(sizes[one], sizes[other]) - 1e-9
        candidates = np.union1d(candidates, one[fits] << 32 | other[fits])
    one, other = candidates >> 32, candidates & 0xFFFFFFFF
    kept = []
    for part in portions(sizes[one] + sizes[other], 1 << 21, PAIRS_AT_ONCE):
        numbers = np.unique(np.concatenate((one[part], other[part])))
        sets = shingle_sets(*collection.codes(numbers), SHINGLE_SIZE)
        common, union = overlaps(
            *sets, np.searchsorted(numbers, one[part]), np.searchsorted(numbers, other[part])
        )
        near = common / union >= threshold
        kept.append(candidates[part][near])
    found = np.concatenate([np.empty(0, np.int64), *kept])
    return found >> 32, found & 0xFFFFFFFF
