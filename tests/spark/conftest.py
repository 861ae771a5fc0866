"""Spark as it runs on a cluster, small: two executors in processes of their own, shuffled joins only."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dedup.scan import Scan, scan_corpus
from dedup.scan.results import CLUSTERS, DOCUMENTS, PAIRS
from dedup.settings import Settings

FAST_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java's second compiler takes longer than these tests do."""
CONFIGURATION = {
    "spark.driver.extraJavaOptions": FAST_START,
    "spark.executor.extraJavaOptions": FAST_START,
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    # Nothing that grows with the corpus may come to the driver: not as a result, nor to be broadcast.
    "spark.driver.maxResultSize": "1m",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
}


def spark_home(folder: Path) -> Path:
    """A Spark distribution, linked from pyspark's: workers write into theirs."""
    import pyspark

    home = folder / "spark"
    home.mkdir()
    for part in Path(pyspark.__file__).parent.iterdir():
        if part.name != "work":
            (home / part.name).symlink_to(part)
    return home


@pytest.fixture(scope="session")
def installed() -> None:
    """Skips, saying why, where Spark cannot be started."""
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install -e '.[spark]'")
    home = os.environ.get("JAVA_HOME")
    if shutil.which(os.path.join(home, "bin", "java") if home else "java") is None:
        pytest.skip("there is no Java: apt install openjdk-17-jre-headless")


@pytest.fixture(scope="session")
def spark(installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    environment = {
        "SPARK_HOME": str(spark_home(tmp_path_factory.mktemp("home"))),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(tmp_path_factory.mktemp("local")),
        "PYSPARK_PYTHON": sys.executable,
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("tests")
    for name, value in CONFIGURATION.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
    for name, former in before.items():
        if former is None:
            os.environ.pop(name)
        else:
            os.environ[name] = former


class Engines:
    """One corpus folder, scanned by both engines."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "corpus"
        self.settings = Settings(corpus=self.corpus, index=folder / "index")
        self.local, self.spark = folder / "local", folder / "spark"

    def scan_here(self, **options: Any) -> Scan:
        return scan_corpus(self.settings, output=self.local, full=True, **options)

    def scan_on_spark(self, place: str | Path | None = None, **options: Any) -> Scan:
        from dedup.spark import scan_on_spark

        options = {"output": str(self.spark), **options}
        return scan_on_spark(self.settings, str(place or self.corpus), **options)

    def assert_equal(self) -> None:
        for name in (PAIRS, CLUSTERS, DOCUMENTS):
            assert (self.spark / name).read_bytes() == (self.local / name).read_bytes(), name


@pytest.fixture
def engines(tmp_path: Path, spark: Any) -> Engines:
    return Engines(tmp_path)


@pytest.fixture
def write(engines: Engines) -> Callable[[dict[str, str | bytes]], None]:
    def write(files: dict[str, str | bytes]) -> None:
        for name, content in files.items():
            path = engines.corpus / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    return write
