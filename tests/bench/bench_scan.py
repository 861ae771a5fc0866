"""What a scan finds and costs, beside the exact answer.

`python -m pytest -m bench -s tests/bench/bench_scan.py`. The corpus is the folder named by DEDUP_BENCH_CORPUS
(several thousand documents that share passages tell most), else the sample corpus. Other programs for the
same are measured in `bench_side_by_side.py`.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from dedup.index import update_index
from dedup.settings import Settings
from tests.bench.exact_join import Truth, opened
from tests.bench.measuring import run

pytestmark = pytest.mark.bench

THRESHOLD = 0.7
LEAST_CHARACTERS = 40
"""Of the paragraphs that recall is measured on."""
LEAST_RECALL = 0.998


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    corpus = Path(os.environ.get("DEDUP_BENCH_CORPUS") or Path(__file__).parents[2] / "corpus")
    made = replace(Settings(), corpus=corpus, index=tmp_path_factory.mktemp("index"))
    changes = update_index(corpus, made.index, made)
    size = changes.characters / 1e6
    print(f"\nindex: {changes.added} files, {size:.1f} M characters, {changes.seconds:.1f} s")
    return made


def test_scan_finds_what_an_exact_join_finds(settings: Settings, tmp_path: Path) -> None:
    options = ["--full", "--no-refresh", "--index", settings.index, "--output", tmp_path]
    cost = run(
        "-m", "dedup", "scan", settings.corpus, *options, statuses=(0, 1, 2)
    )  # 2: a file is unreadable
    (tmp_path / "sketches").mkdir()
    with opened(settings, tmp_path / "sketches", THRESHOLD) as collection:
        truth = Truth(collection, THRESHOLD, LEAST_CHARACTERS)
    found = truth.judge_results(tmp_path)
    print(f"\nscan: {len(truth.paragraphs)} paragraphs, {cost.seconds:.2f} s, {cost.megabytes:.0f} MB")
    print(
        f"  {len(truth.pairs)} true pairs of {LEAST_CHARACTERS}+ characters: recall {found.recall:.5f}",
        end="",
    )
    print(f", precision {found.precision:.5f} of {found.pairs}")
    assert found.recall >= LEAST_RECALL
    assert found.precision == 1.0
