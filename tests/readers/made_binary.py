"""Binary documents made byte by byte: OLE2 files with a Word, an Excel or an Outlook document inside, RAR.

Each holds the least that the programs and libraries which read it ask for.
"""

from __future__ import annotations

import os
import struct
import subprocess
import zlib
from collections.abc import Mapping, Sequence

from tests.readers.made import zipped

_SECTOR, _SMALL, _LARGE_FROM = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD

# --------------------------------------------------------------------------------------------- OLE2


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE2 file with these streams; a name with a slash lies in a storage. At most 60 kB."""
    names = sorted({*streams, *(name.partition("/")[0] for name in streams if "/" in name)})
    small = b"".join(_padded(data, _SMALL) for data in streams.values() if len(data) < _LARGE_FROM)
    entries, small_table, contents = ["Root Entry", *names], list[int](), list[bytes]()
    directory_sectors = -(-len(entries) * 128 // _SECTOR)
    small_sectors = -(-len(small) // _SECTOR)
    first_small_table = 1 + directory_sectors
    first_content = first_small_table + 1 + small_sectors
    starts: dict[str, int] = {}
    table = [_FAT, *_chain(1, directory_sectors), _END, *_chain(first_small_table + 1, small_sectors)]
    for name, data in streams.items():
        if len(data) < _LARGE_FROM:
            starts[name] = len(small_table)
            small_table += _chain(len(small_table), -(-len(data) // _SMALL))
        else:
            starts[name] = first_content + sum(map(len, contents)) // _SECTOR
            contents.append(_padded(data, _SECTOR))
            table += _chain(len(table), len(contents[-1]) // _SECTOR)
    directory = bytearray()
    for name in entries:
        inside = [one for one in names if one.rpartition("/")[0] == ("" if name == "Root Entry" else name)]
        is_storage = name not in streams
        kind = 5 if name == "Root Entry" else 1 if is_storage else 2
        siblings = _in_order([one for one in names if one.rpartition("/")[0] == name.rpartition("/")[0]])
        after = siblings[siblings.index(name) + 1 :] if name in siblings else []
        start, size = starts.get(name, 0), len(streams.get(name, b""))
        if kind == 5:
            start, size = (first_small_table + 1 if small else _END), len(small)
        directory += _entry(
            name.rpartition("/")[2],
            kind,
            entries.index(after[0]) if after else _FREE,
            entries.index(_in_order(inside)[0]) if is_storage and inside else _FREE,
            start,
            size,
        )
    directory += _entry("", 0, _FREE, _FREE, 0, 0) * (directory_sectors * 4 - len(entries))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, _LARGE_FROM, first_small_table, 1, _END, 0, 0,
    )  # fmt: skip
    assert len(table) <= 128, "too large for one sector of the table"
    return (
        _padded(header, _SECTOR, b"\xff")
        + _numbers(table)
        + bytes(directory)
        + _numbers(small_table)
        + _padded(small, _SECTOR)
        + b"".join(contents)
    )


def _in_order(names: Sequence[str]) -> list[str]:
    """Names of one storage in the order that its tree has them: shorter ones first."""
    return sorted(names, key=lambda name: (len(name.rpartition("/")[2]), name.upper()))


def _chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), _END] if count else []


def _numbers(table: Sequence[int]) -> bytes:
    return struct.pack("<128I", *table, *[_FREE] * (128 - len(table)))


def _padded(data: bytes, size: int, filling: bytes = b"\0") -> bytes:
    return data + filling * (-len(data) % size)


def _entry(name: str, kind: int, after: int, child: int, start: int, size: int) -> bytes:
    written = (name + "\0").encode("utf-16-le") if name else b""
    return struct.pack("<64sHBBIII36xIQ", written, len(written), kind, 1, _FREE, after, child, start, size)


# ------------------------------------------------------------------------------- Word, Excel, Outlook


def doc_of(text: str) -> bytes:
    """A Word 97 document with a paragraph for every line."""
    written = text.replace("\n", "\r").encode("utf-16-le")
    count, start = len(written) // 2, 0x800
    head = bytearray(start)
    struct.pack_into("<HHHHHH", head, 0, 0xA5EC, 193, 0, 0x804, 0, 0x1200)  # the table stream is 1Table
    struct.pack_into("<II", head, 0x18, start, start + len(written))
    struct.pack_into("<HH", head, 0x20, 14, 0)
    struct.pack_into("<H", head, 0x3E, 22)
    struct.pack_into("<I", head, 0x4C, count)
    pieces = struct.pack("<BIII HIH", 2, 16, 0, count, 0, start, 0)
    styles = struct.pack("<HHHHHHHHHH", 18, 0, 10, 1, 91, 15, 0, 0, 0, 0)
    struct.pack_into("<II", head, 0x1A2, 0, len(pieces))
    struct.pack_into("<II", head, 0xA2, len(pieces), len(styles))
    return compound({"WordDocument": _padded(bytes(head) + written, _LARGE_FROM), "1Table": pieces + styles})


def xls_of(rows: Sequence[Sequence[str]], sheet: str = "人口") -> bytes:
    """An Excel 97 workbook of one sheet with these texts."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    begin = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    named_at = len(record(0x809, begin))
    start = named_at + len(record(0x85, bytes(6) + name)) + len(record(0x0A, b""))
    book = record(0x809, begin) + record(0x85, struct.pack("<IBB", start, 0, 0) + name) + record(0x0A, b"")
    cells = b"".join(
        record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    of_sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6)) + cells + record(0x0A, b"")
    return compound({"Workbook": book + of_sheet})


def msg_of(text: str, attachments: Mapping[str, bytes] | None = None) -> bytes:
    """A message of Outlook's with this body and these attachments."""

    def texts(folder: str, values: Mapping[int, str]) -> dict[str, bytes]:
        return {
            f"{folder}__substg1.0_{tag:04X}001F": value.encode("utf-16-le") for tag, value in values.items()
        }

    def properties(head: int, values: Mapping[int, int]) -> bytes:
        return bytes(head) + b"".join(
            struct.pack("<HHIQ", 0x1F if tag != 0x3701 else 0x102, tag, 6, size)
            for tag, size in values.items()
        )

    fields = {0x1A: "IPM.Note", 0x37: "报送材料", 0x1000: text}
    streams = {"__properties_version1.0": properties(32, {tag: 2 * len(one) for tag, one in fields.items()})}
    streams |= texts("", fields)
    for number, (name, content) in enumerate((attachments or {}).items()):
        folder = f"__attach_version1.0_#{number:08X}/"
        streams[folder + "__properties_version1.0"] = properties(
            8, {0x3707: 2 * len(name), 0x3701: len(content)}
        )
        streams |= texts(folder, {0x3707: name})
        streams[folder + "__substg1.0_37010102"] = content
    return compound(streams)


# ---------------------------------------------------------------------------------------------- RAR


def rar_of(files: Mapping[str, bytes]) -> bytes:
    """A RAR archive (version 4) whose files are stored as they are, names in UTF-8."""

    def block(kind: int, flags: int, fields: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    out = b"Rar!\x1a\x07\0" + block(0x73, 0, bytes(6))
    for name, data in files.items():
        written = name.encode()
        fields = struct.pack(
            "<IIBIIBBHI",
            len(data),
            len(data),
            3,
            zlib.crc32(data),
            0x58A00000,
            20,
            0x30,
            len(written),
            0o100644,
        )
        out += block(0x74, 0x8200, fields + written) + data
    return out + block(0x7B, 0x4000, b"")


def seven_zip_of(files: Mapping[str, bytes]) -> bytes:
    """A 7-Zip archive, which bsdtar makes of a zip file."""
    command = ["bsdtar", "--format", "7zip", "-cf", "-", "@-"]
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.defpath}
    return subprocess.run(
        command, input=zipped(files), capture_output=True, check=True, env=environment
    ).stdout
