"""Write the report as Markdown, for issue trackers and mail, with tables for GitHub and GitLab."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dedup.messages import label, say
from dedup.reports.check.advice import advice_note, advice_title, advised, share_of
from dedup.reports.check.describe import (
    about_source,
    by_relation,
    facts_of,
    figures_in_words,
    headline,
    in_order,
    remarks,
    source_figures,
    source_of,
)
from dedup.reports.check.history import history_lines
from dedup.reports.check.reasons import basis_of, verdict_in_words
from dedup.reports.kit.comparison import stretches
from dedup.reports.kit.findings import owner_in_words
from dedup.reports.kit.markup import ESCAPES, finding_table, plain
from dedup.reports.kit.places import Places
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.model import Report
    from dedup.passage import Kind
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "md"
STANDS_ALONE = False


def render(report: Report, view: View) -> str:
    """The report as Markdown; passages of every status, each with both texts quoted."""
    language = view.language
    sections = [
        _head(report, language),
        _figures(report, language),
        _history(report, language),
        _rewrite_first(report, language),
        _sources(report, language),
        _passages(report, language),
        _among(report, language),
        _left_over(report, language),
        _skipped(report, language),
        _basis(report, language),
    ]
    blocks = ("\n".join(lines) for lines in map(list, sections) if lines)
    return "\n\n".join(blocks) + "\n"


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + " --- |" * len(head)
    yield from (f"| {' | '.join(row)} |" for row in body)


def _head(report: Report, language: Language) -> Iterator[str]:
    submission = report.submission
    title = f" 《{plain(submission.title)}》" if submission.title else ""
    yield f"# {say('page.title', language)}"
    yield ""
    yield f"{label('head.submission', language)}{plain(submission.path)}{title}"
    yield ""
    told = verdict_in_words(report, language)
    meaning = f" – {plain(told.meaning)}" if told.meaning else ""
    yield f"{say('head.verdict', language)}: **{plain(told.level)}**{meaning}"
    if told.reasons or told.remarks:
        yield ""
        yield from (f"- {plain(line)}" for line in (*told.reasons, *told.remarks))


def _figures(report: Report, language: Language) -> Iterator[str]:
    if not report.figures.total_characters:
        yield say("head.empty", language)
        return
    yield f"## {say('figure.title', language)}"
    yield ""
    names, values = zip(*figures_in_words(report, language), strict=True)
    yield from _table(names, [values])


def _history(report: Report, language: Language) -> Iterator[str]:
    if report.history is None:
        return
    yield f"## {say('history.title', language)}"
    yield ""
    yield from (f"- {plain(line)}" for line in history_lines(report, language))


def _rewrite_first(report: Report, language: Language) -> Iterator[str]:
    whole = advised(report)
    if not whole and report.plan is None:
        return
    yield f"## {say(advice_title(report), language)}"
    yield ""
    beginning = 40
    body = [
        (
            str(advice.number),
            share_of(advice, language),
            after,
            plain(advice.text.strip()[:beginning]) + ("…" if len(advice.text) > beginning else ""),
        )
        for advice, after in whole
    ]
    if body:
        names = ("paragraph", "share", "after", "beginning")
        yield from _table([say(f"rewrite.{name}", language) for name in names], body)
        yield ""
    yield f"- {plain(advice_note(report, len(body), language))}"


def _sources(report: Report, language: Language) -> Iterator[str]:
    if not report.sources:
        return
    yield f"## {say('source.title', language)}"
    yield ""
    if shares := by_relation(report.figures, language):
        yield shares
        yield ""
    body = [
        ("<br>".join(line.translate(ESCAPES) for line in about_source(one, language)), *source_figures(one))
        for one in report.sources
    ]
    yield from _table(
        [say(f"source.{name}", language) for name in ("document", "copied", "ratio", "passages")], body
    )


def _passages(report: Report, language: Language) -> Iterator[str]:
    if not report.passages:
        return
    places = Places(report)
    yield f"## {say('passage.title', language)}"
    yield ""
    yield say("passage.marks", language).translate(ESCAPES)
    for number, passage in enumerate(in_order(report), 1):
        yield ""
        yield f"### {number}. {headline(passage, places, language).translate(ESCAPES)}"
        yield ""
        yield f"- {label('passage.source', language)}{source_of(passage, language).translate(ESCAPES)}"
        for name, text in remarks(passage, language):
            yield f"- {name}{say('colon', language)}{text.translate(ESCAPES)}"
        yield ""
        ours, theirs = _marked(passage.text, passage.source_text, passage.kind)
        yield f"> {label('page.ours', language)}{ours}"
        yield ">"
        yield f"> {label('page.theirs', language)}{theirs}"


def _among(report: Report, language: Language) -> Iterator[str]:
    among = report.among
    if among is None:
        return
    yield f"## {say('among.title', language)}"
    yield ""
    if not among.drafts:
        yield say("among.none", language, count=among.compared)
        return
    body = [
        (
            plain(one.name) + (f" ({say('among.identical', language)})" if one.identical else ""),
            str(one.shared_characters),
            percent(one.shared_ratio),
        )
        for one in among.drafts
    ]
    yield from _table([say(f"among.{name}", language) for name in ("document", "shared", "ratio")], body)
    places = Places(report)
    for number, one in enumerate(among.passages, 1):
        yield ""
        facts = " · ".join(facts_of(one, places, language))
        yield f"### {f'({number}) {facts}'.translate(ESCAPES)}"
        yield ""
        yield f"- {label('among.other', language)}{plain(one.other)}"
        yield ""
        ours, theirs = _marked(one.text, one.other_text, one.kind)
        yield f"> {label('page.ours', language)}{ours}"
        yield ">"
        yield f"> {label('among.other', language)}{theirs}"


def _left_over(report: Report, language: Language) -> Iterator[str]:
    if not report.left_over:
        return
    yield f"## {say('lint.section', language)}"
    yield ""
    yield from (f"- {plain(line)}" for line in owner_in_words(report.owner, language))
    yield ""
    yield from finding_table(report.left_over, report.text, Places(report), language)


def _basis(report: Report, language: Language) -> Iterator[str]:
    if report.checked is not None:
        yield f"{label('basis.title', language)}{plain(basis_of(report.checked, language))}"


def _marked(text: str, source_text: str, kind: Kind) -> tuple[str, str]:
    """Both texts with differences in brackets; without brackets if clauses are in another order."""
    if kind == "reordered":
        return plain(text), plain(source_text)
    alike = stretches(text, source_text)
    return (
        "".join(_mark(one.left, bool(one.change)) for one in alike),
        "".join(_mark(one.right, bool(one.change)) for one in alike),
    )


def _mark(text: str, differs: bool) -> str:
    return f"\\[{plain(text)}\\]" if differs and text else plain(text)


def _skipped(report: Report, language: Language) -> Iterator[str]:
    if not report.skipped:
        return
    yield f"## {say('skipped.title', language)}"
    yield ""
    yield from (f"- {plain(one.path)}: {plain(one.why(language))}" for one in report.skipped)
