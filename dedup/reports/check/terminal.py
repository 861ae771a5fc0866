"""Write the report for a writer at a terminal, the most important first.

Verdict and figures, the paragraphs to rewrite first with the effect of that, the sources with their notices,
then every passage beside its source. Tables are drawn in ASCII: line-drawing characters take one column in
some East Asian terminals and two in others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dedup.messages import say
from dedup.reports.check.advice import advice_note, advice_title, advised, share_of
from dedup.reports.check.describe import (
    by_relation,
    figures_in_words,
    not_reuse,
    notice_of,
    relation_in_words,
    source_figures,
    title_of,
)
from dedup.reports.check.history import history_lines
from dedup.reports.check.passages import (
    among_section,
    decided_section,
    innocent_section,
    passage_section,
)
from dedup.reports.check.reasons import basis_of, verdict_in_words
from dedup.reports.kit.columns import clip, clip_middle, visible, width, wrap
from dedup.reports.kit.findings import finding_lines, gravest, owner_in_words
from dedup.reports.kit.page import NARROW, hanging, heading, paint, table, width_beside
from dedup.reports.kit.places import Places
from dedup.reports.kit.ratios import percent
from dedup.tally import MOST_ADVISED

if TYPE_CHECKING:
    from dedup.model import ParagraphAdvice, Report, SourceSummary
    from dedup.reports import View

SUFFIX = "txt"
STANDS_ALONE = False

_MOST_PARAGRAPHS = 5
_MOST_SOURCES = 5
_MOST_FINDINGS = 10
_LEVEL_COLOURS = {"pass": "32", "warn": "33", "block": "31", "unknown": "33"}


def render(report: Report, view: View) -> str:
    """The report as lines of at most `view.columns` columns."""
    places = Places(report)
    sections = [
        _head(report, view),
        _figures(report, view),
        _history(report, view),
        _rewrite_first(report, view),
        _sources(report, view),
        decided_section(report, places, view),
        passage_section(report, places, view),
        innocent_section(report, view),
        among_section(report, places, view),
        _left_over(report, places, view),
        _skipped(report, view),
        _basis(report, view),
    ]
    blocks = ("\n".join(line.rstrip() for line in lines) for lines in map(list, sections) if lines)
    return "\n\n".join(blocks) + "\n"


def render_overview(reports: Sequence[Report], view: View) -> str:
    """A row for each document, the most reuse first; printed after the reports of several documents."""
    language = view.language
    wide = view.columns >= NARROW
    name_columns = max(12, (view.columns - 30) // 2 if wide else view.columns - 22)
    body = [
        (
            say(f"level.{report.verdict.level}", language),
            percent(report.figures.copied_ratio),
            clip_middle(visible(report.submission.path), name_columns),
            clip_middle(visible(report.sources[0].document), name_columns) if report.sources else "",
        )
        for report in sorted(reports, key=lambda report: -report.figures.copied_ratio)
    ]
    names = ("head.verdict", "overview.ratio", "overview.document", "overview.largest")
    kept = len(names) if wide else 3
    headers = [say(name, language) for name in names[:kept]]
    lines = [
        heading(say("overview.title", language), view),
        table([row[:kept] for row in body], headers),
    ]
    return "\n".join(lines) + "\n"


def _head(report: Report, view: View) -> Iterator[str]:
    language, submission, verdict = view.language, report.submission, report.verdict
    title = f"《{visible(submission.title)}》" if submission.title else ""
    yield from hanging(say("head.submission", language), f"{visible(submission.path)} {title}".strip(), view)
    label, told = say("head.verdict", language), verdict_in_words(report, language)
    first, *more = hanging(label, f"{told.level} - {told.meaning}" if told.meaning else told.level, view)
    yield first.replace(told.level, paint(told.level, "1;" + _LEVEL_COLOURS[verdict.level], view), 1)
    yield from more
    for mark, lines in (("-", told.reasons), ("!", told.remarks)):
        for line in lines:
            yield from hanging(mark, visible(line), view, indent=width(label) + 2)


def _figures(report: Report, view: View) -> Iterator[str]:
    figures, language = report.figures, view.language
    if not figures.total_characters:
        yield say("head.empty", language)
        return
    shown = figures_in_words(report, language)
    ratios, counts = shown[:3], shown[3:6]
    yield heading(say("figure.title", language), view)
    if view.columns >= NARROW:
        rows = [(*ratio, "", *count) for ratio, count in zip(ratios, counts, strict=True)]
        yield table(rows, right=(1, 4))
    else:
        yield table(ratios + counts, right=(1,))
    if figures.counted_characters != figures.copied_characters:
        facts = {"ratio": percent(figures.counted_ratio), "count": figures.counted_characters}
        yield from wrap(say("figure.counts", language, **facts), view.columns)
    deducted = [
        f"{say(f'figure.{name}', language)} {say('passage.characters', language, count=count)}"
        for name, count in not_reuse(figures)
        if count and name != "suspected"
    ]
    if deducted:
        yield from wrap(
            say("figure.note", language, deducted=say("comma", language).join(deducted)), view.columns
        )


def _history(report: Report, view: View) -> Iterator[str]:
    if report.history is None:
        return
    yield heading(say("history.title", view.language), view)
    for line in history_lines(report, view.language):
        yield from hanging("-", line, view)


def _rewrite_first(report: Report, view: View) -> Iterator[str]:
    whole = advised(report)
    if not whole and report.plan is None:
        return
    language, body = view.language, whole if view.complete else whole[:_MOST_PARAGRAPHS]
    yield heading(say(advice_title(report), language), view)
    if body:
        yield from _advice_table(body, view) if view.columns >= NARROW else _advice_lines(body, view)
    yield from wrap(visible(advice_note(report, len(body), language)), view.columns)
    planned = report.plan is not None and report.plan.reaches
    # Of very many paragraphs those with most reuse are listed, but all are counted.
    every = len(whole) if planned or len(whole) < MOST_ADVISED else report.figures.suspicious_paragraphs
    if count := every - len(body):
        key = "rewrite.more_planned" if planned else "rewrite.more"
        yield from wrap(say(key, language, count=count), view.columns)


def _advice_table(body: Sequence[tuple[ParagraphAdvice, str]], view: View) -> Iterator[str]:
    headers = [say(f"rewrite.{name}", view.language) for name in ("paragraph", "share", "after")]
    rows = [(str(advice.number), share_of(advice, view.language), after) for advice, after in body]
    columns = max(16, view.columns - width_beside(rows, headers) - 2)
    beginnings = [clip(visible(advice.text.strip()), columns) for advice, _ in body]
    headers.append(say("rewrite.beginning", view.language))
    yield table([(*row, text) for row, text in zip(rows, beginnings, strict=True)], headers, right=(0, 1, 2))


def _advice_lines(body: Sequence[tuple[ParagraphAdvice, str]], view: View) -> Iterator[str]:
    for advice, after in body:
        facts = say(
            "rewrite.line",
            view.language,
            number=advice.number,
            share=share_of(advice, view.language),
            after=after,
        )
        yield from hanging("-", facts, view)
        yield "  " + clip(visible(advice.text.strip()), view.columns - 2)


def _sources(report: Report, view: View) -> Iterator[str]:
    if not report.sources:
        return
    language = view.language
    shown = report.sources if view.complete else report.sources[:_MOST_SOURCES]
    yield heading(say("source.title", language), view)
    if shares := by_relation(report.figures, language):
        yield from wrap(shares, view.columns)
    yield from _source_table(shown, view) if view.columns >= NARROW else _source_list(shown, view)
    if count := len(report.sources) - len(shown):
        yield from wrap(say("source.more", language, count=count), view.columns)


def _source_table(sources: Sequence[SourceSummary], view: View) -> Iterator[str]:
    headers = [say(f"source.{name}", view.language) for name in ("copied", "ratio", "passages")]
    rows = [source_figures(source) for source in sources]
    columns = max(24, view.columns - width_beside(rows, headers) - 2)
    names = ["\n".join(_source_lines(source, columns, view)) for source in sources]
    headers.insert(0, say("source.document", view.language))
    yield table([(name, *row) for name, row in zip(names, rows, strict=True)], headers, right=(1, 2, 3))


def _source_list(sources: Sequence[SourceSummary], view: View) -> Iterator[str]:
    for source in sources:
        first, *more = _source_lines(source, view.columns - 2, view)
        yield f"- {first}"
        copied, ratio, passages = source_figures(source)
        facts = say("source.line", view.language, copied=copied, ratio=ratio, passages=passages)
        yield from (f"  {line}" for line in (*more, *wrap(facts, view.columns - 2)))


def _source_lines(source: SourceSummary, columns: int, view: View) -> Iterator[str]:
    yield clip_middle(visible(source.document), columns)
    if title := title_of(source):
        yield clip_middle(f"《{title}》", columns)
    if relation := relation_in_words(source.relation, view.language):
        yield from wrap(relation, columns)
    if source.notice is None:
        return
    for line in wrap(notice_of(source, view.language), columns):
        yield paint(line, "33", view) if source.notice.no_copying else line


def _left_over(report: Report, places: Places, view: View) -> Iterator[str]:
    if not report.left_over:
        return
    yield heading(say("lint.section", view.language), view)
    for line in owner_in_words(report.owner, view.language):
        yield from wrap(line, view.columns)
    most = None if view.complete else _MOST_FINDINGS
    yield from finding_lines(gravest(report.left_over), report.text, places, view, most)


def _skipped(report: Report, view: View) -> Iterator[str]:
    if not report.skipped:
        return
    yield heading(say("skipped.title", view.language), view)
    for skipped in report.skipped:
        yield from wrap(f"{visible(skipped.path)}: {visible(skipped.why(view.language))}", view.columns)


def _basis(report: Report, view: View) -> Iterator[str]:
    if report.checked is None:
        return
    label = say("basis.title", view.language)
    yield from hanging(label, visible(basis_of(report.checked, view.language)), view)
