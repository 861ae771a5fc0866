"""Long paragraphs of a segment as they were decoded last.

Where the characters of a region stand is known by decoding its paragraph from the beginning. That is quickly
done, but a book may be one paragraph, and thousands of regions lie in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LONG = 1 << 12
"""Normalised characters from which a paragraph is long."""
_MOST_KEPT = 1 << 22
"""Characters of all that are kept, ten to twelve bytes each; of a longer paragraph it is that one alone."""


class Decoded(NamedTuple):
    """A paragraph decoded from a segment."""

    text: str
    offsets: NDArray[np.int64]
    """Where its normalised characters stand, counted from its beginning."""


class LongParagraphs:
    """Long paragraphs by number, those asked for last."""

    def __init__(self) -> None:
        self._kept: dict[int, Decoded] = {}
        self._characters = 0

    def get(self, number: int, decode: Callable[[int], Decoded]) -> Decoded:
        """A paragraph, decoded if it is not kept."""
        found = self._kept.pop(number, None)
        if found is None:
            found = decode(number)
            if len(found.offsets) < LONG:
                return found
            self._make_room(len(found.text))
            self._characters += len(found.text)
        self._kept[number] = found
        return found

    def _make_room(self, characters: int) -> None:
        while self._kept and self._characters + characters > _MOST_KEPT:
            longest_ago = next(iter(self._kept))
            self._characters -= len(self._kept.pop(longest_ago).text)
