"""Weigh matched characters: worth, evidence, and the strength of other documents with the same words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dedup.align.draft import Draft
from dedup.align.evidence import Rivals
from dedup.align.figures import FigureTable
from dedup.sketch.arrays import Floats, Ints
from dedup.text.normalize import SLOT

FORMULAIC_SHARE = 0.3
"""Weight of a character of a set phrase: two reports may well share a dozen phrases in a row."""
MOST_RIVALS = 12
LONG_RUN = 4
"""Runs from this length are weighed by their grams (which have as many characters unless set otherwise),
shorter ones by their bigrams."""
PAIR_VALUE = 0.9
"""Worth of a character of the most surprising pair: less than one of a longer run, however rare."""
TRIPLE_LEAST = 0.2
"""Least worth of a character of a triple: three in a row meet by chance less often than two of them."""
SHORT_RUN_EVIDENCE = 0.5
"""Evidence of the most surprising pair or triple, but for UNSURPRISING: half that of the rarest gram."""
UNSURPRISING = 0.3
"""Surprise of a bigram up to which a pair or triple is no evidence: most regions hold a few of those."""
FEWEST_IDEOGRAPHS = 2
"""Characters outside words below which a run counts as a run of words."""
WORTH_OF_WORDS = np.array([0.0, 0.0, 0.3, 0.6, 1.0])
"""Worth of a run by its number of words, the last value for more; any two texts written in letters share
single words and pairs."""
DIGIT_EVIDENCE = 0.3
"""Evidence of each digit but the first of an equal figure in a table: four of them weigh as a rare gram."""
CHANCE_WORDS = 2.5
"""Words of a run that count as no evidence, as three characters of a run of ideographs do."""


class Weights(NamedTuple):
    """Weights of a stretch of the submission and its runs; see `dedup.align.match.Match`."""

    telling: float
    worth: float
    evidence: float
    shared_figures: int
    rivals: tuple[float, ...]


class Stretch(NamedTuple):
    """A stretch of the submission, half-open, that is matched with a document."""

    part: int
    start: int
    end: int
    tiles: Ints
    """[m, 3] its runs: start in the submission, start in the document, length."""
    source_figures: frozenset[str]
    """The values of the figures that the document has there."""


class Scales:
    """The scales for runs of one submission."""

    def __init__(
        self,
        draft: Draft,
        evidence_at: Floats,
        surprise: Floats,
        rivals: Rivals,
        families: dict[int, int],
    ) -> None:
        """`evidence_at` [n] is that of the gram at each position, `surprise` [n - 1] that of each bigram."""
        self.draft = draft
        self._evidence_sums = np.concatenate([[0.0], np.cumsum(evidence_at)])
        self._figure_sums: Floats | None = None
        if draft.tabular.any():
            self._figure_sums = np.concatenate([[0.0], np.cumsum(_evidence_of_cells(draft))])
        self._unit_sums = draft.units.sums()
        self._telling_sums = self._unit_sums
        if draft.formulaic.any():
            counts = np.where(draft.formulaic, FORMULAIC_SHARE, 1.0) * draft.units.weight
            self._telling_sums = np.concatenate([[0.0], np.cumsum(counts)])
        if draft.units.any_words:
            self._letter_sums = np.concatenate([[0], np.cumsum(draft.units.lettered, dtype=np.int32)])
        self._surprise = np.append(surprise, [0.0, 0.0])  # no bigram begins at the last character
        self._rivals = rivals
        self._families = families
        self._figures = FigureTable.of(draft.text, draft.offsets)

    def values(self, start: Ints, length: Ints) -> tuple[Floats, Floats]:
        """Worth of a character, and evidence of the whole run, for each of n runs, float[n] each."""
        first, second = self._surprise[start], self._surprise[start + 1]
        best = np.where(length == 2, first, np.maximum(first, second))
        value = np.where(length == 2, PAIR_VALUE * first, TRIPLE_LEAST + (1 - TRIPLE_LEAST) * best)
        value = np.where(length >= LONG_RUN, 1.0, value)
        sums = self._evidence_sums
        long_run = sums[np.maximum(start + length - LONG_RUN + 1, start)] - sums[start]
        if self._figure_sums is not None:
            long_run += self._figure_sums[start + length] - self._figure_sums[start]
        short_run = SHORT_RUN_EVIDENCE * np.maximum(0.0, best - UNSURPRISING)
        evidence = np.where(length >= LONG_RUN, long_run, short_run)
        if self.draft.units.any_words:
            letters = self._letter_sums[start + length] - self._letter_sums[start]
            words = np.flatnonzero(length - letters < FEWEST_IDEOGRAPHS)
            units = self.units(start[words], length[words])
            value[words] = WORTH_OF_WORDS[
                np.minimum(np.round(units), len(WORTH_OF_WORDS) - 1).astype(np.int64)
            ]
            evidence[words] *= np.maximum(0.0, 1 - CHANCE_WORDS / np.maximum(units, 1))
        return value, evidence

    def units(self, start: Ints, length: Ints) -> Floats:
        """Units in each run."""
        units: Floats = self._unit_sums[start + length] - self._unit_sums[start]
        return units

    def weigh(self, stretches: Sequence[Stretch]) -> list[Weights]:
        """Weigh some stretches with their runs, all together: hundreds of small steps cost more."""
        if not stretches:
            return []
        runs = np.concatenate([one.tiles[:, ::2] for one in stretches])
        owner = np.repeat(np.arange(len(stretches)), [len(one.tiles) for one in stretches])
        values, evidence = self.values(runs[:, 0], runs[:, 1])
        counts = self._telling_sums
        matched = values * (counts[runs[:, 0] + runs[:, 1]] - counts[runs[:, 0]])
        starts, ends = np.array([(one.start, one.end) for one in stretches], np.int64).T
        # Each sum begins anew, so that documents which hold the same weigh the same to the last bit.
        sums = (
            counts[ends] - counts[starts],
            np.bincount(owner, weights=matched, minlength=len(stretches)),
            np.bincount(owner, weights=evidence, minlength=len(stretches)),
        )
        return [
            Weights(
                telling=telling,
                worth=worth,
                evidence=evident,
                shared_figures=len(self._figures.within(one.start, one.end) & one.source_figures),
                rivals=self._rivals_of(one),
            )
            for one, telling, worth, evident in zip(
                stretches, *(column.tolist() for column in sums), strict=True
            )
        ]

    def _rivals_of(self, one: Stretch) -> tuple[float, ...]:
        family = self._families.get(one.part, one.part)
        return tuple(self._rivals.strengths(one.start, one.end, besides=family)[:MOST_RIVALS].tolist())


def _evidence_of_cells(draft: Draft) -> Floats:
    """[n] evidence of the digits in tables; none of years, and of single digits, which number rows."""
    units, folded = draft.units, draft.folded
    digit = draft.tabular & (folded == SLOT) & ~units.lettered
    later = digit & ~units.opens
    first, end = units.borders(np.arange(len(folded)))
    four = end - first == 4
    opens = draft.codes[first] * 100 + draft.codes[np.minimum(first + 1, len(folded) - 1)]
    year = four & ((opens == ord("1") * 100 + ord("9")) | (opens == ord("2") * 100 + ord("0")))
    return np.where(later & ~year, DIGIT_EVIDENCE, 0.0)
