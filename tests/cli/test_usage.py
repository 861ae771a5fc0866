"""What the program says when it is used wrongly, or asked about itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dedup.cli import program
from dedup.errors import DedupError

Run = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["chek"],
        ["check"],
        ["check", "x.txt", "--format", "xml"],
        ["check", "x.txt", "--fail-over", "7"],
        ["check", "x.txt", "--lang", "fr"],
        ["check", "-", "-"],
    ],
)
def test_bad_usage_is_explained_with_status_2(dedup: Run, arguments: list[str]) -> None:
    done = dedup(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", ""],
        ["check", "copied.txt", "--corpus", ""],
        ["check", "copied.txt", "--output", ""],
        ["scan", ""],
        ["scan", "corpus", "--output", ""],
        ["scan", "corpus", "--index", ""],
        ["index", ""],
        ["evaluate", ""],
        ["calibrate", "corpus", "--keep", ""],
    ],
)
def test_a_variable_that_is_not_set_names_no_folder(
    dedup: Run, copied: Path, tmp_path: Path, arguments: list[str]
) -> None:
    """The working folder may be anybody's home, which nobody wants indexed."""
    done = dedup(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "路径是空的" in done.stderr
    assert not (tmp_path / ".dedup").exists()


def test_a_file_whose_name_begins_with_a_dash_is_told_how_to_name_it(dedup: Run, tmp_path: Path) -> None:
    (tmp_path / "-稿.txt").write_text("工作总结\n", encoding="utf-8")
    done = dedup("lint", "-稿.txt")
    assert done.returncode == 2
    cure = re.search(r"写成 (\S+?)）", done.stderr)
    assert cure is not None
    assert dedup("lint", cure[1]).returncode == 0


def test_an_empty_variable_for_the_index_is_as_good_as_none(dedup: Run, corpus: Path) -> None:
    assert dedup("index", DEDUP_INDEX="").returncode == 0
    assert (corpus / ".dedup").is_dir()


def test_output_where_no_folder_can_be(dedup: Run, own: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = dedup("check", own, "--output", tmp_path / "file" / "report.txt")
    assert done.returncode == 2
    assert "file" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_name_cannot_steer_the_terminal(dedup: Run, corpus: Path) -> None:
    done = dedup("check", "\x1b]0;owned\x07\u202egnp.txt")
    assert done.returncode == 2
    assert not set(done.stderr) & set("\x1b\x07\u202e")


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["index", "-h"], ["show", "-h"]])
def test_help_speaks_one_language_chinese_unless_asked(dedup: Run, arguments: list[str]) -> None:
    done = dedup(*arguments)
    assert done.returncode == 0
    assert "用法：dedup" in done.stdout
    assert "选项" in done.stdout
    assert not re.search("Usage|Options|Show|the ", done.stdout)
    english = dedup(*arguments, "--lang", "en").stdout
    assert "Usage: dedup" in english
    assert english.isascii()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion(process: Run, shell: str) -> None:
    done = process(_DEDUP_COMPLETE=f"{shell}_source")
    assert done.returncode == 0
    assert "_DEDUP_COMPLETE" in done.stdout
    asked = {"COMP_WORDS": "dedup check --for", "COMP_CWORD": "2"}
    if shell == "bash":
        assert "--format" in process(_DEDUP_COMPLETE="bash_complete", **asked).stdout


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (DedupError("a.txt", "is odd", "mend it"), 2, "dedup: a.txt: is odd（mend it）"),
        (OSError(28, "No space left on device", "/full"), 2, "dedup: /full: 磁盘已满"),
        (ZeroDivisionError("oops"), 2, "ZeroDivisionError: oops"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_errors_end_in_a_line_and_a_status_that_never_says_reuse(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    told: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("dedup.cli.options.load_settings", fail)
    assert program.run(["show"]) == status
    assert told in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs pseudo-terminals")
def test_a_progress_bar_goes_to_a_terminal_and_only_when_there_is_work(corpus: Path) -> None:
    def standard_error(*arguments: str) -> str:
        primary, secondary = os.openpty()
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm"}
        command = [sys.executable, "-m", "dedup", "show", *arguments]
        subprocess.run(
            command,
            stderr=secondary,
            stdout=subprocess.DEVNULL,
            cwd=corpus.parent,
            env=environment,
            check=True,
        )
        os.write(secondary, b"\nend\n")
        told = b""
        while b"end" not in told:
            told += os.read(primary, 4096)
        os.close(primary)
        os.close(secondary)
        return told.decode()

    assert "%" in standard_error()
    assert "%" not in standard_error()
    (corpus / "渡口.txt").unlink()
    assert "%" not in standard_error("--quiet")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs pseudo-terminals")
@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["colours", "NO_COLOR", "dumb"],
)
def test_a_terminal_that_wants_no_colours_gets_none(
    copied: Path, environment: dict[str, str], coloured: bool
) -> None:
    primary, secondary = os.openpty()
    given = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    subprocess.run(
        [sys.executable, "-m", "dedup", "check", copied.name, "--quiet"],
        stdout=secondary,
        cwd=copied.parent,
        env={**given, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        check=False,
    )
    os.write(secondary, b"\nend\n")
    told = b""
    while b"\nend" not in told:
        told += os.read(primary, 4096)
    os.close(primary)
    os.close(secondary)
    assert "须改写" in told.decode()
    assert (b"\x1b[" in told) is coloured


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["hook", "install", "copied.txt"], "copied.txt"),
        (["log", "show", "checks.jsonl", "--head", "0123456789ab"], "--head"),
        (["completion", "remove", "bash", "--print"], "--print"),
    ],
)
def test_what_an_action_has_no_use_for_is_refused(dedup: Run, arguments: list[str], named: str) -> None:
    done = dedup(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"dedup: {named}: 多出的参数")
