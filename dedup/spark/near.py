"""Find near-duplicate texts and their representatives, as tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pyspark.sql import functions as f

from dedup.limits import Limits
from dedup.records import dataclass
from dedup.scan.banding import Banding
from dedup.spark.comparing import (
    CANDIDATES,
    NEAR,
    WORDS,
    band_words,
    candidate_pairs,
    dominated_texts,
    near_pairs,
)
from dedup.spark.session import kept

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True, slots=True)
class Comparison:
    """Settings of the comparison of two texts."""

    threshold: float
    banding: Banding
    functions: int
    """Values in a signature."""
    limits: Limits


def near_texts(texts: DataFrame, comparison: Comparison) -> DataFrame:
    """Pairs of texts with Jaccard ≥ threshold, the earlier first: (one, other, common, total, kind).

    `common` and `total` count shingles in both and in either.
    """
    sign = partial(band_words, banding=comparison.banding, functions=comparison.functions)
    pair = partial(candidate_pairs, largest=comparison.limits.largest_bucket)
    verify = partial(near_pairs, threshold=comparison.threshold, functions=comparison.functions)
    words = texts.select("text", "content").mapInArrow(sign, WORDS)
    buckets = words.repartition("bucket").sortWithinPartitions("bucket", "text")
    pairs = buckets.mapInArrow(pair, CANDIDATES).repartition("one").dropDuplicates(["one", "other"])
    sides = (
        texts.select(
            f.col("text").alias(side),
            f.col("hash").alias(f"hash_{side}"),
            f.col("content").alias(f"content_{side}"),
        )
        for side in ("one", "other")
    )
    for side in sides:
        pairs = pairs.join(side, side.columns[0])
    return kept(pairs.mapInArrow(verify, NEAR))


def edges(near: DataFrame) -> DataFrame:
    """Every pair in both directions: (source, target, common, total, kind)."""
    forth = near.select(
        f.col("one").alias("source"), f.col("other").alias("target"), "common", "total", "kind"
    )
    back = near.select(
        f.col("other").alias("source"), f.col("one").alias("target"), "common", "total", "kind"
    )
    return forth.unionByName(back)


def led_texts(near: DataFrame, limits: Limits) -> DataFrame:
    """Texts that another represents, verified against it: (text, leader, common, total, kind).

    The representatives are the lexicographically first maximal independent set, as in
    `dedup.scan.findings`; every other text joins the earliest representative that it is near.
    """
    dominated = kept(_dominated(near, limits.edges_in_one_task))
    both = edges(near)
    within = both.join(dominated.withColumnRenamed("text", "source"), "source", "left_semi")
    led = within.join(dominated.withColumnRenamed("text", "target"), "target", "left_anti")
    best = f.min(f.struct(f.col("target").alias("leader"), "common", "total", "kind")).alias("best")
    return kept(led.groupBy(f.col("source").alias("text")).agg(best).select("text", "best.*"))


def _dominated(near: DataFrame, edges_in_one_task: int) -> DataFrame:
    """Texts that are no representatives: (text).

    In each round the texts that are earlier than all undecided texts near them become representatives,
    and those near them are decided, too (Blelloch, Fineman and Shun 2012). The number of edges falls
    quickly at first; what is left, long chains of versions of versions, is decided in one task.
    """
    live = near.select("one", "other")
    found = live.select(f.col("one").alias("text")).limit(0)
    while live.count() > edges_in_one_task:
        both = live.unionByName(live.select(f.col("other").alias("one"), f.col("one").alias("other")))
        first = both.groupBy("one").agg(f.min("other").alias("earliest"))
        chosen = first.where("one < earliest").select("one")
        beaten = both.join(chosen, "one", "left_semi").select(f.col("other").alias("text")).distinct()
        beaten = kept(beaten)
        found = found.unionByName(beaten)
        live = live.join(beaten.withColumnRenamed("text", "one"), "one", "left_anti")
        live = live.join(beaten.withColumnRenamed("text", "other"), "other", "left_anti")
        live = kept(live)
    rest = live.coalesce(1).mapInArrow(dominated_texts, "text bigint")
    return found.unionByName(rest)
