"""What goes along with a long scan: bars that say how far it is, and a checkpoint to go on from.

A scan that is interrupted or killed has not happened: it writes no summary, and the last scan stays the one
before. But what it has found out is kept, every few seconds, in one file beside the state of the last scan.
The next scan goes on from there if it is to find out the same: of the same texts, after the same last scan.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.errors import DedupError
from dedup.index.container import Container, write_container

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""
Stages = Callable[[str], AbstractContextManager[Progress | None]]
"""Called with the name of a stage; gives what hears of it.

Stages are index, merge, sketch, compare, verify, group, kinds, originals and write.
"""

SECONDS_BETWEEN = 5.0
"""Between two checkpoints: a scan that takes less writes none."""

Arrays = dict[str, NDArray[Any]]
"""By name."""


def silently(stage: str) -> AbstractContextManager[Progress | None]:
    """For who does not want to hear of it."""
    return nullcontext()


class Work:
    """One scan at work: its stages, and what it has found out so far."""

    def __init__(self, stages: Stages = silently, path: str | None = None, purpose: str = "") -> None:
        """Go on from the checkpoint at a path if it serves the same purpose; without a path keep none."""
        self._stages = stages
        self._path = path
        self._purpose = np.frombuffer(purpose.encode(), dtype=np.uint8)
        self._kept = self._read()
        self._written = time.monotonic()

    @contextmanager
    def stage(self, name: str) -> Iterator[Progress]:
        """A stage; what it gives is told how far that is."""
        with self._stages(name) as progress:
            yield progress or _unheard

    def found(self, name: str) -> Arrays | None:
        """What was kept of a step, if anything was."""
        prefix = f"{name}."
        arrays = {key[len(prefix) :]: array for key, array in self._kept.items() if key.startswith(prefix)}
        return arrays or None

    def keep(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep what a step has found out so far; it is written when it is time to. Raises OSError."""
        self._kept |= {f"{name}.{key}": array for key, array in arrays.items()}
        if self._path is not None and self.is_time():
            names = np.frombuffer(" ".join(self._kept).encode(), dtype=np.uint8)
            facts = [("purpose", self._purpose), ("names", names)]
            write_container(self._path, [*facts, *self._kept.items()])
            self._written = time.monotonic()

    def done(self) -> None:
        """All is found out and written: the checkpoint is of no more use."""
        if self._path is not None:
            with suppress(OSError):
                os.remove(self._path)

    def is_time(self) -> bool:
        """Whether the last checkpoint lies far enough back."""
        return time.monotonic() - self._written >= SECONDS_BETWEEN

    def _read(self) -> Arrays:
        if self._path is None:
            return {}
        try:
            container = Container(self._path)
            same = container.array("purpose").tobytes() == self._purpose.tobytes()
            if not same or container.altered():
                return {}
            names = container.array("names").tobytes().decode().split()
            return {name: container.array(name) for name in names}
        except (FileNotFoundError, DedupError):
            return {}


def _unheard(done: int, total: int) -> None:
    pass
