"""Choose the matches of a submission that are copied, and cut them into the pieces to report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from dedup.align.aligning import reweighed
from dedup.align.apart import outside
from dedup.align.draft import Draft
from dedup.align.evidence import common_from
from dedup.align.judge import COPIED, log_odds, measure, without_rivals
from dedup.align.match import Match
from dedup.align.matching import Matches
from dedup.align.passage_maker import PassageMaker
from dedup.align.selection import LEAST_SENTENCE, Selected, by_block, much_copied_from, select
from dedup.index.index import Index

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
        *,
        independent: bool,
        following: bool,
    ) -> None:
        """Judge the matches and select those that stand.

        If documents are not `independent`, text is not custom just because many of them hold it. With
        `following`, a submission most of which is from one source is compared with it by paragraphs.
        """
        self._draft = draft
        self._index = index
        self._matches = matches
        self._passages = passages
        self._independent = independent
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
        free = np.ones(len(self._draft.codes), np.bool_)
        for match in answered:
            free[match.start : match.end] = False
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

    def _stands_alone(self, piece: Match) -> bool:
        """True if a piece of a match would be judged copied by itself."""
        return self.odds(reweighed(piece, self._matches.scales, self._index)) > COPIED

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
        equal = Counter((odds, match.start) for odds, match in judged)

        def place(pair: tuple[float, Match]) -> tuple[str, int, int]:
            odds, match = pair
            if equal[odds, match.start] == 1:
                return "", 0, 0
            part = self._passages.part(match.part)
            return part.path, part.span.start, match.source_start

        return select(sorted(judged, key=place), len(self._draft.codes), settled)
