"""Read a file into its text, with remarks on how it was read; one module for each format (`formats`).

Plain text is read in this process, every other format in a child process (`dedup.readers.sandbox`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from importlib import import_module
from typing import IO, TYPE_CHECKING

from dedup.errors import MissingInput, UnreadableInput, UnsupportedInput
from dedup.messages import Words, system
from dedup.readers.formats import (
    FORMATS,
    SUFFIXES,
    UNREAD,
    detect,
    reader_identities,
    reader_identity,
    suffix_of,
)
from dedup.settings import ReadingLimits

if TYPE_CHECKING:
    from dedup.document import Skipped
    from dedup.readers.reading import Context, Member, Reading

__all__ = [
    "Member",
    "Reading",
    "bounded",
    "decode",
    "decoded",
    "documents_among",
    "is_document",
    "is_registered",
    "read",
    "read_bytes",
    "read_content",
    "read_text",
    "reader_identities",
    "reader_identity",
]


def __getattr__(name: str) -> object:  # the records are imported at first use
    if name in ("Member", "Reading"):
        return getattr(import_module("dedup.readers.reading"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def is_document(path: str | os.PathLike[str]) -> bool:
    """Tell by its name whether a file counts as a document, readable or not; a picture does not."""
    return is_registered(path) or suffix_of(os.fspath(path)) in UNREAD


def is_draft(name: str) -> bool:
    """Tell whether a file in a folder is a draft; hidden files and locks of word processors are not."""
    return not name.startswith((".", "~$")) and is_document(name)


def documents_among(skipped: Iterable[Skipped]) -> tuple[Skipped, ...]:
    """The skipped files that are documents by their names."""
    return tuple(one for one in skipped if is_document(one.path))


def is_registered(path: str | os.PathLike[str]) -> bool:
    """Tell whether there is a reader for files named so."""
    return suffix_of(os.fspath(path)) in SUFFIXES


def read(path: str | os.PathLike[str], limits: ReadingLimits | None = None, *, ocr: bool = False) -> Reading:
    """Read a file: its text, the offsets of pages, hidden text, and remarks.

    A file without text (a scan, say) gives an empty text and the remark `no-text`. Raises MissingInput,
    UnsupportedInput, UndecodableInput or, when the system refuses, UnreadableInput.
    """
    return read_content(_bytes_of(path, FORMATS["image"].suffixes, limits), path, limits, ocr=ocr)


def read_text(path: str | os.PathLike[str]) -> str:
    """Read a file's text and nothing else. Raises what `read` raises, and UnsupportedInput without text."""
    return decoded(read_bytes(path), path)


def read_bytes(path: str | os.PathLike[str], limits: ReadingLimits | None = None) -> bytes:
    """The content of a file; raises what `read` raises before it looks at the content."""
    return _bytes_of(path, (), limits)


def bounded(file: IO[bytes], name: str, limits: ReadingLimits | None = None) -> bytes:
    """The rest of a file, up to `limits.input_bytes`. Raises UnreadableInput if there is more."""
    limits = limits or ReadingLimits()
    data = file.read(limits.input_bytes + 1)
    _demand_size(len(data), name, limits)
    return data


def _bytes_of(
    path: str | os.PathLike[str], also: tuple[str, ...] = (), limits: ReadingLimits | None = None
) -> bytes:
    name = os.fspath(path)
    suffix = suffix_of(name)
    if suffix not in SUFFIXES and suffix not in UNREAD and suffix not in also:
        if os.path.isdir(name):
            raise _a_folder(name)
        if not os.path.exists(name):
            raise MissingInput(name, Words("input.missing"), Words("input.check_path"))
        raise _unsupported(name, suffix)
    try:
        return _content(name, limits or ReadingLimits())
    except FileNotFoundError:
        raise MissingInput(name, Words("input.missing"), Words("input.check_path")) from None
    except OSError as error:
        if os.path.isdir(name):
            raise _a_folder(name) from None
        if isinstance(error, PermissionError):
            raise UnreadableInput(name, Words("input.permission")) from None
        raise UnreadableInput(name, Words("input.unreadable", why=system(error))) from None
    except ValueError:  # a NUL in the name
        raise MissingInput(repr(name), Words("input.no_name"), Words("input.check_path")) from None


def _content(name: str, limits: ReadingLimits) -> bytes:
    """The content of a regular file. Raises OSError, UnreadableInput."""
    with open(name, "rb", buffering=0, opener=_opened_at_once) as file:
        status = os.fstat(file.fileno())  # of the opened file: its name may belong to another by now
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableInput(name, Words("input.special"))
        _demand_size(status.st_size, name, limits)
        return file.readall()


def _opened_at_once(name: str, flags: int) -> int:
    """Open a file without waiting for the writer of a pipe."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _demand_size(size: int, name: str, limits: ReadingLimits) -> None:
    if size > limits.input_bytes:
        told, most = f"{size / 1e6:.6g}", f"{limits.input_bytes / 1e6:.6g}"
        raise UnreadableInput(name, Words("input.too_large", size=told, most=most))


def read_content(
    data: bytes,
    path: str | os.PathLike[str],
    limits: ReadingLimits | None = None,
    *,
    ocr: bool = False,
    processes: int = 1,
) -> Reading:
    """Read the content of a file of that name. `processes` that read side by side share the memory limit.

    Raises UnsupportedInput or UndecodableInput.
    """
    name = os.fspath(path)
    found = detect(data, name)
    if found == "text":
        from dedup.readers import plain

        return plain.read_plain(data, name)
    _require(found, name)
    from dedup.readers.sandbox import sandbox_for

    return sandbox_for(limits or ReadingLimits(), processes).read(data, name, found, ocr=ocr)


def decoded(
    data: bytes, path: str | os.PathLike[str], limits: ReadingLimits | None = None, *, processes: int = 1
) -> str:
    """The plain text of a file's content. Raises UnsupportedInput, also where there is no text in it."""
    reading = read_content(data, path, limits, processes=processes)
    if remark := reading.without_text:
        raise UnsupportedInput(
            os.fspath(path), Words(f"reading.{remark.code}"), Words("reading.no-text.cure")
        )
    return reading.text


def decode(data: bytes, name: str) -> str:
    """Decode the bytes of a plain text (`dedup.readers.plain.decode`)."""
    from dedup.readers import plain

    return plain.decode(data, name)


def read_inside(data: bytes, context: Context) -> Reading:
    """Read content in this process: in the child, and for members of archives."""
    found = detect(data, context.name)
    _require(found, context.name)
    reading: Reading = import_module(FORMATS[found].module).read(data, context)
    return reading


def _require(found: str, name: str) -> None:
    """Raises UnsupportedInput for a format without reader, and where its packages are not installed."""
    if found not in FORMATS:
        raise UnsupportedInput(name, Words(f"reading.kind.{found}"))
    one = FORMATS[found]
    if missing := one.missing():
        how = "program" if one.programs else "package"
        cure = Words(f"reading.missing.{found if one.programs else how}.cure")
        raise UnsupportedInput(
            name, Words(f"reading.missing.{how}", format=found, missing=", ".join(missing)), cure
        )


def _unsupported(name: str, suffix: str) -> UnsupportedInput:
    return UnsupportedInput(name, Words("input.no_reader", suffix=suffix), Words("reading.save_as.cure"))


def _a_folder(name: str) -> MissingInput:
    return MissingInput(name, Words("input.folder"))
