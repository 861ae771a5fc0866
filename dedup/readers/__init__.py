"""From a file to its plain text: one module a format, chosen by the name's suffix.

To add a format, write a module with ``decode(data: bytes, name: str) -> str`` and enter its suffixes in
`_MODULES`; it is imported when the first file of that kind is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module

from dedup.errors import MissingInput, UnreadableInput, UnsupportedInput
from dedup.messages import Words, system
from dedup.model import Skipped
from dedup.readers.plain import decode

__all__ = [
    "decode",
    "decoded",
    "documents_among",
    "is_document",
    "is_registered",
    "read",
    "reader_identities",
    "reader_identity",
]

_MODULES = {
    "": "dedup.readers.plain",
    ".txt": "dedup.readers.plain",
    ".text": "dedup.readers.plain",
    ".md": "dedup.readers.plain",
}

_VERSIONS = {"dedup.readers.plain": 1}
"""Raised when a reader gives another text for the same bytes."""

_DOCUMENTS_TO_CONVERT = frozenset(
    {".doc", ".docx", ".htm", ".html", ".odt", ".pages", ".pdf", ".ppt", ".pptx", ".rtf", ".wps", ".wpt"}
)
"""Suffixes of files that people take for documents, and that no reader is there for."""


def reader_identity(path: str | os.PathLike[str]) -> str:
    """Name and version of the reader for files named so, as `plain/1`; empty where there is none.

    An index reads a file again when the reader that it was read by has another version.
    """
    return reader_identities().get(_suffix(os.fspath(path)), "")


@cache
def reader_identities() -> Mapping[str, str]:
    """The identity of each reader, by suffix."""
    return {suffix: f"{module.rpartition('.')[2]}/{_VERSIONS[module]}" for suffix, module in _MODULES.items()}


def is_document(path: str | os.PathLike[str]) -> bool:
    """Whether a file named so is taken for a document, readable or not: a picture or a table is none."""
    return is_registered(path) or _suffix(os.fspath(path)) in _DOCUMENTS_TO_CONVERT


def documents_among(skipped: Iterable[Skipped]) -> tuple[Skipped, ...]:
    """Those of the files that could not be used which people take for documents."""
    return tuple(one for one in skipped if is_document(one.path))


def is_registered(path: str | os.PathLike[str]) -> bool:
    """Whether there is a reader for files named so."""
    return _suffix(os.fspath(path)) in _MODULES


def read(path: str | os.PathLike[str]) -> str:
    """The plain text of a file: BOM removed, line ends turned into LF.

    Raises MissingInput, UnsupportedInput, UndecodableInput or, when the system refuses, UnreadableInput.
    """
    return decoded(read_bytes(path), path)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The content of a file that there is a reader for; raises what `read` raises before it decodes."""
    name = os.fspath(path)
    suffix = _suffix(name)
    if suffix not in _MODULES:
        if os.path.isdir(name):
            raise _a_folder(name)
        if not os.path.exists(name):
            raise MissingInput(name, Words("input.missing"), Words("input.check_path"))
        raise _unsupported(name, suffix)
    try:
        with open(name, "rb", buffering=0) as file:
            return file.readall()
    except FileNotFoundError:
        raise MissingInput(name, Words("input.missing"), Words("input.check_path")) from None
    except OSError as error:
        if os.path.isdir(name):
            raise _a_folder(name) from None
        if isinstance(error, PermissionError):
            raise UnreadableInput(name, Words("input.permission"), Words("input.permission.cure")) from None
        raise UnreadableInput(name, Words("input.unreadable", why=system(error))) from None
    except ValueError:  # a NUL in the name
        raise MissingInput(repr(name), Words("input.no_name"), Words("input.check_path")) from None


def decoded(data: bytes, path: str | os.PathLike[str]) -> str:
    """The plain text of a file's content, by its name. Raises UnsupportedInput or UndecodableInput."""
    name = os.fspath(path)
    suffix = _suffix(name)
    if suffix not in _MODULES:
        raise _unsupported(name, suffix)
    text: str = import_module(_MODULES[suffix]).decode(data, name)
    return text


def _unsupported(name: str, suffix: str) -> UnsupportedInput:
    known = " ".join(filter(None, _MODULES))
    return UnsupportedInput(
        name, Words("input.no_reader", suffix=suffix), Words("input.no_reader.cure", known=known)
    )


def _a_folder(name: str) -> MissingInput:
    return MissingInput(name, Words("input.folder"), Words("input.folder.cure"))


def _suffix(name: str) -> str:
    return os.path.splitext(os.path.basename(name))[1].lower()
