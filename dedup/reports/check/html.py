"""Write the report as one HTML file: figures, sources, the text in colours, both texts compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.messages import say
from dedup.reports.check.advice import advice_note, advice_title, advised
from dedup.reports.check.decisions import badge, decision_in_words
from dedup.reports.check.describe import in_order, place_of
from dedup.reports.check.history import history_lines
from dedup.reports.check.json import as_dictionary
from dedup.reports.check.reasons import basis_of, verdict_in_words
from dedup.reports.kit.findings import around, gravest, kind_of, owner_in_words, problem_of
from dedup.reports.kit.places import Places
from dedup.reports.kit.ratios import percent
from dedup.reports.kit.webpage import differences, filled, shown, web_page, word

if TYPE_CHECKING:
    from dedup.model import Finding, Report, SharedDraft
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "html"
STANDS_ALONE = True

_SCRIPTS = ("common.js", "figures.js", "text.js", "page.js")
_WORDS = (
    "comma",
    "colon",
    "figure.",
    "meaning.",
    "rewrite.",
    "source.",
    "passage.",
    "page.",
    "among.",
    "relation.",
    "novelty.",
)
_FIGURES = ("copied_ratio", "matched_ratio", "largest_ratio", "copied", "total", "suspicious")


def render(report: Report, view: View) -> str:
    """The report as a page that opens in any browser of the last years."""
    language = view.language
    title = f"{report.submission.name} · {say('page.title', language)}"
    return web_page(title, _body(report, language), page_data(report, language), _WORDS, _SCRIPTS, language)


def page_data(report: Report, language: Language) -> dict[str, Any]:
    """The data for the scripts: the JSON report, and the text with its counts.

    A passage's own text is left out where the submission holds it, its source text where both are equal.
    """
    places = Places(report)
    content = as_dictionary(report, language)
    content["text"] = report.text
    content["paragraphs"] = [(one.span.start, one.span.end, int(one.kind)) for one in report.paragraphs]
    content["counted"] = places.counted_runs()
    ordered = in_order(report)
    for passage, written in zip(ordered, content["passages"], strict=True):
        written["paragraph"] = places.paragraph(passage.start)
        written["place"] = place_of(passage.start, passage.end, places, language)
        written["characters"] = places.characters(passage)
        if passage.settled:
            written["settled"] = True
        if passage.decision is not None:
            written["badge"] = badge(passage, language)
            written["decided"] = decision_in_words(passage, language)
        # With clauses in another order, nearly everything would be marked as different.
        aligned = passage.kind != "reordered"
        written["differences"] = differences(passage.text, passage.source_text) if aligned else []
        if report.text[passage.start : passage.end] == passage.text:
            del written["text"]
        if passage.source_text == passage.text:
            del written["source_text"]
    for shared in content["among"]["passages"] if content["among"] else ():
        aligned = shared["kind"] != "reordered"
        shared["place"] = place_of(shared["start"], shared["end"], places, language)
        shared["differences"] = differences(shared["text"], shared["with_text"]) if aligned else []
    return content


def _body(report: Report, language: Language) -> str:
    verdict, submission = report.verdict, report.submission
    told = verdict_in_words(report, language)
    reasons = "".join(f"<li>{shown(line)}</li>" for line in told.reasons)
    reasons += "".join(f'<li class="remark">{shown(line)}</li>' for line in told.remarks)
    skipped = "".join(f"<li>{shown(one.path)}: {shown(one.why(language))}</li>" for one in report.skipped)
    not_checked = (
        f'<section class="skipped"><h2>{say("skipped.title", language)}</h2><ul>{skipped}</ul></section>'
        if skipped
        else ""
    )
    empty = f"<p>{say('head.empty', language)}</p>" if not report.figures.total_characters else ""
    meanings = "".join(
        f"<dt>{word(f'figure.{name}', language)}</dt><dd>{word(f'meaning.{name}', language)}</dd>"
        for name in (*_FIGURES, "formulaic", "quoted", "own", "minor", "suspected")
    )
    return filled(
        "report.html",
        language,
        name=shown(submission.name),
        path=shown(submission.path),
        verdict=verdict.level,
        level=shown(told.level),
        meaning=shown(told.meaning),
        empty=empty,
        reasons=reasons,
        basis=_history(report, language) + _basis(report, language),
        skipped=not_checked,
        meanings=meanings,
        advice=word(advice_title(report), language),
        advice_note=_advice_note(report, language),
        among=_among(report, language) + _left_over(report, language),
    )


def _advice_note(report: Report, language: Language) -> str:
    count = len(advised(report))
    if not count and report.plan is None:
        return ""
    return f'<p class="hint">{shown(advice_note(report, count, language))}</p>'


def _basis(report: Report, language: Language) -> str:
    if report.checked is None:
        return ""
    title = word("basis.title", language) + word("colon", language)
    return f'<p class="basis">{title}{shown(basis_of(report.checked, language))}</p>\n'


def _history(report: Report, language: Language) -> str:
    """The history of the draft since its earlier checks, as markup that needs no script."""
    if report.history is None:
        return ""
    first, *more = (shown(line) for line in history_lines(report, language))
    lines = "".join(f"<li>{line}</li>" for line in more)
    title = word("history.title", language) + word("colon", language)
    return f'<p class="history">{title}<strong>{first}</strong></p><ul>{lines}</ul>\n'


def _among(report: Report, language: Language) -> str:
    """The passages shared with other drafts of the call, as markup that needs no script."""
    among = report.among
    if among is None:
        return ""
    title = f'<h2 id="among-title">{word("among.title", language)}</h2>'
    if not among.drafts:
        content = f"<p>{word('among.none', language, count=among.compared)}</p>"
    else:
        names = "".join(
            f'<th scope="col">{word(f"among.{name}", language)}</th>'
            for name in ("document", "shared", "ratio")
        )
        rows = "".join(_among_row(one, language) for one in among.drafts)
        content = f"<table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"
        content += '<div id="among"></div>'
    return f'<section aria-labelledby="among-title">{title}{content}</section>\n'


def _left_over(report: Report, language: Language) -> str:
    """The traces of other documents, as markup that needs no script."""
    if not report.left_over:
        return ""
    title = f'<h2 id="left-over-title">{word("lint.section", language)}</h2>'
    owner = "".join(f"<li>{shown(line)}</li>" for line in owner_in_words(report.owner, language))
    names = "".join(
        f'<th scope="col">{word(f"lint.{name}", language)}</th>' for name in ("place", "found", "why")
    )
    places = Places(report)
    rows = "".join(
        f"<tr><td>{shown(kind_of(one, language))} "
        f"{shown(place_of(one.start, one.end, places, language))}</td>"
        f"<td>{_marked(one, report.text)}</td><td>{shown(problem_of(one, language))}</td></tr>"
        for one in gravest(report.left_over)
    )
    table = f"<table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<section aria-labelledby="left-over-title">{title}<ul>{owner}</ul>{table}</section>\n'


def _marked(finding: Finding, text: str) -> str:
    before, found, behind = map(shown, around(finding, text))
    return f'<span lang="zh-CN">{before}<strong>{found}</strong>{behind}</span>'


def _among_row(one: SharedDraft, language: Language) -> str:
    same = f' <span class="same">{word("among.identical", language)}</span>' if one.identical else ""
    return (
        f'<tr><td><span class="path">{shown(one.name)}</span>{same}</td>'
        f'<td class="count">{one.shared_characters}</td>'
        f'<td class="count">{percent(one.shared_ratio)}</td></tr>'
    )
