"""Provide a Spark session: start or take over one, ship this package to its executors, and report failures.

The cluster is configured as usual for Spark: by `spark-submit`, `spark-defaults.conf` or
`PYSPARK_SUBMIT_ARGS`. Without any configuration it is this machine.
"""

from __future__ import annotations

import atexit
import locale
import os
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import dedup
from dedup.errors import SparkFailed
from dedup.messages import Words
from dedup.settings import is_url

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

JAVA = Words("spark.java.cure")

_CONFIGURATION = {
    # Documents may be long: batches for Python are bounded by their bytes.
    "spark.sql.execution.arrow.maxBytesPerBatch": str(1 << 24),
    # Documents are often small files: a task should read many of them.
    "spark.sql.files.openCostInBytes": str(1 << 17),
}
"""Set for this scan's queries, unless the user has."""


@contextmanager
def spark_session(*, quiet: bool, output: str | None = None) -> Iterator[SparkSession]:
    """A session for one scan. Raises SparkFailed, also for errors of Spark while it is used."""
    if "SPARK_REMOTE" in os.environ:
        raise SparkFailed("SPARK_REMOTE", Words("spark.connect"))
    try:
        import pyarrow  # noqa: F401
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        missing = Words("output.extra_missing", package=error.name)
        raise SparkFailed(
            "--engine spark", missing, Words("output.extra_missing.cure", extra="spark")
        ) from error
    running = SparkSession.getActiveSession()
    if running is None:
        _find_java()
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        if (
            sys.getfilesystemencoding() != locale.getencoding()
        ):  # Python uses UTF-8 in the C locale, but only for itself
            os.environ["LC_ALL"] = "C.UTF-8"  # otherwise Java finds no file with a Chinese name
    try:
        builder = SparkSession.builder.appName("dedup scan").config("spark.checkpoint.compress", "true")
        if quiet:
            builder = builder.config("spark.ui.showConsoleProgress", "false")
        session = running or builder.getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        raise SparkFailed("Spark", Words("spark.start", why=_reason(error)), JAVA) from error
    try:
        if running is None and not session.sparkContext.getConf().contains("spark.log.level"):
            session.sparkContext.setLogLevel("ERROR")
        session.sparkContext.addPyFile(package_archive())
        own = _configured(session)
        with checkpoints(own, output):
            yield own
    except (PySparkException, Py4JError) as error:
        raise SparkFailed("Spark", Words("spark.failed", why=_reason(error))) from error
    finally:
        if running is None:
            session.stop()
            shutil.rmtree(os.path.dirname(package_archive()), ignore_errors=True)
            package_archive.cache_clear()


def _configured(session: SparkSession) -> SparkSession:
    """A new session beside the given one, with settings of its own."""
    own = session.newSession()
    given = session.sparkContext.getConf()
    for name, value in _CONFIGURATION.items():
        if not given.contains(name):
            own.conf.set(name, value)
    return own


def _find_java() -> None:
    """Raise SparkFailed if no Java can be found, since the error at its start would be less clear."""
    if "PYSPARK_GATEWAY_PORT" in os.environ:  # started by spark-submit, so there is a Java
        return
    home = os.environ.get("JAVA_HOME")
    if shutil.which(os.path.join(home, "bin", "java") if home else "java") is None:
        where = f"JAVA_HOME {home}" if home else "PATH"
        raise SparkFailed("--engine spark", Words("spark.no_java", where=where), JAVA)


_NAMED = re.compile(r"(?:Caused by: )?([\w.$]*(?:Error|Exception|Missing|Damaged|Failed|Input)\b: .*)")


def _reason(error: Exception) -> str:
    """The relevant line of an error of Spark, out of a hundred lines of stack trace.

    It is the last line that names a Python error, or else the last cause that Java names.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    named = [found[1] for line in lines if (found := _NAMED.match(line))]
    java = ("org.", "java.", "py4j.", "scala.")
    causes = [line for line in named if not line.startswith(java)] or named
    return (causes[-1:] or lines or [type(error).__name__])[0][:400]


_SHIPPED = frozenset((".py", ".npy", ".txt", ".json"))
_NOT_SHIPPED = frozenset(("__pycache__", "serve", "mcp.py"))
"""Files that need packages which executors have no use for."""


@cache
def package_archive() -> str:
    """A zip file of this package, as installed here, for executors to import.

    Executors that start later fetch it too, so in a foreign session it is kept as long as the process.
    """
    folder = tempfile.mkdtemp(prefix="dedup-spark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    root = Path(dedup.__file__).parent
    archive = os.path.join(folder, f"dedup-{dedup.__version__}.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(root.rglob("*")):
            if path.suffix in _SHIPPED and _NOT_SHIPPED.isdisjoint(path.relative_to(root).parts):
                file.write(path, path.relative_to(root.parent).as_posix())
    return archive


_CHECKPOINTS = "dedup-checkpoints-"


@contextmanager
def checkpoints(session: SparkSession, output: str | None) -> Iterator[None]:
    """Provide a folder for checkpoints that all machines can reach, unless Spark has one; emptied afterwards.

    It is in `output` if that is a URL, or on this machine if there is no other machine. Without a folder (on
    a cluster, with a path as output) a scan does not survive the loss of an executor.
    """
    context = session.sparkContext
    alone = (context.master or "").startswith("local")
    given = context.getCheckpointDir()
    # A session keeps its folder for ever, so it may be that of an earlier scan.
    if (given and _CHECKPOINTS not in given) or not (alone or is_url(output)):
        yield
        return
    if output and is_url(output):
        folder = f"{output.rstrip('/')}/.{_CHECKPOINTS}{os.urandom(4).hex()}"
    else:
        near = os.environ.get("SPARK_LOCAL_DIRS") or context.getConf().get("spark.local.dir", None)
        folder = "file://" + tempfile.mkdtemp(prefix=_CHECKPOINTS, dir=near and near.split(",")[0])
    context.setCheckpointDir(folder)
    try:
        yield
    finally:
        path = session._jvm.org.apache.hadoop.fs.Path(folder)
        path.getFileSystem(session._jsc.hadoopConfiguration()).delete(path, True)


def kept(table: DataFrame) -> DataFrame:
    """The table, computed now and stored, so that later steps do not compute it again.

    It is stored in the folder for checkpoints, which survives executors, or else by the executors. `persist`
    is not used: Spark prints the nested plans of persisted tables, and ten of them took all memory of the
    driver.
    """
    context = table.sparkSession.sparkContext
    return table.checkpoint() if context.getCheckpointDir() else table.localCheckpoint()
