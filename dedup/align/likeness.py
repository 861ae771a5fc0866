"""A likeness: a window of the submission, the run of sentences most like it, and what was measured."""

from __future__ import annotations

from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Likeness:
    """A window of the submission and the run of sentences most like it, with what was measured of them.

    Shares run from 0 to 1; of surprise, unless something else is said.
    """

    start: int
    """In normalised characters, half-open."""
    end: int
    part: int
    source_start: int
    source_end: int
    alike: float
    """Dice coefficient: what both hold of what either holds."""
    shared: float
    """Surprise of the pairs that both hold."""
    held: float
    """Share of the window that the run holds."""
    source_held: float
    """Share of the run that the window holds."""
    rival: float
    """Share of what they share that the strongest rival holds in its best run."""
    second_rival: float
    rivals: float
    """Share that any of the rivals holds."""
    rival_alike: float
    """Dice coefficient of the rival most like the window."""
    order: float
    """Share of neighbouring shared pairs that stand in the same order in the source."""
    near: float
    """Share, by number, of those that are in order and near one another there."""
    triples: float
    """Triples of characters that both hold, a shared pair."""
    figures: float
    """Surprise of the telling figures that both hold and no rival does."""
    formulaic: float
    """Share of what they share that stands in set phrases of the submission."""
    lead: float
    """How many times as much of the window stands anywhere in the block of its source as in any rival's."""

    def __len__(self) -> int:
        return self.end - self.start
