"""Scan a collection on Apache Spark: executors run the functions of `dedup.scan` on tables.

::

    text | Parquet | index → documents → paragraphs → texts ─┬→ bands → buckets → candidates → near texts
    (`documents`)            (`parsing`)      (`paragraphs`) │  (`comparing`, `near`)              │
                                                             └──────────┬──────────────────────────┘
                             results ← relations of documents ← pairs and clusters of paragraphs
                             (`results`, `writing`)             (`findings`)

`parsing`, `comparing` and `writing` run in executors on Arrow batches; the other modules define how tables
are made from one another. pyspark and pyarrow are imported in this package only.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.errors import UsageError
from dedup.index.opening import demand_files
from dedup.limits import LIMITS, Limits
from dedup.messages import Words
from dedup.progress import UNOBSERVED, Observer
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.scan.record import Scan
    from dedup.spark.documents import Form

__all__ = ["Form", "scan_on_spark"]


def scan_on_spark(
    settings: Settings,
    place: str,
    *,
    form: Form = "text",
    threshold: float = 0.7,
    output: str | None = None,
    quiet: bool = True,
    observer: Observer = UNOBSERVED,
    limits: Limits = LIMITS,
) -> Scan:
    """Scan the documents at a path or URL; with `output`, a path or URL too, write the results there.

    In a running Spark session if there is one, else in one that Spark's own configuration describes.
    Raises SparkFailed, UsageError, and for the form `index` whatever opening an index raises.
    """
    if not 0 < threshold <= 1:
        raise UsageError(f"--threshold {threshold:g}", Words("scan.threshold"))
    if form == "text" and os.path.isdir(place):  # an empty folder need not wait for Spark to start
        demand_files(Path(place), settings.index)
    from dedup.spark.session import spark_session

    with spark_session(quiet=quiet, output=output) as spark:
        from dedup.spark.documents import documents_of
        from dedup.spark.run import scan_documents

        documents = documents_of(spark, settings, place, form)
        return scan_documents(
            spark,
            documents,
            settings,
            place=place,
            threshold=threshold,
            output=output,
            observer=observer,
            limits=limits,
        )
