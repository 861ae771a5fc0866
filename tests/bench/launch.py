"""Run a command and write what it took as JSON: `launch.py REPORT INTERVAL COMMAND…`, status the command's.

A process of its own, for two reasons. The kernel counts the memory of whoever starts a program as the
program's own until that begins, so the starter must be small. And memory is the sum over all processes of
the command, looked at every INTERVAL seconds or less often (0: never, so that nothing disturbs the time), or
the peak of the largest, which the kernel knows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time

_SHARE_OF_LOOKING = 1 / 20


def resident(process: int) -> int:
    """Kilobytes in memory of a process and all that it started; what several share counts once (PSS)."""
    try:
        with open(f"/proc/{process}/smaps_rollup", "rb") as sizes:
            total = int(sizes.read().split(b"\nPss:", 1)[1].split()[0])
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/children", "rb") as children:
                total += sum(resident(int(child)) for child in children.read().split())
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0  # it has just ended
    return total


def main() -> int:
    """The command."""
    report, interval, command = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
    peak, ended = 0, threading.Event()

    def look(process: int) -> None:
        nonlocal peak
        pause = interval
        while not ended.wait(pause):
            begun = time.perf_counter()
            peak = max(peak, resident(process))
            pause = max(interval, (time.perf_counter() - begun) / _SHARE_OF_LOOKING)

    started = time.perf_counter()
    running = subprocess.Popen(command)
    if interval:
        threading.Thread(target=look, args=(running.pid,), daemon=True).start()
    _, status, usage = os.wait4(running.pid, 0)
    seconds = time.perf_counter() - started
    ended.set()
    megabytes = max(peak, usage.ru_maxrss) / 1024
    with open(report, "w", encoding="ascii") as file:
        processor = usage.ru_utime + usage.ru_stime
        json.dump({"seconds": seconds, "megabytes": megabytes, "processor": processor}, file)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
