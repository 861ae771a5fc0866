"""Make pairs and clusters of paragraphs, and relations of documents, from near texts.

`dedup.scan.findings` and `dedup.scan.relations` do the same in memory, and define boilerplate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as f

from dedup.limits import Limits
from dedup.records import dataclass
from dedup.scan.findings import boilerplate_from
from dedup.scan.near_texts import REFORMATTED, VERBATIM
from dedup.scan.relations import MANY, PAIRED_COPIES
from dedup.spark.near import edges, led_texts
from dedup.spark.paragraphs import Collection
from dedup.spark.session import kept
from dedup.spark.writing import COPIED, RELATED, copied, related

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_LOW_HALF = (1 << 32) - 1
_SIDES = (("a", "b"), ("b", "a"))
_SIDE = ("seat", "end", "characters", "many", "ordinary")


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything found, in paragraphs."""

    paragraphs: DataFrame
    """Paragraphs of repeated texts: text, leader, ordinary, many, seat, place, end, characters, original.
    `ordinary` ones are not boilerplate, nor represented by it; `many` have many near-duplicates."""
    pairs: DataFrame
    """seat_a, end_a, characters_a, many_a, ordinary_a, the same of b, common, total, kind."""
    members: DataFrame
    """head (seat of the representative), seat, place, end, common, total; the representative is not one."""
    clusters: DataFrame
    """head, head_end, place, characters, leader, hash, paragraphs, documents, weakest, boilerplate."""


def list_findings(collection: Collection, near: DataFrame, limits: Limits) -> Findings:
    """Pairs and clusters of paragraphs from the pairs of texts."""
    led = led_texts(near, limits)
    most = boilerplate_from(collection.files.count(), limits)
    texts = kept(_involved(collection, near, led, most, min(most, limits.paired)))
    told = texts.select("hash", "text", "leader", "crowded_wording", "boilerplate", "many", "copies")
    paragraphs = kept(
        collection.paragraphs.drop("content")
        .join(told, "hash")
        .withColumn("ordinary", ~f.col("crowded_wording"))
    )
    clusters, members = _clusters(paragraphs, led)
    return Findings(paragraphs, kept(_pairs(paragraphs, texts, near, led)), members, clusters)


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


def _involved(collection: Collection, near: DataFrame, led: DataFrame, most: int, paired: int) -> DataFrame:
    """Repeated texts, as (text, hash, copies, leader, many, boilerplate, crowded_wording)."""
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
        .withColumn("boilerplate", f.col("neighbours") > most)
        .withColumn("crowded", f.col("neighbours") > paired)
        .withColumn("many", f.col("neighbours") >= MANY)
        .drop("neighbours")
    )
    leaders = known.select(f.col("text").alias("leader"), f.col("crowded").alias("led_by_crowded"))
    crowded = f.col("crowded") | f.col("led_by_crowded")
    return known.join(leaders, "leader").withColumn("crowded_wording", crowded).drop("led_by_crowded")


def _clusters(paragraphs: DataFrame, led: DataFrame) -> tuple[DataFrame, DataFrame]:
    """The clusters with members in several files, and their members."""
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
    ordinary = texts.where(~f.col("crowded_wording")).select("text")
    # All pairs of paragraphs of one text.
    several = "ordinary_{0} AND copies_{0} > 1"
    equal = (
        one.where(several.format("one"))
        .join(other.where(several.format("other")).withColumnRenamed("text_other", "text_one"), "text_one")
        .where("seat_one < seat_other")
        .withColumns({"common": f.lit(1), "total": f.lit(1), "kind": _equal_kind()})
    )
    # All paragraphs of a text with all of a near text.
    known = near
    for side in ("one", "other"):
        known = known.join(ordinary.withColumnRenamed("text", side), side, "left_semi")
    close = known.join(one, f.col("one") == f.col("text_one")).join(
        other, f.col("other") == f.col("text_other")
    )
    # Representatives with all paragraphs of the texts they represent, if either is common.
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
    """Rename the columns of each pair so that the paragraph with the lower seat is side a."""
    turned = f.col("seat_one") > f.col("seat_other")
    sides = [
        f.when(turned, f.col(f"{name}_{second}")).otherwise(f.col(f"{name}_{first}")).alias(f"{name}_{side}")
        for side, first, second in (("a", "one", "other"), ("b", "other", "one"))
        for name in _SIDE
    ]
    return pairs.select(*sides, "common", "total", f.col("kind").cast("int").alias("kind"))


# ---- documents


def relate(collection: Collection, findings: Findings) -> DataFrame:
    """Rows of RELATED: the pairs of files that share enough text."""
    telling = (
        findings.pairs.where("ordinary_a AND ordinary_b")
        .withColumn("file_a", file_of("seat_a"))
        .withColumn("file_b", file_of("seat_b"))
    )
    couples = telling.groupBy("file_a", "file_b").agg(f.lit(0).alias("_")).drop("_")
    held = (
        findings.paragraphs.where(~f.col("ordinary"))
        .groupBy(file_of("seat").alias("file"), "text")
        .agg(f.sum("characters").alias("characters"))
    )
    found = couples
    for side, beside in _SIDES:
        found = found.join(_near(telling, side), ["file_a", "file_b"])
        found = found.join(_common(couples, held, side, beside), ["file_a", "file_b"], "left")
    for side, _ in _SIDES:
        facts = collection.files.select(
            f.col("file").alias(f"file_{side}"),
            f.col("path").alias(f"path_{side}"),
            f.greatest("paired", f.floor(f.col("characters") / 2)).alias(f"all_{side}"),
            *(f.col(name).alias(f"{name}_{side}") for name in ("work", "date", "folded")),
        )
        found = found.join(facts, f"file_{side}").fillna(0, [f"common_{side}"])
    alike = found.where("folded_a <> folded_b").mapInArrow(related, RELATED)
    return kept(alike.unionByName(_equal(collection).mapInArrow(copied, RELATED)))


def _equal(collection: Collection) -> DataFrame:
    """Rows of COPIED: files with equal texts; all pairs if they are few, else each with the first."""
    files = collection.files.where("folded <> 0")
    groups = files.groupBy("folded").agg(f.count("*").alias("equals"), f.min("file").alias("first"))
    files = files.join(groups.where("equals > 1"), "folded")
    sides = [
        files.select(
            "folded",
            *(f.col(name).alias(f"{name}_{side}") for name in ("file", "path", "work", "date", "characters")),
            *(("equals", "first") if side == "a" else ()),
        )
        for side, _ in _SIDES
    ]
    both = sides[0].join(sides[1], "folded").where("file_a < file_b")
    paired = both.where(f"equals <= {PAIRED_COPIES} OR file_a = first")
    return paired.select(*(one.split()[0] for one in COPIED.split(", ")))


def _near(telling: DataFrame, side: str) -> DataFrame:
    """Columns (near, many): characters of one side's paragraphs with a near-duplicate on the other."""
    many = f.when(f.col(f"many_{side}"), f.col(f"characters_{side}")).otherwise(0)
    paragraphs = telling.select("file_a", "file_b", f"seat_{side}", f"characters_{side}", f"many_{side}")
    return (
        paragraphs.distinct()
        .groupBy("file_a", "file_b")
        .agg(f.sum(f"characters_{side}").alias(f"near_{side}"), f.sum(many).alias(f"many_{side}"))
    )


def _common(couples: DataFrame, held: DataFrame, side: str, beside: str) -> DataFrame:
    """Column common: characters of one side's boilerplate whose exact text is on the other side."""
    here = held.withColumnRenamed("file", f"file_{side}")
    there = held.select(f.col("file").alias(f"file_{beside}"), "text")
    both = couples.join(here, f"file_{side}").join(there, [f"file_{beside}", "text"], "left_semi")
    return both.groupBy("file_a", "file_b").agg(f.sum("characters").alias(f"common_{side}"))
