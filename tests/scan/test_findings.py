"""Clusters do not chain, start with the earliest, and list boilerplate once, not squared."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.limits import LIMITS
from dedup.scan.findings import representatives
from dedup.scan.provenance import UNKNOWN, date_of, iso

TERRACE = (
    "梯田修复先易后难，今年垒石埂三千二百米，疏通老水渠四条，荒了七年的坡地重新灌上水，"
    "认领田块的除了本村农户，还有十一位从城里回来的年轻人。"
)
CLINIC = (
    "乡镇卫生院的夜诊从一周两晚加到五晚，值班医生的补贴由县财政出，半年接诊夜间病人四千余人次，"
    "其中转到县医院的不到一成，路上少跑了许多冤枉路。"
)
BUS = (
    "通村客车由镇里统一调度，早晚两班雷打不动，中午按预约加开，车票一律两元，"
    "老人凭证免费，亏空部分从县里的农村客运补贴中列支。"
)


@given(st.integers(1, 12).flatmap(lambda n: st.tuples(
    st.just(n),
    st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda edge: edge[0] < edge[1])),
    st.permutations(range(n)),
)))  # fmt: skip
def test_representatives_are_those_of_a_greedy_pass_from_the_earliest(
    drawn: tuple[int, set[tuple[int, int]], list[int]],
) -> None:
    texts, edges, ranks = drawn
    neighbours = {
        text: {b for a, b in edges if a == text} | {a for a, b in edges if b == text} for text in range(texts)
    }
    expected: dict[int, int] = {}
    for text in sorted(range(texts), key=ranks.__getitem__):
        if text not in expected:
            expected[text] = text
            for other in neighbours[text]:
                expected.setdefault(other, text)
    ends = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2)
    found = representatives(texts, ends[:, 0], ends[:, 1], np.array(ranks))
    assert found.tolist() == [expected[text] for text in range(texts)]


def test_nothing_is_chained(collection: Any) -> None:
    near = TERRACE.replace("三千二百米", "六千五百丈")
    nearer = near.replace("十一位", "二十余").replace("荒了七年", "荒了多时")
    collection.write(
        {
            "2019年.txt": f"总结\n{TERRACE}\n",
            "2020年.txt": f"总结\n{near}\n",
            "2021年.txt": f"总结\n{nearer}\n",
        }
    )
    collection.scan(threshold=0.62)
    pairs = {(pair["a"]["document"], pair["b"]["document"]) for pair in collection.pairs}
    assert pairs == {("2019年.txt", "2020年.txt"), ("2020年.txt", "2021年.txt")}
    (cluster,) = collection.clusters
    assert cluster["representative"]["document"] == "2019年.txt"
    assert [member["document"] for member in cluster["members"]] == ["2020年.txt"]
    assert cluster["weakest_jaccard"] == cluster["members"][0]["jaccard"] >= 0.62
    assert cluster["date"] == "2019"


def test_boilerplate_is_one_group_and_no_square(collection: Any) -> None:
    files = {f"{number:03d}.txt": f"总结\n{CLINIC}\n第{number}号\n" for number in range(30)}
    files["200.txt"] = f"总结\n{CLINIC.replace('五晚', '六晚')}\n"
    collection.write(files)
    result = collection.scan()
    (cluster,) = collection.clusters
    assert cluster["boilerplate"]
    assert len(cluster["members"]) == 30
    assert len(collection.pairs) == 30
    assert {pair["a"]["document"] for pair in collection.pairs} == {"000.txt"}
    assert result.counts.boilerplate_clusters == 1
    assert collection.documents == []


@pytest.mark.parametrize(("share", "boilerplate"), [(0.5, True), (0.9, False)])
def test_what_is_boilerplate_depends_on_the_share_of_documents(
    collection: Any, share: float, boilerplate: bool
) -> None:
    files = {f"{number}.txt": f"总结\n{CLINIC}\n" for number in range(8)}
    files |= {f"另{number}.txt": f"总结\n{'甲乙丙丁'[number] * 30}\n" for number in range(4)}
    collection.write(files)
    collection.scan(limits=replace(LIMITS, boilerplate_share=share, least_boilerplate=2))
    (cluster,) = collection.clusters
    assert cluster["boilerplate"] == boilerplate


def test_of_very_many_near_duplicates_each_is_paired_with_the_first_only(collection: Any) -> None:
    collection.write({f"{number}.txt": f"总结\n{CLINIC}\n第{number}号\n" for number in range(9)})
    collection.scan(limits=replace(LIMITS, paired=4))
    assert {(pair["a"]["document"], pair["b"]["document"]) for pair in collection.pairs} == {
        ("0.txt", f"{number}.txt") for number in range(1, 9)
    }
    assert not collection.clusters[0]["boilerplate"]


@pytest.mark.parametrize(
    ("names", "date"),
    [
        (("档案管理条例__2020-06-20.txt",), "2020-06-20"),
        (("某县2023年政府工作报告.txt",), "2023"),
        (("总结.txt", "关于二〇二三年防汛工作的报告"), "2023"),
        (("讲话(2019年7月26日).txt",), "2019-07-26"),
        (("要点20240115.txt",), "2024-01-15"),
        (("2024年3月简报.txt", "2021年总结"), "2024-03"),
        (("第3012号.txt", "编号202399"), None),
    ],
)
def test_dates_are_read_from_names_and_titles(names: tuple[str, ...], date: str | None) -> None:
    assert iso(date_of(*names)) == date
    assert (date_of(*names) == UNKNOWN) == (date is None)


def lookup(collection: Any) -> dict[str, str]:
    """Which cluster each document's paragraph is in."""
    return {
        place["document"]: cluster["cluster"]
        for cluster in collection.clusters
        for place in (cluster["representative"], *cluster["members"])
    }


def edited(text: str, *places: int) -> str:
    letters = list(text)
    for place in places:
        letters[place] = "某"
    return "".join(letters)


def test_a_cluster_keeps_its_id_when_its_representative_goes(collection: Any) -> None:
    files = {f"{year}年.txt": f"总结\n{edited(TERRACE, year - 2010)}\n" for year in (2015, 2018, 2021)}
    collection.write(files)
    collection.scan()
    before = lookup(collection)
    collection.write({"2015年.txt": ""})
    collection.scan()
    assert lookup(collection) == {name: one for name, one in before.items() if name != "2015年.txt"}


def test_clusters_of_texts_in_two_tables_keep_their_ids(collection: Any) -> None:
    numbers = random.Random(1)

    def paragraphs(count: int) -> list[str]:
        return ["".join(chr(numbers.randrange(0x4E00, 0x9F00)) for _ in range(80)) for _ in range(count)]

    repeated, unlike = paragraphs(30), paragraphs(100)

    def report(year: int) -> str:
        return "\n".join(["总结", *(edited(text, year - 2010) for text in repeated), ""])

    first = {f"{year}年.txt": report(year) for year in (2015, 2018)}
    collection.write(first | {"汇编.txt": "\n".join(unlike)})
    collection.scan()
    named = [line["cluster"] for line in collection.clusters]
    assert len(named) == len(repeated)
    # Those they are called after go, so that their names are remembered or lost.
    collection.write({"2015年.txt": "", "2027年.txt": report(2027)})
    collection.scan(limits=replace(LIMITS, recent_share=1.0))
    assert len(list((collection.index / "scan").glob("*.texts"))) == 2
    assert [line["cluster"] for line in collection.clusters] == named
    result = collection.scan()
    assert [line["cluster"] for line in collection.clusters] == named
    assert result.since is not None
    assert result.since.nothing


def test_when_clusters_merge_the_larger_one_gives_its_id(collection: Any) -> None:
    # Two wordings of one paragraph, too far apart to be near, each with copies; the second has more texts.
    first, second = edited(TERRACE, 4, 8), edited(TERRACE, 36, 40)
    files = {"2016年.txt": f"总结\n{first}\n", "2017年.txt": f"总结\n{first}了\n"}
    files |= {
        "2018年.txt": f"总结\n{second}\n",
        "2019年.txt": f"总结\n{second}了\n",
        "2020年.txt": f"总结\n{second}的\n",
    }
    collection.write(files)
    collection.scan(threshold=0.6)
    apart = lookup(collection)
    assert apart["2016年.txt"] != apart["2018年.txt"]
    collection.write({"2001年.txt": f"总结\n{TERRACE}\n"})
    result = collection.scan(threshold=0.6)
    (cluster,) = collection.clusters
    assert cluster["representative"]["document"] == "2001年.txt"
    assert cluster["cluster"] == apart["2018年.txt"]
    assert result.since is not None
    assert result.since.gone_clusters == (apart["2016年.txt"],)


def test_when_a_cluster_splits_the_larger_part_keeps_its_id(collection: Any) -> None:
    first, second = edited(TERRACE, 4, 8), edited(TERRACE, 36, 40)
    files = {
        "2001年.txt": f"总结\n{TERRACE}\n",
        "2016年.txt": f"总结\n{first}\n",
        "2017年.txt": f"总结\n{first}了\n",
    }
    files |= {
        "2018年.txt": f"总结\n{second}\n",
        "2019年.txt": f"总结\n{second}了\n",
        "2020年.txt": f"总结\n{second}的\n",
    }
    collection.write(files)
    collection.scan(threshold=0.6)
    (whole,) = collection.clusters
    collection.write({"2001年.txt": ""})
    result = collection.scan(threshold=0.6)
    apart = lookup(collection)
    assert apart["2018年.txt"] == apart["2020年.txt"] == whole["cluster"]
    assert apart["2016年.txt"] == apart["2017年.txt"] != whole["cluster"]
    assert result.since is not None
    assert result.since.new_clusters == (apart["2016年.txt"],)
    # And together again: the id of the larger part stays, as if nothing had been.
    collection.write({"2001年.txt": f"总结\n{TERRACE}\n"})
    collection.scan(threshold=0.6)
    assert set(lookup(collection).values()) == {whole["cluster"]}
