"""The files of a corpus folder, and whether they are still those an index was made from.

Run as a program, by `dedup.cli.ahead`, it tells the digest of a folder, or all that is listed; it must import
nothing of ours then.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dedup.errors import UsageError

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


Facts = tuple[str, int, int]
"""An entry that is one of very many."""


class Listing(NamedTuple):
    """A folder as it was at one time."""

    files: Sequence[Facts]
    """By path."""
    listed_ns: int
    """When listing began."""
    digest: str
    """One number for all of it: equal when no file came, went, or changed in size or time."""
    folder: tuple[int, int] | None
    """By what the folder is known as long as it is the same, and not another disk that is mounted there."""

    def unsettled(self) -> list[Facts]:
        """Files of which a later change might not show in the time of change."""
        surely = self.listed_ns - _COARSE_TICK_NS
        return [
            facts
            for facts in self.files
            if not CHANGED_JUST_NOW < facts[2] < surely and not settled(Entry(*facts), self.listed_ns)
        ]


Foreseen = Callable[[], Listing | None]
"""A listing that was begun before the index was locked, asked for under the lock.

None when another writer came between, for what that has seen meanwhile would be taken for gone, or when there
is no listing to be had.
"""


def list_corpus(corpus: str, index_folder: str) -> Listing:
    """All files below a folder, except hidden ones, READMEs and what the index itself keeps there.

    Links to files are followed, links to folders are left out. A folder that cannot be listed is an entry
    too. Raises UsageError when the corpus is no folder.
    """
    listed_ns, folder = time.time_ns(), identity(corpus)
    files = sorted(_walk(corpus, index_folder))
    return Listing(files, listed_ns, _digest(map(_line, files)), folder)


def identity(corpus: str) -> tuple[int, int] | None:
    """What `Listing.folder` says; None where there is no folder."""
    try:
        facts = os.stat(corpus)
    except OSError:
        return None
    return (facts.st_dev, facts.st_ino) if facts.st_mode & _KIND == _FOLDER else None


def written(corpus: str, index_folder: str) -> bytes:
    """What `list_corpus` tells, for another process to `read`; no entry is made of what is only written."""
    listed_ns, (device, number) = time.time_ns(), identity(corpus) or (0, 0)
    lines = sorted(map(_line, _walk(corpus, index_folder)))
    head = f"{listed_ns}\0{_digest(lines)}\0{device}\0{number}"
    return "\0".join([head, *lines]).encode("utf-8", "surrogatepass")


def read(answer: bytes) -> Listing:
    """A listing that was `written`, by a process that came to its end. Raises ValueError for what is none."""
    listed_ns, digest, device, number, *fields = answer.decode("utf-8", "surrogatepass").split("\0")
    columns = fields[0::3], map(int, fields[1::3]), map(int, fields[2::3])
    files = list(zip(*columns, strict=True))
    return Listing(files, int(listed_ns), digest, (int(device), int(number)))


def holds_files(corpus: str, index_folder: str) -> bool:
    """Whether the folder lists any file at all. Raises UsageError when it is none."""
    return any(True for _ in _walk(corpus, index_folder))


def folder_digest(corpus: str, index_folder: str) -> str:
    """What `Listing.digest` tells of a folder as it is now. Raises UsageError."""
    return _digest(sorted(map(_line, _walk(corpus, index_folder))))


def _line(facts: Facts) -> str:
    path, size, mtime_ns = facts
    return f"{path}\0{size}\0{mtime_ns}"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(lines).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _walk(corpus: str, index_folder: str) -> Iterator[Facts]:
    """Path, size and time of change of each file, in no order. Every `check` waits for it: keep it short."""
    if not os.path.isdir(corpus):
        raise no_folder(corpus)
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


def no_folder(corpus: str) -> UsageError:
    """What to say of a corpus that is no folder."""
    there = os.path.lexists(corpus)
    problem = "不是文件夹 is not a folder" if there else "没有这个文件夹 no such folder"
    return _unusable(corpus, problem, NAME_THE_CORPUS)


def _unusable(corpus: str, problem: str, cure: str) -> UsageError:
    from dedup.errors import UsageError

    return UsageError(corpus, problem, cure)


def settled(entry: Entry, listed_ns: int) -> bool:
    """Whether a change after the listing must show in the time of change ("racy git" problem)."""
    tick = _CLOCK_TICK_NS if entry.mtime_ns % 1_000_000_000 else _COARSE_TICK_NS
    return entry.mtime_ns != CHANGED_JUST_NOW and entry.mtime_ns + tick < listed_ns


if __name__ == "__main__":
    import sys

    what, *place = sys.argv[1:]
    sys.stdout.buffer.write(folder_digest(*place).encode() if what == "digest" else written(*place))
