"""Find the excuse of a passage: it is quoted and its author named, or the source is the author's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dedup.align.own import own_reason
from dedup.align.quotation import Quotations, Source
from dedup.index.index import Index, PartInfo
from dedup.passage import Reason, Status
from dedup.settings import Settings
from dedup.sketch.arrays import Ints

_BEFORE = 200
"""Characters of a document before a passage, in which it may name whom it quotes."""


class Excuse(NamedTuple):
    """A status other than reuse, and its reason."""

    status: Status
    reason: Reason


def excuse_of(
    offsets: Ints,
    quotations: Quotations,
    holders: Sequence[tuple[PartInfo, int]],
    index: Index,
    settings: Settings,
) -> Excuse | None:
    """The excuse of a passage; None if there is none.

    `offsets` are those of the matched characters; `holders` the documents that hold them, the source first,
    each with the offset in its text at which the passage begins.
    """
    source, _ = holders[0]
    if own := own_reason(source, index, settings):
        return Excuse("own", own)
    return _quoted(offsets, quotations, holders, index) if quotations.may_excuse(offsets) else None


def _quoted(
    offsets: Ints,
    quotations: Quotations,
    holders: Sequence[tuple[PartInfo, int]],
    index: Index,
) -> Excuse | None:
    reach = int(offsets[-1] - offsets[0]) + 1
    sources = [
        Source(
            part.title,
            part.path,
            index.text(part.number, max(part.span.start, start - _BEFORE), min(part.span.end, start + reach)),
        )
        for part, start in holders
    ]
    reason = quotations.excuse(offsets, sources)
    return Excuse("quoted", reason) if reason is not None else None
