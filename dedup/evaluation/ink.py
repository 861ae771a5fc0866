"""Convert offsets to counts without white space, which then has no weight in a measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from dedup.document import Span
from dedup.evaluation.sets import Case, EvaluationSet, Place
from dedup.records import dataclass


class Ink:
    """Counts of the characters of texts that are no white space, made for each text at first use."""

    def __init__(self, text_of: Callable[[str], str]) -> None:
        self._text_of = text_of
        self._before: dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}

    def span(self, name: str, span: Span) -> Span:
        """A span of the text `name`, counted without white space and cut off at the text's end."""
        if name not in self._before:
            text = self._text_of(name)
            inked = np.fromiter((not character.isspace() for character in text), bool, len(text))
            self._before[name] = np.concatenate([[0], np.cumsum(inked)])
        before = self._before[name]
        last = len(before) - 1
        return Span(int(before[min(span.start, last)]), int(before[min(span.end, last)]))


@dataclass(frozen=True, slots=True)
class InkedSet:
    """A set with offsets counted without white space, and the counts of its texts."""

    counted: EvaluationSet
    submissions: Ink
    sources: Ink


def inked(test_set: EvaluationSet) -> InkedSet:
    """The set with all offsets counted without white space. Raises what reading its texts raises."""
    submissions, sources = Ink(test_set.submission_text), Ink(test_set.source_text)

    def place(place: Place) -> Place:
        span = sources.span(place.source, place.span)
        return Place(place.source, span.start, span.end)

    def case(one: Case) -> Case:
        span = submissions.span(one.submission, one.span)
        first, *others = map(place, one.places)
        return replace(
            one,
            start=span.start,
            end=span.end,
            source_start=first.source_start,
            source_end=first.source_end,
            also=tuple(others),
        )

    def natural(name: str, spans: Sequence[Span]) -> list[Span]:
        return [submissions.span(name, span) for span in spans]

    counted = replace(
        test_set,
        lengths={
            name: submissions.span(name, Span(0, length)).end for name, length in test_set.lengths.items()
        },
        cases={name: [case(one) for one in cases] for name, cases in test_set.cases.items()},
        natural={name: natural(name, spans) for name, spans in test_set.natural.items()},
    )
    return InkedSet(counted, submissions, sources)
