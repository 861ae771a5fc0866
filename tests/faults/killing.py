"""Processes that are killed, or stopped, at a moment of one's choice: by the clock, or at a step they take.

The clock finds the long stretches of work, steps find the moments between two that a crash could tear apart:
before and after each write, sync, rename and removal.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.operations import Operation

_PROGRAM = """
import os, sys
from dedup.limits import Limits
LIMITS, STEP, SIGNAL, ARGUMENTS = eval(sys.argv[1])

import dedup.cli.program, dedup.cli.index, dedup.cli.scan, dedup.index.update, dedup.readers
import dedup.scan.run, dedup.reports.scan.terminal
import dedup.text.structure

NAMES = {
    "fsync", "replace", "remove", "mkdir", "chmod",
    "BufferedWriter.write", "BufferedWriter.seek", "BufferedWriter.flush", "BufferedWriter.close",
}
steps = 0

def count(frame, event, function):
    global steps
    if event in ("c_call", "c_return") and function.__qualname__ in NAMES:
        steps += 1
        if steps == STEP:
            os.kill(os.getpid(), SIGNAL)

print("ready", flush=True)
if STEP:
    sys.setprofile(count)
status = dedup.cli.program.run(ARGUMENTS, LIMITS)
sys.setprofile(None)
print(steps, flush=True)
os._exit(status)
"""
NEVER = 1 << 40
"""A step that no run takes; one may learn how many it takes."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a process and all it had started."""

    status: int
    steps: int
    """It took; 0 when it did not live to tell."""
    said: str

    @property
    def killed(self) -> bool:
        return self.status == -signal.SIGKILL


class Victim:
    """`dedup ARGUMENTS` in a process of its own, with limits as low as the test wants them."""

    def __init__(
        self,
        operation: Operation,
        corpus: Path,
        *,
        processes: int = 1,
        step: int = 0,
        with_signal: signal.Signals = signal.SIGKILL,
    ) -> None:
        """Start it, and wait until its modules are imported. At a `step` it sends itself the signal."""
        arguments = list(map(str, operation.arguments(corpus)))
        limits = replace(operation.limits, processes=processes)
        orders = repr((limits, step, int(with_signal), arguments))
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, orders],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd=Path(__file__).parents[2],
        )
        assert self._process.stdout is not None
        first = self._process.stdout.readline()
        if first != "ready\n":
            raise AssertionError(f"{first}{self._process.communicate()[1]}")

    def __enter__(self) -> Victim:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing behind when a test fails."""
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()

    def kill_at(self, moment: float, *, alone: bool = False) -> Ended:
        """Kill it after so many seconds, with its helpers or `alone`: then those have to notice."""
        time.sleep(moment)
        if alone:
            self._process.kill()
            return self.end()
        while kin := _session(self._process.pid):
            for process in kin:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            if self._process.poll() is not None and len(kin) == 1:
                break
        return self.end()

    def stopped(self) -> bool:
        """Wait until it has stopped, or ended."""
        found = os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        return found is not None and found.si_code == os.CLD_STOPPED

    def go_on(self) -> None:
        """Let it run on after it has stopped."""
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> Ended:
        """Wait until it has ended, and all that it has started: they hold its standard error."""
        told, said = self._process.communicate(timeout=300)
        words = told.split()
        # What a command prints comes before the number of steps.
        steps = int(words[-1]) if self._process.returncode >= 0 and words else 0
        return Ended(self._process.returncode, steps, said)


def _session(leader: int) -> list[int]:
    """The living processes of a session; its leader alone where the system does not tell."""
    if not os.path.exists("/proc/self/stat"):
        return [leader]
    found = []
    for name in os.listdir("/proc"):
        with suppress(OSError, ValueError):
            process = int(name)
            state, _, _, session = (
                Path("/proc", name, "stat").read_text(encoding="latin-1").rpartition(")")[2].split()[:4]
            )
            if int(session) == leader and state not in "ZX":
                found.append(process)
    return found


def duration(operation: Operation, corpus: Path, processes: int) -> float:
    """Seconds that an operation takes when it is left in peace."""
    victim = Victim(operation, corpus, processes=processes)
    begun = time.monotonic()
    victim.end()
    return time.monotonic() - begun
