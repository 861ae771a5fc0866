"""The files of a corpus folder: their list, signs of change, and contents.

`digest_ahead` runs this file as a program that prints the digest of a folder, so it imports nothing of dedup
at the top.
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
    from dedup.errors import UnreadableInput, UnsupportedInput, UsageError
    from dedup.settings import ReadingLimits

CHANGED_JUST_NOW = -1
"""Stands for a time of change so recent that a later change might have the same time."""

ABOUT_THE_CORPUS = frozenset({"readme", "readme.md", "readme.txt", "corpus.toml"})
"""Names, in lower case, of files about a collection rather than of it."""
_LONGEST_NAME = max(map(len, ABOUT_THE_CORPUS))

_FOLDER_MARK = "/"
"""Ends the path of a folder that could not be listed, which stands for all that is in it."""


_KIND, _FOLDER = 0o170000, 0o040000
"""Values of `stat.S_IFMT` and `stat.S_IFDIR`: calling those for every file would take noticeable time."""

_INODE = (1 << 63) - 1
_CLOCK_TICK_NS = 50_000_000
_COARSE_TICK_NS = 2_000_000_000
"""Resolution of file systems that keep whole or even seconds."""


class Entry(NamedTuple):
    """One file as the folder lists it."""

    path: str
    """Below the corpus folder, with `/`; ends in `/` where that folder could not be listed."""
    size: int
    mtime_ns: int
    ctime_ns: int
    """Time of change of content or attributes; no user can set it, so it shows what `mtime_ns` may hide."""
    inode: int
    mode: int
    """Permission bits."""


Facts = tuple[str, int, int, int, int, int]
"""The fields of an `Entry` as a plain tuple, which is faster for very many."""


class Listing(NamedTuple):
    """A folder as it was at one time."""

    files: Sequence[Facts]
    """Ordered by path."""
    listed_ns: int
    """Time at which listing began, in nanoseconds."""
    digest: str
    """Digest of all entries; equal to an earlier one if no file came, went, was written or touched since."""
    folder: tuple[int, int] | None
    """Device and inode of the folder, which differ if another disk is mounted in its place."""
    access: frozenset[tuple[int, int]]
    """Modes and groups of the folders and files, from which it follows who may read all of them."""

    def unsettled(self) -> list[Facts]:
        """Files whose time of change is so recent that a later change might have the same."""
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
    """`Listing.digest` of a folder as it is now. Raises UsageError."""
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
    """Begin to list a corpus in a process of its own; return a function that waits for its digest.

    Listing thirty thousand files takes as long as importing NumPy, and threads would take turns at it. None
    for an index of fewer than `least` documents, for which it is not worth it, or where no process can be
    started. If listing fails, the digest is one that no folder has.
    """
    if (os.cpu_count() or 1) < 2 or not sys.executable or _documents(index_folder) < least:
        return None
    import subprocess

    # File names must be decoded as here (utf8_mode); without site-packages the interpreter starts faster.
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
    """Number of documents that the manifest of an index gives; 0 where it cannot be read."""
    import json

    try:
        with open(os.path.join(index_folder, "manifest.json"), "rb") as file:
            return int(json.load(file)["index"]["documents"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0


def holds_files(corpus: str, index_folder: str) -> bool:
    """True if a folder lists any file at all. Raises UsageError when it is no folder."""
    walk = _walk(corpus, index_folder, False)
    return any(facts is None or facts.st_mode & _KIND != _FOLDER for _, facts in walk)


def identity(corpus: str) -> tuple[int, int] | None:
    """Device and inode of a folder, as in `Listing.folder`; None where there is no folder."""
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
    """Path and status of each file and folder, in no order; None for a status that cannot be read.

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
                found = list(listed)  # reading the listing may fail as well as opening it
            yield prefix, os.stat(folder)
        except OSError as error:
            if not prefix:
                raise _unlistable(corpus, error) from error
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
                if facts.st_mode & _KIND == _FOLDER:  # a link to a folder
                    continue
                if item.is_symlink() and not follow_links and not _leads_inside(item.path, inside):
                    facts = item.stat(follow_symlinks=False)
            except OSError:  # a broken link, or a file just removed
                yield prefix + name, None
                continue
            yield prefix + name, facts


def _leads_inside(place: str, inside: str) -> bool:
    return os.path.realpath(place).startswith(inside)


def no_folder(corpus: str) -> UsageError:
    """Make the error for a corpus that is no folder."""
    from dedup.errors import UsageError
    from dedup.messages import Words

    problem = "corpus.not_folder" if os.path.lexists(corpus) else "corpus.missing"
    return UsageError(corpus, Words(problem), Words("corpus.missing.cure"))


def _unlistable(corpus: str, error: OSError) -> UsageError:
    from dedup.errors import UsageError
    from dedup.messages import Words, system

    problem = Words("corpus.unlisted", why=system(error))
    return UsageError(corpus, problem, Words("corpus.permissions.cure"))


def settled(entry: Entry, listed_ns: int) -> bool:
    """True if any change after the listing must change a time of change (the "racy git" problem)."""
    latest = max(entry.mtime_ns, entry.ctime_ns)
    coarse = entry.mtime_ns % 1_000_000_000 == 0 and entry.ctime_ns % 1_000_000_000 == 0
    tick = _COARSE_TICK_NS if coarse else _CLOCK_TICK_NS
    return entry.mtime_ns != CHANGED_JUST_NOW and latest + tick < listed_ns


def digest(content: bytes) -> bytes:
    """128-bit hash of a file's content."""
    return hashlib.blake2b(content, digest_size=16).digest()


def remembered(entry: Entry, listed_ns: int) -> Entry:
    """The entry to store: CHANGED_JUST_NOW in place of a time that a later change might have too."""
    return entry if settled(entry, listed_ns) else entry._replace(mtime_ns=CHANGED_JUST_NOW)


# ------------------------------------------------------------------------------------------ contents


def content_of(
    corpus: str, path: str, follow_links: bool = False, limits: ReadingLimits | None = None
) -> bytes:
    """Read a file below the corpus folder. Raises UnreadableInput."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise _unnameable(path) from None
    place = os.path.join(corpus, path)
    if path.endswith(_FOLDER_MARK):
        raise _unlisted(place)
    if not follow_links and os.path.islink(place):
        inside = os.path.join(os.path.realpath(corpus), "")
        if not _leads_inside(place, inside):
            raise _unsupported(place, "corpus.link")
    if not ends(place):
        raise _unsupported(place, "corpus.not_regular")
    from dedup.readers import read_bytes

    return read_bytes(place, limits)


def _unsupported(place: str, key: str) -> UnsupportedInput:
    from dedup.errors import UnsupportedInput
    from dedup.messages import Words

    return UnsupportedInput(place, Words(key))


def ends(place: str) -> bool:
    """True for a regular file: reading a pipe may wait for ever, reading a device may never end."""
    try:
        return stat.S_ISREG(os.stat(place).st_mode)
    except OSError:  # reading fails too, and says why
        return True


def printable(path: str) -> str:
    """The path with bytes that are not UTF-8 written as hexadecimal escapes, so that it can be shown."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _unnameable(path: str) -> UnreadableInput:
    from dedup.errors import UndecodableInput, UnreadableInput
    from dedup.messages import Words

    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        likely = _likely(path)
        problem = Words("corpus.name_like", likely=likely) if likely else Words("corpus.name")
        # Renaming mends it, and the listing shows that.
        return UndecodableInput(printable(path), problem, Words("corpus.name.cure"))
    # The fault is this run's encoding, not the file: it must not be recorded as a fault of the file.
    problem = Words("corpus.run_encoding", encoding=sys.getfilesystemencoding())
    return UnreadableInput(printable(path), problem, Words("corpus.run_encoding.cure"))


def _likely(path: str) -> str:
    """Guess the GBK name that a zip file from a Chinese Windows lost; empty if it is not such a name."""
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
    from dedup.messages import Words, system

    try:
        with os.scandir(place) as listed:
            list(listed)
    except PermissionError:
        return UnreadableInput(place, Words("corpus.folder_closed"), Words("corpus.permissions.cure"))
    except OSError as error:
        return UnreadableInput(place, Words("corpus.folder_fails", why=system(error)))
    return UnreadableInput(place, Words("corpus.folder_failed"))


if __name__ == "__main__":
    _, _corpus, _index_folder, _follow = sys.argv
    sys.stdout.write(folder_digest(_corpus, _index_folder, bool(_follow)))
