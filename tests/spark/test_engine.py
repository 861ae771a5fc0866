"""Executors run this package as it is here; what goes wrong is told in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dedup.errors import SparkFailed, UsageError
from dedup.index import update_index
from dedup.limits import LIMITS

PIER = "码头仓库改成了读书的地方，木梁砖墙一概不动，只添灯和书架，开馆半年来了六万人次，一半是外地的。"

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_executors_import_the_package_that_was_shipped(spark: Any) -> None:
    from dedup.spark.session import spark_session

    def look(batches: Any) -> Iterator[Any]:
        import dedup
        from dedup.spark.columns import batch_of
        from dedup.text.folding import folding_table

        for _ in batches:
            folded = int(folding_table().folded[ord("國")])
            yield batch_of(
                {"file": [os.path.abspath(dedup.__file__)], "process": [os.getpid()], "folded": [folded]}
            )

    with spark_session(quiet=True) as session:
        schema = "file string, process bigint, folded bigint"
        rows = session.range(2).repartition(2).mapInArrow(look, schema).collect()
    assert {row["folded"] for row in rows} == {ord("国")}
    for row in rows:
        assert row["process"] != os.getpid()
        assert f"{os.sep}dedup-" in row["file"]
        assert ".zip" in row["file"]


def test_what_is_shipped_can_be_imported_where_nothing_is_installed(tmp_path: Path) -> None:
    """An import from an archive finds no folder without an `__init__.py`, as one from folders does."""
    from dedup.spark.session import package_archive

    program = """
import importlib, sys, zipfile
archive = sys.argv[1]
# An editable installation helps out with modules that the archive lacks: executors elsewhere have none.
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in str(finder).lower()]
sys.path.insert(0, archive)
for name in zipfile.ZipFile(archive).namelist():
    extras = name.startswith(("dedup/reports/", "dedup/spark/"))
    if name.endswith(".py") and not extras:
        module = importlib.import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        assert module.__file__.startswith(archive), module
"""
    done = subprocess.run(
        [sys.executable, "-c", program, package_archive()], capture_output=True, cwd=tmp_path, check=False
    )
    assert done.stderr.decode() == ""


@pytest.mark.parametrize(
    ("place", "form", "problem"),
    [
        ("nowhere", "text", "does not exist"),
        ("gopher://nowhere/corpus", "text", "No FileSystem for scheme"),
        ("hdfs://127.0.0.1:9/corpus", "parquet", "refused"),
        ("hdfs://127.0.0.1:9/corpus", "index", "a folder"),
    ],
)
def test_a_place_that_cannot_be_read_is_named(
    place: str, form: str, problem: str, engines: Any, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=problem) as told:
        engines.scan_on_spark(place if "://" in place else tmp_path / place, form=form)
    assert place in str(told.value.what)
    assert told.value.cure


def test_parquet_without_the_columns_is_refused(spark: Any, engines: Any, tmp_path: Path) -> None:
    place = str(tmp_path / "corpus.parquet")
    spark.createDataFrame([("a.txt", PIER)], "path string, body string").write.parquet(place)
    with pytest.raises(UsageError, match=r"no column text.*body"):
        engines.scan_on_spark(place, form="parquet")


@pytest.mark.parametrize("form", ["text", "parquet", "index"])
@pytest.mark.parametrize("files", [{}, {"a.txt": b"\x00\x01\x02" * 40}], ids=["empty", "unreadable"])
def test_what_holds_no_document_is_refused_as_here(
    spark: Any, engines: Any, write: Any, files: dict[str, Any], form: str, tmp_path: Path
) -> None:
    engines.corpus.mkdir()
    write(files)
    engines.spark.mkdir()
    (engines.spark / "pairs.jsonl").write_text("of an earlier scan", encoding="utf-8")
    place = engines.corpus
    if form == "parquet":
        place = tmp_path / "corpus.parquet"
        rows = [(name, None) for name in files]
        spark.createDataFrame(rows, "path string, text string").write.parquet(str(place))
    elif form == "index":
        update_index(engines.corpus, engines.settings.index, engines.settings)
    with pytest.raises(UsageError, match="none of its" if files else "no documents in it") as told:
        engines.scan_on_spark(place, form=form)
    assert told.value.what == str(place)
    assert (engines.spark / "pairs.jsonl").read_text(encoding="utf-8") == "of an earlier scan"


def test_two_documents_of_one_path_are_refused(spark: Any, engines: Any, tmp_path: Path) -> None:
    place = str(tmp_path / "corpus.parquet")
    rows = [("a.txt", PIER), ("a.txt", PIER), (None, PIER)]
    spark.createDataFrame(rows, "path string, text string").write.parquet(place)
    with pytest.raises(UsageError, match=r"a\.txt: 2 documents"):
        engines.scan_on_spark(place, form="parquet")


@pytest.mark.usefixtures("spark")
def test_what_fails_in_an_executor_is_told_in_one_line(engines: Any, write: Any) -> None:
    write({"a.txt": f"总结\n{PIER}\n"})
    unusable = replace(LIMITS, largest_bucket="many")  # type: ignore[arg-type]
    with pytest.raises(SparkFailed) as told:
        engines.scan_on_spark(limits=unusable)
    assert "\n" not in str(told.value)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("start", "problem"),
    [
        ("import sys; sys.modules['pyspark'] = None", "pip install 'gongwen-dedup[spark]'"),
        ("import os; os.environ['JAVA_HOME'] = '/nowhere'", "JAVA_HOME /nowhere 里没有 Java（安装 Java 17"),
    ],
)
def test_what_is_missing_is_named_with_its_cure(
    start: str, problem: str, tmp_path: Path, repository: Path
) -> None:
    (tmp_path / "a.txt").write_text(f"总结\n{PIER}\n", encoding="utf-8")
    program = f"{start}; from dedup.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "scan", str(tmp_path), "--engine", "spark"],
        capture_output=True,
        cwd=repository,
        check=False,
    )
    assert done.returncode == 2
    told = done.stderr.decode()
    assert problem in told
    assert told.count("\n") == 1


@pytest.mark.usefixtures("installed")
def test_the_command_as_a_user_gives_it(dedup: Run, tmp_path: Path) -> None:
    """Starts a Spark of its own, as `PYSPARK_SUBMIT_ARGS` describes it."""
    corpus = tmp_path / "范文 [1]"
    corpus.mkdir()
    for name in ("2022年甲.txt", "2023年乙.txt"):
        (corpus / name).write_text(f"总结\n{PIER}\n", encoding="utf-8")
    options = (
        "--master local[1] --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=1 "
        "--driver-java-options -XX:TieredStopAtLevel=1 pyspark-shell"
    )
    done = dedup(
        *("scan", corpus, "--engine", "spark", "--output", tmp_path / "结果"),
        PYSPARK_SUBMIT_ARGS=options,
        SPARK_LOCAL_IP="127.0.0.1",
    )
    assert done.returncode == 1, done.stderr
    assert "2022年甲.txt" in done.stdout
    assert sorted(path.name for path in (tmp_path / "结果").iterdir() if path.suffix != ".parquet") == [
        "clusters.jsonl",
        "documents.jsonl",
        "duplicates.csv",
        "pairs.jsonl",
        "summary.json",
    ]
