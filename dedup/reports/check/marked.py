"""Mark the submission in a copy of its file: passages coloured, with comments on their sources.

Unlike the report document, this keeps the layout of the writer's file; for Word documents and PDFs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, get_args

from dedup.messages import label, say
from dedup.passage import Status
from dedup.readers.marking import mark
from dedup.readers.marks import Marked, Marks, Note, Shade, digest_of
from dedup.reports.check.describe import (
    comment_on,
    facts_of,
    figures_in_words,
    in_order,
    notice_of,
    source_figures,
    title_of,
)
from dedup.reports.check.history import history_lines
from dedup.reports.check.reasons import basis_of, verdict_in_words
from dedup.reports.kit.colours import AMONG, GROUNDS, NOT_REUSE
from dedup.reports.kit.columns import visible
from dedup.reports.kit.places import Places

if TYPE_CHECKING:
    from dedup.model import Report
    from dedup.passage import Passage, SharedPassage
    from dedup.settings import Language, ReadingLimits

_ORDER = get_args(Status)
_MOST_SOURCES = 20


def marked_copy(report: Report, content: bytes, language: Language, limits: ReadingLimits) -> Marked:
    """A copy of the submission, whose file has this `content`, with its passages marked.

    Raises UnsupportedInput where that cannot be done.
    """
    return mark(content, report.submission.path, marks_of(report, language), limits)


def marks_of(report: Report, language: Language) -> Marks:
    """A report's marks: a summary at the beginning, each passage, and text shared with other drafts."""
    places = Places(report)
    passages = in_order(report)
    shared = report.among.passages if report.among is not None else ()
    notes = [
        Note(one.start, one.end, "\n".join(comment_on(number, one, places, language)), _colour_of(one))
        for number, one in enumerate(passages, 1)
    ]
    notes += [
        Note(one.start, one.end, "\n".join(_shared(number, one, places, language)), AMONG)
        for number, one in enumerate(shared, 1)
    ]
    notes.sort(key=lambda note: note.start)
    beginning = next((one.span for one in report.paragraphs), None)
    if beginning is not None:
        notes.insert(0, Note(beginning.start, beginning.end, "\n".join(_summary(report, language))))
    return Marks(
        text_digest=digest_of(report.text),
        shades=tuple(_shades(_layers(report))),
        notes=tuple(notes),
        date=report.checked.time if report.checked is not None else "",
    )


def _summary(report: Report, language: Language) -> Iterator[str]:
    """The text of the first page of the report document."""
    told = verdict_in_words(report, language)
    yield say("page.title", language)
    meaning = f" – {told.meaning}" if told.meaning else ""
    yield f"{label('head.verdict', language)}{visible(told.level)}{visible(meaning)}"
    yield from (f"— {visible(line)}" for line in (*told.reasons, *told.remarks))
    yield from (
        f"{name}{say('colon', language)}{value}" for name, value in figures_in_words(report, language)
    )
    yield from history_lines(report, language)
    if report.sources:
        yield label("source.title", language).rstrip()
    for source in report.sources[:_MOST_SOURCES]:
        copied, ratio, passages = source_figures(source)
        share = say("source.line", language, copied=copied, ratio=ratio, passages=passages)
        about = (title_of(source), share, notice_of(source, language))
        yield f"{visible(source.document)} – {say('comma', language).join(filter(None, about))}"
    if report.checked is not None:
        yield f"{label('basis.title', language)}{visible(basis_of(report.checked, language))}"


def _shared(number: int, shared: SharedPassage, places: Places, language: Language) -> Iterator[str]:
    yield f"({number}) {' · '.join(facts_of(shared, places, language))}"
    yield f"{label('among.status', language)}{visible(shared.other)}"


# ------------------------------------------------------------------------------------------- colours


class _Layer(NamedTuple):
    """A stretch to be coloured; where several overlap, the lowest rank is shown."""

    rank: int
    start: int
    end: int
    colour: str


def _colour_of(passage: Passage) -> str:
    counts = passage.status == "reuse" and not passage.settled
    return GROUNDS[passage.kind] if counts else NOT_REUSE


def _layers(report: Report) -> list[_Layer]:
    layers = [
        _Layer(_ORDER.index(one.status), one.start, one.end, _colour_of(one)) for one in report.passages
    ]
    among = report.among.passages if report.among is not None else ()
    return layers + [_Layer(len(_ORDER), one.start, one.end, AMONG) for one in among]


def _shades(layers: list[_Layer]) -> Iterator[Shade]:
    """The visible parts of the layers, in order and without overlap."""
    borders = sorted({border for one in layers for border in (one.start, one.end)})
    waiting = sorted(layers, key=lambda one: one.start, reverse=True)
    open_layers: list[_Layer] = []
    for start, end in pairwise(borders):
        while waiting and waiting[-1].start <= start:
            open_layers.append(waiting.pop())
        open_layers = [one for one in open_layers if one.end > start]
        if open_layers:
            yield Shade(start, end, min(open_layers).colour)
