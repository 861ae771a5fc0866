"""Read the directory of OLE2 files (MS-CFB), from which the kind of document is known."""

from __future__ import annotations

import struct

_HEADER = 512
_IN_HEADER = 109
"""Sectors of the allocation table that the header itself names."""
_ENTRY = 128
_MOST_SECTORS = 4_096
_LAST = 0xFFFFFFFA
"""Numbers from here on name no sector and no entry."""


def names_of(data: bytes) -> frozenset[str]:
    """The names of what lies at the top of the file, not inside what is embedded in it.

    Empty where the directory cannot be followed: the file breaks off, or is very large.
    """
    try:
        return frozenset(_top(_directory(data)))
    except (struct.error, IndexError, UnicodeDecodeError):
        return frozenset()


def _directory(data: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", data, 30)[0] % 16
    table = struct.unpack_from(f"<{_IN_HEADER}I", data, 76)
    (sector,) = struct.unpack_from("<I", data, 48)
    found: list[bytes] = []
    while sector < _LAST and len(found) < _MOST_SECTORS:
        start = max(size, _HEADER) + sector * size
        found.append(data[start : start + size])
        allocation = max(size, _HEADER) + table[sector * 4 // size] * size
        (sector,) = struct.unpack_from("<I", data, allocation + sector * 4 % size)
    return b"".join(found)


def _top(directory: bytes) -> list[str]:
    """Names of the entries below the root: a tree of brothers, which begins at the root's child."""
    names: list[str] = []
    waiting = [struct.unpack_from("<I", directory, 76)[0]]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number >= _LAST or number in seen:
            continue
        seen.add(number)
        name, length, _, _, before, after = struct.unpack_from("<64sHBBII", directory, number * _ENTRY)
        names.append(name[: max(0, min(length, 64) - 2)].decode("utf-16-le"))
        waiting += [before, after]
    return names
