"""The folder of an index: where it lies, the mark that says it is one, who may write it and who may read it.

Nothing is written to a folder that holds something and not our mark, and nothing is removed in one that has
it but files of names that only we give.
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
"""Also tells programs that make backups to leave the folder out (bford.info/cachedir)."""
_MARK_TEXT = """Signature: 8a477f597d28d172789f06886806bc55
# The index of dedup, which checks documents for reused text. It can be made anew at any time: dedup index
"""
_GITIGNORE = "*\n"
_LOCK = "lock"

_OTHER_FOLDER = Words("index.other_folder.cure")
_FULL = frozenset({"ENOSPC", "EIO", "EFBIG", "EDQUOT"})

_CATALOG = "catalog.sqlite"
"""The file by which the index of format 1 was known."""
_CATALOG_TABLES = (b"CREATE TABLE staged", b"CREATE TABLE skipped", b"tombstones TEXT")
_FIRST_PAGE = 4096

_OURS = {
    "": re.compile(r"(manifest\.json|CACHEDIR\.TAG|\.gitignore)\.[0-9a-f]{16}\.tmp"),
    SEGMENTS: re.compile(
        r"\d{8}(-[0-9a-f]{16})?\.(seg|dead|stamps)(\.tmp)?|[0-9a-f]{16}\.order(\.tmp)?|[0-9a-f]{16}\.tmp"
    ),
    SCANS: re.compile(r".+\.(texts|scan)(\.tmp)?"),
}
"""Names that no user gives a file, by folder."""
_CATALOG_FILES = tuple(_CATALOG + end for end in ("", "-journal", ".seal", ".seal.tmp", ".tmp"))


def index_folder(corpus: str | os.PathLike[str], directory: str | os.PathLike[str] | None) -> str:
    """Say where the index of a corpus lies: in `directory`, or `.dedup` inside the corpus.

    Where that is not there and the corpus cannot be written, it lies in the cache folder of the user.
    """
    if directory is not None:
        return os.fspath(directory)
    inside = os.path.join(corpus, INSIDE)
    if os.path.exists(inside) or not os.path.isdir(corpus) or os.access(corpus, os.W_OK):
        return inside
    return cache_folder(corpus)


def cache_folder(corpus: str | os.PathLike[str]) -> str:
    """Say where the index of a corpus that cannot be written lies: in the cache folder of the user."""
    import hashlib

    caches = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    place = os.path.realpath(corpus).encode("utf-8", "surrogateescape")
    return os.path.join(caches, "dedup", hashlib.blake2b(place, digest_size=8).hexdigest())


# --------------------------------------------------------------------------------------------- mark


def is_marked(folder: str) -> bool:
    """Tell whether a folder is one that this program made for an index."""
    try:
        with open(os.path.join(folder, MARK), encoding="utf-8", errors="replace") as file:
            return file.read(len(_MARK_TEXT)) == _MARK_TEXT
    except OSError:
        return False


def is_of_format_1(folder: str) -> bool:
    """Tell whether a folder holds an index as version 0.1 of this program made them."""
    try:
        with open(os.path.join(folder, _CATALOG), "rb") as file:
            page = file.read(_FIRST_PAGE)
    except OSError:
        return False
    return page.startswith(b"SQLite format 3\0") and all(table in page for table in _CATALOG_TABLES)


def claim(folder: str) -> bool:
    """Make the folder for an index, with our mark; say whether it is new.

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
    """Make a folder in that of an index, as readable as that, unless it is there. Raises OSError."""
    room = os.path.join(folder, name)
    if not os.path.isdir(room):
        os.makedirs(room, exist_ok=True)
        os.chmod(room, os.stat(folder).st_mode & 0o777)
    return room


def not_ours(folder: str, name: str) -> UsageError:
    return UsageError(folder, Words("index.foreign", name=name), _OTHER_FOLDER)


def _put(folder: str, name: str, text: str) -> None:
    """Write a small file in one step, so that who finds it finds all of it."""
    aside = aside_of(os.path.join(folder, name))
    with open(aside, "x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.replace(aside, os.path.join(folder, name))


def aside_of(path: str) -> str:
    """Give a passing name beside a path, which no other process gives."""
    return f"{path}.{os.urandom(8).hex()}.tmp"


def own_files(folder: str, room: str = SEGMENTS) -> list[str]:
    """List the files of names that only we give, in a room of a marked folder ("" for the folder itself)."""
    return [name for name in os.listdir(os.path.join(folder, room)) if _OURS[room].fullmatch(name)]


def remove_orphans(folder: str, named: Collection[str]) -> None:
    """Remove what no snapshot names of what we made. Raises OSError."""
    remove(os.path.join(folder, SEGMENTS), (name for name in own_files(folder) if name not in named))
    remove(folder, own_files(folder, ""))
    if is_of_format_1(folder):
        remove(folder, _CATALOG_FILES)


def remove(folder: str, names: Iterable[str]) -> None:
    """Remove files of a folder, as far as they are there. Raises OSError."""
    for name in names:
        # Where open files cannot be removed (Windows), the next writer tries again.
        # Where another thread of ours is at it too, whoever comes second finds nothing.
        with suppress(PermissionError, FileNotFoundError):
            os.remove(os.path.join(folder, name))


# ------------------------------------------------------------------------------------------ readers


def restrict(folder: str, corpus: str, access: Iterable[tuple[int, int]]) -> None:
    """Let nobody read an index who may not read all it is made of: folders and files of `access`.

    `access` is mode and group of each (see `dedup.index.corpus.Listing`). What is written later is as
    readable as the folder (`publish`). Raises OSError.
    """
    group = os.stat(folder).st_gid
    denied = 0
    for mode, owners in {*access, *_above(folder, corpus)}:
        needed = 0o1 if mode & 0o170000 == 0o040000 else 0o4
        others = mode & needed
        denied |= 0 if others else 0o007
        # Another group than that of the index: its members are anybody here.
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
    """The folder of an index and those in it, and the files there that hold what the corpus holds."""
    yield "", ""
    yield "", MANIFEST
    for room in (SEGMENTS, SCANS):
        if os.path.isdir(os.path.join(folder, room)):
            yield room, ""
            yield from ((room, name) for name in own_files(folder, room))


def _above(folder: str, corpus: str) -> Iterator[tuple[int, int]]:
    """The folders that lead to a corpus and not to its index."""
    place, index = os.path.realpath(corpus), os.path.join(os.path.realpath(folder), "")
    while not index.startswith(os.path.join(place, "")):
        facts = os.stat(place)
        yield facts.st_mode, facts.st_gid
        place = os.path.dirname(place)


# --------------------------------------------------------------------------------------------- lock


@contextmanager
def locked(folder: str, patience: float, waiting: Callable[[], None] | None = None) -> Iterator[bool]:
    """Be the only writer in a folder; false after so many seconds in which another one was.

    The lock is one that the system drops when its holder dies; the file stays. `waiting` is called once, if
    there is anything to wait for. Raises OSError.
    """
    handle = os.open(os.path.join(folder, _LOCK), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        yield acquire(handle, patience, waiting)
    finally:
        os.close(handle)


# ------------------------------------------------------------------------------------------ errors


def unwritable(folder: str, error: OSError) -> IndexUnwritable:
    """Make the error for an index, in a folder, that the system did not let us write."""
    place = error.filename if isinstance(error.filename, str) else folder
    full = errno.errorcode.get(error.errno or 0) in _FULL
    return IndexUnwritable(place, system(error), Words("index.free_disk.cure") if full else _OTHER_FOLDER)


class IndexBusy(IndexUnwritable):
    """Another process writes the index."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder, Words("index.busy"))


def publish(aside: str, path: str) -> None:
    """Give a file that was written aside its lasting name, durably. Raises OSError.

    It is as readable as its folder (see `restrict`).
    """
    os.chmod(aside, os.stat(os.path.dirname(path)).st_mode & 0o666)
    os.replace(aside, path)
    sync_folder(os.path.dirname(path))
