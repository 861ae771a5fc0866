"""`dedup show FILE`: what was read of one file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dedup.reports import View
from dedup.reports.inventory import as_table
from dedup.reports.kit.columns import width
from tests.corpora import indexed

Run = Callable[..., CompletedProcess[str]]

NOTICE = "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！"
BODY = (
    "全乡把水渠清淤当作开春第一件事，沿渠七个组各认一段，十天之内清出淤泥三千多方，渠尾的秧田第一次没有等水。"
)
TEXT = f"{NOTICE}\n\n甲乡春季水利工作总结\n\n一、主要做法\n{BODY}\n{BODY[::-1]}\n— 3 —\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "总结.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_show_of_a_file_says_what_each_line_was_taken_for(dedup: Run, file: Path) -> None:
    done = dedup("show", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "标题：甲乡春季水利工作总结" in done.stdout
    assert f"声明（禁止照搬）：{NOTICE}" in done.stdout
    rows = [line.split()[:2] for line in done.stdout.split("---")[-1].splitlines()[1:]]
    assert rows == [["1", "声明"], ["3", "标题"], ["5", "小标题"], ["6–7", "正文"], ["8", "版面文字"]]
    assert max(map(width, done.stdout.splitlines())) <= 80


def test_show_of_a_file_as_json_counts_in_the_text_it_prints(dedup: Run, file: Path) -> None:
    text = dedup("show", file, "--format", "text").stdout
    shown = json.loads(dedup("show", file, "--format", "json").stdout)
    assert text == TEXT
    assert shown["title"] == "甲乡春季水利工作总结"
    assert [one["title"] for one in shown["documents"]] == ["甲乡春季水利工作总结"]
    taken = {text[one["start"] : one["end"]]: (one["kind"], one["takes_part"]) for one in shown["paragraphs"]}
    assert taken["甲乡春季水利工作总结"] == ("title", False)
    assert taken[BODY] == ("body", True)
    assert [one["line"] for one in shown["paragraphs"]] == [1, 3, 5, 6, 7, 8]


def test_show_verbose_lists_each_line(dedup: Run, file: Path) -> None:
    rows = dedup("show", file, "--verbose", "--lang", "en").stdout.split("---")[-1].splitlines()[1:]
    assert [row.split()[1] for row in rows] == ["notice", "title", "heading", "text", "text", "furniture"]


def test_show_tells_forms_from_text(dedup: Run, tmp_path: Path) -> None:
    request = (
        f"关于修水渠的请示\n\n县水利局：\n{BODY}特此报告。\n妥否，请批示。\n\n甲乡人民政府\n2024年3月1日\n"
    )
    (tmp_path / "请示.txt").write_text(request, encoding="utf-8")
    shown = json.loads(dedup("show", "请示.txt", "--format", "json").stdout)
    assert [one["kind"] for one in shown["paragraphs"]] == ["title", "form", "body", "form", "form", "form"]
    forms = {request[one["start"] : one["end"]]: one["form"] for one in shown["forms"]}
    assert forms["特此报告。"] == forms["妥否，请批示。"] == "formula"
    assert (forms["县水利局："], forms["甲乡人民政府"]) == ("salutation", "signature")
    assert "格式用语" in dedup("show", "请示.txt").stdout


def test_show_reads_standard_input(dedup: Run) -> None:
    done = dedup("show", "-", "--format", "text", stdin=TEXT)
    assert (done.returncode, done.stdout) == (0, TEXT)


def test_show_of_a_file_without_text_is_status_2(dedup: Run, tmp_path: Path) -> None:
    path = tmp_path / "空.txt"
    path.write_text(" \n\u3000\n", encoding="utf-8")
    done = dedup("show", path)
    assert done.returncode == 2
    assert "空.txt: 没有读出文字" in done.stderr


@pytest.mark.parametrize("name", ["没有.txt", "旧.doc"])
def test_show_of_a_file_that_cannot_be_read_is_status_2(dedup: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0" * 30)
    done = dedup("show", tmp_path / name)
    assert (done.returncode, done.stdout) == (2, "")
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_the_text_of_a_folder_cannot_be_shown(dedup: Run, corpus: Path) -> None:
    done = dedup("show", corpus, "--format", "text")
    assert done.returncode == 2
    assert "--format text" in done.stderr


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_the_inventory_fits_the_terminal(columns: int) -> None:
    long_name = "总结/农业农村/某某县农业农村局二〇二三年度工作总结和二〇二四年工作安排.txt"
    with indexed(
        {long_name: "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！\n工作总结\n渠道已经修通。\n"}
    ) as index:
        page = as_table(index, View("zh", columns))
    assert [line for line in page.splitlines() if width(line) > columns and index.folder not in line] == []
    assert "禁止照搬" in page
    assert "工作安排.txt" in page
