"""The content of one file of a corpus, or why it cannot be a document of it."""

from __future__ import annotations

import os
import stat
import sys

from dedup.errors import UndecodableInput, UnreadableInput, UnsupportedInput
from dedup.index.listing import FOLDER_MARK


def content_of(corpus: str, path: str) -> bytes:
    """The bytes of a file that stands below the corpus folder. Raises UnreadableInput."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise _unnameable(path) from None
    place = os.path.join(corpus, path)
    if path.endswith(FOLDER_MARK):
        raise _unlisted(place)
    if not ends(place):
        problem, cure = "不是普通文件 not a regular file", "移出范文库 move it out of the corpus"
        raise UnsupportedInput(place, problem, cure)
    from dedup.readers import read_bytes

    return read_bytes(place)


def ends(place: str) -> bool:
    """Whether reading what is there comes to an end: a pipe waits for a writer, a device may have none."""
    try:
        return stat.S_ISREG(os.stat(place).st_mode)
    except OSError:  # then so does reading, which tells why
        return True


def printable(path: str) -> str:
    """A path that can be written and shown; bytes that are not UTF-8 are spelt out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _unnameable(path: str) -> UnreadableInput:
    if not _in_utf8(path):
        return _in_another_encoding(path)
    # Another run will have no difficulty with it: this must not be remembered of the file.
    encoding = sys.getfilesystemencoding()
    problem = (
        f"文件名是 UTF-8，系统设的编码却是 {encoding} its name is UTF-8, this run's encoding is {encoding}"
    )
    return UnreadableInput(printable(path), problem, "设 set LC_ALL=C.UTF-8")


def _in_utf8(path: str) -> bool:
    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _in_another_encoding(path: str) -> UndecodableInput:
    likely = _likely(path)
    meant = (f"，像是 {likely}", f", and looks like {likely}") if likely else ("", "")
    problem = f"文件名不是 UTF-8{meant[0]} its name is not UTF-8{meant[1]}"
    cure = "改名 rename it: convmv -f gbk -t utf-8 --notest FILE"
    return UndecodableInput(printable(path), problem, cure)  # which renaming mends, and the listing shows


def _likely(path: str) -> str:
    """What a name was before a zip file of a Chinese Windows lost its encoding; empty if it was not that."""
    names = []
    for name in os.fsencode(path).split(b"/"):
        try:
            names.append(name.decode("utf-8"))
        except UnicodeDecodeError:
            names.append(name.decode("gb18030", "replace"))
    meant = "/".join(names)
    return meant if meant.isprintable() and "\N{REPLACEMENT CHARACTER}" not in meant else ""


def _unlisted(place: str) -> UnreadableInput:
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
