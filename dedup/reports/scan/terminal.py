"""Write a scan as a page for a terminal, or its news as a few lines for a mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from dedup.messages import say
from dedup.reports.kit.columns import clip, clip_middle, visible, width, wrap
from dedup.reports.kit.files import other_kinds
from dedup.reports.kit.page import NARROW, hanging, heading, tabulated, width_beside
from dedup.reports.kit.ratios import percent
from dedup.reports.scan.news import documents_of, news

if TYPE_CHECKING:
    from dedup.reports import ScanReport, View
    from dedup.scan.record import ClusterSample, DocumentPair, Scan, Since
    from dedup.settings import Language

Item = TypeVar("Item")

SUFFIX = "txt"
STANDS_ALONE = False

_FEW = 10
"""Lines of a list on a page that is not complete."""
_SUMMARY = "summary.json"


def render(report: ScanReport, view: View) -> str:
    """The page: figures, news, documents that repeat one another, and the most repeated paragraphs.

    In a brief view only the news, for a nightly scan: empty unless pairs or groups came, went or changed; for
    a first scan the figures.
    """
    scan, folder = report.scan, report.folder
    if view.brief and scan.since is not None and not scan.since.found:
        return ""
    lines = _news(scan, view, folder) if view.brief else _page(scan, view, folder)
    return "\n".join(lines) + "\n"


def _page(scan: Scan, view: View, folder: str | None) -> Iterator[str]:
    language = view.language
    yield from _head(scan, view)
    yield ""
    yield from _counts(scan, view)
    if scan.expected_recall < 0.99:
        yield from wrap(say("scan.recall", language, ratio=percent(scan.expected_recall)), view.columns)
    if scan.since is not None:
        yield ""
        yield from _since(scan.since, view, folder)
    yield from _documents(scan.closest_documents, sum(scan.counts.document_pairs.values()), view)
    yield from _changed(scan, view, folder)
    yield from _clusters("scan.clusters", scan.largest_clusters, scan.counts.clusters, view)
    yield from _skipped(scan, view)


def _head(scan: Scan, view: View) -> Iterator[str]:
    language, counts = view.language, scan.counts
    yield from wrap(
        say(
            "scan.head",
            language,
            corpus=visible(scan.corpus),
            documents=counts.documents,
            paragraphs=counts.paragraphs,
            characters=counts.characters,
        ),
        view.columns,
    )
    mode = "full" if scan.full else "incremental"
    seconds = f"{sum(scan.seconds.values()):.1f}"
    compared = {"texts": counts.texts, "compared": counts.compared_texts, "seconds": seconds}
    yield from wrap(say(f"scan.{mode}", language, **compared), view.columns)


def _news(scan: Scan, view: View, folder: str | None) -> Iterator[str]:
    yield from _head(scan, view)
    if scan.since is None:
        yield ""
        yield from _counts(scan, view)
        return
    yield ""
    yield from _since(scan.since, view, folder)
    new = [pair for pair in scan.closest_documents if pair.new or pair.changed]
    yield from _documents(new, len(new), view, _unlisted(folder, "documents.jsonl"))
    yield from _changed(scan, view, folder)


def _counts(scan: Scan, view: View) -> Iterator[str]:
    """The figures as a table, on a narrow page as lines."""
    if view.columns >= NARROW:
        yield tabulated(list(_figures(scan, view)), right=(1,))
        return
    for name, count in _figures(scan, view):
        yield from hanging("-", f"{name} {count}", view)


def _figures(scan: Scan, view: View) -> Iterator[tuple[str, str]]:
    language, counts = view.language, scan.counts
    threshold = f"{scan.threshold:g}"
    yield say("scan.pairs", language, threshold=threshold), str(counts.pairs)
    yield say("scan.groups", language), str(counts.clusters)
    yield say("scan.in_groups", language), str(counts.clustered_paragraphs)
    if counts.boilerplate_clusters:
        yield say("scan.boilerplate", language), str(counts.boilerplate_clusters)
    if counts.duplicates:
        yield say("scan.deletable", language), str(counts.duplicates)
    for relation, count in counts.document_pairs.items():
        if count:
            name = say(f"scan.relation.{relation}", language)
            yield say("scan.document_pairs", language, relation=name), str(count)


def _unlisted(folder: str | None, name: str) -> Callable[[int, View], str]:
    """A function for the words on news that a page does not list.

    The words cannot advise `--verbose`: a further scan would compare with this one and find nothing new.
    """
    if folder is None:
        return lambda count, view: say("scan.more_lost", view.language, count=count)
    path = f"{visible(folder).rstrip('/')}/{name}"
    return lambda count, view: say("scan.more_recorded", view.language, count=count, path=path)


def _since(since: Since, view: View, folder: str | None) -> Iterator[str]:
    language = view.language
    yield heading(say("scan.since", language, time=since.finished[:16].replace("T", " ")), view)
    if since.nothing:
        yield say("scan.nothing_new", language)
        return
    yield from wrap(news(since, language), view.columns)
    for mark, paths in documents_of(since):
        for path in _shown(paths, view):
            yield f"  {mark} {clip_middle(visible(path), view.columns - 4)}"
        more = len(paths) - len(_shown(paths, view))
        yield from _more(more, replace(view, columns=view.columns - 2), _unlisted(folder, _SUMMARY), "  ")


def _changed(scan: Scan, view: View, folder: str | None) -> Iterator[str]:
    since = scan.since
    total = len(since.new_clusters) + len(since.changed_clusters) if since else 0
    echoed = sum(echo.clusters for echo in scan.echoes)
    if scan.echoes:
        yield ""
        yield heading(say("scan.echoes", view.language), view)
        for echo in _shown(scan.echoes, view):
            facts = {"document": visible(echo.document), "other": visible(echo.other)}
            yield from wrap(say("scan.echo", view.language, count=echo.clusters, **facts), view.columns)
        yield from _more(len(scan.echoes) - len(_shown(scan.echoes, view)), view, _unlisted(folder, _SUMMARY))
    more = _unlisted(folder, _SUMMARY)
    yield from _clusters("scan.changed", scan.changed_clusters, total - echoed, view, more)


def _listed_elsewhere(count: int, view: View) -> str:
    return say("scan.more_found", view.language, count=count)


def _documents(
    pairs: Sequence[DocumentPair],
    total: int,
    view: View,
    more: Callable[[int, View], str] = _listed_elsewhere,
) -> Iterator[str]:
    language = view.language
    if not pairs:
        return
    yield ""
    yield heading(say("scan.documents", language), view)
    headers = [say(f"scan.{name}", language) for name in ("relation", "contained", "document")]
    facts = []
    for pair in _shown(pairs, view):
        name, mark = say(f"scan.relation.{pair.relation}", language), _mark(pair, language)
        ratios = f"{percent(pair.containment_one)}\n{percent(pair.containment_other)}"
        facts.append((f"{name}\n{mark}" if mark else name, ratios))
    if view.columns < NARROW:
        for pair, (name, ratios) in zip(_shown(pairs, view), facts, strict=True):
            yield "- " + name.replace("\n", " ")
            for ratio, path in zip(ratios.split("\n"), (pair.one, pair.other), strict=True):
                yield f"  {ratio:>6}  {clip_middle(visible(path), view.columns - 10)}"
    else:
        columns = view.columns - width_beside(facts, headers[:2])
        paths = (
            "\n".join(clip_middle(visible(path), columns) for path in (pair.one, pair.other))
            for pair in _shown(pairs, view)
        )
        yield tabulated([(*row, both) for row, both in zip(facts, paths, strict=True)], headers, right=(1,))
    yield from _more(total - len(facts), view, more)
    yield from wrap(say("scan.contained_note", language), view.columns)


def _mark(one: DocumentPair | ClusterSample, language: Language) -> str:
    """The mark of a line: new, changed, or empty."""
    if one.new:
        return say("scan.new", language)
    return say("scan.moved", language) if one.changed else ""


def _more(count: int, view: View, said: Callable[[int, View], str], indent: str = "") -> Iterator[str]:
    if count > 0:
        yield from (indent + line for line in wrap(said(count, view), view.columns))


def _clusters(
    title: str,
    samples: Sequence[ClusterSample],
    total: int,
    view: View,
    more: Callable[[int, View], str] = _listed_elsewhere,
) -> Iterator[str]:
    if not samples:
        return
    yield ""
    yield heading(say(title, view.language), view)
    for sample in _shown(samples, view):
        yield from _cluster(sample, view)
    yield from _more(total - len(_shown(samples, view)), view, more)


def _skipped(scan: Scan, view: View) -> Iterator[str]:
    language = view.language
    if scan.unreadable:
        yield ""
        yield heading(say("show.skipped", language), view)
        for skipped in _shown(scan.unreadable, view):
            yield from wrap(f"{visible(skipped.path)}: {visible(skipped.why(view.language))}", view.columns)
        if len(scan.unreadable) > len(_shown(scan.unreadable, view)):
            more = len(scan.unreadable) - len(_shown(scan.unreadable, view))
            yield say("scan.more", language, count=more)
    if others := other_kinds(scan.skipped, language):
        yield ""
        yield from wrap(others, view.columns)


def _cluster(sample: ClusterSample, view: View) -> Iterator[str]:
    language = view.language
    facts = {
        "documents": sample.documents,
        "paragraphs": sample.paragraphs,
        "weakest": f"{sample.weakest_jaccard:.2f}",
        "cluster": sample.cluster,
    }
    line = f"{say('scan.group_line', language, **facts).strip()} {_mark(sample, language)}".rstrip()
    yield from (f"  {one}" for one in wrap(line, view.columns - 2))
    first = say("scan.first" if sample.earliest else "scan.seen", language)
    dated = f" ({sample.date})" if sample.date else ""
    path = clip_middle(visible(sample.representative), view.columns - 4 - width(first + dated))
    yield f"    {first}{path}{dated}"
    yield "    " + clip(visible(sample.text), view.columns - 6)


def _shown(items: Sequence[Item], view: View) -> Sequence[Item]:
    return items if view.complete else items[:_FEW]
