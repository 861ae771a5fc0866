"""From passages to what a reader sees first: figures, sources, the verdict, and what to rewrite first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.align.describe import Found
from dedup.model import (
    Document,
    Figures,
    Level,
    Notice,
    ParagraphAdvice,
    Reason,
    SourceSummary,
    Span,
    Status,
    Verdict,
)
from dedup.settings import Settings
from dedup.text.stream import MatchText

_ORDER: tuple[Status, ...] = ("reuse", "quoted", "own", "formulaic")
"""A character that passages of several statuses cover counts for the first of these."""


def count(stream: MatchText, found: Sequence[Found]) -> Figures:
    """The headline figures; a character counts once."""
    total = len(stream)
    status_of = _status_of(total, found)
    copied = status_of == _ORDER.index("reuse")
    largest = max((summary.copied_characters for summary in sources(total, found)), default=0)
    return Figures(
        total_characters=total,
        copied_characters=int(copied.sum()),
        copied_ratio=_ratio(int(copied.sum()), total),
        formulaic_characters=int((status_of == _ORDER.index("formulaic")).sum()),
        quoted_characters=int((status_of == _ORDER.index("quoted")).sum()),
        own_characters=int((status_of == _ORDER.index("own")).sum()),
        largest_single_source_characters=largest,
        largest_single_source_ratio=_ratio(largest, total),
        paragraphs=len(stream.paragraph_numbers),
        suspicious_paragraphs=int((_by_paragraph(stream, copied) > 0).sum()),
    )


def sources(total: int, found: Sequence[Found]) -> list[SourceSummary]:
    """The documents that passages of status reuse come from, the largest share first."""
    passages: dict[int, list[Found]] = {}
    for one in found:
        if one.passage.status == "reuse":
            passages.setdefault(one.source.number, []).append(one)
    summaries = []
    for of_one in passages.values():
        part, copied = of_one[0].source, _covered(of_one)
        summaries.append(
            SourceSummary(
                document=part.path,
                part=part.part_title,
                title=part.title,
                notice=part.notice,
                copied_characters=copied,
                copied_ratio=_ratio(copied, total),
                passages=len(of_one),
            )
        )
    return sorted(summaries, key=lambda summary: (-summary.copied_characters, summary.document, summary.part))


def _covered(passages: Sequence[Found]) -> int:
    """How many characters some passages cover, each counted once.

    They are counted without an array of the submission's length: a book has thousands of sources.
    """
    covered = reached = 0
    for start, end in sorted((one.start, one.end) for one in passages):
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def judge(
    figures: Figures, summaries: Sequence[SourceSummary], found: Sequence[Found], settings: Settings
) -> Verdict:
    """The verdict: a source that forbids copying blocks, otherwise the copied ratio decides.

    A passage that keeps another place's figures or name is worth a warning however short it is.
    """
    reasons = list(_forbidding([summary for summary in summaries if _forbids(summary.notice)]))
    level: Level = "block" if reasons else "pass"
    if figures.copied_ratio > settings.block_over:
        level = "block"
        reasons.append(Reason("ratio", {"ratio": figures.copied_ratio, "limit": settings.block_over}))
    elif figures.copied_ratio > settings.warn_over:
        level = "warn" if level == "pass" else level
        reasons.append(Reason("ratio", {"ratio": figures.copied_ratio, "limit": settings.warn_over}))
    serious = sum(one.passage.severity == "serious" for one in found)
    if serious:
        level = "warn" if level == "pass" else level
        reasons.append(Reason("serious", {"count": serious}))
    return Verdict(level, tuple(reasons) or (Reason("within_limits"),))


def _forbidding(summaries: Sequence[SourceSummary]) -> Iterator[Reason]:
    """One reason for all sources that forbid copying; their notices stand with the sources."""
    notices = [summary.notice for summary in summaries if summary.notice is not None]
    if notices:
        titles = tuple(summary.title or summary.document for summary in summaries)
        yield Reason("notice", {"titles": titles, "notice": notices[0].text})


def _forbids(notice: Notice | None) -> bool:
    """Whether a notice forbids copying."""
    return notice is not None and notice.no_copying


def rewrite_first(
    document: Document, stream: MatchText, found: Sequence[Found]
) -> tuple[ParagraphAdvice, ...]:
    """The paragraphs that hold reuse, those with most of it first."""
    copied = _by_paragraph(stream, _status_of(len(stream), found) == _ORDER.index("reuse"))
    lengths = np.diff(stream.paragraph_starts)
    order = np.argsort(-copied, kind="stable")
    advice = []
    for place in order[copied[order] > 0].tolist():
        number = int(stream.paragraph_numbers[place])
        span = Span(int(document.paragraphs.starts[number]), int(document.paragraphs.ends[number]))
        advice.append(
            ParagraphAdvice(
                number=place + 1,
                span=span,
                characters=int(lengths[place]),
                copied_characters=int(copied[place]),
                text=document.text[span.start : span.end],
            )
        )
    return tuple(advice)


def _status_of(total: int, found: Sequence[Found]) -> NDArray[np.int64]:
    """[total] the number in _ORDER of each character's status, -1 where no passage covers it."""
    status_of = np.full(total, -1, np.int64)
    for number in range(len(_ORDER) - 1, -1, -1):
        for one in found:
            if one.passage.status == _ORDER[number]:
                status_of[one.start : one.end] = number
    return status_of


def _by_paragraph(stream: MatchText, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many chosen characters each paragraph has."""
    sums = np.concatenate([[0], np.cumsum(chosen)])
    return np.diff(sums[stream.paragraph_starts])


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
