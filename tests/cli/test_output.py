"""Files appear whole or not at all, and nothing that is no file is replaced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dedup.cli.output import report_paths, write_whole
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
