"""Find texts that were judged before in a draft, by their prints.

A text covers the stretches of a passage that it holds. A passage to which a copied sentence was added since
is covered in part; borders that moved by a few characters, and small corrections, do not matter. A print of a
text is used once: a second copy of it in a draft is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.found import Found
from dedup.files import storable
from dedup.fingerprint import GRAM, Prints, winnow
from dedup.records import dataclass
from dedup.sketch.arrays import runs_where

_OF_ITS_OWN = 13
"""Characters from which an uncovered stretch is new text, as for any equal run."""
_MOSTLY = 0.7
"""Share of a passage's characters from which a shorter stretch between or beside what is covered is taken for
a border that moved or a correction."""

Stretch = tuple[int, int]
"""Range of normalised characters of a draft."""


@dataclass(frozen=True, slots=True)
class KnownText:
    """The text of a passage, with its source."""

    source: str
    part: str
    prints: tuple[int, ...]
    """Prints in the order of the text."""
    forbidding: bool = False
    """True if a document that holds it forbade copying at that time; a later notice is new."""


class Covered(NamedTuple):
    """A known text, by its number, and the stretches of a passage that it covers."""

    number: int
    stretches: tuple[Stretch, ...]

    def __len__(self) -> int:
        return sum(end - start for start, end in self.stretches)


def find_again(
    codes: NDArray[np.uint32], found: Sequence[Found], texts: Sequence[KnownText]
) -> list[list[Covered]]:
    """The texts that cover each passage, with their stretches; `codes` are the draft's characters [n].

    Texts that fit best are tried first; among equal ones the last given.
    """
    wanted = _by_source(texts)
    bags = [Counter(text.prints) for text in texts]
    sides = [_Side(one, codes) if _numbers(one, wanted) else None for one in found]
    pairs = [
        (one.passage.status == "reuse", side.likeness(bags[number]), number, -place)
        for place, (one, side) in enumerate(zip(found, sides, strict=True))
        if side is not None
        for number in _numbers(one, wanted)
        if texts[number].forbidding or not forbids(one)
    ]
    covered: list[list[Covered]] = [[] for _ in found]
    for _, likeness, number, place in sorted(pairs, reverse=True):
        side = sides[-place]
        if likeness and side is not None and (stretches := side.cover(bags[number])):
            covered[-place].append(Covered(number, stretches))
    return covered


def _by_source(texts: Sequence[KnownText]) -> dict[tuple[str, str], list[int]]:
    numbers: dict[tuple[str, str], list[int]] = {}
    for number, text in enumerate(texts):
        numbers.setdefault((text.source, text.part), []).append(number)
    return numbers


def _numbers(one: Found, wanted: dict[tuple[str, str], list[int]]) -> Iterator[int]:
    """Numbers of the texts whose source holds the passage, as its source or as an alternative."""
    passage = one.passage
    places = [(passage.source, passage.part), *((other.source, other.part) for other in passage.also_in)]
    for source, part in dict.fromkeys(places):
        yield from wanted.get((storable(source), storable(part)), ())


def forbids(one: Found) -> bool:
    """Tell whether a document that holds a passage forbids copying."""
    notices = (one.source.notice, *(other.notice for other in one.passage.also_in))
    return any(notice is not None and notice.no_copying for notice in notices)


class _Side:
    """The prints of a passage, and a mask of those that a text was found to cover."""

    def __init__(self, one: Found, codes: NDArray[np.uint32]) -> None:
        self._start, self._end = one.start, one.end
        self._prints: Prints = winnow(codes[one.start : one.end])
        self._taken = [False] * len(self._prints)

    def likeness(self, bag: Counter[int]) -> float:
        """Jaccard similarity of the prints of the passage and of a text."""
        mine = Counter(self._prints.values)
        either = (mine | bag).total()
        return (mine & bag).total() / either if either else 0.0

    def cover(self, bag: Counter[int]) -> tuple[Stretch, ...]:
        """Find the stretches that a text covers, and take their prints out of its `bag`.

        Scattered characters do not count: one stretch must have some length, or all together must be half of
        the passage.
        """
        left, matched = bag.copy(), [False] * len(self._prints)
        for place, one in enumerate(self._prints.values):
            if not self._taken[place] and left[one] > 0:
                left[one] -= 1
                matched[place] = True
        rows = list(_rows(matched))
        stretches = tuple(self._stretch(first, last) for first, last in rows)
        lengths = [end - start for start, end in stretches]
        if max(lengths, default=0) < _OF_ITS_OWN and 2 * sum(lengths) < self._end - self._start:
            return ()
        for first, last in rows:
            for place in range(first, last + 1):
                self._taken[place] = True
                bag[self._prints.values[place]] -= 1
        return stretches

    def _stretch(self, first: int, last: int) -> Stretch:
        """The stretch of some prints, extended to the passage's ends where no further print is."""
        places = self._prints.places
        start = self._start if first == 0 else self._start + int(places[first])
        whole = last == len(places) - 1
        return start, self._end if whole else self._start + int(places[last]) + GRAM


def _rows(matched: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last place of each row of matches."""
    first = None
    for place, one in enumerate((*matched, False)):
        if one and first is None:
            first = place
        elif not one and first is not None:
            yield first, place - 1
            first = None


# ------------------------------------------------------------------------------------ what is left


def without(one: Found, stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The runs of a passage outside some stretches; small ones are dropped if most of it is covered."""
    if not stretches:
        return one.runs
    covered = np.zeros(one.end - one.start, np.bool_)
    for start, end in stretches:
        covered[start - one.start : end - one.start] = True
    least = _OF_ITS_OWN if covered.mean() >= _MOSTLY else 1
    rest = []
    for start, end in runs_where(~covered).tolist():
        if end - start >= least:
            rest.append((start + one.start, end + one.start))
    return tuple(
        (max(start, begin), min(end, stop))
        for begin, stop in one.runs
        for start, end in rest
        if start < stop and begin < end
    )
