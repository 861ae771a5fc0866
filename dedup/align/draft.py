"""The submission, prepared for matching."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.lists import Lists
from dedup.align.units import Units
from dedup.sketch.arrays import Bools, Codes, Ints, Numbers
from dedup.text.normalize import fold_slots
from dedup.text.sentences import boundaries
from dedup.text.stream import MatchText


class Draft(NamedTuple):
    """The submission, prepared: n normalised characters."""

    text: str
    stream: MatchText
    folded: Codes
    """[n] the characters, with one code for all figures and masks."""
    clause: Numbers
    """[n] number of the clause each character lies in, ascending."""
    sentence: Numbers
    """[n] likewise for sentences."""
    formulaic: Bools
    """[n] covered by a set phrase of the shipped list, or no prose (see `dedup.align.lists`)."""
    tabular: Bools
    """[n] in a row of a table."""
    units: Units
    """Weights of the characters: letters weigh less than ideographs."""
    apart: NDArray[np.uint8]
    """[n] `dedup.align.apart.FORM` or `TEMPLATE`: never reuse, whatever surrounds it; else 0."""

    @property
    def codes(self) -> Codes:
        """[n] the normalised characters."""
        return self.stream.codes

    @property
    def offsets(self) -> Ints:
        """[n] their offsets in `text`."""
        return self.stream.offsets

    @classmethod
    def prepare(
        cls,
        text: str,
        stream: MatchText,
        formulaic: Bools,
        apart: NDArray[np.uint8] | None = None,
    ) -> Draft:
        """Make a draft of a document's match text and of the set phrases, forms and templates found in it."""
        borders = boundaries(text)
        clause = np.searchsorted(borders.clauses, stream.offsets, side="right").astype(np.int32)
        sentence = np.searchsorted(borders.sentences, stream.offsets, side="right").astype(np.int32)
        units = Units.of(stream.codes, stream.offsets, text)
        lists = Lists.find(text, stream.offsets)
        folded = fold_slots(stream.codes)
        apart = np.zeros(len(stream), np.uint8) if apart is None else apart
        formulaic = formulaic | lists.listed | (apart > 0)
        return cls(text, stream, folded, clause, sentence, formulaic, lists.tabular, units, apart)
