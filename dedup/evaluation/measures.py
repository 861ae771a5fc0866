"""Compute the PAN measure of text reuse detection, by case and in all.

Potthast, Stein, Barrón-Cedeño, Rosso: An Evaluation Framework for Plagiarism Detection, COLING 2010:
precision and recall of characters over both sides of cases and detections, macro-averaged; granularity,
the mean number of detections of a case that is found at all; plagdet = F1 / log2(1 + granularity).

Four things differ from the paper. A detection may name several sources of the same text, and the corpus may
hold a passage at several places: the pair that fits best counts. A host and the corpus may share text that
nobody planted (natural overlap): a detection that lies in it by half or more is neither right nor wrong. A
passage suspected to be rewritten is no detection, but a case that it covers is found "with suspected". And
white space does not count (`dedup.evaluation.ink`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any, Literal

from dedup.document import Span
from dedup.evaluation.figures import Sums, figures_of
from dedup.evaluation.ink import inked
from dedup.evaluation.sets import Case, EvaluationSet, Place, SetError
from dedup.messages import Words
from dedup.model import Report
from dedup.records import dataclass

CountedStatus = Literal["reuse", "suspected"]
"""The statuses of a passage that a measure uses."""

_COUNTED: Mapping[str, CountedStatus] = {"reuse": "reuse", "suspected": "suspected"}


@dataclass(frozen=True, slots=True)
class Detection:
    """A stretch of a submission, and the stretches of sources that a report gives for it."""

    span: Span
    sources: tuple[tuple[str, Span], ...]
    """(document, stretch), the likeliest first."""
    status: CountedStatus = "reuse"
    probability: float | None = None
    """Probability that the stretch was made from its source, where the report says so."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one planted passage."""

    case: Case
    length: int
    """Characters of its submission side."""
    covered: int
    """Number of these characters covered by detections of reuse that name one of its places."""
    covered_with_suspected: int
    """The same including suspicions, and detections in natural overlaps."""
    recall: float
    """Share of both sides that detections of reuse cover."""
    precision: float | None
    """Mean precision of these detections; None when there is none."""
    detections: int

    @property
    def found(self) -> bool:
        """True if half or more of the submission side is covered."""
        return 2 * self.covered >= self.length

    @property
    def found_any(self) -> bool:
        """True if half or more of the submission side is covered, including suspicions."""
        return 2 * self.covered_with_suspected >= self.length


@dataclass(frozen=True, slots=True)
class Share:
    """Summary of the outcomes of a group of cases."""

    cases: int
    found: float
    """Share of the cases that are found."""
    found_any: float
    """Share of the cases that are found, including suspicions."""
    characters: float
    """Share of their characters, submission side, that is covered."""
    recall: float
    precision: float | None
    """Mean over the cases that are found at all; None when none is."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The result of checking one submission; lengths in characters."""

    name: str
    length: int
    outcomes: tuple[Outcome, ...]
    precisions: tuple[float, ...]
    """Precision of every detection of reuse that does not lie in natural overlaps."""
    clean: Mapping[str, int]
    """Characters of a submission with nothing planted that are `reuse`, `flagged` (the same outside natural
    overlaps) and `suspected`; empty for other submissions."""
    host: int
    """Characters that nobody planted, without natural overlaps."""
    stray: Mapping[CountedStatus, int]
    """Characters of detections that touch no case and do not lie in natural overlaps."""
    suspicions: tuple[tuple[float, bool], ...]
    """Probability of each suspicion that has one, and True if at least half of it lies in a case."""

    @property
    def sums(self) -> Sums:
        """Numbers that add up over submissions, by name."""
        sums: dict[str, float] = {
            "cases": len(self.outcomes),
            "recall": sum(outcome.recall for outcome in self.outcomes),
            "detections": len(self.precisions),
            "precision": sum(self.precisions),
            "pieces": sum(outcome.detections for outcome in self.outcomes),
            "touched": sum(outcome.detections > 0 for outcome in self.outcomes),
            "clean": self.length if self.clean else 0,
            **{f"clean {name}": self.clean.get(name, 0) for name in ("reuse", "flagged", "suspected")},
            "host": self.host,
            **{f"host {status}": characters for status, characters in self.stray.items()},
        }
        for outcome in self.outcomes:
            kind = outcome.case.kind
            for name, count in (
                ("cases", 1),
                ("found", outcome.found),
                ("found_any", outcome.found_any),
            ):
                sums[f"{name} {kind}"] = sums.get(f"{name} {kind}", 0) + count
        return sums


@dataclass(frozen=True, slots=True)
class Measure:
    """The quality of the checks of a set."""

    submissions: tuple[Scored, ...]
    plagdet: float
    precision: float
    recall: float
    granularity: float
    detections: int
    clean_background_ratio: float
    """Share of the characters of submissions with nothing planted that has status reuse."""
    clean_flagged_ratio: float
    """The same outside natural overlaps."""
    clean_suspected_ratio: float
    """Share of the characters of submissions with nothing planted that is suspected."""
    host_reuse_ratio: float
    """Share of all text that nobody planted, in every submission, that has status reuse."""
    host_suspected_ratio: float
    """Share of all text that nobody planted that is suspected."""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes of all planted passages."""
        return tuple(outcome for scored in self.submissions for outcome in scored.outcomes)

    @property
    def kinds(self) -> dict[str, Share]:
        """Summaries of the outcomes by kind of edit."""
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
        fmean(outcome.found_any for outcome in outcomes),
        sum(outcome.covered for outcome in outcomes) / (sum(outcome.length for outcome in outcomes) or 1),
        fmean(outcome.recall for outcome in outcomes),
        fmean(precisions) if precisions else None,
    )


def detections_of(report: Report) -> list[Detection]:
    """The passages of a report with status reuse or suspected, as detections."""
    detections = []
    for passage in report.passages:
        status = _COUNTED.get(passage.status)
        if status is not None:
            sources = [(passage.source, Span(passage.source_start, passage.source_end))]
            sources += [(also.source, Span(also.source_start, also.source_end)) for also in passage.also_in]
            span = Span(passage.start, passage.end)
            probability = getattr(passage, "probability", None)
            detections.append(Detection(span, tuple(sources), status, probability))
    return detections


def detections_in(report: Any, place: str) -> list[Detection]:
    """The detections of a report in JSON, read from the file `place`. Raises SetError if it is no report."""
    detections = []
    try:
        for passage in report["passages"]:
            status = _COUNTED.get(passage.get("status", "reuse"))
            if status is None:
                continue
            sources = tuple(
                (str(one["source"]), Span(int(one["source_start"]), int(one["source_end"])))
                for one in [passage, *passage.get("also_in", ())]
            )
            span = Span(int(passage["start"]), int(passage["end"]))
            detections.append(Detection(span, sources, status, passage.get("probability")))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SetError(place, Words("set.no_report"), Words("set.no_report.cure")) from error
    return detections


def measure(test_set: EvaluationSet, detections: Mapping[str, Sequence[Detection]]) -> Measure:
    """Score the detections of every submission of a set, every character of a span counting as one."""
    submissions = tuple(
        _scored(name, length, test_set.cases[name], test_set.natural[name], detections[name])
        for name, length in test_set.lengths.items()
    )
    return _measure_of(submissions)


def measure_ink(test_set: EvaluationSet, detections: Mapping[str, Sequence[Detection]]) -> Measure:
    """Score the detections of every submission of a set on disk, white space not counting.

    Raises what reading the texts of the set raises.
    """
    ink = inked(test_set)

    def counted(name: str, detection: Detection) -> Detection:
        sources = tuple((source, ink.sources.span(source, span)) for source, span in detection.sources)
        return replace(detection, span=ink.submissions.span(name, detection.span), sources=sources)

    in_ink = {name: [counted(name, one) for one in found] for name, found in detections.items()}
    measured = measure(ink.counted, in_ink)
    return replace(
        measured,
        submissions=tuple(
            replace(
                scored,
                outcomes=tuple(
                    replace(outcome, case=case)
                    for outcome, case in zip(scored.outcomes, test_set.cases[scored.name], strict=True)
                ),
            )
            for scored in measured.submissions
        ),
    )


def _measure_of(submissions: tuple[Scored, ...]) -> Measure:
    figures = figures_of([scored.sums for scored in submissions])
    return Measure(
        submissions,
        plagdet=figures["plagdet"],
        precision=figures["precision"],
        recall=figures["recall"],
        granularity=figures["granularity"],
        detections=sum(len(scored.precisions) for scored in submissions),
        clean_background_ratio=figures["clean_background_ratio"],
        clean_flagged_ratio=figures["clean_flagged_ratio"],
        clean_suspected_ratio=figures["clean_suspected_ratio"],
        host_reuse_ratio=figures["host_reuse_ratio"],
        host_suspected_ratio=figures["host_suspected_ratio"],
    )


def covered(span: Span, spans: Iterable[Span]) -> int:
    """Number of characters of `span` that the union of `spans` covers."""
    total, reached = 0, span.start
    for other in sorted(spans):
        start, end = max(other.start, reached), min(other.end, span.end)
        if end > start:
            total += end - start
            reached = end
    return total


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _lies_in(span: Span, spans: Iterable[Span]) -> bool:
    """Tell whether half or more of the span lies in others; an empty span lies in none."""
    return 2 * covered(span, spans) >= max(1, len(span))


def _scored(
    name: str, length: int, cases: Sequence[Case], natural: Sequence[Span], found: Sequence[Detection]
) -> Scored:
    whole, planted = Span(0, length), [case.span for case in cases]
    by_status: dict[CountedStatus, list[Detection]] = {"reuse": [], "suspected": []}
    for detection in found:
        by_status[detection.status].append(detection)
    telling = {
        status: [one for one in those if not _lies_in(one.span, natural)]
        for status, those in by_status.items()
    }
    stray: dict[CountedStatus, int] = {
        status: covered(whole, [d.span for d in those if not any(_overlap(d.span, case) for case in planted)])
        for status, those in telling.items()
    }
    told = telling["reuse"]
    precisions = [_precision(detection, cases) for detection in told]
    return Scored(
        name,
        length,
        tuple(_outcome(case, told, precisions, found) for case in cases),
        tuple(precisions),
        {}
        if cases
        else {
            "reuse": covered(whole, [d.span for d in by_status["reuse"]]),
            "flagged": covered(whole, [d.span for d in told]),
            "suspected": covered(whole, [d.span for d in by_status["suspected"]]),
        },
        length - covered(whole, [*planted, *natural]),
        stray,
        tuple(
            (d.probability, _lies_in(d.span, [case.span for case in cases if _names(d, case)]))
            for d in telling["suspected"]
            if d.probability is not None
        ),
    )


def _named_stretch(detection: Detection, place: Place) -> Span | None:
    """The source stretch of a detection that overlaps a place most; None if none does."""
    named = [stretch for source, stretch in detection.sources if source == place.source]
    best = max(named, key=lambda stretch: (_overlap(stretch, place.span), stretch), default=None)
    return best if best is not None and _overlap(best, place.span) else None


def _names(detection: Detection, case: Case) -> bool:
    """Tell whether the detection touches the case and names one of its places."""
    return bool(_overlap(detection.span, case.span)) and any(
        _named_stretch(detection, place) for place in case.places
    )


def _outcome(
    case: Case, told: Sequence[Detection], precisions: Sequence[float], found: Sequence[Detection]
) -> Outcome:
    """The outcome of a case: `told` with their precisions score it, all in `found` may find it."""
    hits = [number for number, detection in enumerate(told) if _names(detection, case)]
    ours = covered(case.span, [told[number].span for number in hits])
    recalls = []
    for place in case.places:
        stretches = (_named_stretch(told[number], place) for number in hits)
        theirs = covered(place.span, [stretch for stretch in stretches if stretch is not None])
        recalls.append((ours + theirs) / (len(case.span) + len(place.span) or 1))
    return Outcome(
        case,
        len(case.span),
        ours,
        covered(case.span, [detection.span for detection in found if _names(detection, case)]),
        max(recalls),
        fmean(precisions[number] for number in hits) if hits else None,
        len(hits),
    )


def _precision(detection: Detection, cases: Sequence[Case]) -> float:
    """Share of a detection, both sides, that lies in the cases it hits, by its best source; 0 without hit."""
    hits = [case for case in cases if _names(detection, case)]
    ours = covered(detection.span, [case.span for case in hits])
    best = 0.0
    for source, stretch in detection.sources:
        places = [place.span for case in hits for place in case.places if place.source == source]
        theirs = covered(stretch, places)
        if theirs:
            best = max(best, (ours + theirs) / (len(detection.span) + len(stretch)))
    return best
