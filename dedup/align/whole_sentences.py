"""Extend reworded passages to the ends of their sentences.

A writer who rewords a sentence does so from its beginning to its end. A clause in which nothing is equal any
more is bridged by a match in the middle of the sentence, but left out at its beginning or end. So a reworded
match is extended by the rest of the sentences at its ends, on both sides. A match that is mostly equal is
not: there the rest of a sentence may be the author's own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dedup.align.counterparts import sentences_of
from dedup.align.draft import Draft
from dedup.align.match import Match
from dedup.index.index import Index
from dedup.sketch.arrays import Bools, Numbers

_REWORDED = 0.8
"""Share of a match in equal runs up to which it is reworded. Of 69 that ended within a sentence the rest was
reworded too for 63; of what is equal, for none of a dozen."""
_LEAST_MATCHED = 0.5
"""Share of a sentence that the match must hold."""
_LONGEST_REST = 30
"""Largest number of characters added at either end to complete a sentence: a clause or two."""


def is_reworded(match: Match) -> bool:
    """True if so little of a match is equal that the rest of its sentences is reworded too."""
    return sum(length for _, _, length in match.tiles) <= _REWORDED * len(match)


def to_sentence_ends(match: Match, draft: Draft, index: Index, taken: Bools) -> Match:
    """A match with the rest of the sentences that it begins and ends in, on both sides.

    `taken` [n] is a mask of the submission's characters in passages.
    """
    start, end = _sentence_ends(draft.sentence, match.start, match.end)
    if taken[start : match.start].any() or not _is_unbroken(draft, start, match.end):
        start = match.start
    if taken[match.end : end].any() or not _is_unbroken(draft, match.start, end):
        end = match.end
    reach = _LONGEST_REST + 1  # a sentence that is cut off there is too long to be completed
    region = index.region(match.part, match.source_start - reach, match.source_end + reach)
    source_start, source_end = _sentence_ends(
        sentences_of(region), match.source_start - region.start, match.source_end - region.start
    )
    return replace(
        match,
        start=start,
        end=end,
        source_start=region.start + source_start,
        source_end=region.start + source_end,
    )


def _sentence_ends(sentence: Numbers, start: int, end: int) -> tuple[int, int]:
    """The range [start, end) extended by the rest of its first and last sentence, if that is short.

    `sentence` [n] are the numbers of the sentences, ascending.
    """
    first, last = int(sentence[start]), int(sentence[end - 1])
    begin, behind_first = np.searchsorted(sentence, (first, first + 1)).tolist()
    before_last, stop = np.searchsorted(sentence, (last, last + 1)).tolist()
    if _is_lesser(start - begin, min(end, behind_first) - begin):
        start = begin
    if _is_lesser(stop - end, stop - max(start, before_last)):
        end = stop
    return start, end


def _is_lesser(rest: int, sentence: int) -> bool:
    """True if the rest of a sentence is short, both by itself and beside its matched part."""
    return rest <= min(_LONGEST_REST, (1 - _LEAST_MATCHED) * sentence)


def _is_unbroken(draft: Draft, start: int, end: int) -> bool:
    """True if a stretch has no form or template in it, and nothing is left out between its paragraphs."""
    first, last = np.searchsorted(draft.stream.breaks, (start + 1, end))
    return bool(first == last) and not draft.apart[start:end].any()
