"""Compute figures, sources, and the paragraphs to rewrite first from passages.

A passage of status reuse also has some text of the submission's own, which does not count as copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from dedup.align.found import Found
from dedup.document import Document, Span
from dedup.model import Figures, ParagraphAdvice, SourceSummary
from dedup.passage import Status
from dedup.settings import Relation
from dedup.text.stream import MatchText

STATUSES: tuple[Status, ...] = get_args(Status)
"""A character that passages of several statuses cover counts for the first of these."""
MOST_ADVISED = 5000
"""Paragraphs that are advised to be rewritten: no writer goes through more; a hostile text has a million."""
_REUSE = STATUSES.index("reuse")


def count(stream: MatchText, found: Sequence[Found]) -> Figures:
    """The headline figures; each character counts once."""
    total = len(stream)
    status_of = _status_of(total, found)
    counted = dict(zip(STATUSES, np.bincount(status_of + 1, minlength=len(STATUSES) + 1)[1:], strict=True))
    copied = status_of == _REUSE
    largest = max((summary.copied_characters for summary in sources(total, found)), default=0)
    return Figures(
        total_characters=total,
        copied_characters=int(counted["reuse"]),
        copied_ratio=ratio(int(counted["reuse"]), total),
        formulaic_characters=int(counted["formulaic"]),
        quoted_characters=int(counted["quoted"]),
        own_characters=int(counted["own"]),
        largest_single_source_characters=largest,
        largest_single_source_ratio=ratio(largest, total),
        paragraphs=len(stream.paragraph_numbers),
        suspicious_paragraphs=int((_by_paragraph(stream, copied) > 0).sum()),
        minor_characters=int(counted["minor"]),
        suspected_characters=int(counted["suspected"]),
        by_relation=_by_relation(found),
    )


def sources(total: int, found: Sequence[Found]) -> list[SourceSummary]:
    """The source documents of passages of status reuse, the largest share first."""
    passages: dict[int, list[Found]] = {}
    for one in found:
        if one.passage.status == "reuse":
            passages.setdefault(one.source.number, []).append(one)
    summaries = []
    for of_one in passages.values():
        part, copied = of_one[0].source, covered(of_one)
        summaries.append(
            SourceSummary(
                document=part.path,
                part=part.part_title,
                title=part.title,
                notice=part.notice,
                copied_characters=copied,
                copied_ratio=ratio(copied, total),
                passages=len(of_one),
                relation=of_one[0].passage.relation,
            )
        )
    return sorted(summaries, key=lambda summary: (-summary.copied_characters, summary.document, summary.part))


def covered(passages: Iterable[Found]) -> int:
    """Number of characters that some passages copy, each counted once.

    Computed without an array of the submission's length, since a book has thousands of sources.
    """
    total = reached = 0
    for start, end in sorted(run for one in passages for run in one.runs):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def rewrite_first(
    document: Document, stream: MatchText, found: Sequence[Found]
) -> tuple[ParagraphAdvice, ...]:
    """The paragraphs with reuse, those with most first, up to the number that anybody may rewrite."""
    copied = copied_by_paragraph(stream, found)
    lengths = np.diff(stream.paragraph_starts)
    order = np.argsort(-copied, kind="stable")
    advice = []
    for place in order[copied[order] > 0][:MOST_ADVISED].tolist():
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


def ratio(part: int, whole: int) -> float:
    """The share `part` / `whole`; 0 if `whole` is 0."""
    return part / whole if whole else 0.0


def copied_by_paragraph(stream: MatchText, found: Sequence[Found]) -> NDArray[np.int64]:
    """Number of characters of status reuse in each paragraph that takes part, int64[paragraphs]."""
    return _by_paragraph(stream, _status_of(len(stream), found) == _REUSE)


def _by_relation(found: Sequence[Found]) -> dict[Relation, int]:
    relations: dict[Relation, list[Found]] = {}
    for one in found:
        if one.passage.status == "reuse":
            relations.setdefault(one.passage.relation, []).append(one)
    return {
        relation: covered(relations[relation]) for relation in get_args(Relation) if relation in relations
    }


def _status_of(total: int, found: Sequence[Found]) -> NDArray[np.int64]:
    """Number in STATUSES of each character's status, -1 if it has none, int64[total]."""
    status_of = np.full(total, -1, np.int64)
    for number in range(len(STATUSES) - 1, -1, -1):
        for one in found:
            if one.passage.status == STATUSES[number]:
                for start, end in one.runs:
                    status_of[start:end] = number
    return status_of


def _by_paragraph(stream: MatchText, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number of chosen characters in each paragraph, int64[paragraphs]."""
    sums = np.concatenate([[0], np.cumsum(chosen)])
    return np.diff(sums[stream.paragraph_starts])
