"""Find text that is never reuse, whatever surrounds it: forms, and the text of given templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dedup.align.draft import Draft
from dedup.align.match import Match
from dedup.align.selection import restrict
from dedup.align.templates import load_templates
from dedup.document import Document
from dedup.sketch.arrays import Bools, Numbers, distinct, runs_where
from dedup.text.forms import find_forms
from dedup.text.normalize import fold_slots
from dedup.text.stream import MatchText

FORM, TEMPLATE = 1, 2

_LEAST_PIECE = 4
"""Characters that must match in a piece of a match for it to be shown."""


def find_apart(document: Document, stream: MatchText, templates: Sequence[str]) -> NDArray[np.uint8]:
    """FORM, TEMPLATE or 0 (ordinary text) for each character of a document, uint8[n].

    `templates` are paths of files or folders. Raises UsageError or UnreadableInput for one that cannot be
    used.
    """
    apart = np.zeros(len(stream), np.uint8)
    for form in find_forms(document):
        first, last = np.searchsorted(stream.offsets, (form.start, form.end))
        apart[first:last] = FORM
    if templates:
        covered = load_templates(templates).cover(fold_slots(stream.codes), stream.paragraph_starts)
        apart[covered] = TEMPLATE
    return apart


def outside(match: Match, draft: Draft) -> Iterator[Match]:
    """The pieces of a match that are ordinary text, cut where forms or template text lie between.

    A form in the middle of a sentence (依照《…》的规定，…) does not cut if at least as much text is copied on
    either side of it.
    """
    apart = _cutting(draft.apart[match.start : match.end], draft.sentence[match.start : match.end])
    breaks = draft.stream.breaks
    first, last = np.searchsorted(breaks, (match.start + 1, match.end))
    if first == last and not apart.any():
        yield match
        return
    turns = match.start + 1 + np.flatnonzero(apart[1:] != apart[:-1])
    bounds = distinct(np.concatenate([[match.start, match.end], turns, breaks[first:last]])).tolist()
    for start, end in pairwise(bounds):
        if apart[start - match.start]:
            continue
        piece = restrict(match, start, end)
        if piece is not None and sum(length for _, _, length in piece.tiles) >= _LEAST_PIECE:
            yield piece


def _cutting(apart: NDArray[np.uint8], sentence: Numbers) -> Bools:
    """Mask of the characters cut out of a match, bool[n]; `sentence` [n] numbers their sentences."""
    cut = apart > 0
    for start, end in runs_where(apart == FORM).tolist():
        before, behind = 2 * start - end, 2 * end - start
        if before < 0 or behind > len(apart) or cut[before:start].any() or (apart[end:behind] > 0).any():
            continue
        if sentence[end] == sentence[end - 1]:
            cut[start:end] = False
    return cut
