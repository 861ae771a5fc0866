"""The interface by which a long operation reports its progress, and can be stopped.

Every long operation takes one `Observer` and calls it on the way. To stop the operation, raise an exception
from any of its methods, or from the function that `stage` yields: it passes through to the caller, and the
files on disk are as before, or can be continued from. Ctrl-C does the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int, int], None]
"""Called with the amount done and the total; `index` and `merge` count bytes."""


class Observer:
    """Receive the progress of an operation. This one ignores it; subclasses override the methods they need.

    Stages are index, merge, sketch, compare, verify, group, kinds, originals and write.
    """

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        """Called when a stage begins; the context is left when it ends."""
        yield _unheard

    def waiting(self) -> None:
        """Called when this process waits for another that writes the index."""

    def placed(self, folder: str, in_cache: bool) -> None:
        """Called when an index is made in a new folder; `in_cache`: in the user's cache folder."""


def _unheard(done: int, total: int) -> None:
    pass


UNOBSERVED = Observer()
"""The observer of operations that nobody watches."""
