"""A match: a stretch of the submission, a stretch of a source, and measurements of the two."""

from __future__ import annotations

from dedup.records import dataclass

Bounds = tuple[int, int]
Tile = tuple[int, int, int]
"""Start of a common run in the submission, its start in the source, and its length."""


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the submission matched with one of a source, in normalised characters, half-open."""

    part: int
    start: int
    end: int
    source_start: int
    source_end: int
    tiles: tuple[Tile, ...]
    """The common runs, in order of start."""
    telling: float
    """Units of the submission's side, those of set phrases counted FORMULAIC_SHARE each."""
    source_telling: float
    """Units of the source's side, as many of them in set phrases."""
    worth: float
    """Units matched, counted likewise, each weighted by the worth of its match (0 to 1)."""
    evidence: float
    """Sum of the rarity of the grams matched, and of the surprise of shorter matches."""
    shared_figures: int
    """Number of figures on both sides that are evidence (see `dedup.align.figures`)."""
    sentence_borders: int
    """Number of the four borders (start and end, on both sides) that lie between sentences."""
    witnesses: int
    """Number of documents whose signatures show that they hold the same; 0 for a match found by grams."""
    rivals: tuple[float, ...]
    """Strengths of other families on the same stretch, strongest first; at most MOST_RIVALS."""

    @classmethod
    def unweighed(cls, part: int, own: Bounds, source: Bounds, tiles: tuple[Tile, ...]) -> Match:
        """A match of known place without measurements; it counts by its number of characters."""
        return cls(
            part=part,
            start=own[0],
            end=own[1],
            source_start=source[0],
            source_end=source[1],
            tiles=tiles,
            telling=float(own[1] - own[0]),
            source_telling=float(source[1] - source[0]),
            worth=float(sum(length for _, _, length in tiles)),
            evidence=0.0,
            shared_figures=0,
            sentence_borders=0,
            witnesses=0,
            rivals=(),
        )

    @classmethod
    def of_run(cls, start: int, end: int, part: int, source_start: int) -> Match:
        """An equal run as a match of one tile."""
        length = end - start
        source = source_start, source_start + length
        return cls.unweighed(part, (start, end), source, ((start, source_start, length),))

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def density(self) -> float:
        """Worth for each telling unit of the submission."""
        return self.worth / self.telling

    @property
    def source_density(self) -> float:
        """Worth for each telling unit of the source; at most 1."""
        return min(1.0, self.worth / max(1.0, self.source_telling))
