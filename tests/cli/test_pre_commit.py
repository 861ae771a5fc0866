"""pre-commit takes the hook that this repository offers, and stops a real commit by it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix" or shutil.which("git") is None, reason="hooks are run by git"),
    pytest.mark.skipif(
        find_spec("pre_commit") is None, reason="pre-commit is not installed (pip install pre-commit)"
    ),
]

_NOBODY = {f"GIT_{who}_{what}": "nobody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def _run(folder: Path, repository: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        **{"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PYTHONPATH": str(repository)},
        **{"PRE_COMMIT_HOME": str(folder / "pre-commit"), **_NOBODY},
    }
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def _offered(repository: Path, name: str) -> str:
    """A value of the hook that this repository offers."""
    listed = (repository / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    (value,) = re.findall(rf"^  {name}: (.+)$", listed, re.MULTILINE)
    return str(value)


def test_the_manifest_of_hooks_is_one_that_pre_commit_takes(tmp_path: Path, repository: Path) -> None:
    manifest = str(repository / ".pre-commit-hooks.yaml")
    done = _run(tmp_path, repository, sys.executable, "-m", "pre_commit", "validate-manifest", manifest)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_commit_is_stopped_by_pre_commit_until_the_text_is_mended(
    tmp_path: Path, repository: Path, copied: Path, own: Path
) -> None:
    """The hook as it is offered, but with the program of this interpreter instead of one from the net."""
    entry = _offered(repository, "entry").removeprefix("dedup ")
    (tmp_path / ".pre-commit-config.yaml").write_text(
        "repos:\n- repo: local\n  hooks:\n  - id: dedup-check\n    name: dedup\n    language: system\n"
        f"    entry: {sys.executable} -m dedup {entry}\n    require_serial: true\n"
        f"    files: {_offered(repository, 'files')}\n    exclude: {_offered(repository, 'exclude')}\n",
        encoding="utf-8",
    )
    _run(tmp_path, repository, "git", "init", "--quiet")
    installed = _run(tmp_path, repository, sys.executable, "-m", "pre_commit", "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    _run(
        tmp_path,
        repository,
        "git",
        "add",
        ".pre-commit-config.yaml",
        "corpus/图书馆.txt",
        "copied.txt",
        "own.txt",
    )
    stopped = _run(tmp_path, repository, "git", "commit", "-m", "copied")
    told = stopped.stdout + stopped.stderr
    assert stopped.returncode != 0
    assert "copied.txt: 须改写" in told
    assert "copied.txt:3: " in told
    assert "own.txt" not in told, "who wrote it himself is told of it"
    assert "图书馆.txt:" not in told, "a model text is checked"
    assert len(told.splitlines()) < 12
    assert _run(tmp_path, repository, "git", "log").returncode != 0, "there is a commit"
    copied.write_bytes(own.read_bytes())
    _run(tmp_path, repository, "git", "add", "copied.txt")
    mended = _run(tmp_path, repository, "git", "commit", "-m", "mended")
    assert mended.returncode == 0, mended.stdout + mended.stderr
