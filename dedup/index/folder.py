"""The folder of an index: its path, the mark in it, its lock, and its permissions.

A folder that holds something but not dedup's mark is never written to, and in a marked folder only files with
names that dedup alone gives are removed.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress

from dedup.errors import IndexUnwritable, UsageError
from dedup.files import sync_folder
from dedup.locking import acquire
from dedup.messages import Words, system

INSIDE = ".dedup"
"""Folder of the index in a corpus folder."""
SEGMENTS = "segments"
SCANS = "scan"
MANIFEST = "manifest.json"
MARK = "CACHEDIR.TAG"
"""The mark; it also tells backup programs to leave the folder out (bford.info/cachedir)."""
_MARK_TEXT = """Signature: 8a477f597d28d172789f06886806bc55
# The index of dedup, which checks documents for reused text. It can be made anew at any time: dedup index
"""
_GITIGNORE = "*\n"
_LOCK = "lock"

_OTHER_FOLDER = Words("index.other_folder.cure")
_FULL = frozenset({"ENOSPC", "EIO", "EFBIG", "EDQUOT"})

_CATALOG = "catalog.sqlite"
"""The file by which an index of format 1 is recognised."""
_CATALOG_TABLES = (b"CREATE TABLE staged", b"CREATE TABLE skipped", b"tombstones TEXT")
_FIRST_PAGE = 4096

_OURS = {
    "": re.compile(r"(manifest\.json|CACHEDIR\.TAG|\.gitignore)\.[0-9a-f]{16}\.tmp"),
    SEGMENTS: re.compile(
        r"\d{8}(-[0-9a-f]{16})?\.(seg|dead|stamps)(\.tmp)?|[0-9a-f]{16}\.order(\.tmp)?|[0-9a-f]{16}\.tmp"
    ),
    SCANS: re.compile(r".+\.(texts|scan)(\.tmp)?"),
}
"""Names of files that dedup alone makes, by folder."""
_CATALOG_FILES = tuple(_CATALOG + end for end in ("", "-journal", ".seal", ".seal.tmp", ".tmp"))


def index_folder(corpus: str | os.PathLike[str], directory: str | os.PathLike[str] | None) -> str:
    """Path of the folder of a corpus's index: `directory`, or `.dedup` inside the corpus.

    If `.dedup` does not exist and the corpus cannot be written, it is in the cache folder of the user.
    """
    if directory is not None:
        return os.fspath(directory)
    inside = os.path.join(corpus, INSIDE)
    if os.path.exists(inside) or not os.path.isdir(corpus) or os.access(corpus, os.W_OK):
        return inside
    return cache_folder(corpus)


def cache_folder(corpus: str | os.PathLike[str]) -> str:
    """Path of the index of a corpus that cannot be written, in the cache folder of the user."""
    import hashlib

    caches = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    place = os.path.realpath(corpus).encode("utf-8", "surrogateescape")
    return os.path.join(caches, "dedup", hashlib.blake2b(place, digest_size=8).hexdigest())


# --------------------------------------------------------------------------------------------- mark


def is_marked(folder: str) -> bool:
    """True if this program made a folder for an index."""
    try:
        with open(os.path.join(folder, MARK), encoding="utf-8", errors="replace") as file:
            return file.read(len(_MARK_TEXT)) == _MARK_TEXT
    except OSError:
        return False


def is_of_format_1(folder: str) -> bool:
    """True if a folder holds an index of format 1, which version 0.1 made."""
    try:
        with open(os.path.join(folder, _CATALOG), "rb") as file:
            page = file.read(_FIRST_PAGE)
    except OSError:
        return False
    return page.startswith(b"SQLite format 3\0") and all(table in page for table in _CATALOG_TABLES)


def claim(folder: str) -> bool:
    """Make the folder for an index, with our mark; return True if it is new.

    Raises UsageError for a folder that holds something and has no mark of ours, and OSError.
    """
    new = False
    if not is_marked(folder):
        try:
            there = os.listdir(folder)
        except FileNotFoundError:
            there = []
        if not is_of_format_1(folder):
            foreign = [name for name in there if not _OURS[""].fullmatch(name)]
            if foreign:
                raise not_ours(folder, min(foreign))
            new = True
        os.makedirs(folder, exist_ok=True)
        _put(folder, MARK, _MARK_TEXT)
    if not os.path.exists(os.path.join(folder, ".gitignore")):
        _put(folder, ".gitignore", _GITIGNORE)
    make_room(folder, SEGMENTS)
    return new


def make_room(folder: str, name: str) -> str:
    """Make a folder inside that of an index, with its permissions, unless it exists. Raises OSError."""
    room = os.path.join(folder, name)
    if not os.path.isdir(room):
        os.makedirs(room, exist_ok=True)
        os.chmod(room, os.stat(folder).st_mode & 0o777)
    return room


def not_ours(folder: str, name: str) -> UsageError:
    return UsageError(folder, Words("index.foreign", name=name), _OTHER_FOLDER)


def _put(folder: str, name: str, text: str) -> None:
    """Write a small file in one step, so that no reader finds half of it."""
    aside = aside_of(os.path.join(folder, name))
    with open(aside, "x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.replace(aside, os.path.join(folder, name))


def aside_of(path: str) -> str:
    """A temporary name beside a path that no other process uses."""
    return f"{path}.{os.urandom(8).hex()}.tmp"


def own_files(folder: str, room: str = SEGMENTS) -> list[str]:
    """Names of the files that dedup made in a subfolder of a marked folder ("" for the folder itself)."""
    return [name for name in os.listdir(os.path.join(folder, room)) if _OURS[room].fullmatch(name)]


def remove_orphans(folder: str, named: Collection[str]) -> None:
    """Remove files that dedup made and no snapshot names. Raises OSError."""
    remove(os.path.join(folder, SEGMENTS), (name for name in own_files(folder) if name not in named))
    remove(folder, own_files(folder, ""))
    if is_of_format_1(folder):
        remove(folder, _CATALOG_FILES)


def remove(folder: str, names: Iterable[str]) -> None:
    """Remove those files of a folder that exist. Raises OSError."""
    for name in names:
        # Where open files cannot be removed (Windows), the next writer tries again.
        # Another thread of ours may have removed the file in the meantime.
        with suppress(PermissionError, FileNotFoundError):
            os.remove(os.path.join(folder, name))


# ------------------------------------------------------------------------------------------ readers


def restrict(folder: str, corpus: str, access: Iterable[tuple[int, int]]) -> None:
    """Take read permission on an index from all who may not read every folder and file of its corpus.

    `access` has the mode and group of each of these (see `dedup.index.corpus.Listing`). Files written later
    get the permissions of the folder (`publish`). Raises OSError.
    """
    group = os.stat(folder).st_gid
    denied = 0
    for mode, owners in {*access, *_above(folder, corpus)}:
        needed = 0o1 if mode & 0o170000 == 0o040000 else 0o4
        others = mode & needed
        denied |= 0 if others else 0o007
        # Members of a group other than that of the index are "others" to the index.
        denied |= 0 if (mode >> 3 & needed if owners == group else others) else 0o070
    if not denied or os.name == "nt":
        return
    for room, name in _rooms(folder):
        path = os.path.join(folder, room, name)
        with suppress(FileNotFoundError):
            mode = os.stat(path).st_mode & 0o7777
            if mode & denied:
                os.chmod(path, mode & ~denied)


def _rooms(folder: str) -> Iterator[tuple[str, str]]:
    """The folder of an index and its subfolders, and the files in each that hold text of the corpus."""
    yield "", ""
    yield "", MANIFEST
    for room in (SEGMENTS, SCANS):
        if os.path.isdir(os.path.join(folder, room)):
            yield room, ""
            yield from ((room, name) for name in own_files(folder, room))


def _above(folder: str, corpus: str) -> Iterator[tuple[int, int]]:
    """Mode and group of the folders on the way to a corpus that are not on the way to its index."""
    place, index = os.path.realpath(corpus), os.path.join(os.path.realpath(folder), "")
    while not index.startswith(os.path.join(place, "")):
        facts = os.stat(place)
        yield facts.st_mode, facts.st_gid
        place = os.path.dirname(place)


# --------------------------------------------------------------------------------------------- lock


@contextmanager
def locked(folder: str, patience: float, waiting: Callable[[], None] | None = None) -> Iterator[bool]:
    """Hold the writer's lock of a folder; yields False if another process held it for `patience` seconds.

    The system drops the lock when its holder dies; the file stays. `waiting` is called once, if the lock is
    not free. Raises OSError.
    """
    handle = os.open(os.path.join(folder, _LOCK), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        yield acquire(handle, patience, waiting)
    finally:
        os.close(handle)


# ------------------------------------------------------------------------------------------ errors


def unwritable(folder: str, error: OSError) -> IndexUnwritable:
    """Make the error for an index folder that the system did not let us write."""
    place = error.filename if isinstance(error.filename, str) else folder
    full = errno.errorcode.get(error.errno or 0) in _FULL
    return IndexUnwritable(place, system(error), Words("index.free_disk.cure") if full else _OTHER_FOLDER)


class IndexBusy(IndexUnwritable):
    """Another process writes the index."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder, Words("index.busy"))


def publish(aside: str, path: str) -> None:
    """Give a file that was written aside its final name, durably. Raises OSError.

    It gets the permissions of its folder (see `restrict`).
    """
    os.chmod(aside, os.stat(os.path.dirname(path)).st_mode & 0o666)
    os.replace(aside, path)
    sync_folder(os.path.dirname(path))
