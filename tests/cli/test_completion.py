"""Completion goes into the user's folder, or between two marks; nothing of the user's is lost by it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of somebody whose bash has no folder of completions."""
    place = tmp_path / "home"
    place.mkdir()
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR", "BASH_COMPLETION_USER_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
    return place


def _bash_completion(tmp_path: Path) -> None:
    """Install the package bash-completion, as far as one can tell."""
    (tmp_path / "share" / "bash-completion").mkdir(parents=True)
    (tmp_path / "share" / "bash-completion" / "bash_completion").write_text("", encoding="utf-8")


def test_bash_gets_a_block_between_marks_and_the_rest_stays_as_it_was(dedup: Run, home: Path) -> None:
    file = home / ".bashrc"
    before = b"alias ll='ls -l'\nexport NAME=\xff"  # no text, and no end of the line
    file.write_bytes(before)
    file.chmod(0o600)
    done = dedup("completion", "install")
    assert done.returncode == 0
    assert str(file) in done.stderr
    once = file.read_bytes()
    assert once.startswith(before + b"\n")
    assert once.count(b"_dedup_completion()") == 1
    assert dedup("completion", "install", "bash").returncode == 0
    assert file.read_bytes() == once, "the second time it is written again"
    assert file.stat().st_mode & 0o777 == 0o600
    assert dedup("completion", "remove").returncode == 0
    assert file.read_bytes() == before + b"\n"
    assert dedup("completion", "remove").returncode == 2


def test_bash_with_a_folder_of_completions_gets_a_file_there(dedup: Run, home: Path, tmp_path: Path) -> None:
    dedup("completion", "install")
    _bash_completion(tmp_path)
    file = home / ".local" / "share" / "bash-completion" / "completions" / "dedup"
    for _ in range(2):
        assert dedup("completion", "install").returncode == 0
        assert "complete -o nosort -F _dedup_completion dedup" in file.read_text(encoding="utf-8")
    assert "dedup" not in (home / ".bashrc").read_text(encoding="utf-8"), "it is loaded twice"
    assert dedup("completion", "remove").returncode == 0
    assert not file.exists()


@pytest.mark.parametrize(
    ("shell", "place"), [("zsh", ".zshrc"), ("fish", ".config/fish/completions/dedup.fish")]
)
def test_other_shells_have_places_of_their_own(dedup: Run, home: Path, shell: str, place: str) -> None:
    assert dedup("completion", "install", SHELL=f"/usr/bin/{shell}").returncode == 0
    assert f"_DEDUP_COMPLETE={shell}_complete" in (home / place).read_text(encoding="utf-8")
    assert dedup("completion", "remove", shell).returncode == 0
    assert "dedup" not in ((home / place).read_text(encoding="utf-8") if (home / place).exists() else "")


def test_printing_writes_nothing(dedup: Run, home: Path) -> None:
    done = dedup("completion", "install", "zsh", "--print")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("#compdef dedup")
    assert list(home.iterdir()) == []


def test_a_link_to_a_file_kept_elsewhere_stays_one(dedup: Run, home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles"
    kept.write_text("# mine\n", encoding="utf-8")
    (home / ".bashrc").symlink_to(kept)
    assert dedup("completion", "install").returncode == 0
    assert (home / ".bashrc").is_symlink()
    assert "_dedup_completion" in kept.read_text(encoding="utf-8")


def test_what_cannot_be_done_is_told_in_a_line_and_nothing_is_lost(
    dedup: Run, home: Path, tmp_path: Path
) -> None:
    for shell in ("", "/bin/tcsh"):
        done = dedup("completion", "install", SHELL=shell)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    done = dedup("completion", "install", HOME=str(tmp_path / "nowhere"))
    assert (done.returncode, (tmp_path / "nowhere").exists()) == (2, False)
    torn = "# >>> dedup completion >>>\nexport MINE=1\n"
    (home / ".bashrc").write_text(torn, encoding="utf-8")
    for action in ("install", "remove"):
        done = dedup("completion", action)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert ".bashrc" in done.stderr
    assert (home / ".bashrc").read_text(encoding="utf-8") == torn
    (home / ".bashrc").unlink()
    _bash_completion(tmp_path)
    foreign = home / ".local" / "share" / "bash-completion" / "completions" / "dedup"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("# of another program called dedup\n", encoding="utf-8")
    for action in ("install", "remove"):
        done = dedup("completion", action)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert foreign.read_text(encoding="utf-8") == "# of another program called dedup\n"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [("dedup che", "check"), ("dedup check --for", "--format"), ("dedup check x --format sar", "sarif")],
)
def test_bash_completes_with_what_was_installed(
    dedup: Run, home: Path, tmp_path: Path, repository: Path, typed: str, offered: str
) -> None:
    assert dedup("completion", "install", "bash").returncode == 0
    program = tmp_path / "bin" / "dedup"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dedup "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    words = typed.split()
    asked = (
        f"source {home / '.bashrc'}; complete -p dedup >&2; "
        f"COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; "
        '_dedup_completion dedup; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = f"{program.parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", asked],
        env={**os.environ, "PATH": path, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [offered]
    assert "-F _dedup_completion dedup" in done.stderr
