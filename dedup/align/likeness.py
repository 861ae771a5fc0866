"""A likeness: a window of the submission, the run of sentences most like it, and their measurements."""

from __future__ import annotations

from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Likeness:
    """A window of the submission and the run of sentences most like it, with their measurements.

    Shares run from 0 to 1; they are shares of the surprise unless the field says otherwise.
    """

    start: int
    """In normalised characters; ranges are half-open."""
    end: int
    part: int
    source_start: int
    source_end: int
    alike: float
    """Dice coefficient of the pairs in the window and in the run."""
    shared: float
    """Sum of the surprise of the pairs that both hold."""
    held: float
    """Share of the window that the run holds."""
    source_held: float
    """Share of the run that the window holds."""
    rival: float
    """Share of their common pairs that the strongest rival holds in its best run."""
    second_rival: float
    rivals: float
    """Share of their common pairs that at least one rival holds."""
    rival_alike: float
    """Dice coefficient of the rival most like the window."""
    order: float
    """Share of neighbouring shared pairs that are in the same order in the source."""
    near: float
    """Share, by number, of neighbouring pairs that are in order and near one another in the source."""
    triples: float
    """Number of triples of characters that both hold, for each shared pair."""
    figures: float
    """Sum of the surprise of the telling figures that both hold and no rival does."""
    formulaic: float
    """Share of their common pairs that is in set phrases of the submission."""
    lead: float
    """Pairs of the window in the block of its source, as a multiple of those in the best rival block."""

    def __len__(self) -> int:
        return self.end - self.start
