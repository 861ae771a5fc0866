"""Choose the matches of a submission that are copied, and cut them into the pieces to report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from math import inf

import numpy as np

from dedup.align.aligning import reweighed
from dedup.align.apart import outside
from dedup.align.draft import Draft
from dedup.align.evidence import common_from
from dedup.align.judge import COPIED, log_odds, measure, without_rivals
from dedup.align.match import Match
from dedup.align.matching import Matches
from dedup.align.own import own_reason
from dedup.align.passage_maker import PassageMaker
from dedup.align.selection import (
    LEAST_SENTENCE,
    NEARLY_EQUAL,
    Selected,
    by_block,
    much_copied_from,
    restrict,
    select,
)
from dedup.index.index import Index
from dedup.settings import Settings
from dedup.sketch.arrays import Bools, runs_where

_LEAST_CUSTOM = 40
"""Characters a section of a match must have to be custom by itself; a shorter one is what its match is."""
_MOSTLY_LISTED = 0.5
"""Share of a match in set phrases, forms, enumerations, references and tables above which it is no prose."""
_RARITY_OF_A_LIST = 0.2
"""Evidence for each telling character up to which such a match is what every such list says."""


class Copied:
    """The matches of one submission, judged."""

    def __init__(
        self,
        draft: Draft,
        index: Index,
        matches: Matches,
        passages: PassageMaker,
        settings: Settings,
        *,
        independent: bool,
        following: bool,
    ) -> None:
        """Judge the matches and select those that stand.

        What stands word for word in the author's own documents, which the `settings` name, is the author's,
        whatever other document holds more of the text around it. If documents are not `independent`, text is
        not custom just because many of them hold it. With `following`, a submission most of which is from one
        source is compared with it by paragraphs.
        """
        self._draft = draft
        self._index = index
        self._matches = matches
        self._passages = passages
        self._independent = independent
        self._settings = settings
        self._names_own = bool(settings.own or settings.author)
        self._is_own_part = cache(self._find_whether_own)
        judged = [(self.odds(match), match) for match in matches.matches]
        copied = [pair for pair in judged if pair[0] > COPIED]
        self._chosen = self.select(copied)
        self.matches = [match for _, match in copied]
        """All matches judged copied, whether or not they become passages."""
        answered: list[Match] = []
        part = much_copied_from(self._chosen, len(draft.codes)) if following else None
        if part is not None:
            from dedup.align.following import follow

            answered = follow(part, self.matches, draft, matches.scales, index)
            answered = self._beside_own(answered) if self._names_own else answered
        self._answered = {match.start: match for match in answered}
        """Paragraphs with a counterpart in the source that the submission follows, by their start."""
        if answered:
            self._chosen = self.select(list(self._beside(answered, copied)), answered)
            self.matches += answered
        self.custom = [
            (odds, match)
            for own_odds, match in judged
            if own_odds <= COPIED and (odds := log_odds(without_rivals(measure(match)))) > COPIED
        ]
        """Matches that would be judged copied if no other document held them, and their odds in that case."""

    def pieces(self) -> tuple[list[Selected], list[Match]]:
        """The pieces of the selected matches: copied ones, and ones that are custom.

        A block that is too short to be judged alone is judged as its match is. A piece that is left when
        forms and page borders are cut out must be copied by itself.
        """
        copied: list[Selected] = []
        common: list[Match] = []
        for selected in self._chosen:
            for block, of_many in self._blocks(selected.match):
                for piece in outside(block, self._draft):
                    if of_many or (piece != block and self._is_common(piece)):
                        common.append(piece)
                    elif piece == block or self._stands_alone(piece):
                        copied.append(selected._replace(match=piece))
        return copied, common

    def _blocks(self, match: Match) -> Iterable[tuple[Match, bool]]:
        """The blocks of a match, each with True if it is common; matches with a followed source are one."""
        if match.start in self._answered:
            return [(match, False)]
        return by_block(match, self._draft, self._index, self._is_common)

    def _beside(
        self, answered: Sequence[Match], copied: Iterable[tuple[float, Match]]
    ) -> Iterator[tuple[float, Match]]:
        """The copied matches besides those with a followed source; of that source only equal sentences."""
        free = ~self._covered(answered)
        for odds, match in copied:
            if match.part != answered[0].part:
                yield odds, match
                continue
            for start, source, length in match.tiles:
                if np.count_nonzero(free[start : start + length]) >= LEAST_SENTENCE:
                    run = Match.of_run(start, start + length, match.part, source)
                    run = reweighed(run, self._matches.scales, self._index)
                    if (odds := self.odds(run)) > COPIED:
                        yield odds, run

    def _is_own(self, match: Match) -> bool:
        """True if a match is nearly equal to a stretch of one of the author's own documents."""
        return self._names_own and match.density >= NEARLY_EQUAL and self._is_own_part(match.part)

    def _parted_from_own(self, judged: Sequence[tuple[float, Match]]) -> Iterator[tuple[float, Match]]:
        """The matches with their odds: the author's own first, of others the stretches beside those.

        A match that holds some of what is the author's own comes last, too, as an alternative.
        """
        own = self._covered(match for _, match in judged if self._is_own(match))
        for odds, match in judged:
            if self._is_own(match):
                yield inf, match
            elif not own[match.start : match.end].any():
                yield odds, match
            else:
                for piece in _outside(match, own):
                    if (piece_odds := self._odds_alone(piece)) > COPIED:
                        yield piece_odds, piece
                yield -inf, match

    def _beside_own(self, answered: Iterable[Match]) -> list[Match]:
        """The stretches of paragraphs with a counterpart in a followed source, but for the author's own."""
        own = self._covered(one.match for one in self._chosen if self._is_own(one.match))
        pieces = chain.from_iterable(_outside(match, own) for match in answered)
        return [piece for piece in pieces if len(piece) >= LEAST_SENTENCE]

    def _covered(self, matches: Iterable[Match]) -> Bools:
        """bool[n], True for the characters of the submission that lie in some matches."""
        covered = np.zeros(len(self._draft.codes), np.bool_)
        for match in matches:
            covered[match.start : match.end] = True
        return covered

    def _find_whether_own(self, part: int) -> bool:
        return own_reason(self._passages.part(part), self._index, self._settings) is not None

    def _stands_alone(self, piece: Match) -> bool:
        """True if a piece of a match would be judged copied by itself."""
        return self._odds_alone(piece) > COPIED

    def _odds_alone(self, piece: Match) -> float:
        return self.odds(reweighed(piece, self._matches.scales, self._index))

    def odds(self, match: Match) -> float:
        """Logarithm of the odds that a match is copied; at most COPIED for a list without rare text."""
        measured = measure(match)
        says_nothing = not match.shared_figures and measured.rarity < _RARITY_OF_A_LIST
        if says_nothing and self.is_listed(match):
            return COPIED
        return log_odds(measured if self._independent else without_rivals(measured))

    def is_listed(self, match: Match) -> bool:
        """True if the greater part of a match is no prose."""
        return bool(self._draft.formulaic[match.start : match.end].mean() > _MOSTLY_LISTED)

    def _is_common(self, piece: Match) -> bool:
        """True if so many independent documents hold a piece that it is custom, whatever surrounds it."""
        if not self._independent or len(piece) < _LEAST_CUSTOM:
            return False
        families = self._matches.families
        holders = self._matches.holders.of(piece.start, piece.end, piece.part)
        others = {families.get(part, part) for part in holders}
        return len(others | {families.get(piece.part, piece.part)}) > common_from(self._index.parts)

    def select(self, judged: list[tuple[float, Match]], settled: Sequence[Match] = ()) -> list[Selected]:
        """Choose the matches that stand besides `settled` ones; of equal documents the first by path.

        Not by part number: that depends on how the index was built, and a report should not.
        """
        if self._names_own:
            judged = list(self._parted_from_own(judged))
        equal = Counter((odds, match.start) for odds, match in judged)

        def place(pair: tuple[float, Match]) -> tuple[str, int, int]:
            odds, match = pair
            if equal[odds, match.start] == 1:
                return "", 0, 0
            part = self._passages.part(match.part)
            return part.path, part.span.start, match.source_start

        return select(sorted(judged, key=place), len(self._draft.codes), settled)


def _outside(match: Match, covered: Bools) -> Iterator[Match]:
    """The pieces of a match that are not `covered`, bool[n]; the match itself if none of it is."""
    for first, last in (match.start + runs_where(~covered[match.start : match.end])).tolist():
        if (piece := restrict(match, first, last)) is not None:
            yield piece
