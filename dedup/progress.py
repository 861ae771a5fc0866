"""How a long operation says how far it is, and how it is stopped.

Every long operation takes one `Observer` and calls it as it goes along. To stop the operation, raise an
exception from any of its methods, or from what `stage` gives: it passes through to the caller, and what is on
disk is what it was before, or can be gone on from. Ctrl-C does the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int, int], None]
"""Called with how much is done and how much there is to do in all; `index` and `merge` count bytes."""


class Observer:
    """Hears what an operation is doing. This one takes no notice; subclasses override what they want to hear.

    Stages are index, merge, sketch, compare, verify, group, kinds, originals and write.
    """

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        """A stage begins; it has ended when the context is left."""
        yield _unheard

    def waiting(self) -> None:
        """Another process writes the index, and this one waits for it."""

    def placed(self, folder: str, in_cache: bool) -> None:
        """An index is made in a folder that held none; `in_cache`: the user's, as the corpus is read-only."""


def _unheard(done: int, total: int) -> None:
    pass


UNOBSERVED = Observer()
"""For operations that nobody watches."""
