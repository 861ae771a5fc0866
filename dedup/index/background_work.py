"""Array work on a second core: NumPy and file writing leave the interpreter to the other thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Result = TypeVar("Result")


def one_thread() -> ThreadPoolExecutor:
    """A thread that does what is submitted to it, in order. Imports what `check` does without (5 ms)."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="dedup")


def in_background(work: Callable[[], Result], *, worthwhile: bool) -> Callable[[], Result]:
    """Begin work beside the caller's and return what waits for its result; small work is done on the spot."""
    if not worthwhile:
        result = work()
        return lambda: result
    thread = one_thread()
    promise = thread.submit(work)
    thread.shutdown(wait=False)  # it ends when the work is done
    return promise.result
