"""The PAN measure of text reuse detection, by case and in all.

Potthast, Stein, Barrón-Cedeño, Rosso: An Evaluation Framework for Plagiarism Detection, COLING 2010:
precision and recall of characters over both sides of cases and detections, macro-averaged; granularity,
the mean number of detections of a case that is found at all; plagdet = F1 / log2(1 + granularity).

Two things are told apart here that the paper does not know. A detection may name several sources of the
same text: the one that fits the truth best counts. And text may stand in both a host and the corpus though
nobody planted it (natural overlap): a detection that lies in it by half or more is neither right nor wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from math import log2
from statistics import fmean

from dedup.evaluation.sets import Case, EvaluationSet
from dedup.model import Report, Span
from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Detection:
    """A stretch of a submission called reuse, and the stretches of sources it is said to come from."""

    span: Span
    sources: tuple[tuple[str, Span], ...]
    """(document, stretch), the likeliest first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one planted passage."""

    case: Case
    covered: int
    """Characters of its submission side that detections naming its source cover."""
    recall: float
    """Share of both sides that these detections cover."""
    precision: float | None
    """Mean precision of these detections; None when there is none."""
    detections: int

    @property
    def found(self) -> bool:
        """Half or more of the submission side is covered."""
        return 2 * self.covered >= len(self.case.span)


@dataclass(frozen=True, slots=True)
class Share:
    """Outcomes of a group of cases."""

    cases: int
    found: float
    """Share of the cases that are found."""
    characters: float
    """Share of their characters, submission side, that is covered."""
    recall: float
    precision: float | None
    """Mean over the cases that are found at all; None when none is."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How well a set was checked."""

    plagdet: float
    precision: float
    recall: float
    granularity: float
    detections: int
    clean_background_ratio: float
    """Share of the characters of submissions with nothing planted that is called reuse."""
    clean_flagged_ratio: float
    """The same outside natural overlaps."""
    outcomes: tuple[Outcome, ...]

    @property
    def kinds(self) -> dict[str, Share]:
        """By kind of edit."""
        groups: dict[str, list[Outcome]] = defaultdict(list)
        for outcome in self.outcomes:
            groups[outcome.case.kind].append(outcome)
        return {kind: share(groups[kind]) for kind in sorted(groups)}

    @property
    def missed(self) -> tuple[Case, ...]:
        """The cases that were not found."""
        return tuple(outcome.case for outcome in self.outcomes if not outcome.found)


def share(outcomes: Sequence[Outcome]) -> Share:
    """Sum up a group of outcomes; the group is not empty."""
    precisions = [outcome.precision for outcome in outcomes if outcome.precision is not None]
    return Share(
        len(outcomes),
        fmean(outcome.found for outcome in outcomes),
        sum(outcome.covered for outcome in outcomes) / sum(len(outcome.case.span) for outcome in outcomes),
        fmean(outcome.recall for outcome in outcomes),
        fmean(precisions) if precisions else None,
    )


def detections_of(report: Report) -> list[Detection]:
    """What a report calls reuse, as detections."""
    detections = []
    for passage in report.passages:
        if passage.status == "reuse":
            sources = [(passage.source, Span(passage.source_start, passage.source_end))]
            sources += [(also.source, Span(also.source_start, also.source_end)) for also in passage.also_in]
            detections.append(Detection(Span(passage.start, passage.end), tuple(sources)))
    return detections


def measure(test_set: EvaluationSet, detections: Mapping[str, Sequence[Detection]]) -> Measure:
    """Score the detections of every submission of a set."""
    tally = _Tally()
    for name, length in test_set.lengths.items():
        everything, natural = detections[name], test_set.natural[name]
        telling = [d for d in everything if 2 * covered(d.span, natural) < max(1, len(d.span))]
        if test_set.cases[name]:
            tally.add(test_set.cases[name], telling)
        else:
            tally.precisions += [0.0] * len(telling)
            tally.clean_characters += length
            tally.clean_background += covered(Span(0, length), [d.span for d in everything])
            tally.clean_flagged += covered(Span(0, length), [d.span for d in telling])
    return tally.measure()


def covered(span: Span, spans: Iterable[Span]) -> int:
    """Characters of `span` that the union of `spans` covers."""
    total, reached = 0, span.start
    for other in sorted(spans):
        start, end = max(other.start, reached), min(other.end, span.end)
        if end > start:
            total += end - start
            reached = end
    return total


def _overlap(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))


@dataclass(slots=True)
class _Tally:
    """Sums over submissions."""

    outcomes: list[Outcome] = field(default_factory=list)
    precisions: list[float] = field(default_factory=list)
    clean_characters: int = 0
    clean_background: int = 0
    clean_flagged: int = 0

    def add(self, cases: Sequence[Case], detections: Sequence[Detection]) -> None:
        """Count one submission that holds planted passages."""
        stretches = [[_named_stretch(detection, case) for case in cases] for detection in detections]
        precisions = [_precision(*row, cases) for row in zip(detections, stretches, strict=True)]
        self.precisions += precisions
        for number, case in enumerate(cases):
            hits = [(place, row[number]) for place, row in enumerate(stretches)]
            hitting = [(place, stretch) for place, stretch in hits if stretch is not None]
            ours = covered(case.span, [detections[place].span for place, _ in hitting])
            theirs = covered(case.source_span, [stretch for _, stretch in hitting])
            self.outcomes.append(
                Outcome(
                    case,
                    ours,
                    (ours + theirs) / (len(case.span) + len(case.source_span)),
                    fmean(precisions[place] for place, _ in hitting) if hitting else None,
                    len(hitting),
                )
            )

    def measure(self) -> Measure:
        precision = fmean(self.precisions) if self.precisions else 0.0
        recall = fmean(outcome.recall for outcome in self.outcomes) if self.outcomes else 0.0
        found = [outcome.detections for outcome in self.outcomes if outcome.detections]
        granularity = fmean(found) if found else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        clean = self.clean_characters or 1
        return Measure(
            plagdet=f1 / log2(1 + granularity),
            precision=precision,
            recall=recall,
            granularity=granularity,
            detections=len(self.precisions),
            clean_background_ratio=self.clean_background / clean,
            clean_flagged_ratio=self.clean_flagged / clean,
            outcomes=tuple(self.outcomes),
        )


def _named_stretch(detection: Detection, case: Case) -> Span | None:
    """The stretch of the case's source that the detection names and that fits best; None for no hit."""
    if not _overlap(detection.span, case.span):
        return None
    named = [stretch for source, stretch in detection.sources if source == case.source]
    best = max(named, key=lambda stretch: _overlap(stretch, case.source_span), default=None)
    return best if best is not None and _overlap(best, case.source_span) else None


def _precision(detection: Detection, stretches: Sequence[Span | None], cases: Sequence[Case]) -> float:
    """Share of a detection, both sides, that lies in cases it hits; the source is the first hit's."""
    hits = [(case, stretch) for case, stretch in zip(cases, stretches, strict=True) if stretch is not None]
    if not hits:
        return 0.0
    stretch = hits[0][1]
    ours = covered(detection.span, [case.span for case, _ in hits])
    theirs = covered(stretch, [case.source_span for case, _ in hits])
    return (ours + theirs) / (len(detection.span) + len(stretch))
