"""`check --log` and `dedup log`: every check leaves a line, and what was done to the log shows."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from dedup import __version__
from tests.cli.conftest import ORCHARD, OWN_WORDS
from tests.readers.made import docx, paragraph, run

Run = Callable[..., CompletedProcess[str]]


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_draft_leaves_a_line_that_says_all_but_its_text(dedup: Run, copied: Path, own: Path) -> None:
    done = dedup(
        "check",
        copied,
        own,
        "missing.txt",
        "--no-among",
        "--log",
        "log.jsonl",
        "--format",
        "json",
        "--lang",
        "en",
    )
    assert done.returncode == 2
    path = copied.parent / "log.jsonl"
    missing, first, second = records(path)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert (missing["draft"]["name"], missing["exit_status"]) == ("missing.txt", 2)
    assert missing["skipped"] == "there is no such file (check the path)"
    for record, report, draft, status in ((first, reports[0], copied, 1), (second, reports[1], own, 0)):
        content = draft.read_bytes()
        assert record["draft"] == {
            "name": str(draft),
            "file_sha256": sha256(content).hexdigest(),
            "text_sha256": sha256(content).hexdigest(),
            "characters": report["submission"]["characters"],
        }
        assert record["checked"] == report["checked"]
        assert record["figures"] == report["figures"]
        assert record["verdict"]["codes"] == report["verdict"]["codes"]
        assert (record["exit_status"], record["program"]["version"]) == (status, __version__)
        assert record["user"]
    written = path.read_text(encoding="utf-8")
    for text in (ORCHARD, OWN_WORDS):
        assert all(text[at : at + 6] not in written for at in range(0, len(text) - 6, 3))
    assert dedup("log", "verify", path).returncode == 0


def test_the_configuration_names_the_log_of_every_command(dedup: Run, copied: Path, own: Path) -> None:
    folder = copied.parent
    (folder / "dedup.toml").write_text('log = "checks.jsonl"', encoding="utf-8")
    dedup("check", copied)
    dedup("compare", copied, own)
    dedup("hook", "run", copied)
    assert dedup("check", "-", stdin=OWN_WORDS).returncode == 0
    found = records(folder / "checks.jsonl")
    assert [record["number"] for record in found] == [1, 2, 3, 4, 5]
    assert [record["checked"]["corpus"] for record in found] == ["corpus", "", "", "corpus", "corpus"]
    assert found[4]["draft"]["file_sha256"] == sha256(OWN_WORDS.encode()).hexdigest()
    assert dedup("log", "verify", "checks.jsonl").returncode == 0


def test_a_draft_that_cannot_be_marked_has_its_line_too(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.docx").write_bytes(docx(paragraph(run(ORCHARD))))
    assert (
        dedup("check", "draft.docx", "--format", "pdf", "--output", "x.pdf", "--log", "log").returncode == 2
    )
    [record] = records(tmp_path / "log")
    assert "PDF" in record["skipped"]


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("copied.txt", "不是 dedup 的日志"),
        ("corpus/log.txt", "会被当作范文"),
        ("corpus/.dedup/log", "索引"),
        (".", "写不了日志"),
        ("no/folder/log", "写不了日志"),
    ],
)
def test_what_is_no_place_for_a_log_is_refused_before_any_work(
    dedup: Run, copied: Path, place: str, told: str
) -> None:
    before = copied.read_bytes()
    done = dedup("check", copied, "--log", place, "--output", "report.txt")
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert copied.read_bytes() == before
    assert not (copied.parent / "report.txt").exists()
    assert not (copied.parent / "corpus" / ".dedup").exists(), "no index was built"


def test_no_report_is_written_over_the_log(dedup: Run, copied: Path) -> None:
    assert dedup("check", copied, "--log", "log.jsonl", "--quiet").returncode == 1
    before = (copied.parent / "log.jsonl").read_bytes()
    done = dedup("check", copied, "--log", "log.jsonl", "--output", "log.jsonl")
    assert done.returncode == 2
    assert (copied.parent / "log.jsonl").read_bytes() == before


def test_without_a_log_nothing_is_written(dedup: Run, copied: Path) -> None:
    before = {path.name for path in copied.parent.iterdir()}
    dedup("check", copied)
    assert {path.name for path in copied.parent.iterdir()} - before <= {"cache"}


@pytest.fixture
def log(dedup: Run, copied: Path, own: Path) -> Path:
    """The log of three checks."""
    dedup("check", copied, own, "missing.txt", "--log", "log.jsonl")
    return copied.parent / "log.jsonl"


def test_verify_says_the_line_and_ends_with_status_1(dedup: Run, log: Path) -> None:
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join([lines[0], lines[1].replace('"block"', '"pass"'), lines[2]]), encoding="utf-8")
    done = dedup("log", "verify", log)
    assert done.returncode == 1
    assert "第 2 行：被改动过" in done.stdout
    found = json.loads(dedup("log", "verify", log, "--format", "json").stdout)
    assert [(one["line"], one["kind"]) for one in found["faults"]] == [(2, "altered")]
    assert (found["lines"], found["fault_count"]) == (2, 1)


def test_verify_is_honest_about_the_end(dedup: Run, log: Path) -> None:
    sound = dedup("log", "verify", log)
    assert sound.returncode == 0
    last = records(log)[-1]["hash"]
    assert last in sound.stdout
    assert "--head" in sound.stdout
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    assert dedup("log", "verify", log).returncode == 0
    done = dedup("log", "verify", log, "--head", last[:16].upper())
    assert done.returncode == 1
    assert "末尾被删" in done.stdout
    assert dedup("log", "verify", log, "--head", "12").returncode == 2


def test_verify_of_what_is_no_log_is_status_2(dedup: Run, copied: Path) -> None:
    for file in (copied, copied.parent, "missing.jsonl"):
        done = dedup("log", "verify", file)
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) == 1


def test_show_tells_that_there_are_earlier_lines(dedup: Run, own: Path, tmp_path: Path) -> None:
    dedup("check", own, "--log", "长.jsonl")
    (line, *_) = (tmp_path / "长.jsonl").read_text(encoding="utf-8").splitlines()
    for number, told in ((20, False), (21, True)):
        (tmp_path / "长.jsonl").write_text(f"{line}\n" * number, encoding="utf-8")
        done = dedup("log", "show", "长.jsonl")
        assert done.stdout.count(own.name) == 20
        assert ("--verbose" in done.stderr) is told
    assert dedup("log", "show", "长.jsonl", "--verbose").stdout.count(own.name) == 21


def test_show_lists_the_checks(dedup: Run, log: Path) -> None:
    table = dedup("log", "show", log).stdout
    assert "须改写" in table
    assert "未查" in table
    assert "copied.txt" in table
    assert [
        json.loads(line) for line in dedup("log", "show", log, "--format", "json").stdout.splitlines()
    ] == (records(log))


@pytest.mark.slow
def test_processes_that_are_killed_leave_a_sound_log(tmp_path: Path, repository: Path) -> None:
    """Four writers, two of which die somewhere; what others wrote and write stays whole."""
    import sys
    import time

    script = (
        "import sys, pathlib\nfrom dedup.audit.log import append\n"
        "for number in range(100_000): append(pathlib.Path(sys.argv[1]), {'n': number, 'x': '字' * 20000})\n"
    )
    path = tmp_path / "log.jsonl"
    for _ in range(5):
        writers = [subprocess.Popen([sys.executable, "-c", script, path], cwd=repository) for _ in range(2)]
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and (not path.exists() or path.stat().st_size < 3_000_000):
            time.sleep(0.01)
        for writer in writers:
            writer.kill()
            writer.wait()
        subprocess.run(
            [sys.executable, "-c", script.replace("100_000", "2"), path], cwd=repository, check=True
        )
        done = subprocess.run(
            [sys.executable, "-m", "dedup", "log", "verify", path, "--format", "json"],
            cwd=repository, check=True, capture_output=True,
        )  # fmt: skip
        found = json.loads(done.stdout)
        assert found["fault_count"] == 0
        path.unlink()
