"""In anybody's hands no file is lost, nothing goes on for ever, and status 1 means reuse and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TEXT = (
    "关于清溪镇集中供水改造的实施方案\n"
    "坚持把群众用水安全摆在首位，按照先急后缓、分批推进的办法，用两年时间完成全镇老旧管网的更换和水厂扩容。\n"
)

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "范文").mkdir()
    (tmp_path / "范文" / "供水.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "draft.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "output", ["draft.txt", "范文/../draft.txt", "范文/供水.txt", "soft.txt", "范文/.dedup/manifest.json"]
)
def test_nothing_is_written_over_a_file_of_the_user_or_the_index(desk: Path, dedup: Run, output: str) -> None:
    assert dedup("check", "draft.txt", "--corpus", "范文").returncode == 1
    (desk / "soft.txt").symlink_to(desk / "范文" / "供水.txt")
    before = (desk / output).read_bytes()
    done = dedup("check", "draft.txt", "--corpus", "范文", "--output", output)
    assert done.returncode == 2
    assert "--output" in done.stderr
    assert (desk / output).read_bytes() == before


def test_results_of_a_scan_replace_only_results_of_a_scan(desk: Path, dedup: Run) -> None:
    (desk / "res").mkdir()
    (desk / "res" / "pairs.jsonl").write_text("mine", encoding="utf-8")
    done = dedup("scan", "范文", "--output", "res")
    assert done.returncode == 2
    assert "pairs.jsonl" in done.stderr
    assert (desk / "res" / "pairs.jsonl").read_text(encoding="utf-8") == "mine"
    assert [dedup("scan", "范文", "--output", "own").returncode for _ in range(2)] == [0, 0]
    assert dedup("scan", "范文", "--output", "范文/.dedup/x").returncode == 2


def test_the_last_folder_is_made_and_no_other(desk: Path, dedup: Run) -> None:
    made = dedup("check", "draft.txt", "--corpus", "范文", "--output", "报告/", "--format", "json")
    assert made.returncode == 1
    assert (desk / "报告" / "draft.txt.json").is_file()
    assert dedup("check", "draft.txt", "--corpus", "范文", "--output", "no/such/").returncode == 2
    assert dedup("check", "draft.txt", "--corpus", "范文", "--output", "no/such/report.txt").returncode == 2
    assert not (desk / "no").exists()


def test_the_suffix_of_a_report_names_its_format(desk: Path, dedup: Run) -> None:
    dedup("check", "draft.txt", "--corpus", "范文", "--output", "报告.docx")
    assert (desk / "报告.docx").read_bytes().startswith(b"PK")
    dedup("check", "draft.txt", "--corpus", "范文", "--output", "报告.html")
    assert "<!DOCTYPE html>" in (desk / "报告.html").read_text(encoding="utf-8")
    done = dedup("check", "draft.txt", "--corpus", "范文", "--output", "报告.csv", "--format", "json")
    assert done.returncode == 2
    assert ".csv" in done.stderr
    assert not (desk / "报告.csv").exists()


@pytest.mark.parametrize("name", ["pipe.txt", "zero.txt", "huge.txt"])
def test_what_has_no_end_is_refused_and_the_others_are_checked(desk: Path, dedup: Run, name: str) -> None:
    os.mkfifo(desk / "pipe.txt")
    (desk / "zero.txt").symlink_to("/dev/zero")
    with open(desk / "huge.txt", "wb") as file:
        file.truncate(40 << 30)
    done = dedup("check", name, "draft.txt", "--corpus", "范文")
    assert done.returncode == 2
    assert done.stderr.count(name) == 1
    assert "供水.txt" in done.stdout


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_a_closed_stream_is_told_and_is_no_reuse(desk: Path, repository: Path, stream: str) -> None:
    closing = "<&-" if stream == "stdin" else ">&-"
    file = "-" if stream == "stdin" else "draft.txt"
    command = f'"{sys.executable}" -m dedup check {file} --corpus 范文 {closing}'
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=desk, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "关着" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("dedup.toml", "lsh_threshold = 1.0\n"),
        ("dedup.toml", "lsh_threshold = 0.9\npermutations = 16\n"),
        ("dedup.toml", "x = " + "[" * 5000 + "]" * 5000),
        ("dedup.toml", 'corpus = "a\\u0000b"\n'),
        ("dedup.toml", "reading = 3\n"),
        ("pyproject.toml", "# tool.dedup\ntool = {dedup = 3}\n"),
    ],
)
def test_no_setting_ends_in_a_traceback(desk: Path, dedup: Run, file: str, written: str) -> None:
    (desk / file).write_text(written, encoding="utf-8")
    given = () if "corpus" in written else ("--corpus", "范文")
    done = dedup("check", "draft.txt", *given)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_a_foreign_tool_table_is_no_matter(desk: Path, dedup: Run) -> None:
    (desk / "pyproject.toml").write_text('note = "tool.dedup"\n[tool]\nother = 3\n', encoding="utf-8")
    assert dedup("check", "draft.txt", "--corpus", "范文").returncode == 1
    (desk / "pyproject.toml").write_text("tool = 3\n", encoding="utf-8")
    done = dedup("check", "draft.txt", "--corpus", "范文")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "pyproject.toml:1: tool 不是表" in done.stderr
