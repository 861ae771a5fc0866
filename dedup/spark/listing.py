"""From near texts to what the reader gets: pairs of paragraphs, clusters of paragraphs. `dedup.scan.listing`
does the same in memory, and says what boilerplate is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import functions as f

from dedup.scan import listing
from dedup.scan.kinds import REFORMATTED, VERBATIM
from dedup.scan.relations import MANY
from dedup.spark.near import edges, led_texts
from dedup.spark.paragraphs import Collection
from dedup.spark.session import kept

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_LOW_HALF = (1 << 32) - 1
_SIDE = ("seat", "end", "characters", "many", "ordinary")


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything found, in paragraphs."""

    paragraphs: DataFrame
    """Of the texts that are repeated: text, leader, ordinary, many, seat, place, end, characters, original.
    `ordinary` ones are not boilerplate, nor represented by it; `many` have many near-duplicates."""
    pairs: DataFrame
    """seat_a, end_a, characters_a, many_a, ordinary_a, the same of b, common, total, kind."""
    members: DataFrame
    """head (seat of the representative), seat, place, end, common, total; the representative is not one."""
    clusters: DataFrame
    """head, head_end, place, characters, leader, hash, paragraphs, documents, weakest, boilerplate."""


def list_findings(collection: Collection, near: DataFrame) -> Listing:
    """Pairs and clusters of paragraphs from the pairs of texts."""
    led = led_texts(near)
    texts = kept(_involved(collection, near, led))
    told = texts.select("hash", "text", "leader", "common_wording", "boilerplate", "many", "copies")
    paragraphs = kept(
        collection.paragraphs.drop("content")
        .join(told, "hash")
        .withColumn("ordinary", ~f.col("common_wording"))
    )
    clusters, members = _clusters(paragraphs, led)
    return Listing(paragraphs, kept(_pairs(paragraphs, texts, near, led)), members, clusters)


def file_of(seat: str) -> Column:
    """The file of a seat."""
    return f.shiftright(seat, 32)


def start_of(seat: str) -> Column:
    """The start of a seat."""
    return f.col(seat).bitwiseAND(f.lit(_LOW_HALF))


def jaccard() -> Column:
    """Similarity from `common` and `total`, rounded down as in `dedup.scan.results`."""
    exact = f.col("common") / f.col("total")
    return f.floor(exact * 1_000_000 + 1e-6) / 1_000_000


def _involved(collection: Collection, near: DataFrame, led: DataFrame) -> DataFrame:
    """text, hash, copies, leader, many, boilerplate, common_wording: of the texts that are repeated."""
    copies = collection.texts.select("text", "hash", "copies")
    of_target = copies.select(f.col("text").alias("target"), f.col("copies").alias("beside"))
    beside = edges(near).join(of_target, "target").groupBy(f.col("source").alias("text"))
    known = (
        copies.join(beside.agg(f.sum("beside").alias("beside")), "text", "left")
        .where("copies > 1 OR beside IS NOT NULL")
        .join(led.select("text", "leader"), "text", "left")
        .select(
            "text",
            "hash",
            "copies",
            f.coalesce("leader", "text").alias("leader"),
            (f.col("copies") - 1 + f.coalesce("beside", f.lit(0))).alias("neighbours"),
        )
        .withColumn("boilerplate", f.col("neighbours") > listing.BOILERPLATE)
        .withColumn("many", f.col("neighbours") >= MANY)
        .drop("neighbours")
    )
    leaders = known.select(f.col("text").alias("leader"), f.col("boilerplate").alias("led_by_boilerplate"))
    common = f.col("boilerplate") | f.col("led_by_boilerplate")
    return known.join(leaders, "leader").withColumn("common_wording", common).drop("led_by_boilerplate")


def _clusters(paragraphs: DataFrame, led: DataFrame) -> tuple[DataFrame, DataFrame]:
    """The clusters that reach across files, and their members."""
    heads = paragraphs.where("place = leader").select(
        "leader", "hash", "place", "characters", f.col("seat").alias("head"), f.col("end").alias("head_end")
    )
    proofs = led.select("text", "common", "total")
    seats = ("leader", "text", "seat", "place", "end")
    others = paragraphs.where("place <> leader").select(*seats, "boilerplate").join(proofs, "text", "left")
    similarity = f.coalesce(f.col("common") / f.col("total"), f.lit(1.0))
    figures = (
        paragraphs.select("leader", "text", "place", "boilerplate", file_of("seat").alias("file"))
        .join(proofs, "text", "left")
        .groupBy("leader")
        .agg(
            f.count("*").alias("paragraphs"),
            f.count_distinct("file").alias("documents"),
            f.min(similarity).alias("weakest"),
            f.max("boilerplate").alias("boilerplate"),
        )
        .where("documents > 1")
    )
    clusters = kept(heads.join(figures, "leader"))
    members = others.drop("boilerplate", "text").join(clusters.select("leader", "head"), "leader")
    return clusters, kept(members.drop("leader"))


def _pairs(paragraphs: DataFrame, texts: DataFrame, near: DataFrame, led: DataFrame) -> DataFrame:
    one, other = _renamed(paragraphs, "one"), _renamed(paragraphs, "other")
    ordinary = texts.where(~f.col("common_wording")).select("text")
    # Each with each of the paragraphs of one text.
    several = "ordinary_{0} AND copies_{0} > 1"
    equal = (
        one.where(several.format("one"))
        .join(other.where(several.format("other")).withColumnRenamed("text_other", "text_one"), "text_one")
        .where("seat_one < seat_other")
        .withColumns({"common": f.lit(1), "total": f.lit(1), "kind": _equal_kind()})
    )
    # Each of a text with each of a near one.
    known = near
    for side in ("one", "other"):
        known = known.join(ordinary.withColumnRenamed("text", side), side, "left_semi")
    close = known.join(one, f.col("one") == f.col("text_one")).join(
        other, f.col("other") == f.col("text_other")
    )
    # Representatives with all of the texts they stand for, if either is common.
    heads = one.where("place_one = leader_one").drop("leader_one")
    stars = (
        other.where(~f.col("ordinary_other"))
        .join(heads, f.col("leader_other") == f.col("text_one"))
        .join(led.select(f.col("text").alias("text_other"), "common", "total", "kind"), "text_other", "left")
        .withColumn("kind", f.coalesce(f.col("kind").cast("int"), _equal_kind()))
        .withColumns({name: f.coalesce(name, f.lit(1)) for name in ("common", "total")})
    )
    columns = [f"{name}_{side}" for side in ("one", "other") for name in _SIDE]
    found = [table.select(*columns, "common", "total", "kind") for table in (equal, close, stars)]
    pairs = found[0].unionByName(found[1]).unionByName(found[2])
    return _ordered(pairs.where(file_of("seat_one") != file_of("seat_other")))


def _renamed(paragraphs: DataFrame, side: str) -> DataFrame:
    names = (*_SIDE, "text", "leader", "place", "original", "copies")
    return paragraphs.select(*(f.col(name).alias(f"{name}_{side}") for name in names))


def _equal_kind() -> Column:
    same = f.col("original_one") == f.col("original_other")
    return f.when(same, f.lit(VERBATIM)).otherwise(f.lit(REFORMATTED))


def _ordered(pairs: DataFrame) -> DataFrame:
    """seat_one and what belongs to it become seat_a … where it stands before, else seat_b …"""
    turned = f.col("seat_one") > f.col("seat_other")
    sides = [
        f.when(turned, f.col(f"{name}_{second}")).otherwise(f.col(f"{name}_{first}")).alias(f"{name}_{side}")
        for side, first, second in (("a", "one", "other"), ("b", "other", "one"))
        for name in _SIDE
    ]
    return pairs.select(*sides, "common", "total", f.col("kind").cast("int").alias("kind"))
