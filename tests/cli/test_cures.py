"""A cure is typed as it is printed, and then it works."""

from __future__ import annotations

import errno
import os
import re
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dedup.index.folder import unwritable

Run = Callable[..., CompletedProcess[str]]


def pasted(done: CompletedProcess[str]) -> Sequence[str]:
    """The arguments of the command that an error line names."""
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    (command,) = re.findall(r"[(（].*?dedup (index[^)）,；]*)", line)
    return shlex.split(command)


def damage(index: Path) -> None:
    (segment,) = (index / "segments").glob("*.seg")
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 0xFF
    segment.write_bytes(data)


@pytest.mark.parametrize(
    "given",
    [
        ("c",),
        ("c", "--index", "ix"),
        ("我的 范文", "--index", "索引 一"),
    ],
    ids=["corpus", "index", "spaces"],
)
@pytest.mark.parametrize("command", ["verify", "show", "scan", "check"])
def test_a_damaged_index_is_rebuilt_by_the_cure_it_is_told_with(
    dedup: Run, corpus: Path, copied: Path, tmp_path: Path, command: str, given: tuple[str, ...]
) -> None:
    folder, *elsewhere = given
    corpus.rename(tmp_path / folder)
    index = tmp_path / elsewhere[1] if elsewhere else tmp_path / folder / ".dedup"
    assert dedup("index", *given, "--quiet").returncode == 0
    damage(index) if command == "verify" else (index / "manifest.json").write_bytes(b"no manifest" * 99)
    asked = ("check", copied, "--corpus", *given) if command == "check" else (command, *given)
    cure = pasted(dedup(*asked, *(["--no-refresh"] if command != "verify" else [])))
    assert dedup(*cure, "--quiet").returncode == 0
    assert not (tmp_path / "corpus").exists()
    assert dedup("verify", *given).returncode == 0
    assert dedup(*asked).returncode in (0, 1)


def test_an_index_that_is_not_there_is_built_by_the_cure(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    corpus.rename(tmp_path / "c")
    asked = ("show", "c", "--no-refresh")
    assert dedup(*pasted(dedup(*asked, DEDUP_INDEX="ix"))).returncode == 0
    assert (tmp_path / "ix").is_dir()
    assert dedup(*asked, DEDUP_INDEX="ix").returncode == 0


def test_the_command_that_lists_unreadable_documents_is_about_this_corpus(
    dedup: Run, corpus: Path, copied: Path, tmp_path: Path
) -> None:
    (corpus / "broken.txt").write_bytes(b"\x00\xff\x00\xfe" * 30)
    corpus.rename(tmp_path / "c")
    told = dedup("check", copied, "--corpus", "c", "--index", "ix").stderr
    (command,) = re.findall(r"dedup (show[ -~]*?) 列出它们", told)
    shown = dedup(*shlex.split(command))
    assert "broken.txt" in shown.stdout
    assert not (tmp_path / "c" / ".dedup").exists()


def test_a_scan_says_where_all_unreadable_documents_are_listed(
    dedup: Run, corpus: Path, tmp_path: Path
) -> None:
    for number in range(12):
        (corpus / f"broken{number:02}.txt").write_bytes(b"\x00\xff\x00\xfe" * 30)
    corpus.rename(tmp_path / "c")
    told = dedup("scan", "c", "--index", "ix").stderr
    (command,) = re.findall(r"另有 2 个文件读不了：dedup (show[ -~]*?) 列出全部", told)
    assert "broken11.txt" not in told
    assert "broken11.txt" in dedup(*shlex.split(command)).stdout
    assert not (tmp_path / "c" / ".dedup").exists()
    (summary,) = re.findall(
        r"读不了：(\S+) 列出全部", dedup("scan", "c", "--index", "ix", "--output", "out/").stderr
    )
    assert "broken11.txt" in (tmp_path / summary).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["index", "show", "scan", "calibrate", "check"])
def test_a_corpus_that_is_not_there(dedup: Run, tmp_path: Path, copied: Path, command: str) -> None:
    given = [copied, "--corpus", "nope"] if command == "check" else ["nope"]
    done = dedup(command, *given)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "nope: 没有这个文件夹（" in line
    assert "dedup check 稿子.txt --corpus 范文" in line


# -------------------------------------------------------------------------- what may not be written


def test_each_command_offers_what_it_can_do_with_a_read_only_index(
    anybody: Run, corpus: Path, copied: Path
) -> None:
    assert anybody("scan", corpus, "--quiet").returncode == 0
    (corpus / "新.txt").write_text("新来的一份汇报\n", encoding="utf-8")
    folders = [corpus / ".dedup", *(corpus / ".dedup").rglob("*")]
    modes = {path: path.stat().st_mode for path in folders}
    for path in folders:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        told = {
            name: anybody(*arguments)
            for name, arguments in {
                "index": ("index", corpus),
                "scan": ("scan", corpus),
                "scan as it is": ("scan", corpus, "--no-refresh"),
                "check": ("check", copied),
                "show": ("show", corpus),
            }.items()
        }
        kept = [anybody("check", copied, "--no-refresh"), anybody("show", corpus, "--no-refresh")]
        assert anybody("scan", corpus, "--index", "elsewhere").returncode == 0
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    lines = {name: done.stderr for name, done in told.items()}
    assert {done.returncode for done in told.values()} == {2}
    assert all("换一个索引文件夹：--index DIR" in line for line in lines.values())
    assert {name for name, line in lines.items() if "--no-refresh" in line} == {"check", "show"}
    assert [done.returncode for done in kept] == [1, 0]


@pytest.mark.parametrize(
    ("code", "full"), [(errno.ENOSPC, True), (errno.EACCES, False), (errno.EROFS, False)]
)
def test_a_disk_is_to_be_freed_only_when_it_is_full(code: int, full: bool) -> None:
    error = unwritable("lock", OSError(code, os.strerror(code)))
    assert ("free the disk" in str(error.cure)) is full
    assert "--index DIR" in str(error.cure)
