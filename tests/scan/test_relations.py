"""How two documents relate, which was first, and which of equal ones can be deleted."""

from __future__ import annotations

import csv
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from dedup.scan.provenance import document_date, is_date_line, iso, surely_before, work_of
from dedup.scan.relations import PAIRED_COPIES, duplicates

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
OTHER = "另写的一段，说的是完全不同的事情：河边的老榕树今年挂了牌，树下不许停车，也不许烧纸，浇水由学校包干。"


def document(title: str, *paragraphs: str) -> str:
    return "\n".join((title, *paragraphs, ""))


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        (document("甲乡总结", TERRACE, CLINIC), document("甲乡总结", TERRACE, CLINIC), "copy"),
        # Spacing, width, marks and script are no text.
        (document("甲乡总结", TERRACE), document("甲鄉總結", TERRACE.replace("，", " ，")), "copy"),
        (document("甲乡总结", TERRACE, CLINIC, BUS), document("乙乡汇报", TERRACE, CLINIC, BUS), "near-copy"),
        (
            document("柳溪县梯田保护管理办法", TERRACE, CLINIC),
            document("柳溪县梯田保护管理办法（2024年修订）", TERRACE.replace("四条", "六条"), CLINIC),
            "version",
        ),
        (
            document("柳溪县梯田保护管理办法", TERRACE, CLINIC),
            document("柳溪县梯田保护管理办法（征求意见稿）", TERRACE, OTHER),
            "version",
        ),
        (document("甲乡总结", TERRACE, CLINIC, BUS), document("乙乡汇报", BUS), "part"),
        (document("甲乡总结", TERRACE, CLINIC), document("乙乡汇报", TERRACE, OTHER), "same-model"),
        # The title of very many documents names none.
        (
            document("2023年工作总结", TERRACE, CLINIC),
            document("2023年工作总结", TERRACE, OTHER),
            "same-model",
        ),
    ],
)
def test_relations(collection: Any, one: str, other: str, relation: str) -> None:
    collection.write({"a.txt": one, "b.txt": other})
    result = collection.scan()
    (found,) = collection.documents
    assert (found["a"], found["b"], found["relation"]) == ("a.txt", "b.txt", relation)
    assert 0 < found["containment_a"] <= 1
    assert 0 < found["containment_b"] <= 1
    assert found["earliest"] is None
    assert result.counts.document_pairs[relation] == 1
    assert result.counts.duplicates == (relation == "copy")


def test_what_few_share_of_what_many_hold_is_no_model(collection: Any) -> None:
    files = {f"{number}.txt": document(f"{number}乡总结", CLINIC, OTHER[number:]) for number in range(7)}
    collection.write(files)
    collection.scan()
    assert {line["relation"] for line in collection.documents} <= {"shared-boilerplate", "near-copy"}


def test_files_too_small_for_a_paragraph_of_their_own_are_copies_too(collection: Any) -> None:
    collection.write({"a.txt": "下午开会\n", "b.txt": "下午开会。\n", "c.txt": "上午开会\n", "空.txt": "\n"})
    collection.scan()
    assert collection.pairs == []
    (found,) = collection.documents
    assert (found["a"], found["b"], found["relation"]) == ("a.txt", "b.txt", "copy")


def test_a_copy_is_a_copy_though_its_paragraphs_stand_everywhere(collection: Any) -> None:
    files = {f"{number:03d}.txt": document(f"{number}号", CLINIC) for number in range(30)}
    files |= {"甲.txt": document("总结", CLINIC, BUS), "乙.txt": document("总结", CLINIC, BUS)}
    collection.write(files)
    collection.scan()
    (found,) = (line for line in collection.documents if line["relation"] == "copy")
    assert {found["a"], found["b"]} == {"甲.txt", "乙.txt"}
    assert (found["containment_a"], found["containment_b"]) == (1.0, 1.0)


def test_of_very_many_copies_none_is_missing(collection: Any) -> None:
    count = PAIRED_COPIES + 6
    collection.write({f"{number:03d}.txt": document("总结", CLINIC) for number in range(count)})
    result = collection.scan()
    assert {line["b"] for line in collection.documents} == {f"{number:03d}.txt" for number in range(1, count)}
    assert len(result.closest_documents) == count - 1
    assert result.counts.duplicates == count - 1


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        ("2021年3月2日", "2024年5月9日", "a.txt"),
        ("二〇二四年十二月三十一日", "二〇二四年五月九日", "b.txt"),
        ("2021年3月2日", "", None),
        ("", "", None),
        ("2021年3月2日", "2021年3月2日", None),
    ],
)
def test_who_was_first_is_said_only_where_both_carry_a_date(
    collection: Any, one: str, other: str, first: str | None
) -> None:
    collection.write(
        {
            "a.txt": document("甲乡总结", TERRACE, CLINIC, "甲乡人民政府", one),
            "b.txt": document("乙乡汇报", TERRACE, CLINIC, "乙乡人民政府", other),
        }
    )
    collection.scan()
    (found,) = collection.documents
    assert found["earliest"] == first
    assert {cluster["earliest"] for cluster in collection.clusters} == {first}


def test_a_group_has_an_earliest_only_if_all_its_documents_carry_a_date(collection: Any) -> None:
    files = {f"{year}年甲乡总结.txt": document("总结", TERRACE) for year in (2019, 2021)}
    collection.write(files)
    collection.scan()
    assert collection.clusters[0]["earliest"] == "2019年甲乡总结.txt"
    collection.write({"无日期.txt": document("总结", TERRACE)})
    collection.scan()
    assert collection.clusters[0]["earliest"] is None


@pytest.mark.parametrize(
    ("name", "text", "date"),
    [
        ("总结.txt", "总结\n正文一段。\n柳溪县教育局\n2024年5月9日\n", "2024-05-09"),
        ("总结.txt", "总结\n正文一段。\n柳溪县教育局 二〇二三年十月二十日\n", "2023-10-20"),
        (
            "条例.txt",
            "条例\n（2021年3月2日柳溪县会议通过，2024年5月9日修正）\n第一条　正文。\n",
            "2024-05-09",
        ),
        ("报告.txt", "报告\n——2026年1月9日在柳溪县第五届人民代表大会上\n各位代表：\n", "2026-01-09"),
        ("页面.txt", "页面\n发布时间：2022-07-01 09:30\n正文。\n", "2022-07-01"),
        ("2020-06-01通知.txt", "通知\n正文里说的2019年8月3日不是它的日期。\n", "2020-06-01"),
        ("通知.txt", "通知\n2019年8月3日，镇里开了会。\n", None),
    ],
)
def test_the_date_a_document_carries(name: str, text: str, date: str | None) -> None:
    assert iso(document_date(name, text.split("\n", maxsplit=1)[0], text)) == date


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [
        (20190000, 20200000, False),
        (20190000, 20210000, True),
        (20210302, 20210509, True),
        (20210000, 20210302, False),
        (20210300, 20210302, False),
        (20210302, 99999999, False),
        (20210302, 20210302, False),
    ],
)
def test_a_date_is_before_another_as_far_as_both_are_known(one: int, other: int, before: bool) -> None:
    assert surely_before(np.array([one]), np.array([other])).tolist() == [before]
    assert surely_before(np.array([other]), np.array([one])).tolist() == [False]


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("——2026年1月9日在柳溪县第五届人民代表大会第六次会议上", True),
        ("（2021年3月2日柳溪县第九次会议通过，2024年5月9日第十次会议修正）", True),
        ("发布时间：2026-02-09 来源：柳溪日报", True),
        ("柳溪县人民政府办公室 2024年5月9日", True),
        ("2024年5月9日，县里第一座村级冷库开了门，当天就存进去六十吨柚子。", False),
    ],
)
def test_lines_that_say_no_more_than_when(line: str, is_one: bool) -> None:
    assert is_date_line(line) == is_one


def test_versions_of_one_document_are_called_the_same() -> None:
    names = (
        "柳溪县渡口管理办法",
        "柳溪县渡口管理办法（2024年修订）",
        "柳溪县渡口管理办法 征求意见稿",
        "柳溪县渡口管理办法v2",
    )
    assert len({work_of("x.txt", name) for name in names}) == 1
    assert work_of("x.txt", "柳溪县渡口收费办法") != work_of("x.txt", names[0])
    assert work_of("2024年工作总结.txt", "") == 0


def test_headings_dates_and_scraps_are_in_no_pair(collection: Any) -> None:
    lines = (
        "——2026年1月9日在柳溪县第五届人民代表大会第六次会议上",
        "一、坚持问题导向，抓住用好当前的有利时机加快发展",
        "联系人：县农业农村局办公室 王晓明",
    )
    collection.write({f"{n}.txt": document("甲乡总结", *lines, OTHER if n else BUS) for n in range(2)})
    collection.scan()
    assert collection.pairs == []


@pytest.mark.parametrize(
    ("one", "other", "is_pair"),
    [
        (
            "柳溪夜话第13集在老井乡开讲，听的人坐满了晒场。",
            "柳溪夜话第14集在老井乡开讲，听的人坐满了晒场。",
            True,
        ),
        (
            "柳溪夜话第9集在老井乡开讲，听的人坐满了大晒场。",
            "柳溪夜话第128集在老井乡开讲，听的人坐满了大晒场。",
            True,
        ),
        (
            "今年给每条支流配了一名老渔民当向导，哪段水夏天发黑他最清楚。",
            "今年给每条支流配了一位老渔民当向导，哪段水夏天发黑他很清楚。",
            True,
        ),
        (
            "柳溪夜话第13集在老井乡开讲，听的人坐满了晒场。",
            "柳溪夜话第14集在新桥镇开讲，听的人站满了码头。",
            False,
        ),
    ],
)
def test_short_paragraphs_that_differ_in_one_place_are_a_pair(
    collection: Any, one: str, other: str, is_pair: bool
) -> None:
    collection.write({"a.txt": document("节目单", one), "b.txt": document("节目表", other)})
    collection.scan()
    assert len(collection.pairs) == is_pair


def test_of_equal_documents_the_best_is_kept_and_it_is_said_why() -> None:
    paths = (
        "会议/总结.txt",
        "总结 - 副本.txt",
        "总结.txt",
        "2021年总结.txt",
        "别的.txt",
        "空.txt",
        "也空.txt",
    )
    folded = np.array([7, 7, 7, 7, 9, 0, 0], np.uint64)
    found = list(duplicates(paths, folded, np.full(7, 20210302), np.full(7, 90)))
    assert {one.keep for one in found} == {"2021年总结.txt"}
    assert {one.path: one.reason for one in found} == {
        "会议/总结.txt": "undated_name",
        "总结 - 副本.txt": "copy_name",
        "总结.txt": "undated_name",
    }
    (one,) = duplicates(("b/a.txt", "a.txt"), folded[:2], np.full(2, 20210302), np.full(2, 9))
    assert (one.path, one.keep, one.reason) == ("b/a.txt", "a.txt", "deeper")


def test_the_table_of_what_can_be_deleted_names_each_set_once(collection: Any) -> None:
    collection.write({name: document("总结", CLINIC) for name in ("总结.txt", "总结(1).txt", "旧/总结.txt")})
    collection.write({"=别的.txt": document("汇报", BUS), "别的.txt": document("汇报", BUS)})
    collection.scan()
    with open(collection.output / "duplicates.csv", encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[:2] == ["可删除", "建议保留"]
    assert {(row[0], row[1]) for row in rows} == {
        ("总结(1).txt", "总结.txt"),
        ("旧/总结.txt", "总结.txt"),
        ("'=别的.txt", "别的.txt"),
    }


def test_what_one_new_document_repeats_is_one_piece_of_news(collection: Any) -> None:
    collection.write({"旧.txt": document("甲乡总结", TERRACE, CLINIC, BUS, OTHER)})
    collection.scan()
    collection.write({"新.txt": document("乙乡汇报", TERRACE, CLINIC, BUS)})
    result = collection.scan()
    (echo,) = result.echoes
    assert (echo.document, echo.clusters, echo.other) == ("新.txt", 3, "旧.txt")
    assert result.changed_clusters == ()


def test_pairs_of_documents_come_by_relation(collection: Any) -> None:
    collection.write(
        {"a.txt": document("甲乡总结", TERRACE, CLINIC), "b.txt": document("甲乡总结", TERRACE, CLINIC)}
    )
    collection.write({"c.txt": document("乙乡汇报", TERRACE, OTHER), "d.txt": document("丙乡要点", TERRACE)})
    result = collection.scan()
    kinds = [pair.relation for pair in result.closest_documents]
    assert kinds[0] == "copy"
    assert len(kinds) == len(list(combinations("abcd", 2)))
