"""Checking a document of the collection itself: it is no source of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]
ORCHARD = "镇/果园.txt"


def _report(done: CompletedProcess[str]) -> dict[str, Any]:
    assert "dedup: " not in done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.parametrize("named", ["corpus/镇/果园.txt", "./corpus/镇/../镇/果园.txt", "absolute"])
def test_a_file_of_the_corpus_is_not_its_own_source(
    dedup: Run, corpus: Path, tmp_path: Path, named: str
) -> None:
    file = tmp_path / "corpus" / ORCHARD if named == "absolute" else named
    done = dedup("check", file, "--format", "json")
    assert done.returncode == 0
    report = _report(done)
    assert report["passages"] == []
    assert report["figures"]["total_characters"] > 50


@pytest.mark.parametrize(
    ("command", "format_name", "output", "told"),
    [
        ("check", "markdown", "corpus/报告.md", "corpus/报告.md"),
        ("check", "markdown", "报告.md", ""),
        ("check", "markdown", "corpus/.报告/", ""),
        ("check", "markdown", "corpus/ReadMe.md", ""),
        ("check", "json", "corpus/报告.json", ""),
        ("scan", "html", "corpus/结果", "corpus/结果/report.html"),
        ("scan", "html", "结果", ""),
        ("scan", "csv", "corpus/结果", ""),
    ],
)
def test_a_report_that_would_join_the_corpus_is_told_of(
    dedup: Run, corpus: Path, command: str, format_name: str, output: str, told: str
) -> None:
    """It would be a source of the next submission, or a document that cannot be read."""
    asked = ("check", "corpus/渡口.txt") if command == "check" else ("scan", "corpus")
    done = dedup(*asked, "--format", format_name, "--output", output)
    lines = [line for line in done.stderr.splitlines() if "下次会当作范文" in line]
    assert lines == ([f"{told} 在范文库里，下次会当作范文：请换一个文件夹"] if told else [])
    assert done.returncode == 0


def test_a_copy_of_it_elsewhere_in_the_corpus_is(dedup: Run, corpus: Path) -> None:
    text = (corpus / ORCHARD).read_text(encoding="utf-8")
    (corpus / "副本.txt").write_text(text, encoding="utf-8")
    done = dedup("check", corpus / ORCHARD, "--format", "json")
    assert done.returncode == 1
    sources = {source["document"] for source in _report(done)["sources"]}
    assert sources == {"副本.txt"}


def test_every_document_of_a_corpus_against_the_others(dedup: Run, corpus: Path, copied: Path) -> None:
    (corpus / "改写.txt").write_bytes(copied.read_bytes())
    done = dedup("check", *sorted(corpus.rglob("*.txt")), "--format", "json")
    assert done.returncode == 1
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    sources = {
        Path(report["submission"]["path"]).name: [source["document"] for source in report["sources"]]
        for report in reports
    }
    assert sources == {"图书馆.txt": [], "渡口.txt": [], "改写.txt": [ORCHARD], "果园.txt": ["改写.txt"]}


def test_the_same_text_from_elsewhere_or_standard_input_is_checked_against_all(
    dedup: Run, corpus: Path, tmp_path: Path
) -> None:
    data = (corpus / ORCHARD).read_bytes()
    (tmp_path / "果园.txt").write_bytes(data)
    assert dedup("check", "果园.txt", "--quiet").returncode == 1
    assert dedup("check", "-", "--quiet", stdin=data).returncode == 1


def test_a_folder_whose_name_begins_like_the_corpus_is_another(
    dedup: Run, corpus: Path, tmp_path: Path
) -> None:
    twin = tmp_path / "corpus2" / ORCHARD
    twin.parent.mkdir(parents=True)
    twin.write_bytes((corpus / ORCHARD).read_bytes())
    assert dedup("check", twin, "--quiet").returncode == 1
