"""The orders of one build, carried out side by side by helper processes.

A helper is an interpreter of its own that runs `serve`: nothing is forked, so threads of the caller do no
harm, and the caller's main module is not imported again. A process pool of the standard library does import
it, so a script that builds an index outside `if __name__ == "__main__"` would build it in each helper too;
and its helpers stay for ever when this process is killed. Orders go to a helper's standard input and messages
come from its standard output, pickled. When this process ends, however that happens, the helper's input ends,
and so does the helper. A helper gives no file its final name, so one that ends late does no harm.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from queue import SimpleQueue
from threading import Thread
from types import MappingProxyType
from typing import IO, Any, Protocol, TypeVar, cast

from dedup.limits import Limits
from dedup.progress import Advance

Result_co = TypeVar("Result_co", covariant=True)

Done = Callable[[int], None]
"""Called with the bytes of corpus files, or of segments, that are done."""

MOST_PROCESSES = 4
"""Unless limits say otherwise; each holds one segment in memory while it builds."""
_LOOK_AROUND = 0.1
"""Seconds between two looks at the helpers' messages."""


class Order(Protocol[Result_co]):
    """Work that can be pickled."""

    def perform(self, done: Done) -> Iterator[Result_co]:
        """Do it."""


def processes(orders: int, limits: Limits) -> int:
    """Number of processes for a number of orders."""
    return min(limits.processes or min(processors(), MOST_PROCESSES), orders)


def processors() -> int:
    """Number of processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def performed(
    orders: Sequence[Order[Result_co]], total: int, progress: Advance, limits: Limits
) -> Iterator[Result_co]:
    """Perform orders and yield the results of each in turn; report what is done of `total` to `progress`.

    Raises what the orders raise. A helper that dies costs nothing but time: its order is carried out here.
    """
    so_far = 0

    def done(size: int) -> None:
        nonlocal so_far
        so_far += size
        progress(so_far, total)

    helpers = processes(len(orders), limits)
    if helpers < 2:
        for order in orders:
            yield from order.perform(done)
        return
    from concurrent.futures import wait

    with closing(_Team(helpers)) as team:
        futures = [team.threads.submit(team.perform, order) for order in orders]
        for future in futures:
            while not wait([future], _LOOK_AROUND).done:
                done(team.further())
            done(team.further())
            yield from future.result()


class _Team:
    """Helper processes, with a thread for each order in progress."""

    def __init__(self, size: int) -> None:
        from concurrent.futures import ThreadPoolExecutor  # 10 ms, for large builds only

        self.threads = ThreadPoolExecutor(size)
        self._helpers = [start_helper() for _ in range(size)]
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for helper in self._helpers:
            self._idle.put(helper)
        self._steps: SimpleQueue[int] = SimpleQueue()
        self._dismissed = False

    def perform(self, order: Order[Any]) -> list[Any]:
        """Have an order carried out, by a helper if it is alive. Raises what the order raises."""
        helper, told = self._idle.get(), 0
        orders, messages = cast(IO[bytes], helper.stdin), cast(IO[bytes], helper.stdout)
        try:
            pickle.dump(order, orders)
            orders.flush()
            while isinstance(message := pickle.load(messages), int):
                self._steps.put(message)
                told += message
        except (OSError, EOFError, pickle.UnpicklingError):  # it died
            self._steps.put(-told)
            return [] if self._dismissed else list(order.perform(self._steps.put))
        finally:
            self._idle.put(helper)
        if isinstance(message, Exception):
            raise message
        results: list[Any] = message
        return results

    def further(self) -> int:
        """Bytes done since the last call."""
        total = 0
        while not self._steps.empty():
            total += self._steps.get()
        return total

    def close(self) -> None:
        """End the helpers, even in the middle of an order."""
        self._dismissed = True
        for helper in self._helpers:
            helper.kill()
        self.threads.shutdown(cancel_futures=True)
        for helper in self._helpers:
            with suppress(BrokenPipeError):  # unsent input of a helper that is dead
                helper.__exit__(None, None, None)  # closes the pipes and waits


def start_helper(surroundings: Mapping[str, str] = MappingProxyType({})) -> subprocess.Popen[bytes]:
    """Start an interpreter that finds the same modules and that Ctrl-C at the terminal does not reach.

    `surroundings` are environment variables it gets besides those of this process.
    """
    program = f"import sys; sys.path[:] = {sys.path!r}; from dedup.index.workers import serve; serve()"
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **surroundings}
    pipe = subprocess.PIPE
    if sys.platform == "win32":
        apart = subprocess.CREATE_NEW_PROCESS_GROUP
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, creationflags=apart)
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, process_group=0)


def serve() -> None:
    """Carry out orders from standard input until it ends."""
    output, sys.stdout = sys.stdout.buffer, sys.stderr
    orders: SimpleQueue[Order[object]] = SimpleQueue()

    def tell(message: object) -> None:
        try:
            pickle.dump(message, output)
            output.flush()
        except BrokenPipeError:  # the process that gave the orders has ended
            os._exit(0)

    Thread(target=_take_orders, args=(orders,), daemon=True).start()
    while True:
        order = orders.get()
        try:
            tell(list(order.perform(tell)))
        except Exception as error:
            error.add_note(traceback.format_exc())
            tell(error)


def _take_orders(orders: SimpleQueue[Order[object]]) -> None:
    """Read orders while the work goes on, so that the end of the orders ends the work."""
    try:
        while True:
            orders.put(pickle.load(sys.stdin.buffer))
    except BaseException:
        os._exit(0)
