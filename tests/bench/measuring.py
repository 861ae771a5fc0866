"""What a program costs: seconds of the clock, and the peak of memory of all its processes."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_LAUNCH = Path(__file__).with_name("launch.py")
_REPOSITORY = Path(__file__).parents[2]
_BETWEEN_LOOKS = 0.005

IMPORTS = ("-c", "import numpy, click")
"""What no program built on them can do without: the yardstick for short times."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run."""

    seconds: float
    megabytes: float
    processor: float = float("nan")
    """Seconds of all processors together, which other work on the machine disturbs less than the clock."""
    output: str = ""


def run(
    *arguments: object,
    python: str = sys.executable,
    statuses: Sequence[int] = (0,),
    look_at_memory: bool = True,
) -> Cost:
    """Run Python with arguments. Raises RuntimeError with what it said if it ends with another status."""
    with tempfile.TemporaryDirectory() as place:
        report = Path(place, "report.json")
        launch = [sys.executable, "-I", "-S", _LAUNCH, report, _BETWEEN_LOOKS if look_at_memory else 0]
        done = subprocess.run(
            [*map(str, launch), python, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(_REPOSITORY), "HF_HUB_OFFLINE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in statuses:
            said = " / ".join(done.stderr.strip().splitlines()[-2:])
            raise RuntimeError(f"{' '.join(map(str, arguments))}: status {done.returncode}: {said}")
        return Cost(**json.loads(report.read_text(encoding="ascii")), output=done.stdout)


def median(costs: Sequence[Cost]) -> float:
    """Seconds."""
    return statistics.median(cost.seconds for cost in costs)


def alternating(runs: int, *works: Callable[[], Cost]) -> list[float]:
    """The median seconds of several works, run in turn, so that a busy machine troubles all alike."""
    taken = [[work() for work in works] for _ in range(runs)]
    return [median(column) for column in zip(*taken, strict=True)]
