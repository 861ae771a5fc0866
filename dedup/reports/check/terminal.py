"""The report for a writer at a terminal: what matters first stands first.

Verdict and figures, which paragraphs to rewrite first and what that saves, the sources with their notices,
then every passage beside its source. Tables are drawn in ASCII: line-drawing characters take one column in
some East Asian terminals and two in others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dedup.reports.check.passages import innocent_section, passage_section
from dedup.reports.check.reasons import sentences
from dedup.reports.kit.columns import clip, clip_path, visible, width, wrap
from dedup.reports.kit.page import hanging, heading, paint, percent, table
from dedup.wording import say

if TYPE_CHECKING:
    from dedup.model import Report, SourceSummary
    from dedup.reports import View

SUFFIX = "txt"
STANDS_ALONE = False

_MOST_PARAGRAPHS = 5
_MOST_SOURCES = 5
_LEVEL_COLOURS = {"pass": "32", "warn": "33", "block": "31"}


def render(report: Report, view: View) -> str:
    """The report as lines of at most `view.columns` columns."""
    sections = [
        _head(report, view),
        _figures(report, view),
        _rewrite_first(report, view),
        _sources(report, view),
        passage_section(report, view),
        innocent_section(report, view),
        _skipped(report, view),
    ]
    blocks = ("\n".join(line.rstrip() for line in lines) for lines in map(list, sections) if lines)
    return "\n\n".join(blocks) + "\n"


def render_overview(reports: Sequence[Report], view: View) -> str:
    """One row a document, the most reuse first; follows the reports of several documents."""
    language = view.language
    name_columns = max(16, (view.columns - 30) // 2)
    body = [
        (
            say(f"level.{report.verdict.level}", language),
            percent(report.figures.copied_ratio),
            clip_path(visible(report.submission.path), name_columns),
            clip_path(visible(report.sources[0].document), name_columns) if report.sources else "",
        )
        for report in sorted(reports, key=lambda report: -report.figures.copied_ratio)
    ]
    names = ("head.verdict", "overview.ratio", "overview.document", "overview.largest")
    lines = [
        heading(say("overview.title", language), view),
        table(body, [say(name, language) for name in names]),
    ]
    return "\n".join(lines) + "\n"


def _head(report: Report, view: View) -> Iterator[str]:
    language, submission, verdict = view.language, report.submission, report.verdict
    title = f"《{visible(submission.title)}》" if submission.title else ""
    yield from hanging(say("head.submission", language), f"{visible(submission.path)} {title}".strip(), view)
    level = say(f"level.{verdict.level}", language)
    label = say("head.verdict", language)
    meaning = say(f"level.{verdict.level}.long", language)
    yield f"{label}  {paint(level, '1;' + _LEVEL_COLOURS[verdict.level], view)} - {meaning}"
    for reason in sentences(verdict, language):
        yield from hanging("-", visible(reason), view, indent=width(label) + 2)


def _figures(report: Report, view: View) -> Iterator[str]:
    figures, language = report.figures, view.language
    if not figures.total_characters:
        yield say("head.empty", language)
        return
    shown = [
        ("copied_ratio", percent(figures.copied_ratio), "copied", str(figures.copied_characters)),
        ("matched_ratio", percent(figures.matched_ratio), "total", str(figures.total_characters)),
        (
            "largest_ratio",
            percent(figures.largest_single_source_ratio),
            "suspicious",
            f"{figures.suspicious_paragraphs} / {figures.paragraphs}",
        ),
    ]
    yield heading(say("figure.title", language), view)
    yield table(
        [
            (say(f"figure.{name}", language), value, "", say(f"figure.{other}", language), other_value)
            for name, value, other, other_value in shown
        ],
        right=(1, 4),
    )
    deducted = [
        f"{say(f'figure.{name}', language)} {say('passage.characters', language, count=count)}"
        for name, count in (
            ("formulaic", figures.formulaic_characters),
            ("quoted", figures.quoted_characters),
            ("own", figures.own_characters),
        )
        if count
    ]
    if deducted:
        yield from wrap(
            say("figure.note", language, deducted=say("comma", language).join(deducted)), view.columns
        )


def _rewrite_first(report: Report, view: View) -> Iterator[str]:
    if not report.rewrite_first:
        return
    language, figures = view.language, report.figures
    shown = report.rewrite_first if view.complete else report.rewrite_first[:_MOST_PARAGRAPHS]
    beginning_columns = max(16, view.columns - 34)
    left = figures.copied_characters
    body = []
    for advice in shown:
        left = max(0, left - advice.copied_characters)
        body.append(
            (
                str(advice.number),
                f"{advice.copied_characters}/{advice.characters}",
                percent(left / figures.total_characters),
                clip(visible(advice.text.strip()), beginning_columns),
            )
        )
    yield heading(say("rewrite.title", language), view)
    names = ("paragraph", "share", "after", "beginning")
    yield table(body, [say(f"rewrite.{name}", language) for name in names], right=(0, 1, 2))
    before, after = percent(figures.copied_ratio), percent(left / figures.total_characters)
    yield say("rewrite.saving", language, count=len(shown), before=before, after=after)
    if len(shown) < len(report.rewrite_first):
        yield say("rewrite.more", language, count=len(report.rewrite_first) - len(shown))


def _sources(report: Report, view: View) -> Iterator[str]:
    if not report.sources:
        return
    language = view.language
    shown = report.sources if view.complete else report.sources[:_MOST_SOURCES]
    document_columns = max(24, view.columns - 30)
    body = [
        (
            "\n".join(_source_lines(source, document_columns, view)),
            str(source.copied_characters),
            percent(source.copied_ratio),
            str(source.passages),
        )
        for source in shown
    ]
    yield heading(say("source.title", language), view)
    names = ("document", "copied", "ratio", "passages")
    yield table(body, [say(f"source.{name}", language) for name in names], right=(1, 2, 3))
    if len(shown) < len(report.sources):
        yield say("source.more", language, count=len(report.sources) - len(shown))


def _source_lines(source: SourceSummary, columns: int, view: View) -> Iterator[str]:
    language = view.language
    yield clip_path(visible(source.document), columns)
    title = source.part or source.title
    if title:
        yield clip(f"《{visible(title)}》", columns)
    if source.notice is None:
        return
    key = "source.notice_forbids" if source.notice.no_copying else "source.notice"
    for line in wrap(say(key, language, text=visible(source.notice.text)), columns):
        yield paint(line, "33", view) if source.notice.no_copying else line


def _skipped(report: Report, view: View) -> Iterator[str]:
    if not report.skipped:
        return
    yield heading(say("skipped.title", view.language), view)
    for skipped in report.skipped:
        yield from wrap(f"{visible(skipped.path)}: {visible(skipped.why(view.language))}", view.columns)
