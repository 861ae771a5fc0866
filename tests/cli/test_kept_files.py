"""What no report is written over, by whatever name; limits on what is read; streams that fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.conftest import Run

posix = pytest.mark.skipif(os.name != "posix", reason="files and descriptors as POSIX has them")


def refused(done: CompletedProcess[str], *words: str) -> None:
    """Status 2, one line that holds the words, and nothing else."""
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "Traceback" not in line
    assert all(word in line for word in words), line


def shell(command: str, folder: Path, **more: str) -> CompletedProcess[str]:
    """A command of the shell in which `$DEDUP` is the program."""
    surroundings = {
        **os.environ,
        "DEDUP": f"{sys.executable} -m dedup",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    surroundings.update(more)
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=surroundings, capture_output=True, text=True, check=False
    )


# -------------------------------------------------------------------------- what is never written over


@posix
@pytest.mark.parametrize("way", ["itself", "dots", "soft link", "hard link"])
def test_no_report_over_a_draft_a_model_text_or_a_template(
    dedup: Run, corpus: Path, copied: Path, own: Path, tmp_path: Path, way: str
) -> None:
    victims = {copied: "文稿", corpus / "图书馆.txt": "范文库", own: "模板"}
    for number, (victim, word) in enumerate(victims.items()):
        before = victim.read_bytes()
        output = tmp_path / f"other {number}.txt"
        if way == "itself":
            output = victim
        elif way == "dots":
            output = victim.parent / ".." / victim.parent.name / victim.name
        elif way == "soft link":
            output.symlink_to(victim)
        else:
            output.hardlink_to(victim)
        done = dedup("check", copied, "--template", own, "--output", output)
        refused(done, word, "不会覆盖")
        assert victim.read_bytes() == before
        assert not (corpus / ".dedup").exists(), "work was done before"


def test_no_report_into_the_index(dedup: Run, corpus: Path, copied: Path, tmp_path: Path) -> None:
    dedup("index", "--quiet")
    before = {path: path.read_bytes() for path in (corpus / ".dedup").rglob("*") if path.is_file()}
    for output in (corpus / ".dedup" / "manifest.json", corpus / "镇" / ".." / ".dedup" / "new.json"):
        refused(dedup("check", copied, "--format", "json", "--output", output), "索引的文件夹")
    refused(dedup("check", copied, "--output", f"{corpus}/.dedup/"), "索引的文件夹")
    refused(dedup("scan", corpus, "--output", corpus / ".dedup", "--format", "json"), "索引的文件夹")
    assert before == {path: path.read_bytes() for path in (corpus / ".dedup").rglob("*") if path.is_file()}


def test_no_report_over_the_configuration(dedup: Run, copied: Path, tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("warn_over = 0.1\n", encoding="utf-8")
    refused(dedup("check", copied, "--output", tmp_path / "dedup.toml"), "配置")


def test_an_earlier_report_is_written_anew(dedup: Run, copied: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    for _ in range(2):
        assert dedup("check", copied, "--output", report, "--quiet").returncode == 1
        # A long path is broken where the line ends.
    assert "copied.txt" in "".join(report.read_text(encoding="utf-8").split())


# ---------------------------------------------------------------------------------- what ends, and fits


@posix
def test_a_pipe_or_a_device_is_refused_at_once(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("pipe.txt", "/dev/zero", "/dev/null"):
        refused(dedup("check", name), name, "管道或设备")


@posix
def test_a_file_beyond_the_limit_costs_one_line(
    dedup: Run, corpus: Path, copied: Path, tmp_path: Path
) -> None:
    for place in (tmp_path / "huge.txt", corpus / "huge.txt"):
        with place.open("wb") as file:
            file.truncate(40_000_000_000)
    refused(dedup("check", "huge.txt"), "huge.txt", "500 MB", "reading.input_bytes")
    done = dedup("index", corpus)
    assert [line for line in done.stderr.splitlines() if "500 MB" in line]
    assert dedup("check", copied, "--quiet").returncode == 1


def test_the_limit_is_a_setting_and_binds_standard_input(dedup: Run, corpus: Path, copied: Path) -> None:
    (copied.parent / "dedup.toml").write_text("[reading]\ninput_bytes = 200\n", encoding="utf-8")
    refused(dedup("check", copied), "0.0002 MB")
    refused(dedup("check", "-", stdin=copied.read_bytes()), "-: ")


# ------------------------------------------------------------------------------------ status 1 is reuse


@posix
@pytest.mark.parametrize(
    ("streams", "status", "told"),
    [
        (">/dev/full", 2, "标准输出"),
        ("2>&-", 2, ""),
        ("2>/dev/full", 2, ""),
    ],
)
def test_streams_that_fail(corpus: Path, copied: Path, streams: str, status: int, told: str) -> None:
    if "full" in streams and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    missing = "missing.txt" if streams.startswith("2") else ""
    done = shell(f"$DEDUP check copied.txt {missing} --quiet {streams}", copied.parent)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False)
    assert told in done.stderr


@posix
def test_an_interruption_leaves_a_clean_line(corpus: Path, tmp_path: Path) -> None:
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-m", "dedup", "check", "-"],
        cwd=tmp_path,
        env=surroundings,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
    ) as process:
        while not _waits(process.pid):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        output, told = process.communicate()
    assert (process.returncode, output) == (130, "")
    assert told.split() == ["dedup:", "已中断"]


def _waits(number: int) -> bool:
    """Whether a process is reading what is piped into it, as Linux tells."""
    try:
        return "pipe_read" in Path(f"/proc/{number}/wchan").read_text(encoding="ascii")
    except OSError:
        pytest.skip("this system does not tell what a process waits for")


# -------------------------------------------------------------------------------------- hostile repeats


_SENTENCE = "老渡工的生计不能跟着断，镇里同他们一户一户地谈妥了去处。"


_PEAK = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""
"""Runs a command and tells the memory that it took at most, in kilobytes."""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is asked of Linux")
def test_a_sentence_five_thousand_times_on_both_sides_has_right_figures(process: Run, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    for path in (tmp_path / "corpus" / "a.txt", tmp_path / "draft.txt"):
        path.write_text(f"渡口改桥情况汇报\n{_SENTENCE * 5000}", encoding="utf-8")
    arguments = ("check", "draft.txt", "--quiet", "--format", "json")
    done = process(*arguments, through=(sys.executable, "-c", _PEAK))
    assert json.loads(done.stdout)["figures"]["copied_ratio"] == 1.0
    assert done.returncode == 1
    assert int(done.stderr) <= 500_000
