"""Run a scan on Spark from documents to results."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

from dedup import __version__
from dedup.errors import UsageError
from dedup.index.opening import nothing_in
from dedup.limits import Limits
from dedup.messages import Words, system
from dedup.progress import Observer
from dedup.scan.banding import choose_banding
from dedup.scan.record import Scan
from dedup.scan.relations import FILE_NAME as DUPLICATES
from dedup.scan.relations import duplicate_lines
from dedup.scan.results import CLUSTERS, DOCUMENTS, PAIRS, SUMMARY
from dedup.scan.run import Clock
from dedup.scan.summary import summary_text
from dedup.settings import Settings
from dedup.spark.documents import Documents
from dedup.spark.findings import list_findings, relate
from dedup.spark.near import Comparison, near_texts
from dedup.spark.paragraphs import read_collection
from dedup.spark.results import Results, write_results, write_text
from dedup.spark.summary import closest_documents, counts_of, duplicates_of, largest_clusters, skipped_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def scan_documents(
    spark: SparkSession,
    documents: Documents,
    settings: Settings,
    *,
    place: str,
    threshold: float,
    output: str | None,
    observer: Observer,
    limits: Limits,
) -> Scan:
    """Scan documents; with `output`, path or URL of a folder, write the results there.

    Raises UsageError if no document could be read.
    """
    clock = Clock()
    banding = choose_banding(threshold, settings.permutations)
    comparison = Comparison(threshold, banding, settings.permutations, limits)
    with observer.stage("sketch"):
        collection = read_collection(documents)
        if collection.files.isEmpty():  # before results of an earlier scan are overwritten
            raise nothing_in(place, skipped_of(collection, documents.skipped))
        clock.lap("sketch")
    with observer.stage("compare"):
        near = near_texts(collection.texts, comparison)
        findings = list_findings(collection, near, limits)
        relations = relate(collection, findings)
        equal = duplicates_of(collection)
        counts = counts_of(collection, findings, relations, len(equal))
    clock.lap("compare")
    if output is not None:
        results = Results(output)
        lines = {
            PAIRS: counts.pairs,
            CLUSTERS: counts.clusters,
            DOCUMENTS: sum(counts.document_pairs.values()),
        }
        _make_folder(results)
        write_results(results, collection, findings, relations, lines)
        clock.lap("write")
    result = Scan(
        corpus=place,
        threshold=threshold,
        bands=banding.bands,
        rows=banding.rows,
        expected_recall=banding.recall(threshold),
        full=True,
        started=datetime.fromtimestamp(clock.started).astimezone().isoformat(timespec="seconds"),
        seconds=clock.seconds,
        counts=counts,
        since=None,
        skipped=skipped_of(collection, documents.skipped),
        largest_clusters=largest_clusters(collection, findings),
        closest_documents=closest_documents(relations),
        duplicates=equal,
    )
    if output is not None:
        write_text(results, DUPLICATES, "".join(duplicate_lines(equal, settings.language)), spark)
        summary = result.as_json({"name": "dedup", "version": __version__}, settings.language)
        write_text(results, SUMMARY, summary_text(summary), spark)
    return result


def _make_folder(results: Results) -> None:
    if results.local:
        try:
            os.makedirs(results.path(""), exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"--output {results.place}", system(error), Words("output.other.cure")
            ) from error
