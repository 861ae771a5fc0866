"""The rewrite plan: the smallest number of paragraphs whose rewriting brings a submission under its limits.

The effect of rewriting some paragraphs is computed by the verdict itself, so every limit of it counts.
Rewriting more never makes the verdict worse. From this alone it follows whether a plan is the smallest:

- A paragraph is in every plan if the limits are not kept when all others are rewritten. If these paragraphs
  are enough, the plan is the only smallest one.
- Of the others, those with most copied characters come first. If the limit that is still exceeded is that on
  all copied text, no other choice of as many paragraphs would leave less.
- Otherwise (several limits that different paragraphs exceed) smaller choices are tried one by one, as long as
  there are not too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np

from dedup.align.found import Found
from dedup.document import Document, Span
from dedup.model import Among, Finding, Gate, ParagraphAdvice, Plan, PlanStep, Verdict
from dedup.passage import Passage
from dedup.settings import Relation
from dedup.tally import ratio
from dedup.text.stream import MatchText
from dedup.verdict import exceeded


class Burdens(NamedTuple):
    """Everything that counts against a submission in a verdict."""

    found: Sequence[Found]
    among: Among | None
    left_over: Sequence[Finding]
    ignored: Sequence[Relation] = ()
    """Relations whose sources the limits leave out, except the limit on the command line."""


Judge = Callable[[Sequence[Found], Among | None, Sequence[Finding]], tuple[Verdict, Gate | None]]
"""The verdict on burdens, and the limit on the command line held against them."""

_ALL_COPIED = ("ratio", "limit")
"""Reasons of a verdict for too many copied characters in all; the second counts all relations."""
_MOST_WORK = 500_000
"""Characters of a submission times the number of verdicts computed; bounds the time of a plan."""

Piece = tuple[int, int, int]
"""The number of a paragraph among those that take part, and a stretch of it in normalised characters."""


def find_plan(document: Document, stream: MatchText, burdens: Burdens, judge: Judge) -> Plan:
    """Find the plan for a submission that does not keep its limits."""
    if burdens.among is not None and any(one.identical for one in burdens.among.drafts):
        # People must find out which of two equal drafts is the original; rewriting would hide it.
        verdict, _ = judge(burdens.found, burdens.among, burdens.left_over)
        return Plan((), tuple(one for one in verdict.reasons if one.code == "among"))
    desk = _Desk(document, stream, burdens, judge)
    verdict, gate = desk.after(desk.paragraphs)
    if exceeded(verdict, gate):
        return Plan((), verdict.reasons)
    chosen, smallest = _smallest(desk)
    return Plan(tuple(desk.steps(chosen)), smallest=smallest)


def _smallest(desk: _Desk) -> tuple[tuple[int, ...], bool]:
    """The paragraphs of the plan, and True if it is known that fewer are not enough."""
    every = desk.paragraphs
    count = _shortest(desk, (), every)
    if _too_much(desk, every[: count - 1]):
        return every[:count], True
    most = _MOST_WORK // len(desk.stream)
    if len(every) > most:
        return every[:count], False
    needed = tuple(one for one in every if not desk.keeps(tuple(set(every) - {one})))
    if desk.keeps(needed):
        return needed, True
    return _smallest_with(desk, needed, tuple(one for one in every if one not in needed), most)


def _smallest_with(
    desk: _Desk, needed: tuple[int, ...], rest: tuple[int, ...], most: int
) -> tuple[tuple[int, ...], bool]:
    """The plan with the `needed` paragraphs, which alone are not enough, found in at most `most` trials."""
    count = _shortest(desk, needed, rest)
    chosen = rest[:count]
    if _too_much(desk, needed + chosen[:-1]):
        return needed + chosen, True
    chosen = _without_idle(desk, needed, chosen)
    for size in range(1, len(chosen)):
        most -= comb(len(rest), size)
        if most < 0:
            return needed + chosen, False
        for some in combinations(rest, size):
            if desk.keeps(needed + some):
                return needed + some, True
    return needed + chosen, True


def _shortest(desk: _Desk, needed: tuple[int, ...], rest: tuple[int, ...]) -> int:
    """Least number of first paragraphs of `rest` with which, besides `needed`, the limits are kept."""
    least, most = 1, len(rest)
    while least < most:
        middle = (least + most) // 2
        if desk.keeps(needed + rest[:middle]):
            most = middle
        else:
            least = middle + 1
    return least


def _too_much(desk: _Desk, rewritten: tuple[int, ...]) -> bool:
    """Tell whether too much text in all is still copied after some paragraphs are rewritten."""
    verdict, _ = desk.after(rewritten)
    return not desk.by_weight.isdisjoint(verdict.codes)


def _without_idle(desk: _Desk, needed: tuple[int, ...], chosen: tuple[int, ...]) -> tuple[int, ...]:
    """The chosen paragraphs without those that are unnecessary besides the others."""
    for one in reversed(chosen):
        fewer = tuple(other for other in chosen if other != one)
        if desk.keeps(needed + fewer):
            chosen = fewer
    return chosen


class _Desk:
    """The paragraphs that take part, their copied text, and the verdict when some are rewritten."""

    def __init__(
        self,
        document: Document,
        stream: MatchText,
        burdens: Burdens,
        judge: Judge,
    ) -> None:
        found, among, left_over, ignored = burdens
        self.stream = stream
        self._document, self._burdens, self._judge = document, burdens, judge
        self._pieces = [tuple(self._cut(one.runs or ((one.start, one.end),))) for one in found]
        shared = among.passages if among is not None else ()
        spans = [(span.start, span.end) for one in shared for span in one.copied]
        self._shared = tuple(self._cut(self._placed(start, end) for start, end in spans))
        self._findings = [self._paragraph_at(one.start) for one in left_over]
        self._copied = self._copied_by_paragraph(())
        self._weights = self._copied_by_paragraph(ignored) if ignored else self._copied
        self.by_weight = frozenset(_ALL_COPIED[:1] if ignored else _ALL_COPIED)
        """Reasons that what the paragraphs are ordered by is too much in all."""
        self.paragraphs = self._burdened()
        """Those in which anything counts, those with most copied characters that count first."""

    def keeps(self, rewritten: Sequence[int]) -> bool:
        """Tell whether all limits are kept when some paragraphs are rewritten."""
        return not exceeded(*self.after(rewritten))

    def after(self, rewritten: Sequence[int]) -> tuple[Verdict, Gate | None]:
        """The verdict when some paragraphs are rewritten."""
        gone = frozenset(rewritten)
        findings = zip(self._burdens.left_over, self._findings, strict=True)
        rest = [one for one, at in findings if at not in gone]
        return self._judge(list(self._left(gone)), self._among_left(gone), rest)

    def steps(self, chosen: Sequence[int]) -> Iterator[PlanStep]:
        """The chosen paragraphs in order of their effect, each with the ratio that remains."""
        left = sum(self._copied.values())
        wanted = frozenset(chosen)
        for number in (one for one in self.paragraphs if one in wanted):
            left -= self._copied.get(number, 0)
            yield PlanStep(self._advice(number), ratio(left, len(self.stream)))

    def _left(self, gone: frozenset[int]) -> Iterator[Found]:
        for one, pieces in zip(self._burdens.found, self._pieces, strict=True):
            rest = tuple((start, end) for paragraph, start, end in pieces if paragraph not in gone)
            if rest:
                yield one._replace(runs=rest if one.runs else ())

    def _among_left(self, gone: frozenset[int]) -> Among | None:
        among = self._burdens.among
        if among is None or not gone:
            return among
        left = _length((start, end) for paragraph, start, end in self._shared if paragraph not in gone)
        return replace(among, shared_characters=left, shared_ratio=ratio(left, len(self.stream)))

    def _burdened(self) -> tuple[int, ...]:
        pieces = zip(self._burdens.found, self._pieces, strict=True)
        weighty = [some for one, some in pieces if _is_weighty(one.passage)]
        held = {paragraph for some in (*weighty, self._shared) for paragraph, _, _ in some}
        held |= {at for at in self._findings if at is not None}
        return tuple(sorted(held, key=lambda one: (-self._weights.get(one, 0), one)))

    def _copied_by_paragraph(self, ignored: Sequence[Relation]) -> dict[int, int]:
        """Number of copied characters by paragraph, from sources of relations that are not `ignored`."""
        stretches: dict[int, list[tuple[int, int]]] = {}
        for one, pieces in zip(self._burdens.found, self._pieces, strict=True):
            counts = one.passage.status == "reuse" and one.passage.relation not in ignored
            for paragraph, start, end in pieces if counts else ():
                stretches.setdefault(paragraph, []).append((start, end))
        return {paragraph: _length(some) for paragraph, some in stretches.items()}

    def _cut(self, stretches: Iterable[tuple[int, int]]) -> Iterator[Piece]:
        """Stretches of normalised characters, cut at the starts of paragraphs."""
        borders = self.stream.paragraph_starts
        for begin, stop in stretches:
            start = begin
            while start < stop:
                paragraph = int(np.searchsorted(borders, start, side="right")) - 1
                end = min(stop, int(borders[paragraph + 1]))
                yield paragraph, start, end
                start = end

    def _placed(self, start: int, end: int) -> tuple[int, int]:
        """Convert a range of offsets to normalised characters."""
        first, last = np.searchsorted(self.stream.offsets, [start, end])
        return int(first), int(last)

    def _paragraph_at(self, offset: int) -> int | None:
        """The paragraph at an offset of the text; None if it takes no part."""
        columns, numbers = self._document.paragraphs, self.stream.paragraph_numbers
        place = int(np.searchsorted(columns.starts[numbers], offset, side="right")) - 1
        return place if place >= 0 and offset < columns.ends[numbers[place]] else None

    def _advice(self, place: int) -> ParagraphAdvice:
        number = int(self.stream.paragraph_numbers[place])
        columns = self._document.paragraphs
        span = Span(int(columns.starts[number]), int(columns.ends[number]))
        starts = self.stream.paragraph_starts
        return ParagraphAdvice(
            number=place + 1,
            span=span,
            characters=int(starts[place + 1] - starts[place]),
            copied_characters=self._copied.get(place, 0),
            text=self._document.text[span.start : span.end],
            shared_characters=_length(
                (start, end) for paragraph, start, end in self._shared if paragraph == place
            ),
        )


def _is_weighty(passage: Passage) -> bool:
    """Tell whether a passage may count against a submission in a verdict."""
    return passage.status == "reuse" or passage.severity == "serious" or passage.decision is not None


def _length(stretches: Iterable[tuple[int, int]]) -> int:
    """Number of characters in the union of some stretches."""
    total = reached = 0
    for start, end in sorted(stretches):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
