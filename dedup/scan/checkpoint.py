"""The progress of an interrupted scan, from which the next one goes on.

A scan that is interrupted or killed has not happened: it writes no summary, and the last scan stays the one
before. But every few seconds what it has found out goes into one file. The next scan goes on from there if
it is to find out the same: of the same texts, after the same last scan.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.errors import DedupError
from dedup.index.container import Container, write_container

Arrays = dict[str, NDArray[Any]]
"""By name."""


class Checkpoint:
    """The file, and what it held when the scan began."""

    def __init__(self, path: str, purpose: str, seconds: float) -> None:
        """Read what is there, if it serves the same purpose. It is written every so many seconds at most."""
        self._path, self._seconds = path, seconds
        self._purpose = np.frombuffer(purpose.encode(), dtype=np.uint8)
        self._kept = self._read()
        self._written = time.monotonic()

    def found(self, step: str) -> Arrays | None:
        """The arrays kept of a step, if any were."""
        prefix = f"{step}."
        arrays = {key[len(prefix) :]: array for key, array in self._kept.items() if key.startswith(prefix)}
        return arrays or None

    def keep(self, step: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep what a step has found out so far; it is written when it is due. Raises OSError."""
        self._kept |= {f"{step}.{key}": array for key, array in arrays.items()}
        if self.is_due:
            names = np.frombuffer(" ".join(self._kept).encode(), dtype=np.uint8)
            facts = [("purpose", self._purpose), ("names", names)]
            write_container(self._path, [*facts, *self._kept.items()])
            self._written = time.monotonic()

    @property
    def is_due(self) -> bool:
        """Tell whether the file was written long enough ago: a scan that takes less than that writes none."""
        return time.monotonic() - self._written >= self._seconds

    def remove(self) -> None:
        """All is found out and written: the file is of no more use."""
        with suppress(OSError):
            os.remove(self._path)

    def _read(self) -> Arrays:
        try:
            container = Container(self._path)
            if container.array("purpose").tobytes() != self._purpose.tobytes():
                return {}
            container.verify()
            names = container.array("names").tobytes().decode().split()
            return {name: container.array(name) for name in names}
        except (FileNotFoundError, DedupError):
            return {}
