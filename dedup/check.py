"""One submission against an index → a report."""

from __future__ import annotations

from dedup.align.apart import find_apart
from dedup.align.describe import PassageMaker
from dedup.align.matching import Draft, find_matches
from dedup.align.phrases import load_phrases
from dedup.index.index import Index
from dedup.model import Document, ParagraphKind, Report, ReportedParagraph, Span, Submission
from dedup.settings import Settings
from dedup.tally import count, judge, rewrite_first, sources
from dedup.text.normalize import fold_slots
from dedup.text.stream import stream_document


def check(document: Document, index: Index, settings: Settings) -> Report:
    """What of a document stands in the index, from where, how much changed, and whether that is reuse.

    A document without text to compare gives an empty report. Raises IndexDamaged when a file of the index is
    found altered on the way.
    """
    stream = stream_document(document).text
    formulaic = load_phrases().cover(fold_slots(stream.codes))
    apart = find_apart(document, stream, settings.template)
    draft = Draft.prepare(document.text, stream, formulaic, apart)
    # A text without characters matches nothing; the arithmetic of matching wants at least one.
    matches = find_matches(draft, index) if len(stream) else None
    found = PassageMaker(draft, document.title, index, settings).passages(matches) if matches else []
    figures = count(stream, found)
    summaries = sources(len(stream), found)
    return Report(
        submission=Submission(
            document.name, document.title, len(document.text), len(stream.paragraph_numbers)
        ),
        figures=figures,
        verdict=judge(figures, summaries, found, settings),
        sources=tuple(summaries),
        passages=tuple(one.passage for one in found),
        rewrite_first=rewrite_first(document, stream, found),
        text=document.text,
        paragraphs=_paragraphs(document),
    )


def _paragraphs(document: Document) -> tuple[ReportedParagraph, ...]:
    columns = document.paragraphs
    rows = zip(columns.starts.tolist(), columns.ends.tolist(), columns.kinds.tolist(), strict=True)
    return tuple(ReportedParagraph(Span(start, end), ParagraphKind(kind)) for start, end, kind in rows)
