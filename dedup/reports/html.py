"""The report as one HTML file: what it needs is inside it, and nothing is fetched.

Python writes the frame and the data, the scripts in `assets/` show them. The text of a document is never
markup: it travels as JSON in which no `<` is left, and becomes text nodes. The content security policy
admits the one style sheet and the one script by their hashes, and nothing else.
"""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from dedup.reports.columns import visible
from dedup.reports.comparison import Change, stretches
from dedup.reports.json import as_dictionary
from dedup.reports.places import Places
from dedup.wording import CATALOGUE, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.model import Report
    from dedup.reports import View
    from dedup.settings import Language

SUFFIX = "html"
STANDS_ALONE = True

_ASSETS = Path(__file__).with_name("assets")
_SCRIPTS = ("figures.js", "text.js", "page.js")
_WORDS = ("comma", "figure.", "meaning.", "rewrite.", "source.", "passage.", "page.")
_CHANGES = get_args(Change)
_FIGURES = ("copied_ratio", "matched_ratio", "largest_ratio", "copied", "total", "suspicious")


def render(report: Report, view: View) -> str:
    """The report as a page that opens in any browser of the last years."""
    style = (_ASSETS / "report.css").read_text(encoding="utf-8")
    script = "\n".join((_ASSETS / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    return "".join(_page(report, view.language, style, script))


def page_data(report: Report, language: Language) -> dict[str, Any]:
    """What the scripts work on: the JSON report, the text with its counts, and the words.

    A passage's own text is left out where the submission holds it, its source text where both are equal.
    `differences` are flat triples: number in `Change`, length of ours, length of theirs (code points).
    """
    places = Places(report)
    content = as_dictionary(report)
    content["language"] = "zh-CN" if language == "zh" else language
    content["words"] = {key: say(key, language) for key in CATALOGUE if key.startswith(_WORDS)}
    content["text"] = report.text
    content["paragraphs"] = [(one.span.start, one.span.end, int(one.kind)) for one in report.paragraphs]
    content["counted"] = places.counted_runs()
    ordered = sorted(report.passages, key=lambda one: one.start)
    for passage, written in zip(ordered, content["passages"], strict=True):
        written["paragraph"] = places.paragraph(passage.start)
        written["characters"] = places.characters(passage)
        alike = stretches(passage.text, passage.source_text) if passage.kind != "reordered" else []
        written["differences"] = [
            number for one in alike for number in (_CHANGES.index(one.change), len(one.left), len(one.right))
        ]
        if report.text[passage.start : passage.end] == passage.text:
            del written["text"]
        if passage.source_text == passage.text:
            del written["source_text"]
    return content


def _page(report: Report, language: Language, style: str, script: str) -> Iterator[str]:
    content = json.dumps(page_data(report, language), ensure_ascii=False, separators=(",", ":"))
    title = report.submission.title or report.submission.path
    yield f"""<!DOCTYPE html>
<html lang="{"zh-CN" if language == "zh" else language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{_shown(title)} · {say("page.title", language)}</title>
<style>{style}</style>
</head>
<body>
"""
    yield _header(report, language)
    yield _body(language)
    # JSON may write any character as an escape, and without "<" no tag can begin or end.
    harmless = content.replace("<", "\\u003c")
    yield f"""<script type="application/json" id="report-data">{harmless}</script>
<script>{script}</script>
</body>
</html>
"""


def _policy(style: str, script: str) -> str:
    def digest(text: str) -> str:
        return b64encode(sha256(text.encode()).digest()).decode()

    return (
        f"default-src 'none'; script-src 'sha256-{digest(script)}'; style-src 'sha256-{digest(style)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _shown(text: str) -> str:
    return escape(visible(text))


def _header(report: Report, language: Language) -> str:
    verdict, submission = report.verdict, report.submission
    reasons = "".join(f"<li>{_shown(reason)}</li>" for reason in verdict.reasons)
    skipped = "".join(f"<li>{_shown(one.path)}: {_shown(one.reason)}</li>" for one in report.skipped)
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
<h1 lang="zh-CN">{_shown(submission.title or submission.path)}</h1>
<p class="path">{_shown(submission.path)}</p>
</header>
<main>
<section class="verdict {verdict.level}">
<h2>{say("head.verdict", language)}</h2>
<p class="level"><strong>{say(f"level.{verdict.level}", language)}</strong>
{say(f"level.{verdict.level}.long", language)}</p>{empty}
<ul>{reasons}</ul>
</section>{not_checked}
<noscript><p class="noscript">{say("page.noscript", language)}</p></noscript>
"""


def _body(language: Language) -> str:
    def word(key: str) -> str:
        return escape(say(key, language))

    meanings = "".join(
        f"<dt>{word(f'figure.{name}')}</dt><dd>{word(f'meaning.{name}')}</dd>"
        for name in (*_FIGURES, "formulaic", "quoted", "own")
    )
    return f"""<section aria-labelledby="figures-title">
<h2 id="figures-title">{word("figure.title")}</h2>
<dl id="figures"></dl>
<p id="deducted"></p>
<details id="meanings"><summary>{word("meaning.title")}</summary><dl>{meanings}</dl></details>
</section>
<section aria-labelledby="map-title">
<h2 id="map-title">{word("page.where")}</h2>
<div id="map" aria-hidden="true"></div>
<p class="hint">{word("page.where_hint")}</p>
</section>
<section aria-labelledby="advice-title"><h2 id="advice-title">{word("rewrite.title")}</h2>
<table id="advice"></table></section>
<section aria-labelledby="sources-title"><h2 id="sources-title">{word("source.title")}</h2>
<table id="sources"></table></section>
<section aria-labelledby="passages-title">
<h2 id="passages-title">{word("passage.title")}</h2>
<form id="filters" aria-label="{word("page.filters")}">
<fieldset id="filter-status"><legend>{word("page.status")}</legend></fieldset>
<fieldset id="filter-kind"><legend>{word("page.kind")}</legend></fieldset>
<label class="field">{word("page.source")} <select id="filter-source"></select></label>
<label class="field">{word("page.least")}
<input id="filter-least" type="number" min="0" step="5" value="0"></label>
<button type="reset">{word("page.reset")}</button>
<p id="shown" role="status"></p>
</form>
<div class="reading">
<section class="sheet" aria-label="{word("page.submission")}">
<div id="text" lang="zh-CN"></div>
</section>
<section id="compare" aria-label="{word("page.passages")}">
<div id="overview"><h3>{word("page.passages")}</h3><p id="none" hidden>{word("page.none")}</p>
<ol id="list"></ol></div>
<div id="evidence" hidden>
<div class="steps"><span id="evidence-number"></span>
<button type="button" id="previous">{word("page.previous")}</button>
<button type="button" id="next">{word("page.next")}</button>
<button type="button" id="back">{word("page.back")}</button></div>
<h3 id="evidence-title" aria-live="polite"></h3>
<div id="evidence-body"></div>
</div>
<p class="keys">{word("page.keys")}</p>
</section>
</div>
<div id="appendix"></div>
</section>
</main>
<footer><p>{word("page.foot")}</p></footer>
"""
