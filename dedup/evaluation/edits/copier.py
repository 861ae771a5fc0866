"""The writer who changes a passage: how strongly, by which chances, with whose clauses at hand."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Copier:
    """Drives an edit. The same strength and the same state of `random` give the same text."""

    strength: float
    """From 0 (next to nothing) to 1 (all that the edit can do)."""
    random: Random
    foreign: Sequence[str] = ()
    """Clauses of other documents, for edits that put something in."""

    def happens(self, share: float) -> bool:
        """True for `share` of the occasions at full strength, for fewer below it."""
        return self.random.random() < share * self.strength

    def with_strength(self, strength: float) -> Copier:
        """The same copier, working harder or less hard."""
        return Copier(min(1.0, max(0.0, strength)), self.random, self.foreign)
