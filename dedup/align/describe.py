"""From what was found to passages with their borders, kinds, statuses and reasons, in original offsets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.apart import TEMPLATE, outside
from dedup.align.equal_runs import CommonRun, common_runs
from dedup.align.judge import judge, log_odds, measure, without_rivals
from dedup.align.kinds import identity_of, kind_of
from dedup.align.leftovers import Leftovers, leftovers
from dedup.align.matching import Draft, Match, Matches
from dedup.align.quotation import Quotations
from dedup.align.selection import Selected, by_block, restrict, select
from dedup.align.status import excuse_of
from dedup.index.index import Index, PartInfo
from dedup.model import Alternative, Passage, Reason, Span
from dedup.settings import Settings
from dedup.text.evasion import tricks

_OPENING = frozenset("（(“‘《〈「『【[〔<")
_CLOSING = frozenset("）)”’》〉」』】]〕>。！？；!?;，、：,:.…—%％‰")
_STRAIGHT = frozenset("\"'")
_BEFORE_OPENING = frozenset(" \t\u3000\n：:，,、；;（(《“‘—")
"""Characters behind which a straight quotation mark opens; behind any other it closes."""
_BORDER_REACH = 6
"""How many marks at most belong to a border."""
_ALSO_IDENTICAL = 0.5
"""An alternative source must be this equal, as a share of the passage's own identity."""
_ALSO_COVERING = 0.5
"""And cover this share of the passage."""
_FEWEST_WITNESSES = 2
"""Independent documents that make a custom."""
_WITNESS_SHARE = 0.25
"""Share of a match's evidence that another document must hold to be counted as saying the same."""
_ALL_PHRASES = 0.8
"""Share of a common run that set phrases must cover for the list to be the reason given."""


class Found(NamedTuple):
    """A passage, where it lies in the submission's normalised characters, and its source."""

    passage: Passage
    start: int
    end: int
    source: PartInfo


class PassageMaker:
    """Turns matches of one submission into passages."""

    def __init__(self, draft: Draft, title: str, index: Index, settings: Settings) -> None:
        """`title` is the submission's; it tells whose it is."""
        self.draft = draft
        self.title = title
        self.index = index
        self.settings = settings
        self._parts: dict[int, PartInfo] = {}

    def passages(self, matches: Matches) -> list[Found]:
        """All passages of a submission, in order of start; those of status reuse don't overlap."""
        judged = [(judge(match), match) for match in matches.matches]
        reused = self._select([pair for pair in judged if pair[0] > 0])
        custom = [
            (odds, match)
            for own_odds, match in judged
            if own_odds <= 0 and (odds := log_odds(without_rivals(measure(match)))) > 0
        ]
        quotations = Quotations.find(self.draft.text)
        found = [
            self._reused(selected._replace(match=piece), quotations)
            for selected in reused
            for block in by_block(selected.match, self.draft, self.index)
            for piece in outside(block, self.draft)
        ]
        taken = np.zeros(len(self.draft.codes), bool)
        for one in found:
            taken[one.start : one.end] = True
        found += self._formulaic(custom, matches, taken)
        return sorted(found, key=lambda one: (one.passage.start, one.passage.end))

    def _select(self, judged: list[tuple[float, Match]]) -> list[Selected]:
        """Choose the matches that stand; of documents that hold the same, the first by path.

        Numbers of parts follow from how the index came about, and a report should not.
        """
        equal = Counter((odds, match.start) for odds, match in judged)

        def place(pair: tuple[float, Match]) -> tuple[str, int, int]:
            odds, match = pair
            if equal[odds, match.start] == 1:
                return "", 0, 0
            part = self._part(match.part)
            return part.path, part.span.start, match.source_start

        return select(sorted(judged, key=place), len(self.draft.codes))

    # ------------------------------------------------------------------------------------- statuses

    def _reused(self, selected: Selected, quotations: Quotations) -> Found:
        match, part = selected.match, self._part(selected.match.part)
        passage = self._passage(match)
        passage = replace(passage, also_in=tuple(self._alternatives(selected, passage.identity)))
        matched = np.concatenate([np.arange(start, start + length) for start, _, length in match.tiles])
        offsets = np.sort(self.draft.offsets[matched])
        holders = [(self._part(match.part), passage.source_start)]
        holders += [(self._part(other.part), self._source_offset(other)) for other in selected.also_in]
        excuse = excuse_of(offsets, quotations, holders, self.index, self.settings)
        if excuse is not None:
            passage = replace(passage, status=excuse.status, reasons=(excuse.reason,))
        else:
            left = leftovers(passage.text, passage.source_text, self.title, part.title)
            passage = replace(
                passage,
                reasons=tuple(_why_reuse(passage, left)),
                figures=left.figures,
                severity="serious" if left.serious else "ordinary",
            )
        return Found(passage, match.start, match.end, part)

    def _source_offset(self, match: Match) -> int:
        """The offset in the source's text at which a match begins."""
        return int(self.index.region(match.part, match.source_start, match.source_start + 1).offsets[0])

    def _formulaic(
        self, custom: list[tuple[float, Match]], matches: Matches, taken: NDArray[np.bool_]
    ) -> Iterator[Found]:
        """Passages that would be reuse if many other documents did not say it too; marks them as `taken`."""
        for selected in self._select(custom):
            match = selected.match
            documents = 1 + sum(rival > match.evidence * _WITNESS_SHARE for rival in match.rivals)
            if documents < _FEWEST_WITNESSES or taken[match.start : match.end].any():
                continue
            taken[match.start : match.end] = True
            yield self._custom(match, Reason("formulaic_many", {"count": documents}))
        for run in common_runs(matches.hits, self.index.scheme, taken, matches.families):
            apart = self.draft.apart[run.start : run.end]
            if (apart > 0).mean() >= _ALL_PHRASES:
                named = (apart == TEMPLATE).any()
                yield self._custom(_as_match(run), Reason("template") if named else Reason("form"))
            elif self.draft.formulaic[run.start : run.end].mean() >= _ALL_PHRASES:
                yield self._custom(_as_match(run), Reason("formulaic_list"))
            elif run.documents >= _FEWEST_WITNESSES:
                yield self._custom(_as_match(run), Reason("formulaic_many", {"count": run.documents}))

    def _custom(self, match: Match, reason: Reason) -> Found:
        passage = replace(self._passage(match), status="formulaic", reasons=(reason,))
        return Found(passage, match.start, match.end, self._part(match.part))

    def _alternatives(self, selected: Selected, identity: float) -> Iterator[Alternative]:
        """The other documents that hold a passage nearly as well."""
        match = selected.match
        for candidate in selected.also_in:
            other = restrict(candidate, match.start, match.end)
            if other is None or len(other) < _ALSO_COVERING * len(match):
                continue
            passage = self._passage(other)
            if passage.identity >= identity * _ALSO_IDENTICAL:
                yield Alternative(
                    passage.source, passage.source_start, passage.source_end, passage.identity, passage.part
                )

    # ------------------------------------------------------------------------------------- passages

    def _passage(self, match: Match) -> Passage:
        """A match as a passage of status reuse, no reason given yet."""
        draft, part = self.draft, self._part(match.part)
        span = _with_marks(draft.text, draft.stream.span(match.start, match.end), 0)
        region = self.index.region(match.part, match.source_start, match.source_end)
        bare = Span(int(region.offsets[0]), int(region.offsets[-1]) + 1)
        first = max(part.span.start, bare.start - _BORDER_REACH)
        around = self.index.text(match.part, first, min(part.span.end, bare.end + _BORDER_REACH))
        source_span = _with_marks(around, Span(bare.start - first, bare.end - first), first)
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
            identity=round(identity_of(codes, region.codes, tiles), 4),
            kind=kind_of(text, source_text, codes, region.codes, tiles),
            status="reuse",
            reasons=(),
            text=text,
            source_text=source_text,
            part=part.part_title,
            evasion=tricks(text, source_text),
        )

    def _part(self, number: int) -> PartInfo:
        if number not in self._parts:
            self._parts[number] = self.index.part(number)
        return self._parts[number]


def _why_reuse(passage: Passage, left: Leftovers) -> Iterator[Reason]:
    """Where else it stands, and what a refilled copy gives away."""
    yield Reason("shared", {"count": len(passage.also_in)}) if passage.also_in else Reason("rare")
    if left.other_place:
        yield Reason("other_place")
    if left.name_changed:
        yield Reason("name_changed")
    if left.foreign_name:
        yield Reason("foreign_name", {"name": left.foreign_name})
    if left.figures:
        yield Reason(f"figures_{left.figures}", {"figures": left.kept})


def _as_match(run: CommonRun) -> Match:
    """An equal run as a match of one tile."""
    length = run.end - run.start
    return Match(
        part=run.part,
        start=run.start,
        end=run.end,
        source_start=run.source_start,
        source_end=run.source_start + length,
        tiles=((run.start, run.source_start, length),),
        telling=float(length),
        source_telling=float(length),
        worth=float(length),
        evidence=0.0,
        shared_figures=0,
        sentence_borders=0,
        rivals=(),
    )


def _with_marks(text: str, span: Span, origin: int) -> Span:
    """A span and the marks at its borders: those that open before it, close or end after it."""
    start, end = span.start, span.end
    while start > 0 and span.start - start < _BORDER_REACH and _opens(text, start - 1):
        start -= 1
    while end < len(text) and end - span.end < _BORDER_REACH and _closes(text, end):
        end += 1
    return Span(start + origin, end + origin)


def _opens(text: str, place: int) -> bool:
    if text[place] in _STRAIGHT:
        return place == 0 or text[place - 1] in _BEFORE_OPENING
    return text[place] in _OPENING


def _closes(text: str, place: int) -> bool:
    if text[place] in _STRAIGHT:
        return not _opens(text, place)
    return text[place] in _CLOSING
