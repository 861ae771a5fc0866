"""What the programs of this folder share: they run in environments of their own, without `dedup`.

A peer reads paragraphs (JSON lines with `text`), names them by their place in the file, and prints one JSON
object of phases: seconds since the phase before, of the clock and of the processors, and the peak of memory
so far, of this process.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

SHINGLE = 5
"""Characters."""
PERMUTATIONS = 128
THRESHOLD = 0.7
SETS_KEPT = 10_000


def paragraphs(path: str) -> list[str]:
    """The texts of a file, in its order."""
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def shingles(text: str) -> set[str]:
    """All runs of SHINGLE characters, each once; the whole text where it is shorter."""
    return {text[place : place + SHINGLE] for place in range(max(1, len(text) - SHINGLE + 1))}


def verified(candidates: Iterable[tuple[int, int]], texts: list[str]) -> Iterator[tuple[int, int]]:
    """The pairs whose sets of shingles have Jaccard similarity ≥ THRESHOLD.

    Sets of all texts at once would take most of the memory; most texts are in no pair.
    """
    kept = lru_cache(SETS_KEPT)(lambda number: shingles(texts[number]))
    for one, other in candidates:
        left, right = kept(one), kept(other)
        common = len(left & right)
        if common >= THRESHOLD * (len(left) + len(right) - common):
            yield one, other


def write_pairs(path: str, pairs: Iterable[tuple[int, int]]) -> None:
    """One pair of numbers a line."""
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"{one} {other}\n" for one, other in pairs)


class Phases:
    """A stop watch that also looks at memory."""

    def __init__(self) -> None:
        self._since = time.perf_counter(), time.process_time()
        self._phases: dict[str, dict[str, float]] = {}

    def end(self, name: str) -> None:
        """The phase that ends here."""
        seconds, processor = time.perf_counter() - self._since[0], time.process_time() - self._since[1]
        status = Path("/proc/self/status").read_text(encoding="ascii")
        megabytes = int(status.split("VmHWM:")[1].split()[0]) / 1024
        self._phases[name] = {"seconds": seconds, "megabytes": megabytes, "processor": processor}
        self._since = time.perf_counter(), time.process_time()

    def tell(self) -> None:
        """Print all phases."""
        print(json.dumps(self._phases))
