"""One immutable file of named arrays, written once and memory-mapped ever after.

Layout, little-endian::

    0    magic `DEDUPARR`, format version u32, then of the directory: length u32, offset u64, CRC-32 u32
    64   the arrays, each at a multiple of 64 bytes
    …    the directory: JSON, {name: [dtype, shape, offset, CRC-32]}

The directory stands last so that arrays can be streamed out before their lengths are known; the preamble is
filled in at the end. A file is written under another name, synced, and renamed.
"""

from __future__ import annotations

import json
import math
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged, IndexFormatError, IndexUnreadable
from dedup.index.cures import PERMISSIONS, REBUILD
from dedup.index.paging import crowded
from dedup.messages import Words, system

FORMAT_VERSION = 2

_MAGIC = b"DEDUPARR"
_PREAMBLE = struct.Struct("<8sIIQI")
_ALIGNMENT = 64
_READ_AT_ONCE = 1 << 22
"""Bytes."""

Array = NDArray[Any]
NamedArray = tuple[str, Array | Iterable[Array]]


@dataclass(frozen=True, slots=True)
class Abreast:
    """Arrays of one dimension that come about side by side: room is kept for each, and each is filled."""

    columns: tuple[tuple[str, type[np.generic], int], ...]
    """Name, element type and length of each."""
    pieces: Iterable[tuple[int, Array]]
    """Which of them goes on, and with what."""


Content = NamedArray | Abreast


def write_container(path: str, arrays: Iterable[Content]) -> int:
    """Write arrays to a new file, durably and in one step; return its size in bytes.

    The arrays are asked for one by one. One may come as several pieces, to be laid end to end along the first
    axis. Raises OSError.
    """
    aside = path + ".tmp"
    size = write_aside(aside, arrays)
    publish(aside, path)
    return size


def write_aside(path: str, arrays: Iterable[Content]) -> int:
    """Write arrays to a new file of a passing name, synced, for `publish`; nothing stays when that fails."""
    try:
        with open(path, "wb") as file:
            size = _write_arrays(file, arrays)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            os.remove(path)
        raise
    return size


def publish(aside: str, path: str) -> None:
    """Give a file that was written aside its lasting name, durably. Raises OSError.

    It is as readable as its folder (see `dedup.index.folder.restrict`).
    """
    os.chmod(aside, os.stat(os.path.dirname(path)).st_mode & 0o666)
    os.replace(aside, path)
    sync_folder(os.path.dirname(path))


def _write_arrays(file: BinaryIO, arrays: Iterable[Content]) -> int:
    file.write(bytes(_ALIGNMENT))
    directory: dict[str, tuple[str, list[int], int, int]] = {}
    for content in arrays:
        if isinstance(content, Abreast):
            directory |= _write_abreast(file, content)
            continue
        name, array = content
        file.write(bytes(-file.tell() % _ALIGNMENT))
        directory[name] = _write_array(file, [array] if isinstance(array, np.ndarray) else array)
    written = json.dumps(directory).encode()
    offset = file.tell()
    file.write(written)
    size = file.tell()
    file.seek(0)
    file.write(_PREAMBLE.pack(_MAGIC, FORMAT_VERSION, len(written), offset, zlib.crc32(written)))
    return size


def _write_array(file: BinaryIO, pieces: Iterable[Array]) -> tuple[str, list[int], int, int]:
    offset, checksum, rows = file.tell(), 0, 0
    kind, width = "<u1", []
    for piece in pieces:
        array = np.ascontiguousarray(piece, dtype=piece.dtype.newbyteorder("<"))
        kind, width = array.dtype.str, list(array.shape[1:])
        rows += array.shape[0]
        if array.size:
            view = array.reshape(-1).view(np.uint8).data
            checksum = zlib.crc32(view, checksum)
            file.write(view)
    return kind, [rows, *width], offset, checksum


def _write_abreast(file: BinaryIO, content: Abreast) -> dict[str, tuple[str, list[int], int, int]]:
    offsets, places, checksums = [], [], []
    end = file.tell()
    for _, kind, length in content.columns:
        end += -end % _ALIGNMENT
        offsets.append(end)
        places.append(end)
        checksums.append(0)
        end += np.dtype(kind).itemsize * length
    for column, piece in content.pieces:
        kind = content.columns[column][1]
        view = np.ascontiguousarray(piece, dtype=np.dtype(kind).newbyteorder("<")).view(np.uint8).data
        checksums[column] = zlib.crc32(view, checksums[column])
        file.seek(places[column])
        file.write(view)
        places[column] += view.nbytes
    file.seek(end)
    directory = {}
    for number, (name, kind, length) in enumerate(content.columns):
        if places[number] - offsets[number] != np.dtype(kind).itemsize * length:
            raise ValueError(f"{name} was to have {length} elements")
        written = np.dtype(kind).newbyteorder("<").str
        directory[name] = written, [length], offsets[number], checksums[number]
    return directory


def sync_folder(folder: str) -> None:
    """Make renames in a folder durable, where the system can (not on Windows)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def _mapped(path: str, expected_size: int | None) -> mmap.mmap:
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < _ALIGNMENT or (expected_size is not None and size != expected_size):
            raise IndexDamaged(path, _length_problem(size, expected_size), REBUILD)
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _length_problem(size: int, expected_size: int | None) -> Words:
    if expected_size is None:
        return Words("index.short", size=size)
    return Words("index.length", size=size, expected=expected_size)


class Container:
    """An open container: its arrays are views of the mapped file, and pages are read when touched."""

    def __init__(self, path: str, expected_size: int | None = None) -> None:
        """Map the file. Raises FileNotFoundError, IndexUnreadable, IndexDamaged or IndexFormatError."""
        self.path = path
        try:
            self._map = _mapped(path, expected_size)
        except FileNotFoundError:
            raise
        except OSError as error:
            problem = Words("index.unmapped", why=system(error))
            raise IndexUnreadable(path, problem, PERMISSIONS) from error
        magic, version, length, offset, self.checksum = _PREAMBLE.unpack_from(self._map)
        if magic != _MAGIC:
            raise IndexDamaged(path, Words("index.no_magic"), REBUILD)
        if version != FORMAT_VERSION:
            raise IndexFormatError(
                path, Words("index.format", version=version, current=FORMAT_VERSION), REBUILD
            )
        written = self._map[offset:]
        if len(written) != length or zlib.crc32(written) != self.checksum:
            raise IndexDamaged(path, Words("index.directory"), REBUILD)
        self._directory: dict[str, tuple[str, list[int], int, int]] = json.loads(written)

    def array(self, name: str) -> Array:
        """An array of the file, read-only. Raises IndexDamaged when the file has none of that name."""
        try:
            kind, shape, offset, _ = self._directory[name]
        except KeyError:
            raise IndexDamaged(self.path, Words("index.no_array", name=name), REBUILD) from None
        flat = np.frombuffer(self._map, dtype=kind, count=math.prod(shape), offset=offset)
        return flat.reshape(shape)

    def release(self) -> None:
        """Let go of the pages read so far; they are read again when touched."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def relieve(self) -> None:
        """Let go of the pages read so far if they are too many."""
        if crowded():
            self.release()

    def __contains__(self, name: str) -> bool:
        """Whether the file has an array of that name."""
        return name in self._directory

    def read(self, name: str, first: int, last: int) -> Array:
        """Rows [first, last) of an array, copied, so that the pages they were on need not stay in memory."""
        rows = self.array(name)[first:last].copy()
        if hasattr(mmap, "MADV_DONTNEED"):
            begin = self._directory[name][2] + first * (rows.nbytes // max(len(rows), 1))
            page = begin - begin % mmap.PAGESIZE
            self._map.madvise(mmap.MADV_DONTNEED, page, begin + rows.nbytes - page)
        return rows

    def pieces(self, name: str, first: int, last: int) -> Iterator[Array]:
        """Rows [first, last) of an array, some at a time, so that no more of it is ever in memory."""
        kind, shape, _, _ = self._directory[name]
        width = np.dtype(kind).itemsize * math.prod(shape[1:])
        step = max(_READ_AT_ONCE // max(width, 1), 1)
        for begin in range(first, last, step):
            yield self.read(name, begin, min(begin + step, last))

    def altered(self) -> list[str]:
        """Names of the arrays whose bytes are not those that were written. Reads the whole file."""
        gaps = [] if self._gaps_are_empty() else ["unused space"]
        return gaps + [name for name in self._directory if not self.is_as_written(name)]

    def is_as_written(self, name: str) -> bool:
        """Whether the bytes of one array are those that were written. Reads it."""
        found = 0
        for piece in self.pieces(name, 0, len(self.array(name))):
            found = zlib.crc32(piece.reshape(-1).view(np.uint8).data, found)
        return found == self._directory[name][3]

    def _gaps_are_empty(self) -> bool:
        """Whether what lies between the arrays is still zeros."""
        end = _PREAMBLE.size
        for kind, shape, offset, _ in sorted(self._directory.values(), key=lambda place: place[2]):
            if self._map[end:offset].strip(b"\0"):
                return False
            end = offset + np.dtype(kind).itemsize * math.prod(shape)
        return True
