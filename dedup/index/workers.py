"""The orders of one build, side by side: this process carries out some, helper processes the others.

A helper is an interpreter of its own that runs `serve`: nothing is forked, so threads of the caller do no
harm, and the caller's main module is not imported again. Orders go to its standard input and messages come
from its standard output, pickled. Its input ends when this process does, however that happens, and so does
the helper; it gives no file its lasting name, so even a late one spoils nothing.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread

from dedup.index.assembly import assemble
from dedup.index.manifest import SkippedFile
from dedup.index.merge import merge
from dedup.index.pieces import Done, Finished, Order, Piece
from dedup.limits import Limits
from dedup.progress import Advance

Results = list[Finished | SkippedFile]

MOST_PROCESSES = 4
"""Unless limits say otherwise; each holds one segment in memory while it builds."""
_LOOK_AROUND = 0.1
"""Seconds between two looks at the helpers' messages while there is nothing else to do."""


def performed(
    orders: Sequence[Order], total: int, progress: Advance, limits: Limits
) -> Iterator[Finished | SkippedFile]:
    """What becomes of the orders, one after the other; `progress` hears how much of `total` is done."""
    so_far = 0

    def done(size: int) -> None:
        nonlocal so_far
        so_far += size
        progress(so_far, total)

    return perform_all(orders, done, limits.processes)


def perform_all(orders: Sequence[Order], done: Done, processes: int) -> Iterator[Finished | SkippedFile]:
    """What `perform` gives for each order, in order, with as many processes as there are processors.

    Raises what `perform` raises. A helper that dies costs nothing but time: its order is carried out here.
    """
    if len(orders) < 2:
        for order in orders:
            yield from perform(order, done)
        return
    open_orders = deque(enumerate(orders))
    team = _Team(open_orders, min(processes or min(processors(), MOST_PROCESSES), len(orders)) - 1)
    given = 0
    try:
        while given < len(orders):
            try:
                number, order = open_orders.popleft()
            except IndexError:
                done(team.listen(_LOOK_AROUND))
            else:
                team.finished[number] = list(perform(order, lambda size: done(size + team.listen())))
            while given in team.finished:
                yield from team.finished.pop(given)
                given += 1
    finally:
        team.dismiss()


def perform(order: Order, done: Done) -> Iterator[Finished | SkippedFile]:
    """Assemble a piece, or merge segments. Raises OSError or IndexDamaged."""
    if isinstance(order, Piece):
        yield from assemble(order, done)
    else:
        yield merge(order, done)


def processors() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class _Team:
    """The helpers, each with a thread that hands it orders and takes its messages."""

    def __init__(self, orders: deque[tuple[int, Order]], size: int) -> None:
        self.finished: dict[int, Results] = {}
        """Results by number of the order, as heard of by `listen`."""
        self._orders = orders
        self._messages: SimpleQueue[tuple[int, int | Results | Exception]] = SimpleQueue()
        """(order, bytes it is further on, or its results, or what went wrong)."""
        self._helpers = [_start_helper() for _ in range(size)]
        self._threads = [Thread(target=self._attend, args=(one,), daemon=True) for one in self._helpers]
        for thread in self._threads:
            thread.start()

    def listen(self, wait: float = 0.0) -> int:
        """Take the helpers' messages, return the bytes they are further on; raise what one met with."""
        progress = 0
        try:
            while True:
                number, message = self._messages.get(timeout=wait)
                wait = 0.0
                if isinstance(message, int):
                    progress += message
                elif isinstance(message, Exception):
                    raise message
                else:
                    self.finished[number] = message
        except Empty:
            return progress

    def dismiss(self) -> None:
        """End the helpers, whatever they are at."""
        for helper, thread in zip(self._helpers, self._threads, strict=True):
            helper.kill()
            thread.join()
            with suppress(BrokenPipeError):  # what one that is dead was still to be told
                helper.__exit__(None, None, None)  # closes the pipes and waits

    def _attend(self, helper: subprocess.Popen[bytes]) -> None:
        orders, output = helper.stdin, helper.stdout
        while orders and output:
            try:
                order = self._orders.popleft()
            except IndexError:
                return
            number, what = order
            progress = 0
            try:
                pickle.dump(what, orders)
                orders.flush()
                while isinstance(message := pickle.load(output), int):
                    self._messages.put((number, message))
                    progress += message
            except (OSError, EOFError, pickle.UnpicklingError):  # it died
                self._messages.put((number, -progress))
                self._orders.appendleft(order)
                return
            self._messages.put((number, message))


def _start_helper() -> subprocess.Popen[bytes]:
    """An interpreter that finds the same modules, and that Ctrl-C at the terminal does not reach."""
    program = f"import sys; sys.path[:] = {sys.path!r}; from dedup.index.workers import serve; serve()"
    command = [sys.executable, "-c", program]
    surroundings = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    if sys.platform == "win32":
        apart = subprocess.CREATE_NEW_PROCESS_GROUP
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, env=surroundings, creationflags=apart)
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, env=surroundings, process_group=0)


def serve() -> None:
    """Do what standard input orders until it ends."""
    output, sys.stdout = sys.stdout.buffer, sys.stderr
    orders: SimpleQueue[Order] = SimpleQueue()

    def tell(message: int | Results | Exception) -> None:
        try:
            pickle.dump(message, output)
            output.flush()
        except BrokenPipeError:  # who gave the orders has gone: nobody is left to tell, not even of that
            os._exit(0)

    Thread(target=_take_orders, args=(orders,), daemon=True).start()
    while True:
        order = orders.get()
        try:
            results = list(perform(order, tell))
        except Exception as error:
            error.add_note(traceback.format_exc())
            tell(error)
        else:
            tell(results)


def _take_orders(orders: SimpleQueue[Order]) -> None:
    """Read orders while the work goes on, so that the end of the orders ends the work."""
    try:
        while True:
            orders.put(pickle.load(sys.stdin.buffer))
    except BaseException:
        os._exit(0)
