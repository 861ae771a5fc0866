"""What an update of an index tells: how far it is, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dedup.model import Skipped

Progress = Callable[[int, int], None]
"""Called with the bytes of corpus files, or of segments, that are done and that are to do in all."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears how far an update is."""

    reading: Progress | None = None
    """Of reading files."""
    merging: Progress | None = None
    """Of merging segments."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one update did. Counts are of files."""

    added: int
    changed: int
    removed: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    characters: int
    """Normalised characters of added and changed files."""
    seconds: float
