"""The page of a scan in a browser: documents, groups and pairs; quick with thousands; trusts nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dedup.document import Skipped
from dedup.reports import ScanReport, View
from dedup.reports.scan.html import MOST_CLUSTERS, MOST_PAIRS, render
from dedup.scan.record import Counts, DocumentPair, Scan, Since
from dedup.scan.relations import Duplicate
from tests.browser.conftest import Page

HOSTILE = "<script>document.title='owned'</script>]]><img src=x onerror=alert(1)>\u202e倒\u200b"
FIRST = "各村把塘坝逐口登记造册，闸门涂油防锈，雨季之前试开一遍，值守电话贴在闸房门上。"
SECOND = "各村把塘坝逐口登记造册，闸门上油防锈，雨季之前试开两遍，值守电话贴在闸房门上。"

ShowScan = Callable[..., Page]


def a_scan(corpus: Path, **changes: Any) -> Scan:
    counts = Counts(3, 6, 240, 6, 6, 2, 1, 2, 0, {"version": 1})
    scan = Scan(
        corpus=str(corpus), threshold=0.7, bands=32, rows=4, expected_recall=0.999, full=True,
        started="2025-06-01T02:00:00+00:00", seconds={}, counts=counts, since=None, skipped=(),
        closest_documents=(DocumentPair("a/2019年.txt", "b/2021年.txt", 0.62, 0.4, "version", True),),
    )  # fmt: skip
    return replace(scan, **changes)


def a_place(document: str, length: int) -> dict[str, object]:
    return {"document": document, "start": 0, "end": length}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A corpus of two files, and what a scan of it writes."""
    for name, text in (("a/2019年.txt", FIRST), ("b/2021年.txt", SECOND)):
        (tmp_path / "corpus" / name).parent.mkdir(parents=True)
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    one, other = a_place("a/2019年.txt", len(FIRST)), a_place("b/2021年.txt", len(SECOND))
    pair = {"a": one, "b": other, "jaccard": 0.71, "kind": "edited"}
    cluster = {
        "cluster": "00aa", "representative": one, "date": "2019", "members": [{**other, "jaccard": 0.71}],
        "earliest": None, "weakest_jaccard": 0.71, "boilerplate": False,
    }  # fmt: skip
    write(tmp_path, [pair], [cluster])
    return tmp_path


def write(folder: Path, pairs: list[object], clusters: list[object]) -> None:
    for name, lines in (("pairs", pairs), ("clusters", clusters)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


@pytest.fixture
def show_scan(open_html: Callable[..., Page], results: Path) -> ShowScan:
    def show(scan: Scan, width: int = 1400) -> Page:
        return open_html(render(ScanReport(scan, str(results)), View()), width)

    return show


def _pair(page: Page) -> list[str]:
    return list(page.run("[...document.querySelectorAll('.pair > div')].map(d => d.textContent)"))


def test_a_group_shows_its_representative_beside_a_member(show_scan: ShowScan, results: Path) -> None:
    page = show_scan(a_scan(results / "corpus"))
    page.press("j")
    cells = _pair(page)
    assert cells[:2] == ["a/2019年.txt", "b/2021年.txt"]
    assert "".join(cells[2::2]) == FIRST
    assert "".join(cells[3::2]) == SECOND
    differing = page.run("[...document.querySelectorAll('.pair .differs')].map(d => d.textContent)")
    assert differing == ["涂", "一", "上", "两"]
    assert "2019" in page.text("#evidence-title")
    page.press("\ue00c")
    assert not page.one("#evidence").is_displayed()


def test_a_group_shows_who_had_the_text_when_and_how_that_is_known(
    show_scan: ShowScan, results: Path
) -> None:
    page = show_scan(a_scan(results / "corpus"))
    page.press("j")
    course = [" ".join(station.text.split()) for station in page.all(".course li")]
    assert course == ["2019（文件名） 2019年", "→ 2021（文件名） 2021年"]
    assert page.complaints() == []


def test_two_documents_show_their_pairs(show_scan: ShowScan, results: Path) -> None:
    page = show_scan(a_scan(results / "corpus"))
    page.one("#documents [data-two]").click()
    assert page.run("document.querySelector('[name=what]:checked').value") == "pairs"
    assert len(page.all("#list li")) == 1
    assert len(page.all("#matrix [data-two]")) == 2
    page.one("#search").send_keys("没有这个文件")
    assert page.all("#list li") == []


def test_a_year_shows_the_groups_that_began_in_it(show_scan: ShowScan, results: Path) -> None:
    page = show_scan(a_scan(results / "corpus"))
    page.one("#timeline button[data-year='2019']").click()
    assert len(page.all("#list li")) == 1
    assert page.complaints() == []
    assert page.requests() == [page.url]


def test_what_is_new_stands_there(show_scan: ShowScan, results: Path) -> None:
    since = Since("2025-05-31T02:00:00+00:00", ("b/2021年.txt",), (), (), 1, 0, ("00aa",), (), ())
    page = show_scan(a_scan(results / "corpus", since=since))
    assert "新增文件 1 个" in page.text(".since")
    page.one("#only-new").click()
    assert len(page.all("#list li")) == 1


def test_pairs_of_documents_are_ordered_and_filtered_by_relation(show_scan: ShowScan, results: Path) -> None:
    relations = ("same-model", "copy", "version", "copy")
    documents = tuple(
        DocumentPair(f"a/{number}.txt", f"b/{number}.txt", 0.6, 0.6, relation, new=False)
        for number, relation in enumerate(relations)
    )
    counts = Counts(3, 6, 240, 6, 6, 2, 1, 2, 0, {"copy": 2, "version": 1, "same-model": 1_282})
    page = show_scan(a_scan(results / "corpus", closest_documents=documents, counts=counts))
    said = "[...document.querySelectorAll('#documents tbody tr:not([hidden]) .go')].map(d => d.textContent)"
    assert page.run(said) == ["内容一致", "内容一致", "不同版本", "同一蓝本"]
    assert page.text("#documents-shown") == "列出 4 对，共 1,285 对"
    page.one("#relation option[value=same-model]").click()
    assert page.run(said) == ["同一蓝本"]
    assert page.text("#documents-shown") == "列出 1 对，共 1,282 对"


def test_it_says_which_document_was_first_only_where_that_is_sure(show_scan: ShowScan, results: Path) -> None:
    sure = DocumentPair(
        "a/2019年.txt", "b/2021年.txt", 0.62, 0.4, "version", new=False, earliest="a/2019年.txt"
    )
    page = show_scan(a_scan(results / "corpus", closest_documents=(sure, replace(sure, earliest=None))))
    assert [mark.text for mark in page.all("#documents .mark")] == ["较早"]
    page.press("j")
    assert page.text("#evidence-title").startswith("见于")


def test_all_that_can_be_deleted_is_listed(show_scan: ShowScan, results: Path) -> None:
    duplicates = tuple(
        Duplicate(f"旧/{number}.txt", "a/2019年.txt", "deeper", None, 90) for number in range(300)
    )
    page = show_scan(a_scan(results / "corpus", duplicates=duplicates))
    assert len(page.all("#duplicates tbody tr")) == 300
    assert "层级较浅" in page.text("#duplicates tbody tr")


def test_on_paper_all_groups_and_years_stand(show_scan: ShowScan, results: Path) -> None:
    one, other = a_place("a/2019年.txt", 9), a_place("b/2021年.txt", 9)
    clusters: list[object] = [
        {
            "cluster": f"{number:04x}", "representative": one, "date": None if number % 3 else "2019",
            "earliest": None, "members": [{**other, "jaccard": 0.8}], "weakest_jaccard": 0.8,
            "boilerplate": False,
        }
        for number in range(600)
    ]  # fmt: skip
    write(results, [], clusters)
    counts = Counts(3, 6, 240, 6, 6, 0, 600, 1_200, 0, {"version": 1})
    page = show_scan(a_scan(results / "corpus", counts=counts))
    assert page.text("#timeline .number") == "200"
    assert "全部 600 组" in page.text("#timeline-note")
    assert "400 组的文件没有日期" in page.text("#timeline-note")
    shown = len(page.all("#list li"))
    page.driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert shown < len(page.all("#list li")) == MOST_CLUSTERS
    assert page.text("#shown") == "列出 400 条；扫描共得 600 条，全部见 clusters.jsonl。"


def test_hostile_names_and_texts_stay_text(show_scan: ShowScan, results: Path) -> None:
    (results / "corpus/a/2019年.txt").write_text(HOSTILE, encoding="utf-8")
    place = a_place("a/2019年.txt", len(HOSTILE))
    other = a_place(HOSTILE, 5)  # not there: shown empty
    pair = {"a": place, "b": other, "jaccard": 0.7, "kind": "edited"}
    cluster = {
        "cluster": HOSTILE, "representative": place, "date": None, "members": [{**other, "jaccard": 0.7}],
        "earliest": None, "weakest_jaccard": 0.7, "boilerplate": True,
    }  # fmt: skip
    write(results, [pair], [cluster])
    documents = (DocumentPair(HOSTILE, "a/2019年.txt", 1.0, 1.0, "copy", False),)
    skipped = (Skipped(HOSTILE, HOSTILE),)
    page = show_scan(a_scan(results / "corpus", closest_documents=documents, skipped=skipped))
    page.press("j")
    assert page.run("document.querySelectorAll('img, iframe').length") == 0
    assert page.run("document.scripts.length") == 2
    assert "owned" not in page.driver.title
    assert HOSTILE[:40] in page.text("#evidence-body")
    assert not set(page.run("document.body.innerText")) & set("\u202e\u200b")
    assert page.complaints() == []


def _write_many_pairs(results: Path) -> None:
    """More pairs than a page shows, over a hundred files."""
    texts = [f"第{number}段：{FIRST * 3}" for number in range(MOST_PAIRS + 500)]
    for half, change in (("a", ""), ("b", "改")):
        whole = "\n".join(text[:-1] + change + "。" for text in texts)
        for file in range(50):
            (results / f"corpus/{half}/{file}.txt").write_text(whole, encoding="utf-8")
    pairs: list[object] = []
    starts = {"a": 0, "b": 0}
    for number, text in enumerate(texts):
        places: dict[str, Any] = {}
        for half, extra in (("a", 0), ("b", 1)):
            start = starts[half]
            end = start + len(text) + extra
            places[half] = {"document": f"{half}/{number % 50}.txt", "start": start, "end": end}
            if half == "b":
                places[half]["document"] = f"b/{number // 50 % 50}.txt"
            starts[half] = end + 1
        pairs.append({**places, "jaccard": 0.9, "kind": "edited"})
    write(results, pairs, [])


def test_it_names_what_came_changed_and_went_up_to_thirty_each(show_scan: ShowScan, results: Path) -> None:
    gone = tuple(f"旧/{number:02}.txt" for number in range(33))
    since = Since("2025-05-31T02:00:00+00:00", ("新.txt",), ("改.txt",), gone, 0, 1, (), ("00aa",), ())
    page = show_scan(a_scan(results / "corpus", since=since))
    told = page.text(".since")
    assert all(line in told for line in ("+ 新.txt", "* 改.txt", "- 旧/00.txt", "- 旧/29.txt", "另有 3 项"))
    assert "旧/30.txt" not in told
    assert "变动" in page.text("#list li")
    assert "新" not in page.text("#list li .from")


def test_five_thousand_pairs_are_listed_as_one_scrolls(show_scan: ShowScan, results: Path) -> None:
    _write_many_pairs(results)
    page = show_scan(a_scan(results / "corpus"))
    assert page.run("data.pairs.length") == MOST_PAIRS
    page.one("[name=what][value=pairs]").click()
    listed = len(page.all("#list li"))
    assert 0 < listed < MOST_PAIRS
    page.driver.execute_script(
        "const box = arguments[0]; box.scrollTop = box.scrollHeight", page.one(".found")
    )
    page.driver.execute_async_script("setTimeout(arguments[0], 200)")
    assert len(page.all("#list li")) > listed


@pytest.mark.parametrize("width", [390, 1400])
def test_axe_finds_no_serious_fault(show_scan: ShowScan, results: Path, width: int) -> None:
    page = show_scan(a_scan(results / "corpus"), width)
    page.press("j")
    assert page.grave_faults() == []
    assert page.run("document.documentElement.scrollWidth") <= width
