"""Read documents from text files, Parquet or an index into a table (path, content)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pyspark.errors import AnalysisException
from pyspark.sql import functions as f

from dedup.document import Skipped
from dedup.errors import UsageError
from dedup.index.corpus import ABOUT_THE_CORPUS
from dedup.messages import Words, packed
from dedup.records import dataclass
from dedup.settings import Settings, is_url
from dedup.spark.parsing import file_contents

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Form = Literal["text", "parquet", "index"]
"""Text files below a folder; Parquet with the columns `path` and `text`; the index of a corpus folder."""
_NO_PATTERN = ("__globPaths__", "false")
"""Option that makes Spark take [ and { in names of folders literally."""
_FILES_A_PIECE = 1000
_DEEPEST = 8
"""Depth of folders below the corpus in which names with underscores are looked for."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a collection, before they are read."""

    table: DataFrame
    """path, content; content is bytes as in a file."""
    by_suffix: bool
    """True if a path's suffix determines the format; otherwise all content is plain text."""
    skipped: tuple[Skipped, ...] = ()
    """Files that are known to be left out."""


def documents_of(spark: SparkSession, settings: Settings, place: str, form: Form) -> Documents:
    """The documents at a path or URL. Raises UsageError, or whatever opening an index raises."""
    if form == "index":
        if is_url(place):
            raise UsageError(place, Words("spark.index_url"))
        return index_documents(spark, settings, Path(place))
    try:
        return text_documents(spark, place) if form == "text" else parquet_documents(spark, place)
    except AnalysisException as error:
        problem = Words("spark.unreadable", why=str(error).splitlines()[0])
        raise UsageError(place, problem, Words("spark.unreadable.cure")) from error


def text_documents(spark: SparkSession, place: str) -> Documents:
    """Text files below a folder, as `dedup index` takes them: hidden ones and READMEs are left out."""
    root, files = _qualified(spark, place)
    files_below = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
    found = files_below.option(*_NO_PATTERN).load(root)
    below = f.substring(f.col("path"), len(root.rstrip("/")) + 2, 1 << 30)
    name = f.lower(f.element_at(f.split("path", "/"), -1))
    table = found.select(below.alias("path"), "content").where(~name.isin(*ABOUT_THE_CORPUS))
    hidden = tuple(
        Skipped(path[len(root.rstrip("/")) + 1 :], packed(Words("spark.hidden")))
        for path in _underscored(spark, files, root)
    )
    return Documents(table, True, hidden)


def parquet_documents(spark: SparkSession, place: str) -> Documents:
    """Parquet files with the columns `path` and `text`."""
    found = spark.read.option(*_NO_PATTERN).parquet(_qualified(spark, place)[0])
    missing = [name for name in ("path", "text") if name not in found.columns]
    if missing:
        raise UsageError(
            place,
            Words("spark.no_column", columns=", ".join(missing)),
            Words("spark.no_column.cure", columns=", ".join(found.columns)),
        )
    path, text = f.col("path").cast("string"), f.col("text").cast("binary")
    return Documents(found.select(path.alias("path"), text.alias("content")), False)


def index_documents(spark: SparkSession, settings: Settings, corpus: Path) -> Documents:
    """The documents in the index of a corpus folder, which all executors must reach by the same path."""
    from dedup.index import open_index

    with open_index(corpus, settings.index, settings, refresh=False) as index:
        pieces = list(_pieces(index))
        skipped = index.skipped
    schema = "segment string, first int, last int, dead array<int>"
    table = spark.createDataFrame(pieces, schema).repartition(max(len(pieces), 1))
    return Documents(table.mapInArrow(file_contents, "path string, content binary"), False, skipped)


def _pieces(index: Any) -> Iterator[tuple[str, int, int, list[int]]]:
    for segment, live in index.live_files():
        for first in range(0, segment.files, _FILES_A_PIECE):
            last = min(first + _FILES_A_PIECE, segment.files)
            dead = [first + number for number, alive in enumerate(live[first:last].tolist()) if not alive]
            if len(dead) < last - first:
                yield str(Path(segment.path).absolute()), first, last, dead


def _qualified(spark: SparkSession, place: str) -> tuple[str, Any]:
    """The full name of a place for Hadoop, and its file system. Raises UsageError."""
    from py4j.protocol import Py4JJavaError

    # A name with a colon in it (第3:4号) is no URL; Hadoop would take it for one.
    url = place if is_url(place) else Path(place).absolute().as_uri()
    hadoop = spark._jvm.org.apache.hadoop.fs
    try:
        path = hadoop.Path(spark._jvm.java.net.URI(url))
        files = path.getFileSystem(spark._jsc.hadoopConfiguration())
        return files.getFileStatus(path).getPath().toString(), files
    except Py4JJavaError as error:
        problem = Words("spark.unreadable", why=str(error.java_exception.getMessage()).splitlines()[0])
        raise UsageError(place, problem, Words("spark.place.cure")) from error


def _underscored(spark: SparkSession, files: Any, root: str) -> list[str]:
    """Paths below a folder with a name that Hadoop takes for hidden, but dedup does not."""
    patterns = ",".join("*/" * depth + "_*" for depth in range(_DEEPEST))
    path = spark._jvm.org.apache.hadoop.fs.Path(root, "{" + patterns + "}")
    return [status.getPath().toString() for status in files.globStatus(path) or ()]
