"""What Spark finds is what the local scan finds, byte for byte."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dedup.limits import LIMITS
from dedup.scan.results import SUMMARY
from tests.bench.recombined import PARAGRAPHS
from tests.bench.recombined import write as recombine

Write = Callable[[dict[str, str | bytes]], None]

RIVER = (
    "河长巡河改为随手拍，问题当天派单，三天之内回帖，群众点一次不满意，整改就重来一遍，全年销号九百六十件。"
)
LIFTS = "老旧小区加装电梯不搞一刀切，先谈底楼的难处，再算楼上的便利，签字满九成才动工，今年装好四十一部。"


def paragraph(numbers: random.Random, bases: list[str]) -> str:
    letters = list(bases[min(int(numbers.paretovariate(0.6)) - 1, len(bases) - 1)])
    for _ in range(numbers.choice([0, 0, 0, 1, 2, 3, 5])):
        letters[numbers.randrange(len(letters))] = numbers.choice("甲乙丙丁戊己庚辛")
    letters.insert(20, numbers.choice("，，、"))
    return "".join(letters)


def documents(numbers: random.Random, count: int) -> dict[str, str]:
    letters = "".join(dict.fromkeys(RIVER + LIFTS)).replace("，", "").replace("。", "")
    bases = ["".join(numbers.choices(letters, k=40)) for _ in range(40)]
    files = {}
    for number in range(count):
        year = numbers.choice(["2019年", "2021年5月", "2023年", ""])
        lines = [paragraph(numbers, bases) for _ in range(numbers.randrange(1, 5))]
        folder = numbers.choice(["", "总结/", "总结/乡镇/"])
        files[f"{folder}{number:03d}.txt"] = "\n".join([f"{year}工作总结", *lines, ""])
    return files


def test_on_the_sample_corpus(engines: Any, repository: Path) -> None:
    engines.settings = replace(engines.settings, corpus=repository / "corpus")
    here, there = engines.scan_here(), engines.scan_on_spark(repository / "corpus")
    engines.assert_equal()
    assert here.counts.pairs >= 4
    assert there.counts == here.counts
    assert there.largest_clusters == here.largest_clusters
    assert there.closest_documents == here.closest_documents
    local, spark = (
        json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        for folder in (engines.local, engines.spark)
    )
    assert local.keys() == spark.keys()
    assert {name for name in local if local[name] != spark[name]} <= {"seconds", "started"}


def test_on_a_larger_corpus(engines: Any, repository: Path, spark: Any) -> None:
    recombine(repository / "corpus", engines.corpus, 100 * PARAGRAPHS, processes=1)
    here, there = engines.scan_here(), engines.scan_on_spark()
    engines.assert_equal()
    assert here.counts.pairs > 200
    assert there.counts == here.counts
    pairs = spark.read.parquet(f"file://{engines.spark}/pairs.parquet")
    assert pairs.columns == ["a", "a_start", "a_end", "b", "b_start", "b_end", "jaccard", "kind"]
    assert pairs.count() == here.counts.pairs
    clusters = spark.read.parquet(f"file://{engines.spark}/clusters.parquet")
    lines = (engines.local / "clusters.jsonl").read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[0])
    members = clusters.where(clusters.cluster == first["cluster"]).orderBy("start").collect()
    assert [(row["document"], row["start"], row["end"], row["jaccard"]) for row in members] == [
        tuple(member.values()) for member in sorted(first["members"], key=lambda member: member["start"])
    ]
    assert {row["representative"] for row in members} == {first["representative"]["document"]}
    assert there.largest_clusters == here.largest_clusters
    assert there.closest_documents == here.closest_documents


@pytest.mark.parametrize("form", ["parquet", "index"])
def test_where_limits_are_met(form: str, engines: Any, write: Write, spark: Any) -> None:
    """Boilerplate, large buckets, and clusters decided in rounds, with limits that a small corpus meets."""
    limits = replace(LIMITS, largest_bucket=6, paired=12, least_boilerplate=12, edges_in_one_task=0)
    files = documents(random.Random(form), 80)
    write(dict(files))
    here = engines.scan_here(threshold=0.6, limits=limits)
    place = engines.corpus
    if form == "parquet":
        place = engines.corpus.with_name("语料 [1].parquet")
        rows = [(text, path, 2024) for path, text in files.items()]
        schema = "text string, path string, year int"
        spark.createDataFrame(rows, schema).write.parquet(f"file://{place}")
    there = engines.scan_on_spark(place, form=form, threshold=0.6, limits=limits)
    engines.assert_equal()
    assert there.counts == here.counts
    assert here.counts.boilerplate_clusters
    assert here.counts.clusters > here.counts.boilerplate_clusters + 3


def test_at_urls_results_are_folders_of_parts(engines: Any, spark: Any) -> None:
    """Another file system than the local one, which here is a view of a folder of it."""
    options = spark._jsc.hadoopConfiguration()
    options.set("fs.viewfs.mounttable.tests.link./area", f"file://{engines.corpus.parent}")
    for name, text in documents(random.Random("urls"), 30).items():
        path = engines.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    here = engines.scan_here()
    there = engines.scan_on_spark("viewfs://tests/area/corpus", output="viewfs://tests/area/results")
    assert there.counts == here.counts
    results = engines.corpus.with_name("results")
    for name in ("pairs.jsonl", "clusters.jsonl", "documents.jsonl"):
        parts = sorted((results / name).glob("part-*"))
        assert b"".join(part.read_bytes() for part in parts) == (engines.local / name).read_bytes()
    assert json.loads((results / SUMMARY).read_text(encoding="utf-8"))["counts"]["pairs"] == here.counts.pairs
    assert not list(results.glob(".dedup-*"))


def test_files_that_are_no_text_are_named_and_the_rest_is_scanned(engines: Any, write: Write) -> None:
    write(
        {
            "a.txt": f"总结\n{RIVER}\n",
            "b：旧编码.txt": f"汇报\n{RIVER}\n".encode("gb18030"),
            "c, 100%+#.md": f"\ufeff要点\r\n{LIFTS}\r\n",
            "图.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
            "表.xlsx": b"PK\x03\x04",
            "README.md": f"{RIVER}\n",
            ".草稿.txt": f"{RIVER}\n",
            "讲话/d.txt": f"讲话\n{LIFTS}\n",
        }
    )
    here = engines.scan_here()
    write({"讲话/_e.txt": f"讲话\n{RIVER}\n"})
    there = engines.scan_on_spark()
    engines.assert_equal()
    assert here.counts.pairs == 2
    assert there.counts == here.counts
    assert [one.path for one in there.skipped] == ["图.txt", "表.xlsx", "讲话/_e.txt"]
    assert there.skipped[:2] == here.skipped
