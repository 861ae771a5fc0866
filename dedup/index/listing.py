"""The files of a corpus folder, and whether they are still those an index was made from.

Run as a program, by `dedup.cli.ahead`, it tells the digest of a folder; it must import nothing of ours then.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

CHANGED_JUST_NOW = -1
"""Instead of a time of change that is too recent to tell a later change from."""

ABOUT_THE_CORPUS = frozenset({"readme", "readme.md", "readme.txt"})
"""Names, in lower case, of files about a collection rather than of it."""
_LONGEST_NAME = max(map(len, ABOUT_THE_CORPUS))

FOLDER_MARK = "/"
"""What the path of a folder ends in that could not be listed, and stands for all that is in it."""

NAME_THE_CORPUS = "name the folder of your texts: CORPUS; for check, --corpus CORPUS"

_KIND, _FOLDER = 0o170000, 0o040000
"""Of `st_mode`, as `stat.S_IFMT` and `S_IFDIR` have it; a call for each file would be felt."""

_CLOCK_TICK_NS = 50_000_000
_COARSE_TICK_NS = 2_000_000_000
"""Some file systems keep whole seconds, or even ones."""


class Entry(NamedTuple):
    """One file as the folder lists it."""

    path: str
    """Below the corpus folder, with `/`; ends in `FOLDER_MARK` where that folder could not be listed."""
    size: int
    mtime_ns: int


def list_corpus(corpus: str, index_folder: str) -> list[Entry]:
    """All files below a folder, by path, except hidden ones, READMEs and what the index itself keeps there.

    Links to files are followed, links to folders are left out. A folder that cannot be listed is an entry
    too. Raises UsageError when the corpus is no folder.
    """
    return sorted(Entry(*facts) for facts in _walk(corpus, index_folder))


def holds_files(corpus: str, index_folder: str) -> bool:
    """Whether the folder lists any file at all. Raises UsageError when it is none."""
    return any(True for _ in _walk(corpus, index_folder))


def folder_digest(corpus: str, index_folder: str) -> str:
    """What `listing_digest` tells of a folder as it is now, without making its listing. Raises UsageError."""
    return _digest([f"{path}\0{size}\0{mtime}" for path, size, mtime in _walk(corpus, index_folder)])


def listing_digest(entries: Iterable[Entry]) -> str:
    """One number for a whole listing: equal when no file came, went, or changed in size or time."""
    return _digest([f"{path}\0{size}\0{mtime}" for path, size, mtime in entries])


def _digest(lines: list[str]) -> str:
    lines.sort()
    return hashlib.blake2b("\n".join(lines).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _walk(corpus: str, index_folder: str) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of change of each file, in no order. Every `check` waits for it: keep it short."""
    if not os.path.isdir(corpus):
        raise _unusable(corpus, "没有这个文件夹 no such folder", NAME_THE_CORPUS)
    avoided = os.path.abspath(index_folder)
    folders = [(corpus, "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            with os.scandir(folder) as listed:
                found = list(listed)  # which may fail as well
        except OSError as error:
            if not prefix:
                problem = f"cannot be listed: {error.strerror}"
                raise _unusable(corpus, problem, "check its permissions") from error
            yield prefix, 0, CHANGED_JUST_NOW
            continue
        for item in found:
            name = item.name
            if name[0] == ".":
                continue
            if item.is_dir(follow_symlinks=False):
                if os.path.abspath(item.path) != avoided:
                    folders.append((item.path, f"{prefix}{name}/"))
                continue
            if len(name) <= _LONGEST_NAME and name.lower() in ABOUT_THE_CORPUS:
                continue
            try:
                facts = item.stat()
            except OSError:  # a link to nowhere, or gone in this moment
                yield prefix + name, 0, CHANGED_JUST_NOW
                continue
            if facts.st_mode & _KIND == _FOLDER:  # which a link led to
                continue
            yield prefix + name, facts.st_size, facts.st_mtime_ns


def _unusable(corpus: str, problem: str, cure: str) -> Exception:
    from dedup.errors import UsageError

    return UsageError(corpus, problem, cure)


def settled(entry: Entry, listed_ns: int) -> bool:
    """Whether a change after the listing must show in the time of change ("racy git" problem)."""
    tick = _CLOCK_TICK_NS if entry.mtime_ns % 1_000_000_000 else _COARSE_TICK_NS
    return entry.mtime_ns != CHANGED_JUST_NOW and entry.mtime_ns + tick < listed_ns


def now_ns() -> int:
    """The clock that times of change are compared with."""
    return time.time_ns()


if __name__ == "__main__":
    import sys

    sys.stdout.write(folder_digest(*sys.argv[1:]))
