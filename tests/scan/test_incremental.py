"""A scan after changes ends where a scan from nothing ends, whatever the changes were."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dedup.index import update_index
from dedup.limits import LIMITS, Limits
from dedup.scan import run
from dedup.scan.results import CLUSTERS, DOCUMENTS, PAIRS

SEEDS = int(os.environ.get("DEDUP_SCAN_SEEDS", "6"))

BASES = [
    "镇里把低产茶园逐块登记，请农技员蹲点一个月，剪掉老枝，补种新苗四百亩，茶农从观望到排着队报名。",
    "农贸市场改造分三期推进，摊位不减一个，先搬后拆，雨天不漏、夏天不闷，商户和买菜的居民都说方便。",
    "村小学的旱厕全部改成水冲式，化粪池由镇环卫站按月清运，费用列入年度预算，不向家长收一分钱。",
]


def paragraph(numbers: random.Random) -> str:
    letters = list(numbers.choice(BASES))
    for _ in range(numbers.choice([0, 0, 0, 1, 2, 3])):
        letters[numbers.randrange(len(letters))] = numbers.choice("甲乙丙丁戊己庚辛")
    return "".join(letters)


def document(numbers: random.Random) -> str:
    year = numbers.choice(["2019年", "2023年", ""])
    lines = [paragraph(numbers) for _ in range(numbers.randrange(1, 4))]
    return "\n".join([f"{year}工作总结", *lines, ""])


def contents(collection: Any) -> dict[str, list[dict[str, Any]]]:
    """The result files, without the ids of clusters, which have a history."""
    found = {name: collection.lines(name) for name in (PAIRS, CLUSTERS, DOCUMENTS)}
    return found | {CLUSTERS: [line | {"cluster": None} for line in found[CLUSTERS]]}


def _places(cluster: dict[str, Any] | None) -> list[Any]:
    return [cluster["representative"], *cluster["members"]] if cluster else []


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.slow if seed > 1 else ()) for seed in range(SEEDS)]
)
def test_incremental_equals_full(seed: int, make_collection: Callable[[], Any]) -> None:
    """With limits so low that boilerplate and large buckets come and go, in one segment and in many."""
    limits = replace(
        Limits(segment_positions=200, merged_positions=200, small_segment=0) if seed % 2 else LIMITS,
        largest_bucket=3 + seed,
        sifted_pairs=1 + 6 * (seed % 3),
        paired=4 + 2 * seed,
        least_boilerplate=3 + 3 * seed,
        recent_share=(0.1, 0.5, 1.0)[seed % 3],
        most_tables=3,
    )
    numbers = random.Random(seed)
    nightly = make_collection()
    texts: dict[str, str] = {}
    for night in range(6):
        changes = {}
        for _ in range(12 if night == 0 else numbers.randrange(5)):
            name = f"{numbers.randrange(20):02d}.txt"
            if name in texts and numbers.random() < 0.5:
                changes[name] = ""
                del texts[name]
            else:
                changes[name] = texts[name] = document(numbers)
        nightly.write(changes)
        before = {line["cluster"]: line for line in nightly.clusters} if night else {}
        result = nightly.scan(limits=limits)
        assert result.full == (night == 0)
        fresh = make_collection()
        fresh.write(texts)
        counts = fresh.scan(limits=limits).counts
        assert contents(nightly) == contents(fresh)
        assert replace(result.counts, compared_texts=counts.texts) == counts
        assert result.counts.compared_texts <= counts.texts
        for name in (PAIRS, DOCUMENTS):
            assert (nightly.output / name).read_bytes() == (fresh.output / name).read_bytes()
        identities = [line["cluster"] for line in nightly.clusters]
        assert len(set(identities)) == len(identities)
        unchanged = {
            line["cluster"]
            for line in nightly.clusters
            if _places(before.get(line["cluster"])) == _places(line)
        }
        since = nightly.summary["since_last_scan"]
        if night:
            named = {*since["new_clusters"], *since["changed_clusters"]}
            assert named == set(identities) - unchanged
            assert set(since["gone_clusters"]) == before.keys() - set(identities)
        again = nightly.scan(full=night == 3, limits=limits)
        assert again.since is not None
        assert again.since.nothing
        assert [line["cluster"] for line in nightly.clusters] == identities


def test_only_what_is_new_is_compared(collection: Any) -> None:
    collection.write({"a.txt": f"总结\n{BASES[0]}\n{BASES[1]}\n", "b.txt": f"汇报\n{BASES[1]}\n"})
    assert collection.scan().counts.compared_texts == 2
    assert collection.scan().counts.compared_texts == 0
    collection.write({"c.txt": f"要点\n{BASES[2]}\n{BASES[0]}\n"})
    result = collection.scan()
    assert result.counts.compared_texts == 1
    assert not result.full
    assert collection.scan(full=True).full


def test_what_the_index_merges_or_does_again_is_not_compared_again(collection: Any) -> None:
    collection.write({"a.txt": f"总结\n{BASES[0]}\n", "b.txt": f"汇报\n{BASES[0]}\n{BASES[1]}\n"})
    collection.scan()
    (kept,) = (collection.index / "scan").glob("*.texts")
    written = kept.stat().st_mtime_ns
    before = {path.name for path in (collection.index / "segments").iterdir()}
    update_index(collection.corpus, collection.index, collection.settings, rebuild=True)
    assert before.isdisjoint(path.name for path in (collection.index / "segments").iterdir())
    result = collection.scan()
    assert (result.counts.compared_texts, result.counts.pairs) == (0, 1)
    assert [kept] == list((collection.index / "scan").glob("*.texts"))
    assert kept.stat().st_mtime_ns == written
    assert result.since is not None
    assert result.since.nothing


def test_a_file_that_is_moved_is_known_again_by_what_it_holds(collection: Any) -> None:
    collection.write({"a.txt": f"总结\n{BASES[0]}\n", "b.txt": f"汇报\n{BASES[0]}\n"})
    collection.scan()
    (collection.corpus / "b.txt").rename(collection.corpus / "丙.txt")
    result = collection.scan()
    assert result.counts.compared_texts == 0
    assert [pair["b"]["document"] for pair in collection.pairs] == ["丙.txt"]


@pytest.mark.parametrize("damage", ["altered", "cut", "gone"])
def test_results_are_complete_whatever_became_of_the_last_ones(collection: Any, damage: str) -> None:
    files = {f"{name}.txt": f"{name}\n{BASES[0]}\n{BASES[1]}\n" for name in "甲乙丙"}
    collection.write(files)
    collection.scan()
    path = collection.output / PAIRS
    intact = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(intact.replace("甲".encode(), "申".encode()) if damage == "altered" else intact[:-9])
    collection.scan()
    assert path.read_bytes() == intact


def test_results_may_go_elsewhere_from_one_night_to_the_next(collection: Any) -> None:
    collection.write({"a.txt": f"总结\n{BASES[0]}\n", "b.txt": f"汇报\n{BASES[0]}\n"})
    collection.scan()
    first = (collection.output / PAIRS).read_bytes()
    collection.output = collection.output.with_name("elsewhere")
    collection.scan()
    assert (collection.output / PAIRS).read_bytes() == first


def test_the_summary_says_what_is_new_gone_and_changed(collection: Any) -> None:
    collection.write(
        {
            "a.txt": f"总结\n{BASES[0]}\n",
            "b.txt": f"汇报\n{BASES[0]}\n",
            "c.txt": f"要点\n{BASES[1]}\n",
        }
    )
    assert collection.scan().since is None
    collection.write(
        {"b.txt": "", "c.txt": f"要点\n{BASES[1]}\n{BASES[2]}\n", "d.txt": f"讲话\n{BASES[1]}\n"}
    )
    since = collection.scan().since
    assert since is not None
    assert (since.new_documents, since.changed_documents, since.gone_documents) == (
        ("d.txt",),
        ("c.txt",),
        ("b.txt",),
    )
    assert (since.new_pairs, since.gone_pairs) == (1, 1)
    assert (len(since.new_clusters), len(since.gone_clusters)) == (1, 1)
    assert collection.summary["since_last_scan"]["new_documents"] == ["d.txt"]
    again = collection.scan().since
    assert again is not None
    assert again.nothing


def test_the_summary_lists_the_new_pairs_up_to_a_bound(collection: Any) -> None:
    limits = replace(LIMITS, named_pairs=3)
    collection.write({f"{name}.txt": f"总结\n{BASES[0]}\n" for name in "ab"})
    assert collection.scan().since is None
    old = collection.pairs
    collection.write({"c\u2028.txt": f"要点\n{BASES[0]}\n"})
    collection.scan()
    since = collection.summary["since_last_scan"]
    assert since["first_new_pairs"] == [pair for pair in collection.pairs if pair not in old]
    assert since["new_pairs"] == 2
    collection.write({"d.txt": f"讲话\n{BASES[0]}\n", "e.txt": f"纪要\n{BASES[0]}\n"})
    collection.scan(limits=limits)
    since = collection.summary["since_last_scan"]
    assert since["new_pairs"] == 7
    assert len(since["first_new_pairs"]) == 3
    assert all(
        {pair["a"]["document"], pair["b"]["document"]} & {"d.txt", "e.txt"}
        for pair in since["first_new_pairs"]
    )
    collection.scan()
    assert collection.summary["since_last_scan"]["first_new_pairs"] == []


def test_a_cluster_keeps_its_id_when_an_earlier_document_turns_up(collection: Any) -> None:
    collection.write({"2020年总结.txt": f"总结\n{BASES[0]}\n", "2021年总结.txt": f"总结\n{BASES[0]}\n"})
    collection.scan()
    (before,) = collection.clusters
    assert before["representative"]["document"] == "2020年总结.txt"
    edited = BASES[0].replace("蹲点", "驻村")
    collection.write({"2018年总结.txt": f"总结\n{edited}\n"})
    result = collection.scan()
    (after,) = collection.clusters
    assert after["representative"]["document"] == "2018年总结.txt"
    assert len(after["members"]) == 2
    assert after["cluster"] == before["cluster"]
    assert result.since is not None
    assert result.since.changed_clusters == (before["cluster"],)


def test_a_scan_that_could_not_write_its_results_has_not_happened(collection: Any) -> None:
    from dedup.errors import UsageError

    collection.write({"a.txt": f"总结\n{BASES[0]}\n"})
    collection.scan()
    collection.write({"b.txt": f"汇报\n{BASES[0]}\n"})
    kept = collection.output
    collection.output = collection.corpus / "a.txt"
    with pytest.raises(UsageError, match="--output"):
        collection.scan()
    collection.output = kept
    since = collection.scan().since
    assert since is not None
    assert since.new_documents == ("b.txt",)


def test_a_damaged_state_is_not_trusted(collection: Any) -> None:
    collection.write({"a.txt": f"总结\n{BASES[0]}\n", "b.txt": f"汇报\n{BASES[0]}\n"})
    collection.scan()
    (kept,) = (collection.index / "scan").glob("last-*.scan")
    data = bytearray(kept.read_bytes())
    data[len(data) // 2] ^= 1
    kept.write_bytes(data)
    result = collection.scan()
    assert result.full
    assert result.counts.pairs == 1
    assert result.lost is not None
    assert kept.name in str(result.lost)
    assert collection.scan().lost is None


def test_a_state_of_another_version_is_told(collection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    collection.write({"a.txt": f"总结\n{BASES[0]}\n"})
    assert collection.scan().lost is None
    monkeypatch.setattr(run, "__version__", "99")
    result = collection.scan()
    assert result.full
    assert result.lost is not None
    assert "another version" in str(result.lost)
    assert collection.scan().lost is None


def test_a_collection_may_hold_next_to_nothing_and_come_to_that(collection: Any) -> None:
    collection.write({"空.txt": "。\n"})
    assert collection.scan().counts.pairs == 0
    collection.write({"a.txt": f"总结\n{BASES[0]}\n", "b.txt": f"汇报\n{BASES[0]}\n"})
    assert collection.scan().counts.pairs == 1
    collection.write({"a.txt": "", "b.txt": ""})
    for full in (False, True):
        counts = collection.scan(full=full).counts
        assert (counts.documents, counts.pairs) == (1, 0)
        assert (counts.texts, counts.compared_texts) == (0, 0), "texts of files that are gone are none"
    assert collection.pairs == []
    collection.write({"c.txt": f"总结\n{BASES[1]}\n"})
    assert collection.scan().counts.compared_texts == 1


def test_each_threshold_has_a_past_of_its_own(collection: Any) -> None:
    collection.write({"a.txt": f"总结\n{BASES[0]}\n", "b.txt": f"汇报\n{BASES[0]}\n"})
    collection.scan()
    assert collection.scan(threshold=0.9).full
    assert not collection.scan().full
    assert not collection.scan(threshold=0.9).full
