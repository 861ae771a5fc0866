"""The page of a scan in a terminal, made by hand: no line is wider than the terminal."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from dedup.reports import ScanReport, View
from dedup.reports.kit.columns import width
from dedup.reports.scan.terminal import render
from dedup.scan.record import ClusterSample, Counts, DocumentPair, Echo, Scan, Since
from dedup.scan.relations import RELATIONS
from dedup.settings import Language

LONG = "各县市区年度工作总结与下一年打算（征求意见稿）/二〇一九年七月二十六日印发／附件一.txt"
LATIN = "reports-of-the-districts/2019/a-very-long-name-that-nobody-would-type-by-hand/annual-report.txt"
PATHS = (LONG, LATIN, "ａ", "短.txt")


def a_scan() -> Scan:
    kinds: dict[str, int] = dict.fromkeys(RELATIONS, 12345)
    pairs = tuple(
        DocumentPair(one, other, 1.0, 0.123, relation, new=mark == "new", changed=mark == "changed")
        for (one, other), relation, mark in product(
            zip(PATHS, PATHS[::-1], strict=True), RELATIONS, ("new", "changed", "")
        )
    )
    clusters = tuple(
        ClusterSample(f"{number:016x}", count, count, 0.7, path, date, LONG * 3, new, not new)
        for number, (path, date, count, new) in enumerate(
            product(PATHS, ("2019-07-26", None), (3, 1_234_567), (True, False))
        )
    )
    ids = tuple(one.cluster for one in clusters)
    since = Since("2025-06-01T02:00:00+00:00", (LONG,) * 12, (LATIN,), ("ａ",), 7, 0, ids, ids, ())
    return Scan(
        corpus=LONG, threshold=0.7, bands=32, rows=4, expected_recall=0.98, full=False,
        started="2025-06-02T02:00:00+00:00", seconds={}, since=since, skipped=(),
        counts=Counts(1_000_000, 20_000_000, 3_000_000_000, 9, 9, 10**7, 10**6, 10**6, 10**6, kinds),
        largest_clusters=clusters, changed_clusters=clusters, closest_documents=pairs,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("columns", [40, 60, 80, 100])
@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize("folder", [None, f"/srv/{LATIN}"])
def test_no_line_is_wider_than_the_terminal(
    language: Language, columns: int, complete: bool, folder: str | None
) -> None:
    view = View(language, columns, complete=complete)
    scan = a_scan()
    for brief in (False, True):
        page = render(ScanReport(scan, folder), replace(view, brief=brief))
        wide = [line for line in page.splitlines() if width(line) > columns]
        # A path without a space is not torn: whoever reads it is to copy it.
        assert [line for line in wide if folder is None or folder not in line] == []


@pytest.mark.parametrize("relation", RELATIONS)
def test_each_relation_leaves_the_same_room(relation: str) -> None:
    """The widest cell decides how wide the paths may be, so each relation stands alone once."""
    scan = a_scan()
    pairs = tuple(pair for pair in scan.closest_documents if pair.relation == relation)
    page = render(ScanReport(replace(scan, closest_documents=pairs)), View("en", 80))
    assert max(width(line) for line in page.splitlines()) <= 80
    assert "annual-report.txt" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_has_no_two_sections_of_one_name(language: Language) -> None:
    scan = replace(a_scan(), echoes=(Echo("甲.txt", 3, "乙.txt"), Echo("丙.txt", 1, "乙.txt")))
    page = render(ScanReport(scan), View(language, 80))
    headings = [line for line in page.splitlines() if line.startswith("==")]
    assert len(headings) == len(set(headings)) > 3
    assert "甲.txt" in page
    assert "新文件 甲.txt" not in page  # it may be an old one that has changed
