"""What is read from a segment is what was put into it, and what a version did not write is unknown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from dedup.errors import IndexDamaged
from dedup.index.build import SegmentBuilder
from dedup.index.container import Container, write_container
from dedup.index.fields import FIELDS, FileStamp
from dedup.index.segment import LONG, Decoded, LongParagraphs, Segment
from dedup.limits import LIMITS
from dedup.settings import Settings
from dedup.sketch.scheme import Scheme
from dedup.text.stream import stream_document
from dedup.text.structure import parse
from tests.strategies import rare_text

SCHEME = Scheme.from_settings(Settings(), "any")
LINES = [
    f"“{rare_text(seed, length)}𠮷，{rare_text(seed + 1, 5)}。" for seed, length in enumerate([40, LONG, 9])
]
BOOK = "渡口志\n\n" + "\n\u3000\u3000".join([*LINES, LINES[1][::-1], "。", LINES[1][7:]]) + "\n"
STAMPS = {
    "甲/二.txt": FileStamp(7, 10**18, 10**18 + 1, 1 << 63, bytes(range(16)), 0o640, "plain 1"),
    "甲/一.txt": FileStamp(1 << 40, -1, 0, 0, bytes(16), 0, ""),
    "乙.docx": FileStamp(9, 10**18, 5, 3, b"d" * 16, 0o600, "docx 2"),
}


def stamps(segment: Segment) -> list[FileStamp]:
    times = (segment.file_sizes, segment.file_mtimes, segment.file_ctimes, segment.file_inodes)
    digests = [digest.tobytes() for digest in segment.file_digests]
    readers = [segment.reader_of(file) for file in range(segment.files)]
    columns = (*(column.tolist() for column in times), digests, segment.file_modes.tolist(), readers)
    return list(map(FileStamp, *columns))


def written(path: Path) -> str:
    builder = SegmentBuilder(SCHEME)
    for name, stamp in STAMPS.items():
        builder.add(parse(name, f"{name}的标题\n\n渡口的老船工还记得那年的水。\n"), stamp)
    builder.write(str(path))
    return str(path)


def test_what_is_recorded_of_files_is_read_back(tmp_path: Path) -> None:
    segment = Segment(written(tmp_path / "1.seg"))
    assert segment.paths() == list(STAMPS)
    assert stamps(segment) == list(STAMPS.values())
    assert segment.files_named("甲/一.txt") == [1]
    assert segment.files_named("一.txt") == segment.files_named("甲") == []
    assert segment.file_characters.tolist() == segment.part_lengths.tolist()
    with pytest.raises(AttributeError):
        _ = segment.no_such_field


def test_a_field_that_an_older_version_did_not_write_is_unknown(tmp_path: Path) -> None:
    whole = Container(written(tmp_path / "1.seg"))
    optional = {field.name for field in FIELDS if field.optional}
    left = [field.name for field in FIELDS if field.name not in optional]
    write_container(str(tmp_path / "2.seg"), ((name, whole.array(name)) for name in left))
    segment = Segment(str(tmp_path / "2.seg"))
    assert [stamp._replace(size=0, mtime_ns=0, digest=bytes(16)) for stamp in stamps(segment)] == [
        FileStamp()
    ] * 3
    write_container(str(tmp_path / "3.seg"), ((name, whole.array(name)) for name in left if name != "text"))
    with pytest.raises(IndexDamaged, match=r"3\.seg.*text"):
        Segment(str(tmp_path / "3.seg")).substring(0, 0, 3)


@pytest.mark.parametrize("room", [LIMITS.kept_characters, LONG])
def test_any_stretch_of_long_paragraphs_is_what_the_file_holds(tmp_path: Path, room: int) -> None:
    random, stream = Random(5), stream_document(parse("书.txt", BOOK)).text
    builder = SegmentBuilder(SCHEME)
    builder.add(parse("书.txt", BOOK))
    builder.write(str(tmp_path / "1.seg"))
    segment = Segment(str(tmp_path / "1.seg"), limits=replace(LIMITS, kept_characters=room))
    for _ in range(500):
        start, length = random.randrange(len(BOOK)), random.choice([1, 30, LONG])
        assert segment.substring(0, start, start + length) == BOOK[start : start + length]
        end = min(start + length, len(stream.offsets))
        offsets = segment.offsets(0, min(start, end), end)
        np.testing.assert_array_equal(offsets, stream.offsets[start:end])
        # Offsets that held on to all of their paragraph would take the memory of a book.
        assert offsets.base is None or len(offsets.base) == len(offsets)


def test_long_paragraphs_are_decoded_once_while_there_is_room() -> None:
    asked: list[int] = []

    def decode(number: int) -> Decoded:
        asked.append(number)
        length = {0: LONG, 1: LONG - 1, 9: 10 * LONG}.get(number, 2 * LONG)
        return Decoded("书" * length, np.arange(length))

    paragraphs = LongParagraphs(3 * LONG)

    def decoded_anew(*numbers: int) -> list[int]:
        asked.clear()
        for number in numbers:
            assert paragraphs.get(number, decode).text
        return asked

    assert decoded_anew(0, 2, 0, 2, 0) == [0, 2]
    assert decoded_anew(1, 1) == [1, 1]
    assert decoded_anew(3, 0, 3, 2) == [3, 2]  # 2 was asked for before 0, and had to go
    assert decoded_anew(9, 9) == [9]
    assert decoded_anew(0) == [0]
