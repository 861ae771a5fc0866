"""Write the overview of a batch as one HTML page without scripts, which links to the reports."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from dedup.messages import say
from dedup.reports.check.reasons import basis_of
from dedup.reports.kit.ratios import percent
from dedup.reports.kit.webpage import filled, shown, web_page, word

if TYPE_CHECKING:
    from pathlib import Path

    from dedup.reports.batch.overview import Overview, Row
    from dedup.settings import Language

FILE_NAME = "index.html"

_MARK = 'class="batch"'
_MOST_IN_MATRIX = 60
"""Drafts beyond which pairs are listed instead, since the matrix would be wider than the page."""
_MOST_PAIRS = 200
_MOST_SOURCES = 30
_SHADES = (0.02, 0.1, 0.3, 0.6)
"""Shares from which a cell of the matrix is darker."""


def render(overview: Overview, language: Language) -> str:
    """The page of an overview."""
    title = say("batch.title", language)
    body = filled(
        "batch.html",
        language,
        mark=_MARK,
        headline=_headline(overview, language),
        basis=shown(basis_of(overview.checked, language)) if overview.checked is not None else "",
        rows=rows(overview, language),
        sources=_section("batch.sources", sources(overview, language), language),
        among=matrix(overview, language),
        skipped=_skipped(overview, language),
    )
    return web_page(title, body, {}, (), ("batch.css",), language)


def is_ours(path: Path) -> bool:
    """Tell whether this module wrote a file. Raises OSError."""
    return f"<main {_MARK}>" in path.read_text(encoding="utf-8", errors="replace")


def _headline(overview: Overview, language: Language) -> str:
    counts = "".join(
        f'<li class="{level}"><strong>{count}</strong> {word(f"level.{level}", language)}</li>'
        for level, count in overview.counts.items()
        if count
    )
    return f'<ul class="counts">{counts}</ul>'


def rows(overview: Overview, language: Language) -> str:
    """The drafts as rows of a table of five columns: number, verdict, draft, copied ratio, why."""
    return "".join(_row(row, number, language) for number, row in enumerate(overview.rows, 1))


def _row(row: Row, number: int, language: Language) -> str:
    reasons = "".join(f"<li>{shown(reason)}</li>" for reason in row.reasons)
    reasons += "".join(f'<li class="remark">! {shown(remark)}</li>' for remark in row.remarks)
    mostly = word("batch.mostly", language)
    name = shown(row.title or _file_name(row))
    source = f'<p class="path">{mostly}{shown(row.source)}</p>' if row.source else ""
    return (
        f'<tr class="{row.level}"><td class="number">{number}</td>'
        f'<td class="level"><strong>{shown(row.level_in_words)}</strong></td>'
        f'<td class="draft" lang="zh-CN"><a href="{_link(row.report)}">{name}</a>'
        f'<span class="path">{shown(row.path)}</span></td>'
        f'<td class="count" data-name="{word("batch.ratio", language)}">{_ratio(row, language)}</td>'
        f'<td class="why"><ul>{reasons}</ul>{source}</td></tr>\n'
    )


def _ratio(row: Row, language: Language) -> str:
    """The copied ratio, and the ratio that counts if they differ."""
    if row.counted_ratio == row.copied_ratio:
        return percent(row.copied_ratio)
    counts = word("batch.counts", language, ratio=percent(row.counted_ratio))
    return f'{percent(row.copied_ratio)}<br><span class="path">{counts}</span>'


def _link(place: str) -> str:
    """The address of a report, relative to the page; `./` keeps a colon from making it a URL scheme."""
    return escape("./" + quote(place, safe="/", errors="surrogateescape"))


def sources(overview: Overview, language: Language, most: int = _MOST_IN_MATRIX) -> str:
    """A table of the sources shared by several drafts, with the share of each draft; empty for none.

    For more than `most` drafts, a list with the number of drafts for each source.
    """
    numbers = {row.path: number for number, row in enumerate(overview.rows, 1)}
    ratios: dict[str, dict[int, float]] = {}
    for one in overview.taken:
        held = ratios.setdefault(one.source, {})
        held[numbers[one.draft]] = held.get(numbers[one.draft], 0.0) + one.ratio
    common = [(source, held) for source, held in ratios.items() if len(held) > 1]
    common.sort(key=lambda one: (-len(one[1]), -sum(one[1].values()), one[0]))
    del common[_MOST_SOURCES:]
    drafts = sorted({number for _, held in common for number in held})
    if not drafts:
        return ""
    if len(drafts) > most:
        return _counted(common, language)
    lines = "".join(
        f'<tr><th scope="row" lang="zh-CN">{shown(source)}</th>'
        + "".join(_cell(held.get(number, 0.0), False) for number in drafts)
        + "</tr>"
        for source, held in common
    )
    return _table("batch.sources", drafts, lines, language)


def _counted(common: Sequence[tuple[str, dict[int, float]]], language: Language) -> str:
    """A table of the sources with the number of drafts that share each."""
    lines = "".join(
        f"<tr><td>{shown(source)}</td>"
        f'<td class="count">{word("batch.source_used", language, count=len(held))}</td></tr>'
        for source, held in common
    )
    return f'<table class="pairs"><tbody>{lines}</tbody></table>'


def _section(key: str, content: str, language: Language) -> str:
    return f"<section><h2>{word(key, language)}</h2>{content}</section>" if content else ""


def _table(key: str, columns: Sequence[int], lines: str, language: Language) -> str:
    """A table with a caption and with drafts as columns, by number."""
    heads = "".join(f'<th scope="col">{number}</th>' for number in columns)
    return (
        f'<p class="hint">{word(f"{key}_hint", language)}</p>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{word(key, language)}">'
        f'<table class="matrix"><thead><tr><td></td>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def matrix(overview: Overview, language: Language, most: int = _MOST_IN_MATRIX) -> str:
    """A matrix of the shares that drafts have in common, or a line if there are none.

    For more than `most` drafts that share something, a list of the pairs that share most.
    """
    if not overview.shared:
        return f"<p>{word('batch.none_shared', language)}</p>"
    numbers = {row.path: number for number, row in enumerate(overview.rows, 1)}
    sharing = sorted({numbers[one.draft] for one in overview.shared if one.draft in numbers})
    if len(sharing) > most:
        return _pairs(overview, numbers, language)
    ratios = {(numbers[one.draft], numbers.get(one.other, 0)): one.ratio for one in overview.shared}
    lines = "".join(
        f'<tr><th scope="row" lang="zh-CN"><span>{number}</span> {_name(overview, number)}</th>'
        + "".join(_cell(ratios.get((number, other), 0.0), number == other) for other in sharing)
        + "</tr>"
        for number in sharing
    )
    return _table("batch.among", sharing, lines, language)


def _file_name(row: Row) -> str:
    return row.path.rsplit("/", 1)[-1]


def _name(overview: Overview, number: int) -> str:
    row = overview.rows[number - 1]
    return f'<a href="{_link(row.report)}">{shown(_file_name(row))}</a>'


def _cell(ratio: float, itself: bool) -> str:
    if itself:
        return '<td class="self"></td>'
    return f'<td class="s{bisect_right(_SHADES, ratio)}">{percent(ratio, 0)}</td>' if ratio else "<td></td>"


def _pairs(overview: Overview, numbers: dict[str, int], language: Language) -> str:
    """A list of the pairs that share most; `summary.json` has all."""
    lines = "".join(
        f"<tr><td>{_name(overview, numbers[one.draft])}</td><td>{shown(one.other)}</td>"
        f'<td class="count">{percent(one.ratio)}</td></tr>'
        for one in overview.shared[:_MOST_PAIRS]
        if one.draft in numbers
    )
    told = word(
        "batch.pairs", language, most=min(_MOST_PAIRS, len(overview.shared)), all=len(overview.shared)
    )
    return f'<p class="hint">{told}</p><table class="pairs"><tbody>{lines}</tbody></table>'


def _skipped(overview: Overview, language: Language) -> str:
    if not overview.skipped:
        return ""
    lines = "".join(f"<li>{shown(one.path)}: {shown(one.why(language))}</li>" for one in overview.skipped)
    title = word("skipped.title", language)
    return f'<section class="skipped"><h2>{title}</h2><ul>{lines}</ul></section>'
