"""Find repeats in a submission of text that was found to be copied.

Matching pairs each stretch of a source with one of the submission, and follows no gram with very many
occurrences. So a sentence that is repeated a thousand times would be found once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.draft import Draft
from dedup.align.match import Match
from dedup.align.selection import LEAST_SENTENCE
from dedup.align.short_runs import EqualRun
from dedup.index.index import Index
from dedup.sketch.arrays import Bools, Codes, Ints, Numbers, distinct
from dedup.sketch.scheme import GUARANTEED_RUN

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_COMPARED_AT_ONCE = 4096
_FIRST_STEP = 64
_LOOKED_UP_AT_ONCE = 1 << 18
"""Positions of a submission looked up together; bounds memory."""
_MOST_OF_A_MATCH = 0.8
_LONG = 120
"""Length of text that no law or report repeats by habit."""


class Repeat(NamedTuple):
    """A stretch that repeats text of a match."""

    run: EqualRun
    match: int
    """Number of that match."""


def find_repeats(
    draft: Draft, matches: Sequence[Match], index: Index, covered: Bools, *, overlapping: bool = False
) -> Iterator[Repeat]:
    """Find runs of characters not `covered` [n] that equal what some matches hold; they become covered.

    A run continues in the source as long as that is equal, so a text of one repeated sentence is found whole.
    Only with `overlapping` may runs hold covered characters too.
    """
    known = _known(draft.codes, matches)
    if covered.all() or not len(known.place):
        return
    hashes = _Hashes(draft.codes)
    known_hashes = hashes.at(known.place)
    order = np.argsort(known_hashes, kind="stable")
    known_hashes, match, source = known_hashes[order], known.match[order], known.source[order]
    sources: dict[int, Codes] = {}
    new = GUARANTEED_RUN if overlapping else 1
    for begin, number in _mates(hashes, known_hashes, covered, new):
        part, source_start = matches[match[number]].part, int(source[number])
        if part not in sources:
            sources[part] = index.region(part, 0, index.part(part).characters).codes
        length = _equal_from(draft.codes, begin, sources[part], source_start)
        taken = np.flatnonzero(covered[begin : begin + length])
        length = int(taken[0]) if len(taken) and not overlapping else length
        run = EqualRun(begin, begin + length, part, source_start)
        # In a match any figure may match another, so the text of a match need not be equal.
        whole = length >= GUARANTEED_RUN if overlapping else _is_whole(length, matches[match[number]])
        said = run if whole else None if overlapping else _sentences_in(run, draft.sentence)
        if said is not None:
            covered[said.start : said.end] = True
            yield Repeat(said, int(match[number]))


def _mates(hashes: _Hashes, known: NDArray[np.uint64], covered: Bools, new: int) -> Iterator[tuple[int, int]]:
    """Positions of a submission whose gram has a known hash, and the number of the last known gram like it.

    Positions whose first `new` characters are `covered` by the time they are reached are left out.
    """
    for first in range(0, len(hashes), _LOOKED_UP_AT_ONCE):
        stop = min(first + _LOOKED_UP_AT_ONCE, len(hashes))
        sums = np.concatenate([[0], np.cumsum(~covered[first : stop + new - 1])])
        free = np.flatnonzero(sums[new:] > sums[:-new]) + first
        wanted = hashes.stretch(first)[free - first]
        mate = np.searchsorted(known, wanted, side="right") - 1
        same = known[mate] == wanted  # one below all known is not the last of them either
        begins, mates = free[same], mate[same]
        row = 0
        while row < len(begins):
            begin = int(begins[row])
            if covered[begin : begin + new].all():
                row = int(np.searchsorted(begins, _next_free(covered, begin + new) - new + 1))
            else:
                yield begin, int(mates[row])
                row += 1


def _next_free(covered: Bools, start: int) -> int:
    """The first position at or after `start` that is not covered; the length if all are."""
    width = _FIRST_STEP
    while start < len(covered):
        some = covered[start : start + width]
        if not some.all():
            return start + int(np.argmin(some))
        start, width = start + width, 2 * width
    return len(covered)


def _is_whole(length: int, match: Match) -> bool:
    """True if an equal run of that length repeats most of a match, not only a turn of phrase in it."""
    return length >= min(_MOST_OF_A_MATCH * len(match), _LONG)


def _sentences_in(run: EqualRun, sentence: Numbers) -> EqualRun | None:
    """The whole sentences of a run, which count even as a small part of a match; None if they are short."""
    start, end = run.start, run.end
    if start and sentence[start - 1] == sentence[start]:
        start = int(np.searchsorted(sentence, sentence[start], side="right"))
    if end < len(sentence) and sentence[end - 1] == sentence[end]:
        end = int(np.searchsorted(sentence, sentence[end]))
    if end - start < LEAST_SENTENCE:
        return None
    return EqualRun(start, end, run.part, run.source_start + start - run.start)


class _Known(NamedTuple):
    """Grams of GUARANTEED_RUN characters in runs of matches: position, match, position in the source."""

    place: Ints
    match: Ints
    source: Ints


def _known(codes: Codes, matches: Sequence[Match]) -> _Known:
    tiles = [
        (start, source, length - GUARANTEED_RUN + 1, number)
        for number, match in enumerate(matches)
        for start, source, length in match.tiles
        if length >= GUARANTEED_RUN
    ]
    if not tiles:
        none = np.zeros(0, np.int64)
        return _Known(none, none, none)
    start, source, grams, number = np.array(tiles, np.int64).T
    within = np.arange(int(grams.sum())) - np.repeat(np.cumsum(grams) - grams, grams)
    return _Known(
        np.repeat(start, grams) + within, np.repeat(number, grams), np.repeat(source, grams) + within
    )


class _Hashes:
    """Hashes of the grams of GUARANTEED_RUN characters of a text; those of one stretch are kept in memory."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._first, self._kept = -1, np.empty(0, np.uint64)

    def __len__(self) -> int:
        return max(0, len(self._codes) - GUARANTEED_RUN + 1)

    def stretch(self, first: int) -> NDArray[np.uint64]:
        """Hashes of up to _LOOKED_UP_AT_ONCE grams from `first` on, which is a multiple of that."""
        if first != self._first:
            stop = min(first + _LOOKED_UP_AT_ONCE, len(self))
            kept = np.zeros(stop - first, np.uint64)
            for offset in range(GUARANTEED_RUN):
                kept = (kept ^ self._codes[first + offset : stop + offset]) * _MULTIPLIER
                kept ^= kept >> np.uint64(29)
            self._first, self._kept = first, kept
        return self._kept

    def at(self, places: Ints) -> NDArray[np.uint64]:
        """Hashes of the grams at some positions."""
        hashes = np.empty(len(places), np.uint64)
        stretches = places // _LOOKED_UP_AT_ONCE
        for number in distinct(stretches).tolist():
            here = stretches == number
            first = number * _LOOKED_UP_AT_ONCE
            hashes[here] = self.stretch(first)[places[here] - first]
        return hashes


def _equal_from(codes: Codes, start: int, source: Codes, source_start: int) -> int:
    """Number of equal characters from two positions on."""
    most = min(len(codes) - start, len(source) - source_start)
    for done in range(0, most, _COMPARED_AT_ONCE):
        last = min(done + _COMPARED_AT_ONCE, most)
        differing = np.flatnonzero(
            codes[start + done : start + last] != source[source_start + done : source_start + last]
        )
        if len(differing):
            return done + int(differing[0])
    return most
