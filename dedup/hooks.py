"""Install and run the Git hook that stops a commit of documents that reuse text above the limits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from dedup.errors import UsageError
from dedup.messages import Words, say, system
from dedup.reports.kit.columns import visible
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.model import Report
    from dedup.passage import Passage
    from dedup.settings import Language

_MARK = "# Made by `dedup hook install`; `dedup hook uninstall` removes it."
_MOST_PASSAGES = 3
_SCRIPT = """#!/bin/sh
{mark}
exec {python} -m dedup hook run
"""


def install(folder: Path) -> Path:
    """Write the hook of the repository of a folder. Raises UsageError, also for a foreign hook."""
    path = _place(folder)
    if os.path.lexists(path) and not _is_ours(path):
        raise UsageError(str(path), Words("hook.foreign"))
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(_SCRIPT.format(mark=_MARK, python=quote(sys.executable)), encoding="utf-8")
        path.chmod(0o755)
    except OSError as error:
        raise UsageError(str(path), system(error)) from error
    return path


def uninstall(folder: Path) -> Path:
    """Remove the hook that `install` wrote. Raises UsageError if there is none, or a foreign one."""
    path = _place(folder)
    if not path.is_file():
        raise UsageError(str(path), Words("hook.none"))
    if not _is_ours(path):
        raise UsageError(str(path), Words("hook.foreign"))
    path.unlink()
    return path


def staged(folder: Path) -> list[str]:
    """The documents that a commit would add or change, relative to the folder in which Git runs hooks."""
    from dedup.readers import is_document

    listed = _git(folder, "diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z")
    return [name for name in listed.split("\0") if name and is_document(name)]


def content_to_commit(folder: Path, name: str) -> bytes:
    """The staged content of a file, which may differ from that in the folder. Raises UsageError."""
    done = _run(folder, "show", f":{name}")
    if done.returncode:
        raise UsageError(name, Words("hook.unstaged"))
    return done.stdout


def lines(report: Report, language: Language) -> Iterator[str]:
    """A line for the document, and one for each of its worst passages, as `file:line`."""
    path, verdict = visible(report.submission.path), report.verdict
    level = say(f"level.{verdict.level}", language)
    yield f"{path}: {level} {percent(report.figures.counted_ratio)}"
    reuse = [one for one in report.passages if one.status == "reuse" and not one.settled]
    for passage in sorted(reuse, key=lambda one: one.start - one.end)[:_MOST_PASSAGES]:
        yield _line(path, report.text, passage)


def _line(path: str, text: str, passage: Passage) -> str:
    number = text.count("\n", 0, passage.start) + 1
    begin = visible(" ".join(passage.text.split()))[:20]
    return f"  {path}:{number}: {begin}… <- {visible(passage.source)}"


def _is_ours(path: Path) -> bool:
    try:
        return _MARK in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _place(folder: Path) -> Path:
    """Path of the file that Git runs before a commit."""
    return folder / _git(folder, "rev-parse", "--git-path", "hooks/pre-commit").strip()


def _git(folder: Path, *arguments: str) -> str:
    """The output of a Git command. Raises UsageError outside a repository, or without Git."""
    done = _run(folder, *arguments)
    if done.returncode:
        raise UsageError(str(folder.resolve()), Words("hook.no_repository"))
    return os.fsdecode(done.stdout)


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise UsageError("git", Words("hook.no_git")) from error
