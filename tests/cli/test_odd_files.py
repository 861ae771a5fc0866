"""What lies in a corpus beside documents: closed folders, links, pipes, devices, names of other encodings."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dedup.index import open_index, update_index
from dedup.progress import Advance, Observer
from dedup.settings import Settings
from tests.cli.conftest import LIBRARY, ORCHARD

Run = Callable[..., CompletedProcess[str]]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="files as POSIX has them")


class Stages(Observer):
    """Remembers what was done."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        self.seen.append(name)
        with super().stage(name) as advance:
            yield advance


def complaints(done: CompletedProcess[str]) -> list[str]:
    """What was said of single files."""
    return [line for line in done.stderr.splitlines() if line.startswith("dedup: ")]


# ------------------------------------------------------------------------------------------ folders


@pytest.mark.parametrize("name", ["镇", "2024.05"])
def test_a_folder_that_may_not_be_listed_is_told_as_that(anybody: Run, corpus: Path, name: str) -> None:
    if name != "镇":
        (corpus / "镇").rename(corpus / name)
    closed = corpus / name
    closed.chmod(0)
    try:
        told = anybody("index", corpus)
        scanned = anybody("scan", corpus, "--quiet")
    finally:
        closed.chmod(0o755)
    for done in (told, scanned):
        (line,) = complaints(done)
        for word in (
            f"{name}/: ",
            "没有权限列出",
            "里面的都读不了",
            "（检查",
        ):
            assert word in line
    assert scanned.returncode == 2
    assert "新增 2 个文件" in told.stdout
    assert anybody("index", corpus).stderr == ""
    assert f"{name}/果园.txt" in anybody("show", corpus).stdout


@pytest.mark.parametrize("begins", [False, True])
def test_a_folder_that_cannot_be_listed_for_another_reason(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, begins: bool
) -> None:
    scandir = os.scandir

    class Failing:
        """A listing that breaks off."""

        def __enter__(self) -> Failing:
            return self

        def __exit__(self, *_: object) -> None: ...

        def __iter__(self) -> Failing:
            return self

        def __next__(self) -> os.DirEntry[str]:
            raise OSError(5, "Input/output error")

    def failing(folder: str) -> object:
        if os.path.basename(os.path.normpath(folder)) != "镇":
            return scandir(folder)
        if begins:
            return Failing()
        raise OSError(5, "Input/output error", folder)

    monkeypatch.setattr("os.scandir", failing)
    (skipped,) = update_index(corpus, None, Settings()).skipped
    assert skipped.path == "镇/"
    assert "读写磁盘出错" in skipped.why("zh")


def test_links_to_folders_are_left_out_and_links_out_of_the_corpus_are_not_followed(
    dedup: Run, corpus: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "会议.txt").write_text(f"会议记录\n{LIBRARY}\n", encoding="utf-8")
    (corpus / "旧档").symlink_to(elsewhere)
    (corpus / "回到上层").symlink_to(corpus)
    (corpus / "会议.txt").symlink_to(elsewhere / "会议.txt")
    (corpus / "渡口又名.txt").symlink_to(corpus / "渡口.txt")
    done = dedup("index", corpus)
    (line,) = complaints(done)
    assert "会议.txt: 是指向范文库以外的链接（" in line
    assert "follow_links = true" in line
    assert "新增 4 个文件，读不了 1 个" in done.stdout
    (tmp_path / "dedup.toml").write_text("follow_links = true\n", encoding="utf-8")
    assert "新增 1 个文件，未变 4 个（" in dedup("index", corpus).stdout
    assert dedup("scan", corpus, "--quiet").stderr == ""
    (tmp_path / "dedup.toml").unlink()
    assert "移除" in dedup("index", corpus).stdout


def test_a_document_that_may_be_read_again_is_seen_by_the_next_check(
    anybody: Run, corpus: Path, copied: Path
) -> None:
    closed = corpus / "镇" / "果园.txt"
    closed.chmod(0)
    for path in corpus.rglob("*.txt"):  # long enough ago for the listing to be settled
        os.utime(path, ns=(10**18, 10**18))
    try:
        first = anybody("check", copied)
    finally:
        closed.chmod(0o644)  # which is no change of size or time
    assert (first.returncode, "有 1 份文稿读不了" in first.stderr) == (0, True)
    done = anybody("check", copied)
    assert (done.returncode, done.stderr) == (1, "")


# -------------------------------------------------------------------------- pipes, sockets, devices


def test_only_regular_files_are_opened(dedup: Run, corpus: Path, copied: Path, tmp_path: Path) -> None:
    os.mkfifo(corpus / "管道.txt")
    (corpus / "无尽.txt").symlink_to("/dev/zero")
    (tmp_path / "dedup.toml").write_text("follow_links = true\n", encoding="utf-8")
    for done in (dedup("index", corpus), dedup("scan", corpus)):
        first, second = complaints(done)
        assert "无尽.txt: 不是普通文件（" in first
        assert "管道.txt: 不是普通文件（" in second
    assert dedup("check", copied).returncode == 1
    (line,) = complaints(dedup("calibrate", corpus, "--passages", "15"))  # it does not wait
    assert "范文库太小" in line


def test_a_file_that_became_a_pipe_is_not_waited_for(dedup: Run, corpus: Path) -> None:
    (corpus / "空.txt").touch()
    assert dedup("index", corpus, "--quiet").stderr == ""
    (corpus / "空.txt").unlink()
    os.mkfifo(corpus / "空.txt")  # as large as an empty file
    (line,) = complaints(dedup("index", corpus))
    assert "空.txt: 不是普通文件" in line


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="there is no /dev/stdin")
def test_a_pipe_is_no_file_and_standard_input_is_read_by_its_name(process: Run, corpus: Path) -> None:
    written = f"我镇工作总结\n{ORCHARD}\n"
    done = process("check", "/dev/stdin", "--quiet", stdin=written)
    assert done.returncode == 2
    assert "管道" in done.stderr
    done = process("check", "-", "--quiet", stdin=written)
    assert (done.returncode, done.stderr) == (1, "")


# ---------------------------------------------------------------------------------- names of files


@pytest.mark.skipif(sys.platform == "darwin", reason="names are UTF-8 there")
def test_a_name_that_is_not_utf8_is_shown_as_it_was_meant(dedup: Run, corpus: Path) -> None:
    for name in ("镇/公文.txt", "镇/总结.txt"):
        raw = os.fsencode(corpus / "镇") + b"/" + Path(name).name.encode("gbk")
        Path(os.fsdecode(raw)).write_text("某镇通知\n今年的工作有进展。\n", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(corpus) + b"/\xff.txt")).write_text("某镇通知\n", encoding="utf-8")
    done = dedup("index", corpus)
    assert "新增 3 个文件，读不了 3 个" in done.stdout
    odd, document, notice = sorted(complaints(done))
    assert document.startswith(r"dedup: 镇/\xb9\xab\xce\xc4.txt: 文件名不是 UTF-8，像是 镇/公文.txt（")
    assert "像是 镇/总结.txt" in notice
    assert odd.startswith(r"dedup: \xff.txt: 文件名不是 UTF-8（")
    assert all("convmv -f gbk -t utf-8" in line for line in (odd, document, notice))


@pytest.mark.skipif(sys.platform == "darwin", reason="names are UTF-8 there")
def test_what_one_run_could_not_name_in_its_encoding_the_next_one_reads(
    process: Run, corpus: Path, copied: Path
) -> None:
    """As when a scheduled run has other settings than the terminal."""
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "utf-8"}
    for path in corpus.rglob("*.txt"):  # nothing but its name is a reason to read one again
        os.utime(path, ns=(10**18, 10**18))
    told = complaints(process("index", corpus, **ascii_only))
    assert len(told) == 3
    assert all("文件名是 UTF-8，系统设的编码却是 ascii" in line for line in told)
    assert all("设 LC_ALL=C.UTF-8" in line for line in told)
    assert "convmv" not in "".join(told)
    assert process("check", copied).returncode == 1
    assert complaints(process("index", corpus)) == []


@pytest.mark.skipif(sys.platform == "darwin", reason="names are UTF-8 there")
def test_a_name_that_is_not_utf8_does_not_make_every_check_look_again(corpus: Path) -> None:
    Path(os.fsdecode(os.fsencode(corpus) + b"/\xb9\xab\xce\xc4.txt")).write_text("某镇通知\n", "utf-8")
    assert len(update_index(corpus, None, Settings()).skipped) == 1
    while not open_index(corpus, None, Settings(), refresh=False).manifest.listing:
        update_index(corpus, None, Settings())  # until a change would show in the times of change
    stages = Stages()
    with open_index(corpus, None, Settings(), observer=stages) as index:
        assert len(index.skipped) == 1
    assert stages.seen == [], "looked again"
