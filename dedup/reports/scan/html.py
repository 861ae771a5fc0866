"""Write a scan as one HTML file: news, documents that repeat one another, groups and pairs side by side.

It shows the most important entries of the scan's result files, with texts from the corpus.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.index.particulars import read_particulars
from dedup.messages import say
from dedup.relation import origin_told
from dedup.reports.kit.webpage import differences, filled, shown, web_page, word
from dedup.reports.scan.news import documents_of, news
from dedup.reports.scan.texts import ScanTexts, read_lines
from dedup.scan.provenance import Evidence, date_of, dated, iso, surely_before
from dedup.scan.relations import RELATIONS

if TYPE_CHECKING:
    from dedup.reports import ScanReport, View
    from dedup.scan.record import Scan, Since
    from dedup.settings import Language

SUFFIX = "html"
STANDS_ALONE = True
FILE_NAME = "report.html"
_TITLE = "scan.page.title"
_HEAD = 1 << 14
"""Characters at the beginning of a page in which its title is."""

MOST_PAIRS, MOST_CLUSTERS, MOST_MEMBERS = 5_000, 400, 40
"""Most pairs, clusters and members of a cluster on a page; the result files hold everything."""
_MOST_OF_TWO_DOCUMENTS = 20
"""Pairs of paragraphs shown of any two documents, so that one long copy does not crowd out the rest."""
_MOST_LINES = 500_000
_MOST_NAMED = 30
"""Documents listed of each kind (new, changed, gone)."""
_EDGE = 600
"""Characters at either end of a document in which its origin is looked for."""
_MOST_CHARACTERS = 4_000
"""Characters of a paragraph's text; longer ones are cut."""

_AS_BEFORE, _NEW, _CHANGED = range(3)
"""The states of a cluster or a pair of documents since the last scan, for the scripts."""

_ASSETS = ("scan.css", "common.js", "scan.js")
_WORDS = (
    "evidence.",
    "comma",
    "scan.",
    "page.change.",
    "page.unseen",
    "page.keys",
    "page.none",
    "passage.kind.",
    "passage.characters",
)


def render(report: ScanReport, view: View) -> str:
    """The page of a scan, made from its result files."""
    scan, language = report.scan, view.language
    title = f"{scan.corpus} · {say(_TITLE, language)}"
    return web_page(title, _body(scan, language), page_data(report), _WORDS, _ASSETS, language)


def is_ours(path: Path) -> bool:
    """Tell whether this module wrote a file."""
    with open(path, encoding="utf-8", errors="replace") as file:
        title = re.search(r"<title>.* · (.*)</title>", file.read(_HEAD))
    return title is not None and title[1] in {word(_TITLE, "zh"), word(_TITLE, "en")}


def page_data(report: ScanReport) -> dict[str, Any]:
    """The data for the scripts; each path and text is included once and referred to by number.

    A place is (file, start, text).
    """
    scan, results, progress = report.scan, Path(report.folder or "."), report.progress
    collected = _Collected(Path(scan.corpus))
    news = _news_of(scan.since)
    before, after = min(scan.counts.clusters, _MOST_LINES), min(scan.counts.pairs, _MOST_LINES)
    if progress is not None:
        progress(0, before + after)
    groups = read_lines(results / "clusters.jsonl", progress, 0, before + after)
    years: Counter[str] = Counter()
    clusters = [_cluster(one, collected, news) for one in _heaviest_clusters(_dated(groups, years))]
    lines = read_lines(results / "pairs.jsonl", progress, before, before + after, _MOST_LINES)
    pairs = [_pair(one, collected) for one in _chosen_pairs(lines)]
    documents = [
        (
            collected.file(one.one),
            collected.file(one.other),
            round(one.containment_one, 4),
            round(one.containment_other, 4),
            one.relation,
            _NEW if one.new else _CHANGED if one.changed else _AS_BEFORE,
            (None, one.one, one.other).index(one.earliest),
        )
        for one in sorted(scan.closest_documents, key=lambda one: RELATIONS.index(one.relation))
    ]
    duplicates = [
        (collected.file(one.path), collected.file(one.keep), one.reason, one.date) for one in scan.duplicates
    ]
    return {
        "counts": {
            "pairs": scan.counts.pairs,
            "clusters": scan.counts.clusters,
            "relations": {relation: scan.counts.document_pairs.get(relation, 0) for relation in RELATIONS},
        },
        "years": dict(sorted(years.items())),
        "duplicates": duplicates,
        "documents": documents,
        "clusters": clusters,
        "pairs": pairs,
        "files": list(collected.files),
        "texts": list(collected.texts),
    }


class _Collected:
    """Paths and texts met so far, each with its number."""

    def __init__(self, corpus: Path) -> None:
        self._texts = ScanTexts(corpus, _MOST_CHARACTERS)
        self._particulars = read_particulars(corpus)
        self._origins: dict[str, tuple[int, Evidence, str]] = {}
        self.files: dict[str, int] = {}
        self.texts: dict[str, int] = {}

    def text(self, place: dict[str, Any]) -> str:
        return self._texts.of(place)

    def origin(self, path: str) -> tuple[int, Evidence, str]:
        """The date of a document as a number, the evidence for it, and the unit, as far as they are known."""
        if path not in self._origins:
            text, given = self._texts.whole(path), self._particulars.of(path)
            title = given.title or next((line.strip() for line in text.split("\n") if line.strip()), "")
            evidence: Evidence = "given"
            date = date_of(given.date)
            if not given.date:
                date, evidence = dated(path, title, text)
            edges = text[:_EDGE].split("\n"), text[-_EDGE:].split("\n")
            self._origins[path] = date, evidence, given.unit or origin_told(title, *edges, path).unit.name
        return self._origins[path]

    def file(self, path: str) -> int:
        return self.files.setdefault(path, len(self.files))

    def place(self, place: dict[str, Any]) -> tuple[int, int, int]:
        return (
            self.file(place["document"]),
            place["start"],
            self.texts.setdefault(self.text(place), len(self.texts)),
        )


def _dated(groups: Iterable[dict[str, Any]], years: Counter[str]) -> Iterator[dict[str, Any]]:
    """The groups; counts their years on the way, the empty year for those without."""
    for one in groups:
        years[(one["date"] or "")[:4]] += 1
        yield one


def _news_of(since: Since | None) -> dict[str, int]:
    """The state (new or changed) of clusters since the last scan, by id."""
    if since is None:
        return {}
    return dict.fromkeys(since.changed_clusters, _CHANGED) | dict.fromkeys(since.new_clusters, _NEW)


def _cluster(one: dict[str, Any], collected: _Collected, news: dict[str, int]) -> dict[str, Any]:
    head = collected.text(one["representative"])
    members = sorted(one["members"], key=lambda member: float(member["jaccard"]))[:MOST_MEMBERS]
    return {
        "id": one["cluster"],
        "date": one["date"],
        "first": int(one["earliest"] is not None),
        "head": collected.place(one["representative"]),
        "course": _course(one, collected),
        "members": [
            (*collected.place(member), member["jaccard"], differences(head, collected.text(member)))
            for member in members
        ],
        "paragraphs": len(one["members"]) + 1,
        "documents": len({member["document"] for member in [one["representative"], *one["members"]]}),
        "weakest": one["weakest_jaccard"],
        "boilerplate": int(one["boilerplate"]),
        "news": news.get(one["cluster"], _AS_BEFORE),
    }


def _course(one: dict[str, Any], collected: _Collected) -> list[tuple[int, str | None, str, int, Evidence]]:
    """The documents of a cluster in order of date: (file, date, unit, certainty, evidence).

    Certainty is 1 where a document surely came after all before it; those without a date come last.
    """
    places = [one["representative"], *one["members"]]
    paths = list(dict.fromkeys(place["document"] for place in places))[:MOST_MEMBERS]
    paths.sort(key=lambda path: (collected.origin(path)[0], path))
    dates = np.array([collected.origin(path)[0] for path in paths])
    after = [surely_before(dates[:place], dates[place]).all() for place in range(len(dates))]
    return [
        (collected.file(path), iso(date), unit, int(sure), evidence)
        for path, sure in zip(paths, after, strict=True)
        for date, evidence, unit in [collected.origin(path)]
    ]


def _pair(one: dict[str, Any], collected: _Collected) -> tuple[Any, ...]:
    ours, theirs = collected.text(one["a"]), collected.text(one["b"])
    aligned = differences(ours, theirs) if one["kind"] != "reordered" else []
    return collected.place(one["a"]), collected.place(one["b"]), one["jaccard"], one["kind"], aligned


def _length(place: dict[str, Any]) -> int:
    return int(place["end"]) - int(place["start"])


def _heaviest_clusters(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The clusters with most text, by members times length of the representative; boilerplate last."""

    def weight(one: dict[str, Any]) -> tuple[bool, int]:
        return not one["boilerplate"], len(one["members"]) * _length(one["representative"])

    return nlargest(MOST_CLUSTERS, lines, key=weight)


def _chosen_pairs(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The longest pairs, only a few for any two documents."""
    chosen = []
    of_two: Counter[tuple[str, str]] = Counter()
    for one in sorted(lines, key=lambda one: -min(_length(one["a"]), _length(one["b"]))):
        two = one["a"]["document"], one["b"]["document"]
        of_two[two] += 1
        if of_two[two] <= _MOST_OF_TWO_DOCUMENTS:
            chosen.append(one)
            if len(chosen) == MOST_PAIRS:
                break
    return chosen


# ---- the frame


def _body(scan: Scan, language: Language) -> str:
    counts = scan.counts
    figures = (
        ("documents", counts.documents),
        ("paragraphs", counts.paragraphs),
        ("characters", counts.characters),
        ("pairs", counts.pairs),
        ("clusters", counts.clusters),
        ("in_clusters", counts.clustered_paragraphs),
    )
    cards = "".join(
        f'<div class="headline" data-figure="{name}"><dt>{word(f"scan.page.{name}", language)}</dt>'
        f'<dd><span class="value">{count:,}</span></dd></div>'
        for name, count in figures
    )
    skipped = "".join(f"<li>{shown(one.path)}: {shown(one.why(language))}</li>" for one in scan.skipped)
    title = word("show.skipped", language)
    not_read = f'<section class="skipped"><h2>{title}</h2><ul>{skipped}</ul></section>' if skipped else ""
    return filled(
        "scan.html",
        language,
        corpus=shown(scan.corpus),
        time=scan.started[:16].replace("T", " "),
        threshold=f"{scan.threshold:g}",
        figures=cards,
        since=_since(scan.since, language),
        skipped=not_read,
    )


def _since(since: Since | None, language: Language) -> str:
    if since is None:
        return ""
    title = shown(say("scan.since", language, time=since.finished[:16].replace("T", " ")))
    said = news(since, language)
    line = shown(said) if said else word("scan.nothing_new", language)
    paths = "".join(_named(mark, names, language) for mark, names in documents_of(since))
    return f'<section class="since"><h2>{title}</h2><p>{line}</p><ul class="path">{paths}</ul></section>'


def _named(mark: str, paths: Sequence[str], language: Language) -> str:
    items = [f"{mark} {shown(path)}" for path in paths[:_MOST_NAMED]]
    if len(paths) > _MOST_NAMED:
        more = say("scan.more_recorded", language, count=len(paths) - _MOST_NAMED, path="summary.json")
        items.append(shown(more))
    return "".join(f"<li>{item}</li>" for item in items)
