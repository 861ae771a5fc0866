"""Make passages, in offsets and words of both texts, of matches in normalised characters."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dedup.align.draft import Draft
from dedup.align.kinds import identity_of, kind_of
from dedup.align.marks import BORDER_REACH, with_marks
from dedup.align.match import Match
from dedup.align.own import own_reason
from dedup.align.selection import Selected, restrict
from dedup.document import Span
from dedup.index.index import Index, PartInfo
from dedup.passage import Alternative, Passage
from dedup.settings import Settings
from dedup.sketch.arrays import Ints
from dedup.text.evasion import tricks

ALSO_COVERING = 0.5
"""Share of a passage that an alternative source must cover."""
_ALSO_IDENTICAL = 0.5
"""Least identity of an alternative source, as a share of the passage's own."""


class PassageMaker:
    """Makes passages of the matches of one submission."""

    def __init__(self, draft: Draft, index: Index) -> None:
        self._draft = draft
        self._index = index
        self._parts: dict[int, PartInfo] = {}

    def passage(self, match: Match, moved: int = 0) -> Passage:
        """A match as a passage of status reuse, without reasons yet; `moved` more characters are equal."""
        draft, part = self._draft, self.part(match.part)
        span = self.span(match)
        region = self._index.region(match.part, match.source_start, match.source_end)
        bare = Span(int(region.offsets[0]), int(region.offsets[-1]) + 1)
        first = max(part.span.start, bare.start - BORDER_REACH)
        around = self._index.text(match.part, first, min(part.span.end, bare.end + BORDER_REACH))
        source_span = with_marks(around, Span(bare.start - first, bare.end - first), first)
        text = draft.text[span.start : span.end]
        source_text = around[source_span.start - first : source_span.end - first]
        codes = draft.codes[match.start : match.end]
        tiles = [(i - match.start, j - match.source_start, length) for i, j, length in match.tiles]
        return Passage(
            start=span.start,
            end=span.end,
            source=part.path,
            source_start=source_span.start,
            source_end=source_span.end,
            source_paragraph=self._index.paragraph_number(match.part, bare.start),
            identity=round(min(1.0, identity_of(codes, region.codes, tiles) + moved / len(codes)), 4),
            kind=kind_of(text, source_text, codes, region.codes, tiles),
            status="reuse",
            reasons=(),
            text=text,
            source_text=source_text,
            part=part.part_title,
            evasion=tricks(text, source_text),
        )

    def span(self, match: Match) -> Span:
        """Span of a match in the submission, with the marks at its borders."""
        draft = self._draft
        return with_marks(draft.text, draft.stream.span(match.start, match.end), 0)

    def part(self, number: int) -> PartInfo:
        """The facts of a part of the collection, cached."""
        if number not in self._parts:
            self._parts[number] = self._index.part(number)
        return self._parts[number]

    def matched_offsets(self, match: Match) -> Ints:
        """Offsets of the characters of a match's runs, ascending."""
        matched = np.concatenate([np.arange(start, start + length) for start, _, length in match.tiles])
        return np.sort(self._draft.offsets[matched])

    def source_offset(self, match: Match) -> int:
        """The offset in the source's text at which a match begins."""
        return int(self._index.region(match.part, match.source_start, match.source_start + 1).offsets[0])

    def alternatives(self, selected: Selected, identity: float, settings: Settings) -> Iterator[Alternative]:
        """The other documents that hold a passage nearly as well.

        The notice of the author's own is left out: nobody forbids a writer his own words.
        """
        match = selected.match
        for candidate in selected.also_in:
            other = restrict(candidate, match.start, match.end)
            if other is None or len(other) < ALSO_COVERING * len(match):
                continue
            passage = self.passage(other)
            if passage.identity >= identity * _ALSO_IDENTICAL:
                part = self.part(other.part)
                yield Alternative(
                    passage.source,
                    passage.source_start,
                    passage.source_end,
                    passage.identity,
                    passage.part,
                    part.title,
                    None if part.notice and own_reason(part, self._index, settings) else part.notice,
                )
