"""The report on a document as one HTML file: figures, sources, the text in colours, both texts compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.messages import say
from dedup.reports.check.describe import advice_title, in_order, place_of
from dedup.reports.check.json import as_dictionary
from dedup.reports.check.reasons import basis_of, verdict_in_words
from dedup.reports.kit.places import Places
from dedup.reports.kit.ratios import percent
from dedup.reports.kit.webpage import differences, shown, web_page, word

if TYPE_CHECKING:
    from dedup.model import Report, SharedDraft
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "html"
STANDS_ALONE = True

_SCRIPTS = ("common.js", "figures.js", "text.js", "page.js")
_WORDS = ("comma", "figure.", "meaning.", "rewrite.", "source.", "passage.", "page.", "among.")
_FIGURES = ("copied_ratio", "matched_ratio", "largest_ratio", "copied", "total", "suspicious")


def render(report: Report, view: View) -> str:
    """The report as a page that opens in any browser of the last years."""
    language = view.language
    title = f"{report.submission.name} · {say('page.title', language)}"
    body = _header(report, language) + _body(report, language)
    return web_page(title, body, page_data(report, language), _WORDS, _SCRIPTS, language)


def page_data(report: Report, language: Language) -> dict[str, Any]:
    """What the scripts work on: the JSON report, and the text with its counts.

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
        # Clauses in another order would differ nearly everywhere.
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


def _header(report: Report, language: Language) -> str:
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
    return f"""<header>
<div class="tools"><button type="button" id="theme">{say("page.theme", language)}</button>
<button type="button" id="print">{say("page.print", language)}</button></div>
<p class="letterhead">{say("page.title", language)}</p>
<h1 lang="zh-CN">{shown(submission.name)}</h1>
<p class="path">{shown(submission.path)}</p>
</header>
<main>
<section class="verdict {verdict.level}">
<h2>{say("head.verdict", language)}</h2>
<p class="level"><strong>{shown(told.level)}</strong>
{shown(told.meaning)}</p>{empty}
<ul>{reasons}</ul>
{_basis(report, language)}</section>{not_checked}
<noscript><p class="noscript">{say("page.noscript", language)}</p></noscript>
"""


def _basis(report: Report, language: Language) -> str:
    if report.checked is None:
        return ""
    return (
        f'<p class="basis">{word("basis.title", language)}: {shown(basis_of(report.checked, language))}</p>\n'
    )


def _among(report: Report, language: Language) -> str:
    """What is shared with the other drafts of the call, complete: it needs no script."""
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


def _among_row(one: SharedDraft, language: Language) -> str:
    same = f' <span class="same">{word("among.identical", language)}</span>' if one.identical else ""
    return (
        f'<tr><td><span class="path">{shown(one.name)}</span>{same}</td>'
        f'<td class="count">{one.shared_characters}</td>'
        f'<td class="count">{percent(one.shared_ratio)}</td></tr>'
    )


def _body(report: Report, language: Language) -> str:
    def named(key: str) -> str:
        return word(key, language)

    meanings = "".join(
        f"<dt>{named(f'figure.{name}')}</dt><dd>{named(f'meaning.{name}')}</dd>"
        for name in (*_FIGURES, "formulaic", "quoted", "own", "minor", "suspected")
    )
    return f"""<section aria-labelledby="figures-title">
<h2 id="figures-title">{named("figure.title")}</h2>
<dl id="figures"></dl>
<p id="deducted"></p>
<details id="meanings"><summary>{named("meaning.title")}</summary><dl>{meanings}</dl></details>
</section>
<section aria-labelledby="map-title">
<h2 id="map-title">{named("page.where")}</h2>
<div id="map" aria-hidden="true"></div>
<p class="hint">{named("page.where_hint")}</p>
</section>
<section aria-labelledby="advice-title"><h2 id="advice-title">{named(advice_title(report))}</h2>
<table id="advice"></table></section>
<section aria-labelledby="sources-title"><h2 id="sources-title">{named("source.title")}</h2>
<table id="sources"></table></section>
{_among(report, language)}<section aria-labelledby="passages-title">
<h2 id="passages-title">{named("passage.title")}</h2>
<form id="filters" aria-label="{named("page.filters")}">
<fieldset id="filter-status"><legend>{named("page.status")}</legend></fieldset>
<fieldset id="filter-kind"><legend>{named("page.kind")}</legend></fieldset>
<label class="field">{named("page.source")} <select id="filter-source"></select></label>
<label class="field">{named("page.search")}
<input id="filter-search" type="search" size="12"></label>
<label class="field">{named("page.least")}
<input id="filter-least" type="number" min="0" step="5" value="0"></label>
<button type="reset">{named("page.reset")}</button>
<p id="now" aria-live="polite"></p>
<p id="shown" role="status"></p>
</form>
<p id="legend"></p>
<div class="reading">
<section class="sheet" aria-label="{named("page.submission")}">
<div id="text" lang="zh-CN"></div>
</section>
<section id="compare" aria-label="{named("page.passages")}">
<div id="overview"><h3>{named("page.passages")}</h3><p id="none" hidden>{named("page.none")}</p>
<ol id="list"></ol></div>
<div id="evidence" hidden>
<div class="steps"><span id="evidence-number"></span>
<button type="button" id="previous">{named("page.previous")}</button>
<button type="button" id="next">{named("page.next")}</button>
<button type="button" id="copy">{named("page.copy")}</button>
<button type="button" id="link">{named("page.link")}</button>
<button type="button" id="back">{named("page.back")}</button></div>
<h3 id="evidence-title" aria-live="polite"></h3>
<div id="evidence-body"></div>
</div>
<p class="keys">{named("page.keys")}</p>
</section>
</div>
<div id="appendix"></div>
</section>
</main>
<footer><p>{named("page.foot")}</p></footer>
"""
