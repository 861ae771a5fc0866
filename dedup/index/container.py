"""One immutable file of named arrays: memory-mapped, and verified where it is read.

Layout, little-endian::

    0    magic `DEDUPARR`, format version u32, length u32 and offset u64 of the directory, CRC-32 u32 of both
    64   the arrays, each at a multiple of 64 bytes, in blocks of 256 bytes
    …    a checksum u32 of each block
    …    the directory: JSON, {"arrays": {name: [dtype, shape, offset]}, "blocks": n, "checksums": CRC-32}

It is written once: under another name, synced, and renamed. The directory is known only after the arrays are
written, so the preamble is filled in at the end.

A block is compared with its checksum when something in it is first read. Blocks are small, because a look-up
touches a few bytes in each of thousands of places; the checksum is one that NumPy can compute for thousands
of blocks at once.
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
from functools import cache
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dedup.errors import IndexDamaged, IndexFormatError, IndexUnreadable
from dedup.index.folder import publish
from dedup.limits import LIMITS, Limits
from dedup.messages import Words, system
from dedup.records import dataclass
from dedup.sketch.arrays import Ints, distinct
from dedup.sketch.hashing import constants

FORMAT_VERSION = 2

MAGIC = b"DEDUPARR"
PREAMBLE = struct.Struct("<8sIIQ")
CHECKSUM = struct.Struct("<I")
_PREAMBLE_END = PREAMBLE.size + CHECKSUM.size
BEGIN = 64
"""Byte offset of the first block."""
BLOCK_BITS = 8
BLOCK = 1 << BLOCK_BITS
_READ_TOGETHER = 16
"""Blocks verified together: the system reads them in one go, and the next read is often in one of them."""
BLOCKS_AT_ONCE = 1 << 14
"""Blocks summed together: 4 MB."""
_MANY_ROWS, _CLOSE = 1 << 12, 8
"""From so many rows on, if they are at least one in eight of those they span, the whole span is verified."""
_STREAM = 21
"""Stream of the hash constants that checksums use."""
_WORD, _HALF_WORD = np.dtype("<u8"), np.dtype("<u4")
_LETTING_GO = 16
"""Calls after which pages are released where the system does not tell how much is mapped."""

Array = NDArray[Any]
Directory = dict[str, tuple[str, list[int], int]]


def block_sums(blocks: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Checksums of blocks, uint64[n, 32]: the high half of the sum of the words, each times an odd constant.

    Changing one bit changes the checksum; that of a block of zeros is not zero (see `dedup.sketch.hashing`).
    """
    factors = constants(BLOCK // 8 + 1, _STREAM)
    sums: NDArray[np.uint64] = blocks @ factors[1:]
    sums += factors[0]
    return sums.astype(_WORD, copy=False).view(_HALF_WORD)[1::2]


def _mapped(path: str, expected_size: int | None) -> mmap.mmap:
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < BEGIN or (expected_size is not None and size != expected_size):
            short = Words("index.short", size=size)
            length = Words("index.length", size=size, expected=expected_size)
            raise IndexDamaged(path, short if expected_size is None else length)
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class Container:
    """An open container: its arrays are views of the mapped file, and pages are read when touched."""

    def __init__(self, path: str, expected_size: int | None = None, limits: Limits = LIMITS) -> None:
        """Map the file. Raises FileNotFoundError, IndexUnreadable, IndexDamaged or IndexFormatError."""
        self.path = path
        self._most_mapped = limits.mapped_bytes
        self._copied = limits.copied_bytes
        self._relieved = 0
        try:
            self._map = _mapped(path, expected_size)
        except FileNotFoundError:
            raise
        except OSError as error:
            problem = Words("index.unmapped", why=system(error))
            raise IndexUnreadable(path, problem) from error
        magic, version, length, offset = PREAMBLE.unpack_from(self._map)
        (self.checksum,) = CHECKSUM.unpack_from(self._map, PREAMBLE.size)
        """Of the directory, which has a checksum of the checksums of all else."""
        if magic != MAGIC:
            raise IndexDamaged(path, Words("index.no_magic"))
        written = self._map[offset:]
        found = zlib.crc32(written, zlib.crc32(self._map[: PREAMBLE.size]))
        if len(written) != length or found != self.checksum or any(self._map[_PREAMBLE_END:BEGIN]):
            raise IndexDamaged(path, Words("index.directory"))
        if version != FORMAT_VERSION:
            raise IndexFormatError(path, Words("index.format", version=version, current=FORMAT_VERSION))
        facts = json.loads(written)
        self._directory: Directory = facts["arrays"]
        self._sums_checksum: int = facts["checksums"]
        count = facts["blocks"]
        self._blocks = np.frombuffer(self._map, "<u8", count * BLOCK // 8, BEGIN).reshape(count, BLOCK // 8)
        self._sums = np.frombuffer(self._map, "<u4", count, BEGIN + count * BLOCK)
        self._flags = mmap.mmap(-1, max(count, 1))  # pages never touched take no memory
        self._verified = np.frombuffer(self._flags, np.bool_, count)

    def __contains__(self, name: str) -> bool:
        """Tell whether the file has an array of that name."""
        return name in self._directory

    def array(self, name: str) -> Array:
        """An array of the file, read-only, all of it verified. Raises IndexDamaged."""
        return self.stored(name).whole()

    def stored(self, name: str) -> Stored:
        """An array of the file, verified where it is read. Raises IndexDamaged if it is not there."""
        try:
            kind, shape, offset = self._directory[name]
        except KeyError:
            raise IndexDamaged(self.path, Words("index.no_array", name=name)) from None
        flat = np.frombuffer(self._map, dtype=kind, count=math.prod(shape), offset=offset)
        return Stored(self, flat.reshape(shape), offset)

    # -------------------------------------------------------------------------------------- memory

    def relieve(self, most: int | None = None) -> None:
        """Release the pages read so far if more than `most` bytes of files are mapped.

        The system maps 64 KB or more around every byte that is touched. Ten thousand look-ups spread over an
        index of gigabytes would map most of it, and a limit on memory would end the check.
        """
        self._relieved += 1
        mapped = mapped_bytes()
        full = mapped > (self._most_mapped if most is None else most)
        if full or (mapped < 0 and self._relieved % _LETTING_GO == 0):
            self._let_go(0, len(self._map))

    def _let_go(self, begin: int, end: int) -> None:
        if hasattr(mmap, "MADV_DONTNEED"):  # they are read again when touched
            page = begin - begin % mmap.PAGESIZE
            self._map.madvise(mmap.MADV_DONTNEED, page, end - page)

    def read(self, name: str, first: int, last: int) -> Array:
        """A copy of rows [first, last) of an array; the pages they were on are released."""
        rows = self.stored(name)[first:last].copy()
        begin = self._directory[name][2] + first * (rows.nbytes // max(len(rows), 1))
        self._let_go(begin, begin + rows.nbytes)
        return rows

    def pieces(self, name: str, first: int, last: int) -> Iterator[Array]:
        """Rows [first, last) of an array in pieces, of which one at a time is in memory."""
        kind, shape, _ = self._directory[name]
        width = np.dtype(kind).itemsize * math.prod(shape[1:])
        step = max(self._copied // max(width, 1), 1)
        for begin in range(first, last, step):
            yield self.read(name, begin, min(begin + step, last))

    # ------------------------------------------------------------------------------------- damage

    def verify(self) -> None:
        """Read the whole file. Raises IndexDamaged naming the arrays whose bytes are not those written."""
        bad = [np.empty(0, np.int64)]
        for first in range(0, len(self._blocks), BLOCKS_AT_ONCE):
            some = slice(first, first + BLOCKS_AT_ONCE)
            good = block_sums(self._blocks[some]) == self._sums[some]
            self._verified[some] = good
            bad.append(np.flatnonzero(~good) + first)
            self.relieve()
        names = [name for block in np.concatenate(bad).tolist() for name in self._in_block(block)]
        if zlib.crc32(self._sums.data) != self._sums_checksum:
            names.append("checksums")
        if names:
            raise self._damaged(names)

    def verify_bytes(self, begin: int, end: int) -> None:
        """Verify the blocks of bytes [begin, end) of the file. Raises IndexDamaged."""
        first, last = begin - BEGIN >> BLOCK_BITS, (end - 1 - BEGIN >> BLOCK_BITS) + 1
        if self._flags.find(b"\0", first, last) < 0:
            return
        first -= first % _READ_TOGETHER
        last = min(last + -last % _READ_TOGETHER, len(self._blocks))
        for start in range(first, last, BLOCKS_AT_ONCE):
            self._compare(slice(start, min(start + BLOCKS_AT_ONCE, last)))

    def verify_each(self, begins: Ints, ends: Ints) -> None:
        """Verify the blocks of many short ranges of bytes [begin, end) of the file. Raises IndexDamaged."""
        first = begins - BEGIN >> BLOCK_BITS
        further = (ends - 1 - BEGIN >> BLOCK_BITS) - first
        blocks = first
        if further.any():  # each range's blocks, one after the other
            counts = further + 1
            before = np.cumsum(counts) - counts
            blocks = np.repeat(first - before, counts) + np.arange(int(counts.sum()))
        missing = blocks[~self._verified.take(blocks)]
        if len(missing):
            missing = distinct(missing)
            for start in range(0, len(missing), BLOCKS_AT_ONCE):
                self._compare(missing[start : start + BLOCKS_AT_ONCE])

    def _compare(self, blocks: slice | Ints) -> None:
        if isinstance(blocks, slice):
            sums, written = block_sums(self._blocks[blocks]), self._sums[blocks]
        else:
            sums, written = block_sums(self._blocks.take(blocks, axis=0)), self._sums.take(blocks)
        if sums.tobytes() != written.tobytes():  # takes a third of the time of comparing short arrays
            block = int(np.arange(len(self._blocks))[blocks][np.argmax(sums != written)])
            raise self._damaged(self._in_block(block))
        self._verified[blocks] = True

    def _damaged(self, arrays: Iterable[str]) -> IndexDamaged:
        return IndexDamaged(self.path, Words("index.altered_in", arrays=", ".join(dict.fromkeys(arrays))))

    def _in_block(self, block: int) -> list[str]:
        """Names of the arrays of which a block holds some bytes."""
        begin = BEGIN + block * BLOCK
        names = [
            name
            for name, (kind, shape, offset) in self._directory.items()
            if begin - np.dtype(kind).itemsize * math.prod(shape) < offset < begin + BLOCK
        ]
        return names or ["unused space"]


class Stored:
    """An array of a container that reads like a NumPy array and is verified where it is read.

    Reading raises IndexDamaged where the bytes are not those written.
    """

    __slots__ = ("_container", "_offset", "_row", "unverified")

    def __init__(self, container: Container, array: Array, offset: int) -> None:
        self._container = container
        self._offset = offset
        self._row = array.itemsize * math.prod(array.shape[1:])
        self.unverified = array
        """To be read only where `verify` was called for it."""

    def __len__(self) -> int:
        return len(self.unverified)

    def __getitem__(self, key: int | slice | Array) -> Array:
        """Rows by number, slice, array of numbers or mask."""
        if isinstance(key, int):
            self._verify_rows(key, key + 1)
        elif isinstance(key, slice):
            first, last, _ = key.indices(len(self.unverified))
            self._verify_rows(first, last)
        elif key.dtype == np.bool_:
            self.whole()
        elif len(key) >= _MANY_ROWS and _lie_close(key):
            self._verify_rows(int(key.min()), int(key.max()) + 1)
        else:
            begins = key.astype(np.int64) * self._row + self._offset
            self._container.verify_each(begins, begins + self._row)
        rows: Array = self.unverified[key]
        return rows

    def _verify_rows(self, first: int, last: int) -> None:
        if first < last:
            self._container.verify_bytes(self._offset + first * self._row, self._offset + last * self._row)

    def verify(self, first: Ints, last: Ints) -> None:
        """Verify many short ranges of rows [first, last), none of them empty."""
        self._container.verify_each(self._offset + first * self._row, self._offset + last * self._row)

    def whole(self) -> Array:
        """All of it, as an array."""
        self._verify_rows(0, len(self.unverified))
        return self.unverified

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Array:
        return np.array(self.whole(), dtype=dtype, copy=copy)

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.unverified.dtype

    @property
    def itemsize(self) -> int:
        return self.unverified.itemsize


def _lie_close(rows: Array) -> bool:
    return int(rows.max()) - int(rows.min()) < _CLOSE * len(rows)


def mapped_bytes() -> int:
    """Bytes of mapped files in this process's resident memory; −1 where the system does not tell."""
    status = _status()
    if status < 0:
        return -1
    _, _, shared, _ = os.pread(status, 100, 0).split(maxsplit=3)
    return int(shared) * mmap.PAGESIZE


@cache
def _status() -> int:
    """Descriptor of the open file that gives the process's sizes in pages (Linux), or -1."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1


# ------------------------------------------------------------------------------------------ writing

_ALIGNMENT = 64

NamedArray = tuple[str, Array | Iterable[Array]]


@dataclass(frozen=True, slots=True)
class Abreast:
    """One-dimensional arrays of known lengths that are written side by side, piece by piece."""

    columns: tuple[tuple[str, type[np.generic], int], ...]
    """Name, element type and length of each."""
    pieces: Iterable[tuple[int, Array]]
    """Number of the column that a piece belongs to, and the piece."""


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
    """Write and sync arrays to a new file with a temporary name, for `publish`; on failure no file stays."""
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
    file.truncate(file.tell() + -(file.tell() - BEGIN) % BLOCK)  # fill the last block with zeros
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
    """Checksums of all blocks; the file is read again, since arrays of `Abreast` are not written in order."""
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
