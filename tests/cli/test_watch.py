"""`dedup watch`: drafts put into a folder are checked against the corpus as it is, and told of once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dedup.cli.console import Console
from dedup.cli.options import Session
from dedup.cli.watch import attend
from dedup.errors import UsageError
from dedup.settings import Settings
from dedup.watching import DropFolder
from tests.cli.conftest import FERRY, ORCHARD, OWN_WORDS

Run = Callable[..., CompletedProcess[str]]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, corpus: Path) -> Path:
    place = tmp_path / "来稿"
    place.mkdir()
    return place


def _attend(folder: Path, corpus: Path, format_name: str, moments: Iterator[float]) -> None:
    session = Session(Settings(corpus=corpus), Console())
    attend(session, DropFolder(folder, None, format_name), format_name, moments)


def _put(path: Path, text: str) -> None:
    path.write_text(f"我镇工作总结\n{OWN_WORDS}\n{text}\n", encoding="utf-8")


def test_each_draft_gets_its_report_and_a_line(folder: Path, corpus: Path, capsys: Capture) -> None:
    def moments() -> Iterator[float]:
        _put(folder / "一.txt", ORCHARD)
        yield from (0, 2)
        _put(folder / "二.txt", "")
        yield from (3, 5, 7)

    _attend(folder, corpus, "html", moments())
    told = [line.rpartition("/")[2] for line in capsys.readouterr().err.splitlines() if "->" in line]
    assert told == ["一.txt.html", "二.txt.html"]
    assert ORCHARD[:20] in (folder / "一.txt.html").read_text(encoding="utf-8")


def test_each_check_is_logged_where_the_settings_name_a_log(folder: Path, corpus: Path) -> None:
    log = folder.parent / "log.jsonl"
    _put(folder / "一.txt", ORCHARD)
    session = Session(Settings(corpus=corpus, log=log), Console(quiet=True))
    attend(session, DropFolder(folder, None, "json"), "json", iter((0, 2, 4)))
    [record] = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    report = json.loads((folder / "一.txt.json").read_text(encoding="utf-8"))
    assert record["draft"]["file_sha256"] == sha256((folder / "一.txt").read_bytes()).hexdigest()
    assert (record["checked"], record["exit_status"]) == (report["checked"], 1)


def test_a_draft_is_checked_against_the_corpus_as_it_is_then(folder: Path, corpus: Path) -> None:
    levels = []
    report = folder / "一.txt.json"

    def moments() -> Iterator[float]:
        (corpus / "渡口.txt").unlink()
        _put(folder / "一.txt", FERRY)
        yield from (0, 2)
        levels.append(json.loads(report.read_text(encoding="utf-8"))["verdict"]["level"])
        (corpus / "渡口.txt").write_text(f"渡口改桥情况汇报\n{FERRY}\n", encoding="utf-8")
        yield 3
        assert json.loads(report.read_text(encoding="utf-8"))["verdict"]["level"] == levels[0]
        report.unlink()
        yield from (4, 6)
        levels.append(json.loads(report.read_text(encoding="utf-8"))["verdict"]["level"])

    _attend(folder, corpus, "json", moments())
    assert levels == ["pass", "block"]


def test_a_draft_that_cannot_be_read_is_told_once_and_checked_when_it_is_whole(
    folder: Path, corpus: Path, capsys: Capture
) -> None:
    def moments() -> Iterator[float]:
        (folder / "坏.docx").write_bytes(b"PK\x03\x04 half of it")
        _put(folder / "一.txt", ORCHARD)
        yield from (0, 2, 4, 6)
        assert not (folder / "坏.docx.html").exists()
        (folder / "坏.docx").write_text(f"{OWN_WORDS}\n", encoding="utf-8")
        yield from (7, 9)

    _attend(folder, corpus, "html", moments())
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("dedup: ")]
    assert len([line for line in told if "坏.docx" in line]) == 1
    assert (folder / "一.txt.html").exists()
    assert (folder / "坏.docx.html").exists()


def test_a_log_that_is_kept_has_a_line_for_each_draft(folder: Path, corpus: Path, tmp_path: Path) -> None:
    _put(folder / "一.txt", ORCHARD)
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 half of it")
    session = Session(Settings(corpus=corpus, log=tmp_path / "log.jsonl"), Console())
    attend(session, DropFolder(folder, None, "html"), "html", iter([0, 2, 4]))
    lines = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [name for line in lines for name in ("一.txt", "坏.docx") if name in line] == ["一.txt", "坏.docx"]
    digest = sha256((folder / "一.txt").read_bytes()).hexdigest()
    assert digest in lines[0]


def test_a_report_is_no_more_readable_than_its_draft(folder: Path, corpus: Path) -> None:
    _put(folder / "一.txt", ORCHARD)
    (folder / "一.txt").chmod(0o600)
    _attend(folder, corpus, "html", iter([0, 2]))
    assert (folder / "一.txt.html").stat().st_mode & 0o777 == 0o600


def test_a_batch_of_the_same_folder_takes_no_report_for_a_draft(
    folder: Path, corpus: Path, dedup: Run, tmp_path: Path
) -> None:
    _put(folder / "一.txt", ORCHARD)
    _attend(folder, corpus, "html", iter([0, 2]))
    assert dedup("check", "来稿", "--output", "批/", "--format", "json").returncode == 1
    summary = json.loads((tmp_path / "批" / "summary.json").read_text(encoding="utf-8"))
    assert [one["path"] for one in summary["drafts"]] == ["来稿/一.txt"]


def test_a_folder_that_vanishes_ends_it(folder: Path, corpus: Path) -> None:
    def moments() -> Iterator[float]:
        yield 0
        folder.rmdir()
        yield 2

    with pytest.raises(UsageError, match="has gone"):
        _attend(folder, corpus, "html", moments())


@pytest.mark.parametrize(
    "arguments",
    [["nowhere"], ["corpus/镇"], ["corpus"], ["来稿", "--output", "corpus/镇"], ["own.txt"], [""]],
)
def test_a_folder_that_cannot_be_watched_is_refused_in_one_line(
    dedup: Run, folder: Path, own: Path, corpus: Path, arguments: list[str]
) -> None:
    before = sorted(corpus.rglob("*"))
    done = dedup("watch", *arguments)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert sorted(corpus.rglob("*")) == before


def test_without_the_extra_one_line_tells_how_to_install_it(
    dedup: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    done = dedup("watch", "来稿")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "pip install 'gongwen-dedup[watch]'" in done.stderr


# ------------------------------------------------------------------------------- in a process of its own


class Watcher:
    """`dedup watch 来稿` as a user starts it."""

    def __init__(self, folder: Path, repository: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(repository), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dedup", "watch", folder.name],
            cwd=folder.parent,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, *words: str) -> None:
        """Read what it says until a line holds one of the words."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if any(one in line for one in words):
                return
        pytest.fail(f"it never said {words}")

    def rest(self) -> tuple[int, str]:
        """The exit status, and all else that it said."""
        said = self.process.communicate(timeout=60)[1]
        return self.process.returncode, said


@pytest.fixture
def watcher(folder: Path, repository: Path) -> Iterator[Callable[[], Watcher]]:
    pytest.importorskip("watchfiles", reason="the extra `watch` is not installed")
    started: list[Watcher] = []

    def start() -> Watcher:
        started.append(Watcher(folder, repository))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


@pytest.mark.slow
def test_a_watched_folder_from_the_first_draft_to_a_restart(
    folder: Path, watcher: Callable[[], Watcher]
) -> None:
    first = watcher()
    first.wait_for("看住")
    _put(folder / "一.txt", ORCHARD)
    first.wait_for("一.txt.html")
    assert is_whole(folder / "一.txt.html")
    with (folder / "二.txt").open("w", encoding="utf-8") as file:
        for line in (OWN_WORDS, ORCHARD):
            file.write(line + "\n")
            file.flush()
    first.wait_for("二.txt.html")
    (folder / "二.txt").rename(folder / "三.txt")
    first.wait_for("三.txt.html")
    first.process.send_signal(signal.SIGINT)
    assert first.rest() == (130, "\ndedup: 已中断\n")
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    again = watcher()
    again.wait_for("看住")
    _put(folder / "四.txt", ORCHARD)
    again.wait_for("四.txt.html")
    assert {path: path.stat().st_mtime_ns for path in before} == before, "checked again, or written anew"
    folder.rename(folder.parent / "旧")
    status, said = again.rest()
    assert (status, len(said.splitlines())) == (2, 1)
    assert "看住的文件夹不见了" in said


def is_whole(page: Path) -> bool:
    return "</html>" in page.read_text(encoding="utf-8")
