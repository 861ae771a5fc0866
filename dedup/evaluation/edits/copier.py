"""The copier who edits a passage: strength, random numbers, and clauses of other documents."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Copier:
    """Parameters of an edit. The same strength and the same state of `random` give the same text."""

    strength: float
    """From 0 (hardly any change) to 1 (all that the edit can do)."""
    random: Random
    foreign: Sequence[str] = ()
    """Clauses of other documents, for edits that insert text."""

    def happens(self, share: float) -> bool:
        """True with probability `share` at full strength, and less below it."""
        return self.random.random() < share * self.strength

    def with_strength(self, strength: float) -> Copier:
        """The same copier with another strength."""
        return Copier(min(1.0, max(0.0, strength)), self.random, self.foreign)
