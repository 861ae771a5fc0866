"""Array work on a second core, for few and long operations: between them the threads take turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def in_background(work: Callable[[], Result], *, worthwhile: bool) -> Callable[[], Result]:
    """Begin work beside the caller's and return what waits for its result; small work is done on the spot."""
    if not worthwhile:
        result = work()
        return lambda: result
    from concurrent.futures import ThreadPoolExecutor  # 5 ms that a small corpus does without

    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="dedup")
    promise = thread.submit(work)
    thread.shutdown(wait=False)  # it ends when the work is done
    return promise.result
