"""What a `dedup check` costs a writer who waits for it: the whole process, start to exit.

`python -m pytest -m bench -s tests/bench/bench_check.py`. The measure is the time Python takes to import
NumPy and click, which no program built on them can beat; figures are medians, so that they hold on a busy
machine. Runs of both kinds alternate, for the same reason.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

MOST = 2.5
"""Times the baseline that a check of 5,000 characters on the sample corpus may take."""
RUNS = 11

pytestmark = pytest.mark.bench


def _seconds(*command: str, cwd: Path) -> float:
    environment = {**os.environ, "PYTHONPATH": str(cwd)}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, stdout=subprocess.DEVNULL, check=False
    )
    assert done.returncode in (0, 1)
    return time.perf_counter() - started


@pytest.fixture
def draft(repository: Path, tmp_path: Path) -> Path:
    """5,000 characters: both samples, and the beginning of the first again."""
    samples = [repository / "tests" / "samples" / name for name in ("submission.txt", "original.txt")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in samples)
    path = tmp_path / "draft.txt"
    path.write_text((text + "\n" + text)[:5000], encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["terminal", "json"])
def test_check_of_5000_characters(repository: Path, draft: Path, tmp_path: Path, form: str) -> None:
    index = str(tmp_path / "index")
    check = ["-m", "dedup", "check", str(draft), "--index", index, "--format", form]
    _seconds(*check, cwd=repository)  # builds the index and brings files into memory
    baselines, checks = [], []
    for _ in range(RUNS):
        baselines.append(_seconds("-c", "import numpy, click", cwd=repository))
        checks.append(_seconds(*check, cwd=repository))
    baseline, taken = statistics.median(baselines), statistics.median(checks)
    print(f"\n{form}: check {taken * 1000:.0f} ms, import numpy, click {baseline * 1000:.0f} ms,", end=" ")
    print(f"ratio {taken / baseline:.2f} (at most {MOST})")
    assert taken <= MOST * baseline
