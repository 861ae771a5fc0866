"""A full disk, a folder that may only be read: one clear line, and the last good index stays in use."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dedup.cli.program import run
from tests.faults.answers import answers
from tests.faults.documents import a_document, write_documents
from tests.faults.operations import Operation, Trial

pytestmark = pytest.mark.skipif(os.name == "nt", reason="file systems and limits of POSIX")

LARGE = 64 << 20


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system of its own, of any size."""

    folder: Path

    def remount(self, *options: str) -> None:
        subprocess.run(
            ["mount", "-o", ",".join(("remount", *options)), os.fspath(self.folder)],
            check=True,
            capture_output=True,
        )

    def leave_free(self, free: int) -> None:
        """Make it as large as what it holds and so many bytes."""
        self.remount(f"size={LARGE}")
        facts = os.statvfs(self.folder)
        self.remount(f"size={(facts.f_blocks - facts.f_bfree) * facts.f_frsize + free}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={LARGE}", "tmpfs", os.fspath(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a tmpfs: run as root")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", os.fspath(folder)], check=True)


Told = Callable[[], str]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """What was said on standard error since the last time: one line, which a cure ends."""

    def line() -> str:
        (one,) = capsys.readouterr().err.splitlines()
        assert one.startswith("dedup: ")
        assert one.endswith((")", "）"))
        return one

    return line


def attempt(operation: Operation, corpus: Path) -> int:
    return operation.run(corpus)


def bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_a_full_disk(trial: Trial, disk: Disk, told: Told) -> None:
    needed = bytes_below(trial.folder / "peaceful") - bytes_below(trial.start)
    failed = 0
    for share in (0.0, 0.3, 0.8):
        disk.leave_free(LARGE)
        shutil.rmtree(disk.folder / "one", ignore_errors=True)
        corpus = shutil.copytree(trial.start, disk.folder / "one") / "corpus"
        disk.leave_free(4096 + int(share * max(needed, 0)))
        status = attempt(trial.operation, corpus)
        if status == 2:
            failed += 1
            line = told()
            assert os.fspath(disk.folder) in line
            assert "--index" in line or "--output" in line
        trial.whole(corpus)
        disk.leave_free(LARGE)
        trial.finish(corpus)
    assert failed >= 2


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """What a quota does, as far as anybody may set one."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_files_that_may_not_grow(trial: Trial, told: Told) -> None:
    for size in (0, 9000):
        corpus = trial.fresh("limited")
        with files_of_at_most(size):
            status = attempt(trial.operation, corpus)
        if size == 0 or status not in (0, 1):
            assert status == 2
            assert os.fspath(corpus.parent) in told()
        trial.whole(corpus)
        trial.finish(corpus)


# --------------------------------------------------------------------------------------- read only


def test_a_file_system_that_is_read_only(
    trial: Trial,
    tmp_path: Path,
    disk: Disk,
    told: Told,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(trial.start, disk.folder / "one")
    corpus = disk.folder / "one" / "corpus"
    draft = tmp_path / "draft.txt"
    draft.write_text(a_document(2), encoding="utf-8")
    disk.remount("ro")
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path / "cache"))
    check = ["check", os.fspath(draft), "--corpus", os.fspath(corpus), "--format", "json"]
    if trial.before is None:
        assert attempt(trial.operation, corpus) == 0
        assert run(check) == 1
        assert list((tmp_path / "cache" / "dedup").iterdir())
        capsys.readouterr()
    else:
        assert attempt(trial.operation, corpus) == 2
        line = told()
        assert os.fspath(disk.folder) in line
        assert "--index" in line
        assert run([*check, "--no-refresh"]) == 1
        assert "002.txt" in capsys.readouterr().out
        if not trial.operation.scans:  # a scan begins with a corpus that its index knows
            assert run(check) == 2
            assert "--no-refresh" in told()
        elsewhere = ["--index", os.fspath(tmp_path / "elsewhere")]
        assert run([*check, *elsewhere, "--quiet"]) == 1
        capsys.readouterr()
    disk.remount("rw")
    trial.finish(corpus)


# ----------------------------------------------------------------------------------------- reports


@pytest.mark.parametrize("form", ["json", "html", "docx"])
def test_a_report_on_a_full_disk(form: str, collection: Path, tmp_path: Path, disk: Disk, told: Told) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(a_document(2), encoding="utf-8")
    target = disk.folder / f"report.{form}"
    check = ["check", os.fspath(draft), "--corpus", os.fspath(collection), "--format", form, "--output"]
    target.write_text("an earlier report", encoding="utf-8")
    disk.leave_free(0)
    assert run([*check, os.fspath(target), "--quiet"]) == 2
    line = told()
    assert f"--output {target}" in line
    assert "磁盘已满" in line
    assert target.read_text(encoding="utf-8") == "an earlier report"
    assert os.listdir(disk.folder) == [target.name]
    disk.remount("ro")
    assert run([*check, os.fspath(target), "--quiet"]) == 2
    assert f"--output {target}" in told()


@pytest.mark.parametrize("form", ["html", "csv"])
def test_a_scan_that_cannot_write_its_report(form: str, collection: Path, disk: Disk, told: Told) -> None:
    disk.remount("ro")
    scan = ["scan", os.fspath(collection), "--format", form, "--quiet", "--output"]
    assert run([*scan, os.fspath(disk.folder / "results")]) == 2
    assert f"--output {disk.folder / 'results'}" in told()


def test_standard_output_on_a_full_disk(collection: Path, tmp_path: Path) -> None:
    import sys

    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    draft = tmp_path / "draft.txt"
    draft.write_text(a_document(2), encoding="utf-8")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dedup", "check", draft, "--corpus", collection, "--quiet"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            check=False,
        )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("dedup: 标准输出: 磁盘已满")


def test_the_last_good_index_is_what_a_check_uses_when_the_disk_is_full(
    collection: Path, tmp_path: Path, disk: Disk, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = shutil.copytree(collection, disk.folder / "corpus")
    before = answers(corpus)
    write_documents(corpus, range(60, 70))
    draft = tmp_path / "draft.txt"
    draft.write_text(a_document(2), encoding="utf-8")
    disk.leave_free(0)
    check = ["check", os.fspath(draft), "--corpus", os.fspath(corpus), "--format", "json"]
    assert run(check) == 2
    assert "--no-refresh" in capsys.readouterr().err
    assert run([*check, "--no-refresh"]) == 1
    assert '"source": "002.txt"' in capsys.readouterr().out
    assert answers(corpus) == before
