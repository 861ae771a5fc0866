"""A scan as a page, and its summary as JSON."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from dedup import __version__
from dedup.readers import is_document
from dedup.reports.columns import clip, clip_path, visible, wrap
from dedup.reports.describe import news
from dedup.reports.page import heading, percent, table
from dedup.wording import say

if TYPE_CHECKING:
    from dedup.reports import View
    from dedup.scan.record import ClusterSample, DocumentPair, Scan, Since

Item = TypeVar("Item")

_FEW = 10
"""Lines of a list on a page that is not to be complete."""


def as_json(scan: Scan) -> str:
    """The summary: what `summary.json` holds."""
    summary = scan.as_json({"name": "dedup", "version": __version__})
    return json.dumps(summary, ensure_ascii=False, indent=2) + "\n"


def as_page(scan: Scan, view: View) -> str:
    """What was found, what is new, which documents repeat one another, which paragraphs most do."""
    return "\n".join(_page(scan, view)) + "\n"


def _page(scan: Scan, view: View) -> Iterator[str]:
    language = view.language
    yield from _head(scan, view)
    yield ""
    yield table(list(_figures(scan, view)), right=(1,))
    if scan.expected_recall < 0.99:
        yield from wrap(say("scan.recall", language, ratio=percent(scan.expected_recall)), view.columns)
    if scan.since is not None:
        yield ""
        yield from _since(scan.since, view)
    yield from _documents(scan.closest_documents, sum(scan.counts.document_pairs.values()), view)
    yield from _changed(scan, view)
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


def as_news(scan: Scan, view: View) -> str:
    """What a nightly scan has to say: nothing unless pairs or groups came, went or changed.

    Of a first scan it tells the figures.
    """
    if scan.since is not None and not scan.since.found:
        return ""
    return "\n".join(_news(scan, view)) + "\n"


def _news(scan: Scan, view: View) -> Iterator[str]:
    yield from _head(scan, view)
    if scan.since is None:
        yield ""
        yield table(list(_figures(scan, view)), right=(1,))
        return
    yield ""
    yield from _since(scan.since, view)
    new = [pair for pair in scan.closest_documents if pair.new]
    yield from _documents(new, len(new), view)
    yield from _changed(scan, view)


def _figures(scan: Scan, view: View) -> Iterator[tuple[str, str]]:
    language, counts = view.language, scan.counts
    threshold = f"{scan.threshold:g}"
    yield say("scan.pairs", language, threshold=threshold), str(counts.pairs)
    yield say("scan.groups", language), str(counts.clusters)
    yield say("scan.in_groups", language), str(counts.clustered_paragraphs)
    if counts.boilerplate_clusters:
        yield say("scan.boilerplate", language), str(counts.boilerplate_clusters)
    for relation, count in counts.document_pairs.items():
        if count:
            name = say(f"scan.relation.{relation}", language)
            yield say("scan.document_pairs", language, relation=name), str(count)


def _since(since: Since, view: View) -> Iterator[str]:
    language = view.language
    yield heading(say("scan.since", language, time=since.finished[:16].replace("T", " ")), view)
    if since.nothing:
        yield say("scan.nothing_new", language)
        return
    yield from wrap(news(since, language), view.columns)
    for mark, paths in (
        ("+", since.new_documents),
        ("*", since.changed_documents),
        ("-", since.gone_documents),
    ):
        for path in _shown(paths, view):
            yield f"  {mark} {clip_path(visible(path), view.columns - 4)}"
        if len(paths) > len(_shown(paths, view)):
            yield "  " + say("scan.more", language, count=len(paths) - len(_shown(paths, view)))


def _changed(scan: Scan, view: View) -> Iterator[str]:
    since = scan.since
    total = len(since.new_clusters) + len(since.changed_clusters) if since else 0
    yield from _clusters("scan.changed", scan.changed_clusters, total, view)


def _documents(pairs: Sequence[DocumentPair], total: int, view: View) -> Iterator[str]:
    language = view.language
    if not pairs:
        return
    yield ""
    yield heading(say("scan.documents", language), view)
    columns = view.columns - 32
    rows = []
    for pair in _shown(pairs, view):
        name = say(f"scan.relation.{pair.relation}", language)
        new = say("scan.new", language) if pair.new else ""
        ratios = f"{percent(pair.containment_one)}\n{percent(pair.containment_other)}"
        paths = "\n".join(clip_path(visible(path), columns) for path in (pair.one, pair.other))
        rows.append((name + (f"\n{new}" if new else ""), ratios, paths))
    headers = [say(f"scan.{name}", language) for name in ("relation", "contained", "document")]
    yield table(rows, headers, right=(1,))
    yield from _more(total - len(rows), view)
    yield from wrap(say("scan.contained_note", language), view.columns)


def _more(count: int, view: View) -> Iterator[str]:
    if count > 0:
        yield from wrap(say("scan.more_found", view.language, count=count), view.columns)


def _clusters(title: str, samples: Sequence[ClusterSample], total: int, view: View) -> Iterator[str]:
    if not samples:
        return
    yield ""
    yield heading(say(title, view.language), view)
    for sample in _shown(samples, view):
        yield from _cluster(sample, view)
    yield from _more(total - len(_shown(samples, view)), view)


def _skipped(scan: Scan, view: View) -> Iterator[str]:
    language = view.language
    if scan.unreadable:
        yield ""
        yield heading(say("show.skipped", language), view)
        for skipped in _shown(scan.unreadable, view):
            yield from wrap(f"{visible(skipped.path)}: {visible(skipped.reason)}", view.columns)
        if len(scan.unreadable) > len(_shown(scan.unreadable, view)):
            more = len(scan.unreadable) - len(_shown(scan.unreadable, view))
            yield say("scan.more", language, count=more)
    others = [one.path for one in scan.skipped if not is_document(one.path)]
    if others:
        counts = Counter(os.path.splitext(path)[1].lower() for path in others)
        kinds = " ".join(f"{visible(kind)} ({count})" for kind, count in counts.most_common(_FEW))
        yield ""
        yield from wrap(say("scan.other_kinds", language, kinds=kinds), view.columns)


def _cluster(sample: ClusterSample, view: View) -> Iterator[str]:
    language = view.language
    facts = {
        "documents": sample.documents,
        "paragraphs": sample.paragraphs,
        "weakest": f"{sample.weakest_jaccard:.2f}",
        "cluster": sample.cluster,
    }
    line = say("scan.group_line", language, **facts)
    yield line + (" " + say("scan.new", language) if sample.new else "")
    dated = f" ({sample.date})" if sample.date else ""
    first = say("scan.first", language) + clip_path(visible(sample.representative), view.columns - 24) + dated
    yield "    " + first
    yield "    " + clip(visible(sample.text), view.columns - 6)


def _shown(items: Sequence[Item], view: View) -> Sequence[Item]:
    return items if view.complete else items[:_FEW]
