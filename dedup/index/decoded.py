"""Pieces of text decoded from a segment, of which the long paragraphs are kept for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LONG = 1 << 12
"""Normalised characters from which a paragraph is long."""


class Decoded(NamedTuple):
    """A piece of text decoded from a segment."""

    text: str
    offsets: NDArray[np.int64]
    """Where its normalised characters stand: of a paragraph, counted from its beginning; else in the file."""


class LongParagraphs:
    """The long paragraphs decoded last, by number.

    Where the characters of a region stand is known by decoding its paragraph from the beginning. That is
    quickly done, but a book may be one paragraph, and thousands of regions lie in it.
    """

    def __init__(self, most: int) -> None:
        """Keep `most` characters in all, or one paragraph that is longer."""
        self._most = most
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
        while self._kept and self._characters + characters > self._most:
            longest_ago = next(iter(self._kept))
            self._characters -= len(self._kept.pop(longest_ago).text)
