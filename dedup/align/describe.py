"""From what was found to passages with their borders, kinds, statuses and reasons, in original offsets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import exp

import numpy as np
from numpy.typing import NDArray

from dedup.align.apart import TEMPLATE, find_apart, outside
from dedup.align.counterparts import counterpart, counterparts
from dedup.align.draft import Draft
from dedup.align.equal_runs import CommonRun, common_runs
from dedup.align.evidence import HELD_ALIKE, Holders, common_from
from dedup.align.found import Found, bridged, runs_of
from dedup.align.judge import COPIED, log_odds, measure, without_rivals
from dedup.align.kinds import identity_of, kind_of
from dedup.align.leftovers import Leftovers, leftovers
from dedup.align.marks import BORDER_REACH, with_marks
from dedup.align.matching import Match, Matches, find_matches, reweighed
from dedup.align.phrases import load_phrases
from dedup.align.quotation import Quotations
from dedup.align.repeats import find_repeats
from dedup.align.rewriting import Likeness, find_likenesses
from dedup.align.selection import Selected, Tile, by_block, followed, restrict, select
from dedup.align.short_runs import EqualRun, equal_runs
from dedup.align.status import excuse_of
from dedup.align.suspicion import SUSPECTED, Covered, Suspicion, is_copy, suspicions
from dedup.align.weighing import Scales
from dedup.align.whole_sentences import is_reworded, to_sentence_ends
from dedup.document import Document, Span
from dedup.index.index import Index, PartInfo
from dedup.index.lookup import GramHits
from dedup.passage import Alternative, Passage, Reason
from dedup.settings import Settings
from dedup.sketch.arrays import distinct
from dedup.sketch.scheme import GUARANTEED_RUN
from dedup.text.evasion import tricks
from dedup.text.normalize import fold_slots
from dedup.text.stream import stream_document

_ALSO_IDENTICAL = 0.5
"""An alternative source must be this equal, as a share of the passage's own identity."""
_ALSO_COVERING = 0.5
"""And cover this share of the passage."""
_FEWEST_WITNESSES = 2
"""Independent documents that make a custom."""
_LEAST_CUSTOM = 40
"""Characters of a section of a match that is told apart as custom; a shorter one is what its match is."""
_DOUBT_OF_FOLLOWED = 1.5
"""Of the odds of a match, the most that others who hold it cost if half the submission is of its source."""
_WITNESS_SHARE = 0.25
"""Share of a match's evidence that another document must hold to count against it."""
_MOSTLY_LISTED = 0.5
"""Share of a match in set phrases, forms, enumerations, references and tables from which it is no prose."""
_RARITY_OF_A_LIST = 0.2
"""Evidence a telling character up to which such a match says what everybody's would."""
_ALL_PHRASES = 0.8
"""Share of a common run that set phrases must cover for the list to be the reason given."""


class PassageMaker:
    """Turns matches of one submission into passages."""

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
        """`title` is the submission's; it tells whose it is.

        If the documents are not `independent`, that many of them hold the same makes no custom of it. What
        may be `rewritten` is looked for if wanted.
        """
        self.independent = independent
        self.rewritten = rewritten
        self.draft = draft
        self.title = title
        self.index = index
        self.settings = settings
        self._parts: dict[int, PartInfo] = {}
        self._followed: int | None = None
        """The part that half or more of the submission is copied from."""
        self._copied: list[Match] = []
        """Matches that are called copied, the sources of passages and all others."""
        self._customs: list[tuple[Match, Reason]] = []
        """Matches that were found to be custom, and why."""

    def passages(self, matches: Matches) -> list[Found]:
        """All passages of a submission, in order of start; those of status reuse don't overlap."""
        judged = [(self._odds(match), match) for match in matches.matches]
        reused = self._select([pair for pair in judged if pair[0] > COPIED])
        self._followed = followed([one.match for one in reused], len(self.draft.codes))
        if self._followed is not None:
            judged = [
                (self._odds(match) if match.part == self._followed else odds, match) for odds, match in judged
            ]
            reused = self._select([pair for pair in judged if pair[0] > COPIED])
        self._copied = [match for odds, match in judged if odds > COPIED]
        custom = [
            (odds, match)
            for own_odds, match in judged
            if own_odds <= COPIED and (odds := log_odds(without_rivals(measure(match)))) > COPIED
        ]
        quotations = Quotations.find(self.draft.text)
        holders = matches.holders
        pieces, common = self._pieces(reused, matches, holders)
        moved = self._moved(pieces, matches)
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
        found += self._formulaic(custom, matches, holders, taken, quotations)
        if self.rewritten:
            found += self._suspected(matches, found, quotations, holders)
        # An equal run is known to be equal, whatever the words around it may be suspected of.
        found += self._short(matches, pieces, [one for one in found if one.passage.status != "suspected"])
        for number, whole in self._whole(pieces, found):
            found[number] = self._reused(whole, quotations, holders, moved=moved[number])
        found.sort(key=lambda one: (one.passage.start, one.passage.end))
        return list(bridged(found, self.draft))

    def held(self) -> dict[str, list[tuple[int, int]]]:
        """Start and end of all that is copied from each file, by path, chosen as the source of it or not.

        It is known once the passages were made.
        """
        runs: dict[str, list[tuple[int, int]]] = {}
        for match in self._copied:
            runs.setdefault(self._part(match.part).path, []).extend(runs_of(match))
        return runs

    def _pieces(
        self, reused: list[Selected], matches: Matches, holders: Holders
    ) -> tuple[list[Selected], list[Match]]:
        """The pieces of some matches: those that are copied, and those that other documents hold as well.

        A block that is too short to be judged alone is what its match is. What forms and page borders leave
        of one must be copied by itself.
        """
        is_common = partial(self._is_common, holders=holders, families=matches.families)
        copied: list[Selected] = []
        common: list[Match] = []
        for selected in reused:
            for block, of_many in by_block(selected.match, self.draft, self.index, is_common):
                for piece in outside(block, self.draft):
                    if of_many or (piece != block and is_common(piece)):
                        common.append(piece)
                    elif piece == block or self._stands_alone(piece, matches.scales):
                        copied.append(selected._replace(match=piece))
        return copied, common

    def _whole(self, pieces: Sequence[Selected], found: Sequence[Found]) -> Iterator[tuple[int, Selected]]:
        """The pieces that are reworded, with the rest of their sentences, and the number of each.

        The first passages `found` are made of the pieces; none of the rest may lie under another.
        """
        taken = np.zeros(len(self.draft.codes), bool)
        for one in found:
            taken[one.start : one.end] = True
        for number, piece in enumerate(pieces):
            if found[number].passage.status == "reuse" and is_reworded(piece.match):
                match = to_sentence_ends(piece.match, self.draft, self.index, taken)
                taken[match.start : match.end] = True
                yield number, piece._replace(match=match)

    def _stands_alone(self, piece: Match, scales: Scales) -> bool:
        """Tell if a piece of a match would be called copied by itself."""
        return self._odds(reweighed(piece, scales, self.index)) > COPIED

    def _odds(self, match: Match) -> float:
        """Logarithm of the odds that a match is copied; COPIED at most for a list that says nothing rare.

        Whoever copies a document by the half copies of it what others hold as well.
        """
        measured = measure(match)
        says_nothing = not match.shared_figures and measured.rarity < _RARITY_OF_A_LIST
        if says_nothing and self._is_listed(match):
            return COPIED
        if not self.independent:
            return log_odds(without_rivals(measured))
        if match.part != self._followed:
            return log_odds(measured)
        return max(log_odds(measured), log_odds(without_rivals(measured)) - _DOUBT_OF_FOLLOWED)

    def _is_listed(self, match: Match) -> bool:
        """Tell if the greater part of a match is no prose."""
        return bool(self.draft.formulaic[match.start : match.end].mean() > _MOSTLY_LISTED)

    def _is_common(self, piece: Match, holders: Holders, families: Mapping[int, int]) -> bool:
        """Tell if so many independent documents hold a piece that it is custom, whatever stands around it."""
        if not self.independent or len(piece) < _LEAST_CUSTOM or piece.part == self._followed:
            return False
        others = {families.get(part, part) for part in holders.of(piece.start, piece.end, piece.part)}
        return len(others | {families.get(piece.part, piece.part)}) > common_from(self.index.parts)

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

    def _reused(
        self,
        selected: Selected,
        quotations: Quotations,
        holders: Holders,
        also_in: tuple[Alternative, ...] = (),
        moved: Sequence[Tile] = (),
    ) -> Found:
        match, part = selected.match, self._part(selected.match.part)
        passage = self._passage(match, sum(length for _, _, length in moved))
        also_in = also_in or tuple(self._alternatives(selected, passage.identity))
        passage = replace(passage, also_in=also_in)
        offsets = self._matched_offsets(match)
        sources = [(self._part(match.part), passage.source_start)]
        sources += [(self._part(other.part), self._source_offset(other)) for other in selected.also_in]
        excuse = excuse_of(offsets, quotations, sources, self.index, self.settings)
        if excuse is not None:
            passage = replace(passage, status=excuse.status, reasons=(excuse.reason,))
        else:
            left = leftovers(passage.text, passage.source_text, self.title, part.title)
            others = max(len(also_in), len(holders.of(match.start, match.end, match.part)))
            passage = replace(
                passage,
                reasons=tuple(_why_reuse(others, left)),
                figures=left.figures,
                severity="serious" if left.serious else "ordinary",
            )
        whole = replace(match, tiles=tuple(sorted({*match.tiles, *moved})))
        return Found.of(passage, whole, part, self.draft)

    def _source_offset(self, match: Match) -> int:
        """The offset in the source's text at which a match begins."""
        return int(self.index.region(match.part, match.source_start, match.source_start + 1).offsets[0])

    def _many(self, match: Match, holders: Holders, families: Mapping[int, int]) -> Reason:
        """The reason of custom: how many independent documents hold a match, or else a good part of it."""
        others = holders.of(match.start, match.end, match.part)
        independent = {families.get(part, part) for part in (match.part, *others)}
        alike = 1 + _holding(match, HELD_ALIKE)
        if (count := max(len(independent), alike, match.witnesses)) >= _FEWEST_WITNESSES:
            return Reason("formulaic_many", {"count": count})
        return Reason("formulaic_partly", {"count": _holding(match, _WITNESS_SHARE)})

    def _formulaic(
        self,
        custom: list[tuple[float, Match]],
        matches: Matches,
        holders: Holders,
        taken: NDArray[np.bool_],
        quotations: Quotations,
    ) -> Iterator[Found]:
        """Passages that would be reuse if many other documents did not say it too; marks them as `taken`.

        One of which others hold parts, and none nearly all, may be rewritten if that is not improbable.
        """
        for selected in self._select(custom):
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
                doubtful = self._doubtful(match, quotations)
            yield doubtful or self._custom(match, reason)
        for found in common_runs(matches.hits, self.index.scheme, taken, matches.families):
            run = self._extended(found, taken)
            apart = self.draft.apart[run.start : run.end]
            if (apart > 0).mean() >= _ALL_PHRASES:
                named = (apart == TEMPLATE).any()
                yield self._custom(_as_match(run), Reason("template") if named else Reason("form"))
            elif self.draft.formulaic[run.start : run.end].mean() >= _ALL_PHRASES:
                yield self._custom(_as_match(run), Reason("formulaic_list"))
            elif self.independent and run.documents >= _FEWEST_WITNESSES:
                yield self._custom(_as_match(run), Reason("formulaic_many", {"count": run.documents}))

    def _doubtful(self, match: Match, quotations: Quotations) -> Found | None:
        """A match in doubt as a passage that is suspected; None where copying is improbable, or excused."""
        odds = self._odds(match)
        probability = 1 / (1 + exp(-odds))
        if odds >= COPIED or probability < SUSPECTED:  # a list that says nothing has odds of COPIED
            return None
        return self._as_suspected(match, probability, quotations)

    def _extended(self, run: CommonRun, taken: NDArray[np.bool_]) -> CommonRun:
        """A run with the characters at both ends that are equal too, which its sampled grams do not show."""
        reach = min(self.index.scheme.gram_step, run.start, run.source_start)
        first, last = run.start - reach, min(run.end + self.index.scheme.gram_step, len(taken))
        source_first = run.source_start - reach
        source = fold_slots(self.index.region(run.part, source_first, source_first + last - first).codes)
        differs = taken[first:last].copy()
        differs[: len(source)] |= self.draft.folded[first : first + len(source)] != source
        differs[len(source) :] = True
        before = np.flatnonzero(differs[:reach])
        behind = np.flatnonzero(differs[run.end - first :])
        begin = first + int(before[-1]) + 1 if len(before) else first
        end = run.end + int(behind[0]) if len(behind) else last
        return run._replace(start=begin, end=end, source_start=source_first + begin - first)

    def _suspected(
        self, matches: Matches, found: Sequence[Found], quotations: Quotations, holders: Holders
    ) -> Iterator[Found]:
        """Passages that may be rewritten, for a person to compare: of what is not `found` to be else.

        What is as good as a copy is called one. Set phrases may be part of a sentence that was rewritten.
        """
        other = [one for one in found if one.passage.status != "formulaic"]
        free = np.ones(len(self.draft.codes), bool)
        for one in other:
            free[one.start : one.end] = False
        likenesses = find_likenesses(self.draft, self.index, matches.hits, free)
        for suspicion in suspicions(likenesses, matches.matches, partial(self._coverage, other)):
            for start, end in _stretches(free, suspicion.start, suspicion.end):
                passage = self._rewritten(suspicion._replace(start=start, end=end), quotations, holders)
                if passage is not None:
                    yield passage

    def _coverage(self, other: Sequence[Found], window: Likeness) -> Covered:
        return coverage_of(other, self._part(window.part).path, window)

    def _rewritten(self, suspicion: Suspicion, quotations: Quotations, holders: Holders) -> Found | None:
        """A suspicion as a passage; None where what both hold is too little, quoted or the author's own."""
        match = counterpart(suspicion, self.draft, self.index)
        if match is None:
            return None
        if is_copy(suspicion, match) and not self._is_listed(match):
            self._copied.append(match)
            return self._reused(Selected(match, ()), quotations, holders)
        return self._as_suspected(match, suspicion.probability, quotations)

    def _as_suspected(self, match: Match, probability: float, quotations: Quotations) -> Found | None:
        """A match as a passage that is suspected; None where it is quoted or the author's own."""
        part, passage = self._part(match.part), self._passage(match)
        offsets = self._matched_offsets(match)
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

    def _matched_offsets(self, match: Match) -> NDArray[np.int64]:
        """Offsets of the characters of a match's runs, ascending."""
        matched = np.concatenate([np.arange(start, start + length) for start, _, length in match.tiles])
        return np.sort(self.draft.offsets[matched])

    def _custom(self, match: Match, reason: Reason) -> Found:
        self._customs.append((match, reason))
        passage = replace(self._passage(match), status="formulaic", reasons=(reason,))
        return Found.of(passage, match, self._part(match.part), self.draft)

    def _repeated(
        self,
        pieces: list[Selected],
        found: list[Found],
        quotations: Quotations,
        holders: Holders,
        taken: NDArray[np.bool_],
    ) -> list[Found]:
        """What says again what was found; marks it as `taken`."""
        matches = [piece.match for piece in pieces]
        again = []
        for repeat in find_repeats(self.draft, matches, self.index, taken):
            match = _as_match(repeat.run)
            whole = len(match) >= _ALSO_COVERING * len(matches[repeat.match])
            also_in = found[repeat.match].passage.also_in if whole else ()
            again.append(self._reused(Selected(match, ()), quotations, holders, also_in))
        return again

    def _short(self, matches: Matches, pieces: list[Selected], found: list[Found]) -> Iterator[Found]:
        """Equal runs of GUARANTEED_RUN or more that lie under no passage yet.

        Custom is custom wherever else the submission says it.
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
            passage = replace(self._passage(match), status="minor", reasons=(Reason("minor"),))
            yield Found.of(passage, match, self._part(run.part), self.draft)

    def _alternatives(self, selected: Selected, identity: float) -> Iterator[Alternative]:
        """The other documents that hold a passage nearly as well."""
        match = selected.match
        for candidate in selected.also_in:
            other = restrict(candidate, match.start, match.end)
            if other is None or len(other) < _ALSO_COVERING * len(match):
                continue
            passage = self._passage(other)
            if passage.identity >= identity * _ALSO_IDENTICAL:
                part = self._part(other.part)
                yield Alternative(
                    passage.source,
                    passage.source_start,
                    passage.source_end,
                    passage.identity,
                    passage.part,
                    part.title,
                    part.notice,
                )

    # ------------------------------------------------------------------------------------- passages

    def _moved(self, pieces: Sequence[Selected], matches: Matches) -> list[list[Tile]]:
        """Of each match, equal runs in its gaps that stand elsewhere in its source: what moved far."""
        owner = np.full(len(self.draft.codes), -1, np.int64)
        part_of = np.array([piece.match.part for piece in pieces], np.int64)
        for number, piece in enumerate(pieces):
            for start, end in _gaps(piece.match):
                owner[start:end] = number
        moved: list[list[Tile]] = [[] for _ in pieces]
        hits = matches.hits
        of_gap = owner[hits.query]
        own = np.flatnonzero(of_gap >= 0)
        own = own[part_of[of_gap[own]] == hits.part[own]]
        if not len(own):
            return moved
        hits = GramHits(hits.query[own], hits.part[own], hits.position[own], hits.frequency)
        for run in equal_runs(self.draft, hits, self.index, owner < 0):
            for number in distinct(owner[run.start : run.end]).tolist():
                if number < 0 or part_of[number] != run.part:
                    continue
                held = run.start + np.flatnonzero(owner[run.start : run.end] == number)
                for stretch in np.split(held, np.flatnonzero(np.diff(held) > 1) + 1):
                    start = int(stretch[0])
                    moved[number].append((start, run.source_start + start - run.start, len(stretch)))
        return moved

    def _passage(self, match: Match, moved: int = 0) -> Passage:
        """A match as a passage of status reuse, no reason given yet; `moved` characters are equal besides."""
        draft, part = self.draft, self._part(match.part)
        span = with_marks(draft.text, draft.stream.span(match.start, match.end), 0)
        region = self.index.region(match.part, match.source_start, match.source_end)
        bare = Span(int(region.offsets[0]), int(region.offsets[-1]) + 1)
        first = max(part.span.start, bare.start - BORDER_REACH)
        around = self.index.text(match.part, first, min(part.span.end, bare.end + BORDER_REACH))
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
            source_paragraph=self.index.paragraph_number(match.part, bare.start),
            identity=round(min(1.0, identity_of(codes, region.codes, tiles) + moved / len(codes)), 4),
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


def draft_of(document: Document, settings: Settings) -> Draft:
    """Prepare a document to be compared. Raises what reading the templates of the settings raises."""
    stream = stream_document(document).text
    formulaic = load_phrases().cover(fold_slots(stream.codes))
    return Draft.prepare(document.text, stream, formulaic, find_apart(document, stream, settings.template))


def find_passages(
    draft: Draft,
    title: str,
    index: Index,
    settings: Settings,
    *,
    independent: bool = True,
    rewritten: bool = True,
) -> list[Found]:
    """Find all passages of a submission in an index; see `PassageMaker`."""
    # A text without characters matches nothing; the arithmetic of matching wants at least one.
    if not len(draft.codes):
        return []
    maker = PassageMaker(draft, title, index, settings, independent=independent, rewritten=rewritten)
    return maker.passages(find_matches(draft, index, independent=independent))


def coverage_of(other: Sequence[Found], path: str, window: Likeness) -> Covered:
    """How much of a window, of a document at a path, some passages cover."""
    same = copied = excused = 0
    for one in other:
        overlap = min(one.end, window.end) - max(one.start, window.start)
        if overlap <= 0:
            continue
        if one.passage.status != "reuse":
            excused += overlap
        elif path in {one.passage.source, *(also.source for also in one.passage.also_in)}:
            same += overlap
        else:
            copied += overlap
    length = len(window)
    return Covered(same / length, copied / length, excused / length)


def _holding(match: Match, share: float) -> int:
    """How many other documents hold so large a share of a match's evidence."""
    return sum(rival > match.evidence * share for rival in match.rivals)


def _why_reuse(others: int, left: Leftovers) -> Iterator[Reason]:
    """How many others hold it too, and what a refilled copy gives away."""
    yield Reason("shared", {"count": others}) if others else Reason("rare")
    if left.other_place:
        yield Reason("other_place")
    if left.name_changed:
        yield Reason("name_changed")
    if left.foreign_name:
        yield Reason("foreign_name", {"name": left.foreign_name})
    if left.figures:
        yield Reason(f"figures_{left.figures}", {"figures": left.kept})


def _gaps(match: Match) -> Iterator[tuple[int, int]]:
    """Start and end of stretches of a match, long enough for an equal run, in which nothing matches."""
    end = match.start
    for begin, _, length in (*match.tiles, (match.end, 0, 0)):
        if begin - end >= GUARANTEED_RUN:
            yield end, begin
        end = max(end, begin + length)


def _stretches(free: NDArray[np.bool_], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where within [start, end) so many characters in a row are free that they are worth comparing."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], free[start:end], [False]]).astype(np.int8)))
    for first, last in turns.reshape(-1, 2).tolist():
        if last - first >= GUARANTEED_RUN:
            yield start + first, start + last


def _as_match(run: CommonRun | EqualRun) -> Match:
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
        witnesses=0,
        rivals=(),
    )
