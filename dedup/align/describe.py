"""Turn matches into passages, each with its status and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import exp

import numpy as np

from dedup.align.apart import TEMPLATE, find_apart
from dedup.align.copied import Copied
from dedup.align.counterparts import counterpart, counterparts
from dedup.align.draft import Draft
from dedup.align.equal_runs import CommonRun, common_runs, extended
from dedup.align.evidence import HELD_ALIKE, Holders
from dedup.align.found import Found, bridged, runs_of
from dedup.align.judge import COPIED
from dedup.align.leftovers import Leftovers, leftovers
from dedup.align.likeness import Likeness
from dedup.align.match import Match, Tile
from dedup.align.matching import Matches, find_matches
from dedup.align.moved import moved_tiles
from dedup.align.passage_maker import ALSO_COVERING, PassageMaker
from dedup.align.phrases import load_phrases
from dedup.align.quotation import Quotations
from dedup.align.repeats import find_repeats
from dedup.align.rewriting import find_likenesses
from dedup.align.selection import Selected
from dedup.align.short_runs import EqualRun, equal_runs
from dedup.align.source_blocks import BLOCK
from dedup.align.status import excuse_of
from dedup.align.suspicion import SUSPECTED, Covered, coverage_of, is_copy, suspicions
from dedup.align.whole_sentences import is_reworded, to_sentence_ends
from dedup.document import Document
from dedup.index.index import Index
from dedup.passage import Alternative, Reason
from dedup.records import replace
from dedup.settings import Settings
from dedup.sketch.arrays import Bools, runs_where
from dedup.sketch.scheme import GUARANTEED_RUN
from dedup.text.normalize import fold_slots
from dedup.text.stream import stream_document

_FEWEST_WITNESSES = 2
"""Independent documents that make a custom."""
_WITNESS_SHARE = 0.25
"""Share of a match's evidence that another document must hold to count against it."""
_ALL_PHRASES = 0.8
"""Share of a common run that set phrases must cover for them to be the reason given."""


class PassageFinder:
    """Turns the matches of one submission into passages, each with its status and reasons."""

    def __init__(
        self,
        draft: Draft,
        title: str,
        index: Index,
        settings: Settings,
        *,
        independent: bool = True,
        rewritten: bool = True,
    ) -> None:
        """`title` is the submission's; it names the place or unit that wrote it.

        If the documents are not `independent`, text is not custom just because many of them hold it. With
        `rewritten`, passages that may be rewritten are looked for too.
        """
        self.independent = independent
        self.rewritten = rewritten
        self.draft = draft
        self.title = title
        self.index = index
        self.settings = settings
        self._maker = PassageMaker(draft, index)
        self._copied: list[Match] = []
        """Matches that are called copied, the sources of passages and all others."""
        self._customs: list[tuple[Match, Reason]] = []
        """Matches that were found to be custom, and why."""

    def passages(self, matches: Matches) -> list[Found]:
        """All passages of a submission, in order of start; those of status reuse don't overlap."""
        judged = Copied(
            self.draft,
            self.index,
            matches,
            self._maker,
            self.settings,
            independent=self.independent,
            following=self.rewritten,
        )
        self._copied = judged.matches
        quotations = Quotations.find(self.draft.text)
        holders = matches.holders
        pieces, common = judged.pieces()
        moved = moved_tiles([piece.match for piece in pieces], matches.hits, self.draft, self.index)
        found = [
            self._reused(piece, quotations, holders, moved=moved[number])
            for number, piece in enumerate(pieces)
        ]
        for piece in common:
            found.append(self._custom(piece, self._many(piece, holders, matches.families)))
        taken = np.zeros(len(self.draft.codes), bool)
        for one in found:
            taken[one.start : one.end] = True
        found += self._repeated(pieces, found, quotations, holders, taken)
        found += self._formulaic(judged, matches, holders, taken, quotations)
        if self.rewritten:
            found += self._suspected(judged, matches, found, quotations)
        # Equal runs are shown even inside a passage that is only suspected.
        found += self._short(matches, pieces, [one for one in found if one.passage.status != "suspected"])
        for number, whole in self._whole(pieces, found):
            found[number] = self._reused(whole, quotations, holders, moved=moved[number])
        found.sort(key=lambda one: one.passage.end)
        found.sort(key=lambda one: one.passage.start)  # stable; a key of two values would cost memory
        return list(bridged(found, self.draft))

    def held(self) -> dict[str, list[tuple[int, int]]]:
        """Ranges copied from each file, by path, whether or not it is the chosen source.

        Known only after `passages` was called.
        """
        runs: dict[str, list[tuple[int, int]]] = {}
        for match in self._copied:
            runs.setdefault(self._maker.part(match.part).path, []).extend(runs_of(match))
        return runs

    # ------------------------------------------------------------------------------------- statuses

    def _reused(
        self,
        selected: Selected,
        quotations: Quotations,
        holders: Holders,
        also_in: tuple[Alternative, ...] = (),
        moved: Sequence[Tile] = (),
    ) -> Found:
        match, part = selected.match, self._maker.part(selected.match.part)
        passage = self._maker.passage(match, sum(length for _, _, length in moved))
        also_in = also_in or tuple(self._maker.alternatives(selected, passage.identity, self.settings))
        passage = replace(passage, also_in=also_in)
        offsets = self._maker.matched_offsets(match)
        sources = [(self._maker.part(match.part), passage.source_start)]
        sources += [
            (self._maker.part(other.part), self._maker.source_offset(other)) for other in selected.also_in
        ]
        excuse = excuse_of(offsets, quotations, sources, self.index, self.settings)
        if excuse is not None:
            passage = replace(passage, status=excuse.status, reasons=(excuse.reason,))
        else:
            left = leftovers(passage.text, passage.source_text, self.title, part.title)
            others = max(len(also_in), len(holders.of(match.start, match.end, match.part)))
            passage = replace(
                passage,
                reasons=tuple(_why_reuse(others, left, drafts=not self.independent)),
                figures=left.figures,
                severity="serious" if left.serious else "ordinary",
            )
        whole = replace(match, tiles=tuple(sorted({*match.tiles, *moved})))
        return Found.of(passage, whole, part, self.draft)

    def _whole(self, pieces: Sequence[Selected], found: Sequence[Found]) -> Iterator[tuple[int, Selected]]:
        """The number of each reworded piece, and the piece extended to whole sentences.

        The first passages `found` are made of the pieces; the text added must not lie under another passage.
        """
        taken = np.zeros(len(self.draft.codes), bool)
        for one in found:
            taken[one.start : one.end] = True
        for number, piece in enumerate(pieces):
            if found[number].passage.status == "reuse" and is_reworded(piece.match):
                match = to_sentence_ends(piece.match, self.draft, self.index, taken)
                taken[match.start : match.end] = True
                yield number, piece._replace(match=match)

    def _many(self, match: Match, holders: Holders, families: Mapping[int, int]) -> Reason:
        """The reason why a match is custom: many independent documents hold it, or a good part of it."""
        others = holders.of(match.start, match.end, match.part)
        independent = {families.get(part, part) for part in (match.part, *others)}
        alike = 1 + _holding(match, HELD_ALIKE)
        if (count := max(len(independent), alike, match.witnesses)) >= _FEWEST_WITNESSES:
            return Reason("formulaic_many", {"count": count})
        return Reason("formulaic_partly", {"count": _holding(match, _WITNESS_SHARE)})

    def _formulaic(
        self,
        judged: Copied,
        matches: Matches,
        holders: Holders,
        taken: Bools,
        quotations: Quotations,
    ) -> Iterator[Found]:
        """Passages that would be reuse if not so many documents held them; marks them as `taken`.

        One that no other document holds nearly whole is suspected instead if its odds allow that.
        """
        for selected in judged.select(judged.custom):
            match = selected.match
            if (
                1 + _holding(match, _WITNESS_SHARE) < _FEWEST_WITNESSES
                or taken[match.start : match.end].any()
            ):
                continue
            taken[match.start : match.end] = True
            reason = self._many(match, holders, matches.families)
            doubtful = None
            if self.rewritten and reason.code == "formulaic_partly":
                doubtful = self._doubtful(match, judged.odds(match), quotations)
            yield doubtful or self._custom(match, reason)
        for found in common_runs(matches.hits, self.index.scheme, taken, matches.families):
            run = extended(found, taken, self.draft, self.index)
            apart = self.draft.apart[run.start : run.end]
            if (apart > 0).mean() >= _ALL_PHRASES:
                named = (apart == TEMPLATE).any()
                yield self._custom(_as_match(run), Reason("template") if named else Reason("form"))
            elif self.draft.formulaic[run.start : run.end].mean() >= _ALL_PHRASES:
                yield self._custom(_as_match(run), Reason("formulaic_list"))
            elif self.independent and run.documents >= _FEWEST_WITNESSES:
                yield self._custom(_as_match(run), Reason("formulaic_many", {"count": run.documents}))

    def _doubtful(self, match: Match, odds: float, quotations: Quotations) -> Found | None:
        """A doubtful match as a suspected passage; None where copying is improbable or excused."""
        probability = 1 / (1 + exp(-odds))
        if odds >= COPIED or probability < SUSPECTED:  # a list without rare text has odds of COPIED
            return None
        return self._as_suspected(match, probability, quotations)

    def _suspected(
        self, judged: Copied, matches: Matches, found: Sequence[Found], quotations: Quotations
    ) -> Iterator[Found]:
        """Passages that may be rewritten, for a person to compare, outside the passages already `found`.

        One that is as good as a copy has status reuse. Text of formulaic passages is searched too, since set
        phrases may be part of a rewritten sentence.
        """
        other = [one for one in found if one.passage.status != "formulaic"]
        free = np.ones(len(self.draft.codes), bool)
        for one in other:
            free[one.start : one.end] = False
        likenesses = find_likenesses(self.draft, self.index, matches.hits, free)
        blocks = max(self.index.parts, self.index.characters / BLOCK)
        for suspicion in suspicions(likenesses, matches.matches, partial(self._coverage, other), blocks):
            for start, end in _worth_comparing(free, suspicion.start, suspicion.end):
                match = counterpart(suspicion._replace(start=start, end=end), self.draft, self.index)
                if match is None:
                    continue
                if is_copy(suspicion, match, blocks) and not judged.is_listed(match):
                    self._copied.append(match)
                    yield self._reused(Selected(match, ()), quotations, matches.holders)
                elif suspected := self._as_suspected(match, suspicion.probability, quotations):
                    yield suspected

    def _coverage(self, other: Sequence[Found], window: Likeness) -> Covered:
        return coverage_of(other, self._maker.part(window.part).path, window)

    def _as_suspected(self, match: Match, probability: float, quotations: Quotations) -> Found | None:
        """A match as a suspected passage; None where it is quoted or the author's own."""
        part, passage = self._maker.part(match.part), self._maker.passage(match)
        offsets = self._maker.matched_offsets(match)
        if excuse_of(offsets, quotations, [(part, passage.source_start)], self.index, self.settings):
            return None
        passage = replace(
            passage,
            status="suspected",
            reasons=(Reason("suspected"),),
            probability=round(probability, 4),
            counterparts=tuple(counterparts(match, self.draft, self.index)),
        )
        return Found(passage, match.start, match.end, part, ((match.start, match.end),))

    def _custom(self, match: Match, reason: Reason) -> Found:
        self._customs.append((match, reason))
        passage = replace(self._maker.passage(match), status="formulaic", reasons=(reason,))
        return Found.of(passage, match, self._maker.part(match.part), self.draft)

    def _repeated(
        self,
        pieces: list[Selected],
        found: list[Found],
        quotations: Quotations,
        holders: Holders,
        taken: Bools,
    ) -> list[Found]:
        """Passages that repeat what was found; marks them as `taken`.

        A sentence may be repeated a hundred thousand times. So of places with equal text only one is judged,
        unless quotation marks make a difference between them.
        """
        matches = [piece.match for piece in pieces]
        judged: dict[tuple[int, int, str, bytes], Found] = {}
        again = []
        for repeat in find_repeats(self.draft, matches, self.index, taken):
            match = _as_match(repeat.run)
            span = self._maker.span(match)
            words = self.draft.text[span.start : span.end]
            alike = repeat.match, match.source_start, words, holders.within(match.start, match.end).tobytes()
            may_be_quoted = quotations.cited or quotations.inside[span.start : span.end].any()
            if not may_be_quoted and (known := judged.get(alike)):
                again.append(known.said_again(match.start, len(match), span, self.draft))
                continue
            whole = len(match) >= ALSO_COVERING * len(matches[repeat.match])
            also_in = found[repeat.match].passage.also_in if whole else ()
            one = self._reused(Selected(match, ()), quotations, holders, also_in)
            again.append(one)
            if not may_be_quoted:
                judged[alike] = one
        return again

    def _short(self, matches: Matches, pieces: list[Selected], found: list[Found]) -> Iterator[Found]:
        """Equal runs of GUARANTEED_RUN or more that lie under no passage yet.

        A repeat of text that was found to be custom is custom too.
        """
        covered = np.zeros(len(self.draft.codes), bool)
        for one in found:
            covered[one.start : one.end] = True
        customs = tuple(self._customs)
        for again in find_repeats(
            self.draft, [match for match, _ in customs], self.index, covered, overlapping=True
        ):
            yield self._custom(_as_match(again.run), customs[again.match][1])
        runs = list(equal_runs(self.draft, matches.hits, self.index, covered))
        known = [*(piece.match for piece in pieces), *map(_as_match, runs)]
        runs += [
            again.run for again in find_repeats(self.draft, known, self.index, covered, overlapping=True)
        ]
        for run in runs:
            match = _as_match(run)
            if self.draft.formulaic[run.start : run.end].mean() >= _ALL_PHRASES:
                yield self._custom(match, Reason("formulaic_list"))
                continue
            passage = replace(self._maker.passage(match), status="minor", reasons=(Reason("minor"),))
            yield Found.of(passage, match, self._maker.part(run.part), self.draft)


def draft_of(document: Document, settings: Settings) -> Draft:
    """Prepare a document for comparing. Raises UsageError or UnreadableInput for an unusable template."""
    stream = stream_document(document).text
    formulaic = load_phrases().cover(fold_slots(stream.codes))
    return Draft.prepare(document.text, stream, formulaic, find_apart(document, stream, settings.template))


def find_passages(
    draft: Draft, title: str, index: Index, settings: Settings, *, independent: bool = True
) -> list[Found]:
    """Find all passages of a submission in an index; see `PassageFinder`."""
    # A text without characters matches nothing, and matching needs at least one.
    if not len(draft.codes):
        return []
    finder = PassageFinder(draft, title, index, settings, independent=independent)
    return finder.passages(find_matches(draft, index, independent=independent))


def find_shared(
    draft: Draft, title: str, index: Index, settings: Settings
) -> tuple[list[Found], dict[str, list[tuple[int, int]]]]:
    """Find the passages of reuse that drafts of one call share, and the shared ranges by path.

    The drafts are not independent documents, and rewritten passages are not looked for.
    """
    if not len(draft.codes):
        return [], {}
    finder = PassageFinder(draft, title, index, settings, independent=False, rewritten=False)
    found = finder.passages(find_matches(draft, index, independent=False))
    return [one for one in found if one.passage.status == "reuse"], finder.held()


def _holding(match: Match, share: float) -> int:
    """Number of other documents that hold more than a share of a match's evidence."""
    return sum(rival > match.evidence * share for rival in match.rivals)


def _why_reuse(others: int, left: Leftovers, *, drafts: bool) -> Iterator[Reason]:
    """Reasons for reuse: the number of other documents that hold it, and traces of the source left in it."""
    if others:
        yield Reason("shared", {"count": others})
    else:
        yield Reason("rare", {"drafts": 1}) if drafts else Reason("rare")
    if left.other_place:
        yield Reason("other_place")
    if left.name_changed:
        yield Reason("name_changed")
    if left.foreign_name:
        yield Reason("foreign_name", {"name": left.foreign_name})
    if left.figures:
        yield Reason(f"figures_{left.figures}", {"figures": left.kept})


def _as_match(run: CommonRun | EqualRun) -> Match:
    """An equal run as a match of one tile."""
    return Match.of_run(run.start, run.end, run.part, run.source_start)


def _worth_comparing(free: Bools, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The free ranges within [start, end) that are long enough to be worth comparing."""
    for first, last in runs_where(free[start:end]).tolist():
        if last - first >= GUARANTEED_RUN:
            yield start + first, start + last
