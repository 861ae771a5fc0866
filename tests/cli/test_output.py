"""Files appear whole or not at all, and nothing that is no file is replaced."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from dedup.cli.output import page_columns, permissions_of, print_result, report_paths, write_whole
from dedup.errors import UsageError


def test_a_failed_write_leaves_the_old_report_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UsageError, match="disk is full"):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "report.txt"
    target.write_text("old", encoding="utf-8")
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    write_whole(link, "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"


def test_a_device_is_written_to_not_replaced() -> None:
    before = os.stat(os.devnull)
    write_whole(Path(os.devnull), "text")
    assert os.stat(os.devnull).st_rdev == before.st_rdev


def test_names_of_report_files(tmp_path: Path) -> None:
    assert report_paths(["a/new.txt"], f"{tmp_path}/r.json", "json") == {"a/new.txt": tmp_path / "r.json"}
    assert report_paths(["a/new.txt"], str(tmp_path), "json") == {"a/new.txt": tmp_path / "new.txt.json"}
    assert report_paths(["-", "b.md"], f"{tmp_path}/all", "json") == {
        "-": tmp_path / "all" / "stdin.json",
        "b.md": tmp_path / "all" / "b.md.json",
    }


needs_modes = pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")


@needs_modes
@pytest.mark.parametrize(
    ("mode", "expected"), [(0o600, 0o600), (0o644, 0o644), (0o666, 0o644), (0o400, 0o600)]
)
def test_a_report_is_no_more_readable_than_the_draft(
    tmp_path: Path, umask_022: None, mode: int, expected: int
) -> None:
    draft, report = tmp_path / "draft.txt", tmp_path / "report.txt"
    draft.write_text("text", encoding="utf-8")
    draft.chmod(mode)
    write_whole(report, "new", permissions_of([str(draft)]))
    assert stat.S_IMODE(report.stat().st_mode) == expected


@needs_modes
def test_a_report_that_quotes_several_drafts_follows_the_strictest(tmp_path: Path) -> None:
    for name, mode in (("open.txt", 0o644), ("closed.txt", 0o600)):
        (tmp_path / name).write_text("text", encoding="utf-8")
        (tmp_path / name).chmod(mode)
    names = [str(tmp_path / "open.txt"), str(tmp_path / "closed.txt"), "-", str(tmp_path / "nothing.txt")]
    assert permissions_of(names) == 0o600


@needs_modes
def test_a_member_of_an_archive_has_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(b"")
    (tmp_path / "all.zip").chmod(0o600)
    assert permissions_of([f"{tmp_path}/all.zip/inside/report.docx"]) == 0o600


@needs_modes
def test_what_a_killed_run_left_is_narrowed(tmp_path: Path, umask_022: None) -> None:
    left = tmp_path / f".report.txt.{os.getpid()}.tmp"
    left.write_text("old", encoding="utf-8")
    left.chmod(0o644)
    write_whole(tmp_path / "report.txt", "new", 0o600)
    assert stat.S_IMODE((tmp_path / "report.txt").stat().st_mode) == 0o600


@pytest.fixture
def umask_022() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_report_is_never_written_over_an_input(tmp_path: Path) -> None:
    draft, link = tmp_path / "draft.txt", tmp_path / "link.txt"
    draft.write_text("text", encoding="utf-8")
    link.symlink_to(draft)
    other = tmp_path / "draft.txt.txt"
    other.write_text("text", encoding="utf-8")
    with pytest.raises(UsageError, match="not written over"):
        report_paths([str(draft)], str(link), "txt")
    with pytest.raises(UsageError, match="not written over"):
        report_paths([str(draft), str(other)], str(tmp_path), "txt")
    assert report_paths([str(draft)], str(other), "txt") == {str(draft): other}


@pytest.mark.parametrize(("terminal", "page"), [(20, 40), (40, 40), (60, 60), (100, 100), (300, 120)])
def test_a_page_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch, terminal: int, page: int) -> None:
    monkeypatch.setenv("COLUMNS", str(terminal))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    assert page_columns() == page


def test_a_long_text_is_printed_whole(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    text = "渡口𠀀" * 500_000 + "\ud800。\n"
    print_result(text)
    assert capfdbinary.readouterr().out == text.encode("utf-8", "backslashreplace")
