"""`--format` and `--output`: every format reaches its file whole; what cannot be written gets one line."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dedup.cli.output import print_result, write_whole
from dedup.errors import UsageError
from dedup.reports import FORMATS, format_named

Run = Callable[..., subprocess.CompletedProcess[str]]

NOTICE = "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！\n"
SENTENCE = "村里把闲置的晒谷场改成老人活动点，添了棋桌和热水器，腊月里天天坐满人。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of one text, a draft that copies from it, and a second one that does not."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/a.txt").write_text(f"{NOTICE}旧村改造总结\n{SENTENCE}\n", encoding="utf-8")
    (tmp_path / "draft.txt").write_text(f"今年的工作\n开头是自己写的。{SENTENCE}\n", encoding="utf-8")
    (tmp_path / "other.txt").write_text("另一份\n全是自己写的，一个字也没有借用别人。\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_to_a_file(dedup: Run, folder: Path, name: str) -> None:
    if name == "docx":
        pytest.importorskip("docx", reason="python-docx is not installed: .[docx]")
    done = dedup("check", "draft.txt", "--format", name, "--output", "out/report")
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert [path.name for path in (folder / "out").iterdir()] == ["report"]
    assert (folder / "out/report").stat().st_size > 400


def test_several_files_go_to_a_folder_under_their_suffix(dedup: Run, folder: Path) -> None:
    done = dedup("check", "draft.txt", "other.txt", "--format", "html", "--output", "out")
    assert done.returncode == 1, done.stderr
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["draft.txt.html", "other.txt.html"]


@pytest.mark.parametrize(
    "name", [name for name in FORMATS if name != "docx" and format_named(name).STANDS_ALONE]
)
def test_files_of_their_own_do_not_follow_one_another(dedup: Run, folder: Path, name: str) -> None:
    done = dedup("check", "draft.txt", "other.txt", "--format", name)
    assert done.returncode == 2
    assert "--output" in done.stderr
    assert done.stdout == ""


def test_one_report_may_go_to_standard_output(dedup: Run, folder: Path) -> None:
    done = dedup("check", "draft.txt", "--format", "html")
    assert done.stdout.startswith("<!DOCTYPE html>")
    assert done.stdout.endswith("</html>\n")


def test_an_unknown_format_is_told_with_those_there_are(dedup: Run, folder: Path) -> None:
    done = dedup("check", "draft.txt", "--format", "xml")
    assert done.returncode == 2
    assert all(name in done.stderr for name in FORMATS)


def test_a_path_that_cannot_be_written_is_told_in_one_line(dedup: Run, folder: Path) -> None:
    for output in ("draft.txt/report.html", "x" * 300):
        done = dedup("check", "draft.txt", "--format", "html", "--output", output)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert (folder / "draft.txt").read_text(encoding="utf-8").startswith("今年的工作")


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> Iterator[str]:
        yield "half of it"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "pairs.csv", interrupted())
    assert list(tmp_path.iterdir()) == []


def test_without_python_docx_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.delitem(sys.modules, "dedup.reports.check.docx", raising=False)
    with pytest.raises(UsageError, match=r"pip install 'gongwen-dedup\[docx\]'"):
        format_named("docx")


def test_bytes_do_not_go_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(UsageError, match="--output"):
        print_result(b"PK")


@pytest.mark.parametrize("command", ["show", "evaluate", "calibrate"])
def test_tables_have_no_formats_of_reports(dedup: Run, folder: Path, command: str) -> None:
    done = dedup(command, "corpus", "--format", "docx")
    assert done.returncode == 2
    assert "json" in done.stderr


def test_a_scan_is_shown_as_a_page_in_its_folder(dedup: Run, folder: Path) -> None:
    (folder / "corpus/b.txt").write_text(f"另一份总结\n{SENTENCE}\n", encoding="utf-8")
    done = dedup("scan", "corpus", "--format", "html", "--output", "out")
    assert done.returncode == 1, done.stderr
    page = (folder / "out/report.html").read_text(encoding="utf-8")
    assert SENTENCE in page
    assert page.endswith("</html>\n")


def test_pairs_of_a_scan_are_rows_for_a_spreadsheet(dedup: Run, folder: Path) -> None:
    (folder / "corpus/=b.txt").write_text(f"另一份总结\n{SENTENCE}\n", encoding="utf-8")
    done = dedup("scan", "corpus", "--format", "csv", "--output", "out")
    assert done.returncode == 1, done.stderr
    data = (folder / "out/pairs.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(data.decode("utf-8-sig").splitlines())
    assert len(rows) == 1
    row = dict(zip(head, rows[0], strict=True))
    assert {row["a"], row["b"]} == {"'=b.txt", "a.txt"}
    assert row["a_text"] == row["b_text"] == SENTENCE
    assert row["kind"] == "原样照搬"


@pytest.mark.parametrize("name", ["html", "csv"])
def test_files_of_a_scan_want_a_folder(dedup: Run, folder: Path, name: str) -> None:
    done = dedup("scan", "corpus", "--format", name)
    assert done.returncode == 2
    assert "--output" in done.stderr
