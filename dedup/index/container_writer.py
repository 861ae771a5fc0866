"""Containers written: named arrays laid into one file, durably and in one step (`dedup.index.container`).

What stands last is not known before the arrays were streamed out; the preamble is filled in at the end.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable
from contextlib import suppress
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from dedup.index.container import (
    BEGIN,
    BLOCK,
    BLOCK_BITS,
    BLOCKS_AT_ONCE,
    CHECKSUM,
    FORMAT_VERSION,
    MAGIC,
    PREAMBLE,
    Array,
    Directory,
    block_sums,
)
from dedup.index.folder import publish
from dedup.records import dataclass

_ALIGNMENT = 64

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
        with open(path, "w+b") as file:
            size = _write_arrays(file, arrays)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            os.remove(path)
        raise
    return size


def _write_arrays(file: BinaryIO, arrays: Iterable[Content]) -> int:
    file.write(bytes(BEGIN))
    directory: Directory = {}
    for content in arrays:
        if isinstance(content, Abreast):
            directory |= _write_abreast(file, content)
            continue
        name, array = content
        file.write(bytes(-file.tell() % _ALIGNMENT))
        directory[name] = _write_array(file, [array] if isinstance(array, np.ndarray) else array)
    file.truncate(file.tell() + -(file.tell() - BEGIN) % BLOCK)  # zeros as far as nothing was written
    sums = _sums_of(file)
    file.write(sums.astype("<u4").data)
    facts = {"arrays": directory, "blocks": len(sums), "checksums": zlib.crc32(sums.astype("<u4").data)}
    written = json.dumps(facts).encode()
    preamble = PREAMBLE.pack(MAGIC, FORMAT_VERSION, len(written), file.tell())
    file.write(written)
    size = file.tell()
    file.seek(0)
    file.write(preamble + CHECKSUM.pack(zlib.crc32(written, zlib.crc32(preamble))))
    return size


def _sums_of(file: BinaryIO) -> NDArray[np.uint32]:
    """The checksums of all blocks, read again, as arrays that come abreast are not written in order."""
    file.seek(BEGIN)
    pieces = [np.empty(0, np.uint32)]
    while read := file.read(BLOCKS_AT_ONCE << BLOCK_BITS):
        pieces.append(block_sums(np.frombuffer(read, "<u8").reshape(-1, BLOCK // 8)))
    return np.concatenate(pieces)


def _write_array(file: BinaryIO, pieces: Iterable[Array]) -> tuple[str, list[int], int]:
    offset, rows = file.tell(), 0
    kind, width = "<u1", []
    for piece in pieces:
        array = np.ascontiguousarray(piece, dtype=piece.dtype.newbyteorder("<"))
        kind, width = array.dtype.str, list(array.shape[1:])
        rows += array.shape[0]
        if array.size:
            file.write(array.reshape(-1).view(np.uint8).data)
    return kind, [rows, *width], offset


def _write_abreast(file: BinaryIO, content: Abreast) -> Directory:
    offsets, places = [], []
    end = file.tell()
    for _, kind, length in content.columns:
        end += -end % _ALIGNMENT
        offsets.append(end)
        places.append(end)
        end += np.dtype(kind).itemsize * length
    for column, piece in content.pieces:
        kind = content.columns[column][1]
        view = np.ascontiguousarray(piece, dtype=np.dtype(kind).newbyteorder("<")).view(np.uint8).data
        file.seek(places[column])
        file.write(view)
        places[column] += view.nbytes
    file.seek(end)
    directory: Directory = {}
    for number, (name, kind, length) in enumerate(content.columns):
        if places[number] - offsets[number] != np.dtype(kind).itemsize * length:
            raise ValueError(f"{name} was to have {length} elements")
        directory[name] = np.dtype(kind).newbyteorder("<").str, [length], offsets[number]
    return directory
