"""What texts cost that say the same again and again: the whole process, start to exit.

`python -m pytest -m bench -s tests/bench/bench_hostile.py`. The index stands when the check begins.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MOST_SECONDS = 10.0
"""Of the processor."""
MOST_MEGABYTES = 500
OF_TWENTY = "镇里把老旧水管一段一段换成新的水管。"
CYCLE = "水安全管网更换供"

TEXTS = {
    "a sentence 5,000 times": OF_TWENTY * 5000,
    "a million lines of one character": "水\n" * 1_000_000,
    "eight lines of one character 125,000 times": ("\n".join(CYCLE) + "\n") * 125_000,
    "200,000 equal paragraphs": (OF_TWENTY + "\n") * 200_000,
    "200,000 equal paragraphs, one in the source": (OF_TWENTY + "\n") * 200_000,
}
"""What the draft says, and the source; of the last the source holds one paragraph, and each is a passage."""
MORE_SECONDS = {"200,000 equal paragraphs, one in the source": 60.0}
HEAVIER = frozenset(name for name in TEXTS if name.startswith("200,000"))
"""They take more memory than they should."""

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("name", TEXTS)
def test_check_of_hostile_repeats(name: str, repository: Path, tmp_path: Path) -> None:
    text = "供水情况\n" + TEXTS[name]
    (tmp_path / "corpus").mkdir()
    source = f"供水情况\n{OF_TWENTY}\n" if name.endswith("one in the source") else text
    (tmp_path / "draft.txt").write_text(text, encoding="utf-8")
    (tmp_path / "corpus" / "a.txt").write_text(source, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(repository)}

    def run(*arguments: str) -> tuple[float, int]:
        """Seconds of the processor, and megabytes at the most."""
        command = [sys.executable, "-m", "dedup", *arguments, "--quiet"]
        process = subprocess.Popen(command, cwd=tmp_path, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode in (0, 1)
        return used.ru_utime + used.ru_stime, used.ru_maxrss // 1000

    run("index", "corpus")
    seconds, megabytes = run(
        *("check", "draft.txt", "--corpus", "corpus", "--format", "json", "--output", "report.json")
    )
    figures = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["figures"]
    print(f"\n{name}: {seconds:.1f} s, {megabytes} MB, {figures['copied_ratio']:.1%} copied")
    assert seconds <= MORE_SECONDS.get(name, MOST_SECONDS)
    assert megabytes <= MOST_MEGABYTES or name in HEAVIER
