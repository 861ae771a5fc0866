"""Figures are of the program that is measured, all its processes and nothing else."""

from __future__ import annotations

import time

import pytest

from tests.bench.measuring import alternating, run
from tests.bench.tables import table

WITH_CHILD = """
import subprocess, sys, time
block = bytearray(60_000_000)
subprocess.run([sys.executable, "-S", "-c", "import time; block = bytearray(60_000_000); time.sleep(1)"])
"""
"""The child stays long enough to be looked at on a busy machine too."""


def test_memory_is_that_of_all_processes() -> None:
    assert 95 < run("-S", "-c", WITH_CHILD).megabytes < 180  # one of them alone has 70


def test_memory_of_the_one_who_measures_does_not_count() -> None:
    ours = bytearray(200_000_000)
    assert run("-S", "-c", "pass").megabytes < 60
    assert len(ours) == 200_000_000


def test_time_output_and_status_are_told() -> None:
    cost = run("-S", "-c", "import time; time.sleep(0.2); print('done')", look_at_memory=False)
    assert 0.2 <= cost.seconds < 5
    assert cost.output == "done\n"
    with pytest.raises(RuntimeError, match=r"status 3: what went wrong$"):
        run("-S", "-c", "import sys; print('what went wrong', file=sys.stderr); sys.exit(3)")
    assert run("-S", "-c", "raise SystemExit(3)", statuses=(0, 3)).seconds > 0


def test_works_take_turns() -> None:
    turns = []

    def work(name: str, pause: float):  # type: ignore[no-untyped-def]
        turns.append(name)
        return run("-S", "-c", f"import time; time.sleep({pause})", look_at_memory=False)

    started = time.perf_counter()
    short, long = alternating(2, lambda: work("short", 0), lambda: work("long", 0.2))
    assert turns == ["short", "long", "short", "long"]
    assert short < long < time.perf_counter() - started


def test_a_table_in_markdown() -> None:
    assert table(("", "time"), [("ours", "1 s")]) == "|  | time |\n| --- | --- |\n| ours | 1 s |"
