"""A real commit is stopped by the hook of plain Git, and by what pre-commit runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.cli.conftest import LIBRARY

Run = Callable[..., CompletedProcess[str]]
pytestmark = pytest.mark.skipif(
    os.name != "posix" or shutil.which("git") is None, reason="hooks are shell scripts that git runs"
)


@pytest.fixture
def git(tmp_path: Path, repository: Path) -> Run:
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "PYTHONPATH": str(repository),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{who}_{what}": "nobody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }

    def run(*arguments: object) -> CompletedProcess[str]:
        command = ["git", *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False
        )

    run("init", "--quiet")
    return run


def test_a_commit_of_copied_text_is_stopped_and_an_own_one_passes(
    dedup: Run, git: Run, copied: Path, own: Path
) -> None:
    assert dedup("hook", "install").returncode == 0
    git("add", "copied.txt")
    stopped = git("commit", "-m", "copied")
    assert stopped.returncode != 0
    told = stopped.stdout + stopped.stderr
    assert "copied.txt: 须改写" in told
    assert "copied.txt:3: " in told
    assert "镇/果园.txt" in told
    assert git("log").returncode != 0, "there is a commit"
    assert len(told.splitlines()) <= 6
    git("rm", "--cached", "--quiet", "copied.txt")
    git("add", "own.txt")
    passed = git("commit", "-m", "own")
    assert (passed.returncode, "own.txt" in passed.stdout + passed.stderr) == (0, True)


def test_what_is_staged_counts_and_not_what_lies_in_the_folder(
    dedup: Run, git: Run, copied: Path, own: Path
) -> None:
    dedup("hook", "install")
    git("add", "copied.txt")
    copied.write_bytes(own.read_bytes())
    assert git("commit", "-m", "mended in the folder only").returncode != 0
    git("add", "copied.txt")
    assert git("commit", "-m", "mended").returncode == 0


def test_a_document_of_the_corpus_may_be_committed(dedup: Run, git: Run, corpus: Path) -> None:
    dedup("hook", "install")
    git("add", "corpus/图书馆.txt")
    assert LIBRARY in (corpus / "图书馆.txt").read_text(encoding="utf-8")
    assert git("commit", "-m", "a model text").returncode == 0


def test_a_foreign_hook_is_left_alone(dedup: Run, git: Run, corpus: Path, tmp_path: Path) -> None:
    hook = tmp_path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    for action in ("install", "uninstall"):
        done = dedup("hook", action)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert "pre-commit" in done.stderr
    assert hook.read_text(encoding="utf-8") == "#!/bin/sh\nexit 0\n"


def test_uninstalling_lets_commits_pass(dedup: Run, git: Run, copied: Path) -> None:
    for _ in range(2):
        assert dedup("hook", "install").returncode == 0
    assert dedup("hook", "uninstall").returncode == 0
    git("add", "copied.txt")
    assert git("commit", "-m", "copied").returncode == 0
    assert dedup("hook", "uninstall").returncode == 2


def test_outside_a_repository_one_line_says_so(
    dedup: Run, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    done = dedup("hook", "install")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "git init" in done.stderr


def test_the_hook_of_pre_commit_is_quiet_and_stops(
    git: Run, copied: Path, own: Path, repository: Path, tmp_path: Path
) -> None:
    """As pre-commit runs it: the entry of the hook, the files after it."""
    listed = (repository / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    (entry,) = (line.split(": ", 1)[1] for line in listed.splitlines() if "entry:" in line)
    command = [sys.executable, "-m", *entry.split(), "copied.txt", "own.txt"]
    surroundings = {**os.environ, "PYTHONPATH": str(repository)}
    done = subprocess.run(
        command, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "copied.txt:3: " in done.stdout
    assert "own.txt" not in done.stdout
    assert len(done.stdout.splitlines()) <= 5
