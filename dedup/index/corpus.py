"""The files of a corpus folder: which there are, whether they changed, and what they hold.

Run as a program, by `digest_ahead`, it prints the digest of a folder; it imports nothing of ours then.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dedup.errors import UnreadableInput, UsageError

CHANGED_JUST_NOW = -1
"""Instead of a time of change that is too recent to tell a later change from."""

ABOUT_THE_CORPUS = frozenset({"readme", "readme.md", "readme.txt"})
"""Names, in lower case, of files about a collection rather than of it."""
_LONGEST_NAME = max(map(len, ABOUT_THE_CORPUS))

_FOLDER_MARK = "/"
"""What the path of a folder ends in that could not be listed, and stands for all that is in it."""

NAME_THE_CORPUS = "name the folder of your texts: CORPUS; for check, --corpus CORPUS"

_KIND, _FOLDER = 0o170000, 0o040000
"""Of `st_mode`, as `stat.S_IFMT` and `S_IFDIR` have it; a call for each file would be felt."""

_INODE = (1 << 63) - 1
_CLOCK_TICK_NS = 50_000_000
_COARSE_TICK_NS = 2_000_000_000
"""Some file systems keep whole seconds, or even ones."""


class Entry(NamedTuple):
    """One file as the folder lists it."""

    path: str
    """Below the corpus folder, with `/`; ends in `/` where that folder could not be listed."""
    size: int
    mtime_ns: int
    ctime_ns: int
    """Time of change of content or attributes, which nobody can set: it tells what `mtime_ns` hides."""
    inode: int
    mode: int
    """Permission bits."""


Facts = tuple[str, int, int, int, int, int]
"""An entry that is one of very many."""


class Listing(NamedTuple):
    """A folder as it was at one time."""

    files: Sequence[Facts]
    """By path."""
    listed_ns: int
    """When listing began."""
    digest: str
    """Equal to that of another time when no file came, went, or was written, replaced or touched since."""
    folder: tuple[int, int] | None
    """By what the folder is known as long as it is the same, and not another disk that is mounted there."""
    access: frozenset[tuple[int, int]]
    """Mode and group of the folders and files: who may read all of them."""

    def unsettled(self) -> list[Facts]:
        """Files of which a later change might not show in any time of change."""
        surely = self.listed_ns - _COARSE_TICK_NS
        return [
            facts
            for facts in self.files
            if not (CHANGED_JUST_NOW < facts[2] < surely and facts[3] < surely)
            and not settled(Entry(*facts), self.listed_ns)
        ]


def list_corpus(corpus: str, index_folder: str, follow_links: bool = False) -> Listing:
    """List all files below a folder, except hidden ones, READMEs and what the index itself keeps there.

    Links to folders are left out, and links out of the corpus are not followed unless `follow_links`. A
    folder that cannot be listed is an entry too. Raises UsageError when the corpus is no folder.
    """
    listed_ns, folder = time.time_ns(), identity(corpus)
    files: list[Facts] = []
    access: set[tuple[int, int]] = set()
    for path, facts in _walk(corpus, index_folder, follow_links):
        if facts is None:
            files.append((path, 0, CHANGED_JUST_NOW, 0, 0, 0))
            continue
        access.add((facts.st_mode, facts.st_gid))
        if facts.st_mode & _KIND != _FOLDER:
            times = facts.st_mtime_ns, facts.st_ctime_ns
            files.append((path, facts.st_size, *times, facts.st_ino & _INODE, facts.st_mode & 0o777))
    files.sort()
    return Listing(files, listed_ns, _digest(map(_line, files)), folder, frozenset(access))


def folder_digest(corpus: str, index_folder: str, follow_links: bool = False) -> str:
    """Give what `Listing.digest` is of a folder as it is now. Raises UsageError."""
    lines = []
    for path, facts in _walk(corpus, index_folder, follow_links):
        if facts is None:
            lines.append(f"{path}\0{0}\0{CHANGED_JUST_NOW}\0{0}\0{0}")
        elif facts.st_mode & _KIND != _FOLDER:
            times = f"{facts.st_mtime_ns}\0{facts.st_ctime_ns}"
            lines.append(f"{path}\0{facts.st_size}\0{times}\0{facts.st_ino}")
    lines.sort()
    return _digest(lines)


def digest_ahead(corpus: str, index_folder: str, follow_links: bool, least: int) -> Callable[[], str] | None:
    """Begin to list a corpus in a process of its own; the result waits for its digest.

    Listing thirty thousand files takes as long as importing NumPy, and threads would take turns at it. None
    for an index of fewer than `least` documents, for which it is not worth it, or where this system cannot;
    the digest is that of no folder when it goes wrong.
    """
    if (os.cpu_count() or 1) < 2 or not sys.executable or _documents(index_folder) < least:
        return None
    import subprocess

    # The same names must come from the same bytes, and nothing is imported but what Python brings.
    command = [sys.executable, "-I", "-S", "-X", f"utf8={sys.flags.utf8_mode}", __file__]
    arguments = [corpus, index_folder, "follow" if follow_links else ""]
    try:
        process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
    except OSError:
        return None
    return lambda: process.communicate()[0] or "unknown"


def _documents(index_folder: str) -> int:
    """How many documents an index holds, as its manifest says at a glance."""
    import json

    try:
        with open(os.path.join(index_folder, "manifest.json"), "rb") as file:
            return int(json.load(file)["index"]["documents"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0


def holds_files(corpus: str, index_folder: str) -> bool:
    """Tell whether a folder lists any file at all. Raises UsageError when it is none."""
    walk = _walk(corpus, index_folder, False)
    return any(facts is None or facts.st_mode & _KIND != _FOLDER for _, facts in walk)


def identity(corpus: str) -> tuple[int, int] | None:
    """Give what `Listing.folder` says; None where there is no folder."""
    try:
        facts = os.stat(corpus)
    except OSError:
        return None
    return (facts.st_dev, facts.st_ino) if facts.st_mode & _KIND == _FOLDER else None


def _line(facts: Facts) -> str:
    path, size, mtime_ns, ctime_ns, inode, _ = facts
    return f"{path}\0{size}\0{mtime_ns}\0{ctime_ns}\0{inode}"


def _digest(lines: Iterable[str]) -> str:
    written = "\n".join(lines).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(written, digest_size=16).hexdigest()


def _walk(corpus: str, index_folder: str, follow_links: bool) -> Iterator[tuple[str, os.stat_result | None]]:
    """Path and status of each file and folder, in no order; no status where there is none to be had.

    Every `check` waits for it: keep it short.
    """
    if not os.path.isdir(corpus):
        raise no_folder(corpus)
    avoided = os.path.abspath(index_folder)
    inside = os.path.join(os.path.realpath(corpus), "")
    folders = [(corpus, "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            with os.scandir(folder) as listed:
                found = list(listed)  # which may fail as well
            yield prefix, os.stat(folder)
        except OSError as error:
            if not prefix:
                problem = f"cannot be listed: {error.strerror}"
                raise _unusable(corpus, problem, "check its permissions") from error
            yield prefix, None
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
                if facts.st_mode & _KIND == _FOLDER:  # which a link led to
                    continue
                if item.is_symlink() and not follow_links and not _leads_inside(item.path, inside):
                    facts = item.stat(follow_symlinks=False)
            except OSError:  # a link to nowhere, or gone in this moment
                yield prefix + name, None
                continue
            yield prefix + name, facts


def _leads_inside(place: str, inside: str) -> bool:
    return os.path.realpath(place).startswith(inside)


def no_folder(corpus: str) -> UsageError:
    """Make the error for a corpus that is no folder."""
    there = os.path.lexists(corpus)
    problem = "不是文件夹 is not a folder" if there else "没有这个文件夹 no such folder"
    return _unusable(corpus, problem, NAME_THE_CORPUS)


def _unusable(corpus: str, problem: str, cure: str) -> UsageError:
    from dedup.errors import UsageError

    return UsageError(corpus, problem, cure)


def settled(entry: Entry, listed_ns: int) -> bool:
    """Tell whether a change after the listing must show in a time of change ("racy git" problem)."""
    latest = max(entry.mtime_ns, entry.ctime_ns)
    coarse = entry.mtime_ns % 1_000_000_000 == 0 and entry.ctime_ns % 1_000_000_000 == 0
    tick = _COARSE_TICK_NS if coarse else _CLOCK_TICK_NS
    return entry.mtime_ns != CHANGED_JUST_NOW and latest + tick < listed_ns


def digest(content: bytes) -> bytes:
    """Make a 128-bit hash of a file's content."""
    return hashlib.blake2b(content, digest_size=16).digest()


def remembered(entry: Entry, listed_ns: int) -> Entry:
    """Give what to keep of an entry: no time of change while a later change might not show in it."""
    return entry if settled(entry, listed_ns) else entry._replace(mtime_ns=CHANGED_JUST_NOW)


# ------------------------------------------------------------------------------------------ contents


def content_of(corpus: str, path: str, follow_links: bool = False) -> bytes:
    """Read a file that stands below the corpus folder. Raises UnreadableInput."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise _unnameable(path) from None
    place = os.path.join(corpus, path)
    if path.endswith(_FOLDER_MARK):
        raise _unlisted(place)
    inside = os.path.join(os.path.realpath(corpus), "")
    if not follow_links and os.path.islink(place) and not _leads_inside(place, inside):
        from dedup.errors import UnsupportedInput

        problem = "是指向范文库以外的链接 is a link out of the corpus"
        cure = "把文件复制进来，或设 copy the file into it, or set: follow_links = true"
        raise UnsupportedInput(place, problem, cure)
    if not ends(place):
        from dedup.errors import UnsupportedInput

        problem, cure = "不是普通文件 not a regular file", "移出范文库 move it out of the corpus"
        raise UnsupportedInput(place, problem, cure)
    from dedup.readers import read_bytes

    return read_bytes(place)


def ends(place: str) -> bool:
    """Tell whether reading comes to an end: a pipe waits for a writer, a device may have none."""
    try:
        return stat.S_ISREG(os.stat(place).st_mode)
    except OSError:  # then so does reading, which tells why
        return True


def printable(path: str) -> str:
    """Spell a path so that it can be written and shown, with the bytes that are not UTF-8 in figures."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _unnameable(path: str) -> UnreadableInput:
    from dedup.errors import UndecodableInput, UnreadableInput

    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        likely = _likely(path)
        meant = (f"，像是 {likely}", f", and looks like {likely}") if likely else ("", "")
        problem = f"文件名不是 UTF-8{meant[0]} its name is not UTF-8{meant[1]}"
        cure = "改名 rename it: convmv -f gbk -t utf-8 --notest FILE"
        return UndecodableInput(printable(path), problem, cure)  # which renaming mends, and the listing shows
    # Another run will have no difficulty with it: this must not be remembered of the file.
    encoding = sys.getfilesystemencoding()
    problem = (
        f"文件名是 UTF-8，系统设的编码却是 {encoding} its name is UTF-8, this run's encoding is {encoding}"
    )
    return UnreadableInput(printable(path), problem, "设 set LC_ALL=C.UTF-8")


def _likely(path: str) -> str:
    """Guess a name before a zip file of a Chinese Windows lost its encoding; empty if it was not that."""
    names = []
    for name in os.fsencode(path).split(b"/"):
        try:
            names.append(name.decode("utf-8"))
        except UnicodeDecodeError:
            names.append(name.decode("gb18030", "replace"))
    meant = "/".join(names)
    return meant if meant.isprintable() and "\N{REPLACEMENT CHARACTER}" not in meant else ""


def _unlisted(place: str) -> UnreadableInput:
    from dedup.errors import UnreadableInput

    what = "里面的都读不了"
    try:
        with os.scandir(place) as listed:
            list(listed)
    except PermissionError:
        problem = f"没有权限列出这个文件夹，{what} this folder may not be listed: nothing in it could be read"
        return UnreadableInput(place, problem, "检查文件夹权限 check its permissions")
    except OSError as error:
        why = error.strerror or str(error)
        problem = (
            f"列不出这个文件夹，{what} this folder cannot be listed ({why}): nothing in it could be read"
        )
        return UnreadableInput(place, problem)
    problem = f"刚才列不出这个文件夹，{what} this folder could not be listed: nothing in it could be read"
    return UnreadableInput(place, problem, "再运行一次 run this again")


if __name__ == "__main__":
    _, _corpus, _index_folder, _follow = sys.argv
    sys.stdout.write(folder_digest(_corpus, _index_folder, bool(_follow)))
