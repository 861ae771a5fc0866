"""`dedup lint` and the left-overs in a check, through the program itself."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]

DRAFT = """泗洪县关于巡察反馈意见整改情况的报告

一、压实责任
班子先后九次研究整改，把反馈意见逐条拆到单位、到岗位、到人头，每半个月对一次账，红灯亮了由领导上门约谈。
二、见底清零
专班驻点平口镇、小淹镇二十天，把办件拖延、窗口没人、反复跑路的事逐件过堂，当场改掉一百六十三条，剩下的挂牌办结。
"""
"""A copy of another county's report whose own name was changed, and the townships and the figure were not."""
ORIGINAL = DRAFT.replace("泗洪县", "安化县")
NAMES = ["平口镇", "小淹镇"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "draft.txt").write_text(DRAFT, encoding="utf-8")
    (tmp_path / "original.txt").write_text(ORIGINAL, encoding="utf-8")
    for name, text in (("with", ORIGINAL), ("without", "这份文件说的是别的事，与稿子没有一句相同。\n" * 3)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "范文.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_both_townships_and_the_figure_are_errors(dedup: Run, folder: Path) -> None:
    done = dedup("lint", "draft.txt", "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert (report["format_version"], report["unit"], report["year"]) == (1, "泗洪县", None)
    found = [(one["text"], one["kind"], one["severity"]) for one in report["findings"]]
    assert found == [
        ("平口镇", "foreign-place", "error"),
        ("小淹镇", "foreign-place", "error"),
        ("一百六十三", "figures", "error"),
    ]
    for one in report["findings"]:
        assert DRAFT[one["start"] : one["end"]] == one["text"]
        assert one["also_in_source"] is None


def test_the_report_it_was_made_from_is_silent(dedup: Run, folder: Path) -> None:
    done = dedup("lint", "original.txt", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["findings"]) == (0, [])


def test_with_a_corpus_the_source_is_named(dedup: Run, folder: Path) -> None:
    done = dedup("lint", "draft.txt", "--corpus", "with", "--format", "json")
    assert {one["also_in_source"] for one in json.loads(done.stdout)["findings"]} == {"范文.txt"}


def test_a_check_with_the_source_calls_the_passage_serious(dedup: Run, folder: Path) -> None:
    report = json.loads(dedup("check", "draft.txt", "--corpus", "with", "--format", "json").stdout)
    (passage,) = (one for one in report["passages"] if "left_names" in one["reason_codes"])
    assert passage["severity"] == "serious"
    assert "平口镇、小淹镇" in passage["reason"]
    assert "一百六十三" in passage["reason"]
    assert "foreign_name" in report["verdict"]["codes"]
    assert [one["text"] for one in report["left_over"]] == [*NAMES, "一百六十三"]


def test_a_check_without_the_source_warns(dedup: Run, folder: Path) -> None:
    done = dedup("check", "draft.txt", "--corpus", "without", "--format", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"]["level"]) == (1, "warn")
    assert report["verdict"]["codes"] == ["left_over"]
    assert [one["severity"] for one in report["left_over"]] == ["error"] * 3


def test_a_check_of_the_original_says_nothing_of_left_overs(dedup: Run, folder: Path) -> None:
    done = dedup("check", "original.txt", "--corpus", "without", "--format", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["left_over"]) == (0, [])


@pytest.mark.parametrize("name", ["terminal", "markdown", "html", "csv", "sarif"])
def test_every_format_of_a_check_names_them(dedup: Run, folder: Path, name: str) -> None:
    done = dedup("check", "draft.txt", "--corpus", "without", "--format", name)
    assert all(text in done.stdout for text in (*NAMES, "一百六十三", "安化县"))


@pytest.mark.parametrize("name", ["text", "terminal", "markdown", "csv", "sarif"])
def test_every_format_of_a_lint_names_them(dedup: Run, folder: Path, name: str) -> None:
    done = dedup("lint", "draft.txt", "--format", name)
    assert done.returncode == 1
    assert all(text in done.stdout for text in (*NAMES, "一百六十三", "安化县"))


def test_csv_has_a_row_a_finding(dedup: Run, folder: Path) -> None:
    done = dedup("lint", "draft.txt", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"))))
    assert [row["text"] for row in rows] == [*NAMES, "一百六十三"]


def test_sarif_has_a_rule_for_each_kind(dedup: Run, folder: Path) -> None:
    (its_run,) = json.loads(dedup("lint", "draft.txt", "--format", "sarif").stdout)["runs"]
    rules = [rule["id"] for rule in its_run["tool"]["driver"]["rules"]]
    assert [rules[one["ruleIndex"]] for one in its_run["results"]] == [
        "lint/foreign-place",
        "lint/foreign-place",
        "lint/figures",
    ]


def test_several_files_are_one_object_a_line(dedup: Run, folder: Path) -> None:
    done = dedup("lint", "draft.txt", "original.txt", "--format", "json")
    reports = list(map(json.loads, done.stdout.splitlines()))
    assert [len(one["findings"]) for one in reports] == [3, 0]


def test_standard_input_and_a_unit(dedup: Run, folder: Path) -> None:
    text = DRAFT.replace("泗洪县", "")
    done = dedup("lint", "-", "--unit", "泗洪县民政局", "--format", "json", stdin=text)
    report = json.loads(done.stdout)
    assert (done.returncode, report["unit"], report["owner"]["unit_by"]) == (1, "泗洪县民政局", "given")


def test_a_document_without_unit_and_year_says_so(dedup: Run, folder: Path) -> None:
    done = dedup("lint", "-", stdin=DRAFT.replace("泗洪县", ""))
    assert done.returncode == 0
    assert "看不出是哪个单位的" in done.stdout
    assert "看不出是哪一年的" in done.stdout


def test_an_unknown_unit_is_told_with_near_names(dedup: Run, folder: Path) -> None:
    done = dedup("lint", "draft.txt", "--unit", "泗红县")
    assert "地名表里没有" in done.stdout
    assert "泗洪县" in done.stdout


def test_a_file_that_cannot_be_read_leaves_the_others(dedup: Run, folder: Path) -> None:
    done = dedup("lint", "missing.txt", "draft.txt", "--format", "json")
    assert done.returncode == 2
    assert "missing.txt" in done.stderr
    assert len(json.loads(done.stdout)["findings"]) == 3


def test_reports_go_to_a_folder(dedup: Run, folder: Path) -> None:
    done = dedup("lint", "draft.txt", "original.txt", "--format", "json", "--output", "out")
    assert done.returncode == 1
    assert json.loads((folder / "out" / "draft.txt.json").read_text(encoding="utf-8"))["findings"]
    assert "draft.txt" in done.stderr


@pytest.mark.parametrize(("place", "noted"), [("with/report.md", True), ("report.md", False)])
def test_a_report_that_would_be_a_document_of_the_corpus_is_noted(
    dedup: Run, folder: Path, place: str, noted: bool
) -> None:
    options = ("--format", "markdown", "--output", place)
    done = dedup("lint", "draft.txt", "--corpus", "with", *options)
    assert done.returncode == 1
    assert (f"{place} 在范文库里" in done.stderr) == noted


def test_a_year_that_is_none(dedup: Run, folder: Path) -> None:
    assert dedup("lint", "draft.txt", "--year", "20").returncode == 2
    assert dedup("lint", "draft.txt", "--year", "3000").returncode == 2


def test_a_warning_for_names_alone_does_not_speak_of_reuse(dedup: Run, folder: Path) -> None:
    done = dedup("check", "draft.txt", "--corpus", "without")
    assert "有复用" not in done.stdout.replace("未必有复用", "")
    assert "先核对再交" in done.stdout
