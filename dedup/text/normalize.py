"""Normalisation: the surviving characters of a text, folded, with their offsets in the original.

"Characters" in every figure of a report means these codes: letters, figures and ideographs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.document import Span
from dedup.records import dataclass
from dedup.text.folding import code_points, folding_table

SLOT = ord("0")
"""The code that replaces all figures and masks when slots are folded."""

_IDEOGRAPHIC_ZERO = ord("〇")
_MASK_LETTER = ord("x")
_SOMEONE = ord("某")


@dataclass(frozen=True, slots=True, eq=False)
class NormalizedText:
    """A text's surviving characters: `codes[i]` is the folded form of the character at `offsets[i]`."""

    codes: NDArray[np.uint32]
    offsets: NDArray[np.int64]
    """Strictly increasing code-point offsets into the original text."""

    def __len__(self) -> int:
        return len(self.codes)

    def span(self, start: int, end: int) -> Span:
        """The original characters from the first to the last of `codes[start:end]`, half-open.

        An empty range gives an empty span before the character at `start` (at the end, after the last one).
        """
        if start < end:
            return Span(int(self.offsets[start]), int(self.offsets[end - 1]) + 1)
        if start < len(self.offsets):
            place = int(self.offsets[start])
        else:
            place = int(self.offsets[-1]) + 1 if len(self.offsets) else 0
        return Span(place, place)


def normalize(text: str) -> NormalizedText:
    """Fold a text and drop what does not count; offsets lead back to the original characters."""
    # "clip" saves `take` a check of bounds that no code point exceeds; NumPy finds nonzero values of a mask
    # twice as fast as those of numbers.
    folded = folding_table().folded.take(code_points(text), mode="clip")
    offsets = np.flatnonzero(folded != 0)
    return NormalizedText(folded[offsets], offsets)


def fold_slots(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Make figures and masks (digits, X, ×, 〇, 某) one code, so that a refilled template still matches.

    Length-preserving, character by character: a run of 13 equal characters stays a run of 13 equal codes.
    """
    slots = codes - np.uint32(ord("0")) < 10  # unsigned: codes below "0" wrap around to large values
    slots |= codes == _MASK_LETTER
    slots |= codes == _IDEOGRAPHIC_ZERO
    slots |= codes == _SOMEONE
    return np.where(slots, np.uint32(SLOT), codes)
