"""The truth that recall and precision are measured against, itself held to counting by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from dedup.index import update_index
from dedup.readers import read_text
from dedup.scan import scan_corpus
from dedup.settings import Settings
from dedup.text.folding import as_text
from dedup.text.normalize import normalize
from tests.bench.exact_join import Truth, opened
from tests.bench.recombined import PARAGRAPHS, write

THRESHOLD = 0.7
LEAST = 40
DOCUMENTS = 20


@pytest.fixture(scope="module")
def settings(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The index of twenty documents, some of which are versions of others."""
    place = tmp_path_factory.mktemp("join")
    write(repository / "corpus", place / "corpus", DOCUMENTS * PARAGRAPHS, processes=1)
    made = replace(Settings(), corpus=place / "corpus", index=place / "index")
    update_index(made.corpus, made.index, made)
    return made


@pytest.fixture(scope="module")
def truth(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Truth:
    with opened(settings, tmp_path_factory.mktemp("sketches"), THRESHOLD) as collection:
        return Truth(collection, THRESHOLD, LEAST)


def numbers(pairs: set[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    ends = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return ends[:, 0], ends[:, 1]


@pytest.fixture(scope="module")
def counted(settings: Settings, truth: Truth) -> set[tuple[int, int]]:
    """The pairs, found by comparing every set with every other."""
    texts = {path: read_text(settings.corpus / path) for path in truth.paths}
    sets = {}
    for number in truth.numbers.tolist():
        path = truth.paths[int(truth.paragraphs.file[number])]
        start, end = int(truth.paragraphs.start[number]), int(truth.paragraphs.end[number])
        folded = as_text(normalize(texts[path][start:end]).codes)
        sets[number] = path, frozenset(folded[place : place + 5] for place in range(len(folded) - 4))
    return {
        (one, other)
        for (one, (path, left)), (other, (elsewhere, right)) in combinations(sets.items(), 2)
        if path != elsewhere
        and min(len(left), len(right)) >= THRESHOLD * max(len(left), len(right))
        and len(left & right) / len(left | right) >= THRESHOLD
    }


def test_the_join_finds_what_comparing_all_with_all_finds(
    truth: Truth, counted: set[tuple[int, int]]
) -> None:
    assert len(counted) > 20
    one, other = truth.pairs >> 32, truth.pairs & 0xFFFFFFFF
    assert set(zip(one.tolist(), other.tolist(), strict=True)) == counted


def test_lists_of_pairs_are_judged(truth: Truth, counted: set[tuple[int, int]]) -> None:
    perfect = truth.judge(*numbers(counted))
    assert (perfect.recall, perfect.precision, perfect.pairs) == (1.0, 1.0, len(counted))
    half = sorted(counted)[: len(counted) // 2]
    wrong = {
        (one, other)
        for one, other in combinations(truth.numbers[:40].tolist(), 2)
        if (one, other) not in counted and truth.paragraphs.file[one] != truth.paragraphs.file[other]
    }
    within = {tuple(truth.numbers[:2].tolist())}
    judged = truth.judge(*numbers({*half, *wrong, *within}))
    assert judged.recall == len(half) / len(counted)
    assert judged.precision == len(half) / (len(half) + len(wrong))


def test_clusters_are_judged_by_the_pairs_they_imply(truth: Truth, counted: set[tuple[int, int]]) -> None:
    everything = truth.judge_clusters(truth.numbers, np.zeros(len(truth.numbers), dtype=np.int64))
    files = np.bincount(truth.paragraphs.file[truth.numbers])
    claimed = (int(files.sum()) ** 2 - int((files**2).sum())) // 2
    assert (everything.recall, everything.pairs) == (1.0, claimed)
    assert everything.precision == len(counted) / claimed
    assert truth.judge_clusters(truth.numbers, np.arange(len(truth.numbers))).recall == 0.0


def test_results_of_a_scan_are_read_by_number(settings: Settings, truth: Truth, tmp_path: Path) -> None:
    scan_corpus(settings, output=tmp_path, full=True, refresh=False)
    found = truth.judge_results(tmp_path)
    assert (found.recall, found.precision) == (1.0, 1.0)
    lines = (tmp_path / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    spoilt = {**json.loads(lines[0]), "b": json.loads(lines[-1])["b"]}
    (tmp_path / "pairs.jsonl").write_text("\n".join([json.dumps(spoilt), *lines[1:]]), encoding="utf-8")
    assert truth.judge_results(tmp_path).precision < 1.0
