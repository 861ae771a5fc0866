"""What a segment's codes and signatures are found by: keys of grams and bands, counts of bigrams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.container import Abreast
from dedup.index.inversion import Pairs, inverted
from dedup.index.postings import expand
from dedup.sketch.background import BUCKETS, bigram_buckets
from dedup.sketch.bands import band_keys
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import Scheme
from dedup.text.normalize import fold_slots

_BATCH = 1 << 17
"""Codes hashed at once, within the processor's second-level cache."""


class FoldedAt(NamedTuple):
    """Slot-folded codes of a segment from a position on."""

    position: int
    codes: NDArray[np.uint32]


Batches = Callable[[int, int], Iterable[FoldedAt]]
"""(n, m) → the folded codes of a segment, n at a time, each time with up to m of those that follow."""


def folded_batches(alphabet: NDArray[np.uint32], letters: NDArray[np.unsignedinteger[Any]]) -> Batches:
    """The codes of a segment whose letters are in memory; an alphabet is folded faster than a text."""
    folded = fold_slots(alphabet)

    def batches(size: int, ahead: int) -> Iterator[FoldedAt]:
        for first in range(0, len(letters), size):
            yield FoldedAt(first, folded.take(letters[first : first + size + ahead]))

    return batches


def inverted_grams(
    batches: Batches,
    part_positions: NDArray[np.int64],
    part_lengths: NDArray[np.int64],
    scheme: Scheme,
    folder: str,
) -> Abreast:
    """Postings of the sampled grams of a segment: those that begin at a multiple of the step, within a part.

    What follows the codes of a batch may be missing where no part goes on.
    """
    size, step = scheme.gram_size, scheme.gram_step
    samples = np.maximum((part_lengths - size) // step + 1, 0)
    filled = np.flatnonzero(samples)
    last = int(part_positions[filled[-1]] // step + samples[filled[-1]] - 1) if len(filled) else 0
    ends = part_positions[:-1] + part_lengths
    at_once = _BATCH // step

    def pairs() -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint32]]]:
        for position, codes in batches(at_once * step, size - 1):
            keys = gram_keys(codes, size, step)[:at_once]
            near = slice(*np.searchsorted(ends, [position, position + len(codes)], side="right"))
            inside = whole_grams(len(keys), ends[near] - position, size, step)
            yield keys[inside], (np.flatnonzero(inside) + position // step).astype(np.uint32)

    return inverted("gram", pairs(), int(samples.sum()), last, folder)


def whole_grams(count: int, ends: NDArray[np.int64], size: int, step: int) -> NDArray[np.bool_]:
    """[count] which grams at 0, step … lie wholly in one part; parts begin at multiples of the step."""
    whole = np.ones(count, dtype=np.bool_)
    for distance in range(1, size):
        # A gram that begins fewer than `size` places before the end is none; in the padding none begins.
        crossing = ends - distance
        crossing = crossing[(crossing >= 0) & (crossing % step == 0)] // step
        whole[crossing[crossing < count]] = False
    return whole


def inverted_bands(
    batches: Iterable[NDArray[np.uint32]], signed: int, scheme: Scheme, folder: str
) -> Abreast:
    """Postings of the band keys of `signed` signatures, which come in batches, to their rows."""

    def pairs() -> Pairs:
        first = 0
        for batch in batches:
            rows = np.arange(first, first + len(batch), dtype=np.uint32)
            yield band_keys(batch, scheme.bands, scheme.rows).ravel(), np.repeat(rows, scheme.bands)
            first += len(batch)

    return inverted("band", pairs(), signed * scheme.bands, max(signed - 1, 0), folder)


def bigrams_within(
    batches: Batches, part_positions: NDArray[np.int64], part_lengths: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """[BUCKETS] counts of the slot-folded bigrams of the parts; see `dedup.sketch.background`."""
    counts = np.zeros(BUCKETS, dtype=np.int64)
    # Those that begin with the last code of a part, or in the padding behind it, are none.
    none, _ = expand(part_positions[:-1] + np.maximum(part_lengths - 1, 0), part_positions[1:])
    for position, codes in batches(_BATCH, 1):
        buckets = bigram_buckets(codes)
        counts += np.bincount(buckets, minlength=BUCKETS)
        here = slice(*np.searchsorted(none, [position, position + len(buckets)]))
        counts -= np.bincount(buckets[none[here] - position], minlength=BUCKETS)
    return counts.astype(np.uint32)
