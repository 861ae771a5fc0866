"""A drop folder: what is whole gets one report, beside it, and nothing that is not a report is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dedup.errors import UsageError
from dedup.reports.receipt import is_report, receipt_in, with_receipt
from dedup.watching import Draft, DropFolder, Problem

Found = list[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "来稿"
    place.mkdir()
    return place


class Desk:
    """Somebody who writes a report on every draft that is due."""

    def __init__(self, drop: DropFolder) -> None:
        self.drop = drop
        self.now = 0.0

    def look(self, later: float = 0.5) -> Found:
        """Look a little later; the names of what was due, with `!` behind what cannot be done."""
        self.now += later
        found = []
        for one in self.drop.due(self.now, Path.read_bytes):
            name = one.path.relative_to(self.drop.folder).as_posix()
            found.append(name + "!" * isinstance(one, Problem))
            if isinstance(one, Draft):
                one.report.parent.mkdir(parents=True, exist_ok=True)
                one.report.write_text(with_receipt("<p>报告</p>\n", "html", one.digest), encoding="utf-8")
            self.drop.settle(one.path)
        return found

    def looks(self) -> Found:
        """Look three times, long enough for everything to be settled."""
        return [name for _ in range(3) for name in self.look(2.0)]


def _desk(folder: Path, output: Path | None = None) -> Desk:
    return Desk(DropFolder(folder, output, "html"))


def test_a_draft_gets_one_report_which_is_no_draft(folder: Path) -> None:
    (folder / "一.txt").write_text("渡口的缆绳换了", encoding="utf-8")
    desk = _desk(folder)
    assert desk.looks() == ["一.txt"]
    assert is_report(folder / "一.txt.html")
    assert sorted(one.name for one in folder.iterdir()) == ["一.txt", "一.txt.html"]


def test_a_file_is_left_alone_while_it_is_being_copied(folder: Path) -> None:
    desk, draft = _desk(folder), folder / "一.txt"
    found = []
    for part in range(6):
        with draft.open("a", encoding="utf-8") as file:
            file.write(f"第{part}段。")
        found += desk.look()
        assert desk.drop.waiting
    assert found == []
    assert desk.look(1.0) == ["一.txt"]
    assert not desk.drop.waiting


def test_a_draft_that_changes_is_checked_again_and_a_touched_one_is_not(folder: Path) -> None:
    draft = folder / "一.txt"
    draft.write_text("渡口的缆绳换了", encoding="utf-8")
    desk = _desk(folder)
    assert desk.looks() == ["一.txt"]
    os.utime(draft, (1, 1))
    assert desk.looks() == []
    draft.write_text("渡口的缆绳又换了", encoding="utf-8")
    assert desk.looks() == ["一.txt"]


def test_after_a_restart_only_what_has_no_report_on_its_text_is_checked(folder: Path) -> None:
    for name in ("一.txt", "二.txt", "三.txt"):
        (folder / name).write_text(name, encoding="utf-8")
    assert _desk(folder).looks() == ["一.txt", "三.txt", "二.txt"]
    (folder / "二.txt").write_text("改过了", encoding="utf-8")
    (folder / "三.txt.html").unlink()
    assert _desk(folder).looks() == ["三.txt", "二.txt"]


def test_a_renamed_draft_gets_a_report_by_its_new_name(folder: Path) -> None:
    (folder / "一.txt").write_text("渡口的缆绳换了", encoding="utf-8")
    desk = _desk(folder)
    desk.looks()
    (folder / "一.txt").rename(folder / "二.txt")
    assert desk.looks() == ["二.txt"]
    assert (folder / "一.txt.html").exists(), "something was removed"


def test_what_goes_before_it_is_whole_is_forgotten(folder: Path) -> None:
    (folder / "一.txt").write_text("渡口的缆绳换了", encoding="utf-8")
    desk = _desk(folder)
    assert desk.look() == []
    (folder / "一.txt").unlink()
    assert desk.looks() == []


@pytest.mark.parametrize("kind", ["file", "folder", "link to a report"])
def test_nothing_is_written_where_something_else_stands(folder: Path, kind: str) -> None:
    (folder / "一.txt").write_text("渡口的缆绳换了", encoding="utf-8")
    place = folder / "一.txt.html"
    if kind == "file":
        place.write_text("<p>一篇网页稿</p>", encoding="utf-8")
    elif kind == "folder":
        place.mkdir()
    else:
        (folder.parent / "别处.html").write_text(with_receipt("", "html", "0" * 64), encoding="utf-8")
        place.symlink_to(folder.parent / "别处.html")
    desk = _desk(folder)
    assert [one for one in desk.looks() if one.startswith("一.txt!")] == ["一.txt!"], "told once"
    if place.is_dir():
        place.rmdir()
    else:
        place.unlink()
    assert "一.txt" in desk.looks()


def test_hidden_files_locks_pictures_and_what_is_no_file_are_no_drafts(folder: Path) -> None:
    for name in (".一.txt", "~$一.docx", "一.png", "一.txt.part"):
        (folder / name).write_bytes(b"x")
    os.mkfifo(folder / "二.txt")
    (folder / "没有.txt").symlink_to(folder / "无此文件")
    assert _desk(folder).looks() == []


def test_reports_in_another_folder_have_the_layout_of_the_drafts(folder: Path) -> None:
    (folder / "镇").mkdir()
    (folder / "镇" / "一.txt").write_text("渡口的缆绳换了", encoding="utf-8")
    output = folder / "报告"
    assert _desk(folder, output).looks() == ["镇/一.txt"]
    assert receipt_in(output / "镇" / "一.txt.html")
    assert _desk(folder, output).looks() == [], "a report is taken for a draft"


@pytest.mark.parametrize("output", ["来稿", "来稿/../来稿", "."])
def test_reports_that_come_among_the_drafts_are_no_drafts(folder: Path, output: str) -> None:
    """The folder itself, or one above, so that reports on what lies deeper come into it."""
    (folder / "来稿").mkdir()
    (folder / "来稿" / "一.txt").write_text("渡口的缆绳换了", encoding="utf-8")
    desk = _desk(folder, folder.parent / output)
    assert desk.looks() == ["来稿/一.txt"]
    assert desk.looks() == []


def test_a_name_that_leaves_no_room_for_a_report_is_told(folder: Path) -> None:
    name = "关于" + "某" * 76 + "的通知.txt"
    (folder / name).write_text("渡口的缆绳换了", encoding="utf-8")
    assert _desk(folder).looks() == [name + "!"]


def test_a_folder_that_cannot_be_listed_is_told_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "镇").mkdir()
    (folder / "一.txt").write_text("渡口的缆绳换了", encoding="utf-8")
    scan = os.scandir

    def refuse(place: str) -> object:  # permissions bind nobody who is the superuser
        if os.fspath(place).endswith("镇"):
            raise PermissionError(13, "Permission denied", os.fspath(place))
        return scan(place)

    monkeypatch.setattr("os.scandir", refuse)
    assert sorted(_desk(folder).looks()) == ["一.txt", "镇!"]


def test_with_a_folder_for_reports_no_draft_passes_for_one(folder: Path) -> None:
    (folder / "一.html").write_text(with_receipt("<p>照搬的</p>", "html", "0" * 64), encoding="utf-8")
    assert _desk(folder, folder.parent / "报告").looks() == ["一.html"]


@pytest.mark.parametrize("way", ["removed", "replaced", "a file"])
def test_a_folder_that_vanishes_is_told(folder: Path, way: str) -> None:
    desk = _desk(folder)
    desk.look()
    folder.rename(folder.parent / "旧")
    if way == "replaced":
        folder.mkdir()
    elif way == "a file":
        folder.write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="来稿: the watched folder has gone"):
        desk.look()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        _desk(tmp_path / "来稿")


@pytest.mark.parametrize("format_name", ["html", "markdown", "json"])
def test_a_report_carries_its_receipt_and_a_page_that_speaks_of_one_does_not(
    tmp_path: Path, format_name: str
) -> None:
    report = '{\n  "a": 1\n}\n' if format_name == "json" else "报告\n"
    path = tmp_path / "report"
    path.write_text(with_receipt(report, format_name, "ab" * 32), encoding="utf-8")
    assert receipt_in(path) == "ab" * 32
    path.write_text(path.read_text(encoding="utf-8") + "还有一段", encoding="utf-8")
    assert receipt_in(path) is None
