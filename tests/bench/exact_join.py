"""The exact answer to a scan: all pairs of paragraphs whose sets of shingles are alike enough.

By prefix filtering (Chaudhuri et al. 2006; Bayardo et al. 2007), without signatures. Minutes, where a scan
takes seconds; every recall and precision is measured against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.index import open_index
from dedup.index.postings import expand
from dedup.scan.banding import SHINGLE_SIZE, choose_banding
from dedup.scan.collection import Collection, Occurrences
from dedup.scan.files import Files
from dedup.scan.near_texts import PAIRS_AT_ONCE, overlaps, shingle_sets
from dedup.scan.state import ScanFiles
from dedup.scan.texts import text_tables
from dedup.settings import Settings
from dedup.sketch.arrays import Ints, portions, run_begins
from dedup.sketch.hashing import window_hashes

_LOW = 0xFFFFFFFF


@contextmanager
def opened(settings: Settings, sketches: Path, threshold: float) -> Iterator[Collection]:
    """The collection of an index as it is; its sketches are kept in a folder given."""
    with open_index(settings.corpus, settings.index, settings, refresh=False) as index:
        files, permutations = Files.of(index), index.scheme.permutations
        banding, paths = choose_banding(threshold, permutations), ScanFiles(str(sketches), threshold)
        tables = text_tables(paths.texts, "exact", files, banding, progress=lambda done, total: None)
        yield Collection(files, tables, banding, permutations)


@dataclass(frozen=True)
class Found:
    """Pairs of paragraphs, by number."""

    recall: float
    precision: float
    pairs: int


class Truth:
    """All paragraphs of a collection, numbered by file and place, and which of them are alike."""

    def __init__(self, collection: Collection, threshold: float, least: int) -> None:
        """Join exactly. Paragraphs of `least` normalised characters and more are those that recall is of."""
        self.paragraphs: Occurrences = collection.occurrences(np.ones(len(collection), dtype=np.bool_))
        self.paths = collection.files.paths
        self.numbers: Ints = np.flatnonzero(self.paragraphs.characters >= least)
        """[k] of the paragraphs long enough."""
        one, other = exact_join(collection, threshold)
        self._near = np.sort(np.minimum(one, other) << 32 | np.maximum(one, other))

    @cached_property
    def pairs(self) -> Ints:
        """[p] one << 32 | other: the pairs of long enough paragraphs in different files."""
        texts = self.paragraphs.text[self.numbers]
        order = np.argsort(texts, kind="stable")
        borders = np.flatnonzero(np.append(run_begins(texts[order]), True))
        groups = {
            int(texts[order[begin]]): self.numbers[order[begin:end]].tolist()
            for begin, end in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True)
        }
        pairs = [pair for group in groups.values() for pair in combinations(group, 2)]
        for word in self._near.tolist():
            pairs += product(groups.get(word >> 32, ()), groups.get(word & _LOW, ()))
        ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return self._across(ends.min(axis=1), ends.max(axis=1))

    def _across(self, one: Ints, other: Ints) -> Ints:
        across = self.paragraphs.file[one] != self.paragraphs.file[other]
        return np.unique(one[across] << 32 | other[across])

    def holds(self, one: Ints, other: Ints) -> NDArray[np.bool_]:
        """[p] which of the pairs, of paragraphs of any length, are near or equal."""
        left, right = self.paragraphs.text[one], self.paragraphs.text[other]
        words = np.minimum(left, right) << 32 | np.maximum(left, right)
        near: NDArray[np.bool_] = (left == right) | np.isin(words, self._near)
        return near

    def judge(self, one: Ints, other: Ints, groups: Ints | None = None) -> Found:
        """How good a list of pairs is; those within a file do not count.

        A pair of members of one group, `groups[i]` being that of paragraph i or -1, needs no line of its own.
        """
        words = self._across(np.minimum(one, other), np.maximum(one, other))
        found = np.isin(self.pairs, words)
        if groups is not None:
            left, right = groups[self.pairs >> 32], groups[self.pairs & _LOW]
            found |= (left == right) & (left >= 0)
        right = self.holds(words >> 32, words & _LOW)
        recall = found.sum() / max(1, len(self.pairs))
        return Found(float(recall), float(right.sum() / max(1, len(words))), len(words))

    def judge_clusters(self, numbers: Ints, clusters: Ints) -> Found:
        """The same where every two members of a cluster are taken for a pair.

        Paragraph `numbers[i]`, long enough, is in cluster `clusters[i]`.
        """
        cluster = np.full(len(self.paragraphs), -1, dtype=np.int64)
        cluster[numbers] = clusters
        one, other = self.pairs >> 32, self.pairs & _LOW
        found = int(((cluster[one] == cluster[other]) & (cluster[one] >= 0)).sum())
        within = np.unique(clusters << 32 | self.paragraphs.file[numbers], return_counts=True)[1]
        claimed = _couples(np.unique(clusters, return_counts=True)[1]) - _couples(within)
        return Found(found / max(1, len(self.pairs)), found / max(1, claimed), claimed)

    def judge_results(self, folder: Path) -> Found:
        """How good the results of `dedup scan` are, whose boilerplate is one group for many pairs."""
        pairs = _lines(folder / "pairs.jsonl")
        one, other = (self._numbers([pair[side] for pair in pairs]) for side in "ab")
        groups = np.full(len(self.paragraphs), -1, dtype=np.int64)
        for number, cluster in enumerate(_lines(folder / "clusters.jsonl")):
            if cluster["boilerplate"]:
                groups[self._numbers([cluster["representative"], *cluster["members"]])] = number
        return self.judge(one, other, groups)

    @cached_property
    def _file_numbers(self) -> dict[str, int]:
        return {path: number for number, path in enumerate(self.paths)}

    def _numbers(self, places: list[dict[str, Any]]) -> Ints:
        keys = self.paragraphs.file << 32 | self.paragraphs.start
        files = self._file_numbers
        wanted = [files[place["document"]] << 32 | place["start"] for place in places]
        return np.searchsorted(keys, np.array(wanted, dtype=np.int64))


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _couples(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


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
