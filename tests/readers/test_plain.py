from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.document import Remark
from dedup.errors import UndecodableInput, UnreadableInput, UnsupportedInput
from dedup.readers import decode
from dedup.readers.plain import read_plain
from tests.strategies import documents

SIMPLIFIED = "各位代表：现在，我代表县人民政府向大会报告工作，请予审议。\n一、2021年工作回顾\n"
TRADITIONAL = "各位代表：現在，我代表縣人民政府向大會報告工作，請予審議。\n一、2021年工作回顧\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "utf-32"])
def test_simplified_text_is_read_in_its_usual_encodings(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding), "a.txt") == SIMPLIFIED


def test_utf_16_is_read_in_either_byte_order() -> None:
    assert decode(b"\xfe\xff" + SIMPLIFIED.encode("utf-16-be"), "a.txt") == SIMPLIFIED
    assert decode(b"\xff\xfe" + SIMPLIFIED.encode("utf-16-le"), "a.txt") == SIMPLIFIED


def test_big5_is_told_from_gb18030() -> None:
    assert decode(TRADITIONAL.encode("big5"), "a.txt") == TRADITIONAL
    assert decode(TRADITIONAL.encode("gb18030"), "a.txt") == TRADITIONAL


def test_rare_characters_of_gb18030_are_kept() -> None:
    text = SIMPLIFIED + "𠮷林镇、㙍头村"
    assert decode(text.encode("gb18030"), "a.txt") == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_line_ends_become_lf(encoding: str) -> None:
    assert (
        decode("一、总结\r\n二、计划\r三、打算\n".encode(encoding), "a.txt")
        == "一、总结\n二、计划\n三、打算\n"
    )


def test_only_one_leading_mark_is_removed() -> None:
    assert decode("\ufeff\ufeff总结".encode(), "a.txt") == "\ufeff总结"


def test_empty_bytes_are_an_empty_text() -> None:
    assert decode(b"", "a.txt") == ""


@given(documents.filter(lambda text: not text.startswith("\ufeff")))
def test_any_utf_8_text_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode(), "a.txt") == text


@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_or_an_error_for_users(data: bytes) -> None:
    text = ""
    with suppress(UnreadableInput):
        text = decode(data, "a.txt")
    assert "\r" not in text


def test_random_bytes_are_refused_by_name_and_byte() -> None:
    generator = random.Random(1)
    for size in (100, 1_000, 10_000):
        data = bytes(generator.randrange(1, 256) for _ in range(size))
        with pytest.raises(UndecodableInput, match=r"a\.txt: .*UTF-8 fails at byte \d+; GB18030"):
            decode(data, "a.txt")


def test_a_damaged_utf_8_file_is_refused_with_the_place() -> None:
    data = SIMPLIFIED.encode()
    with pytest.raises(UndecodableInput, match=f"UTF-8 fails at byte {len(data)}"):
        decode(data + b"\xff" + data, "a.txt")


def test_a_utf_16_file_that_breaks_off_is_refused_unless_only_its_last_character_is_cut() -> None:
    assert decode(b"\xff\xfe" + SIMPLIFIED.encode("utf-16-le")[:-1], "a.txt") == SIMPLIFIED[:-1]
    with pytest.raises(UndecodableInput, match="UTF-16-LE"):
        decode(b"\xff\xfe" + b"\x00\xdc" + SIMPLIFIED.encode("utf-16-le"), "a.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_bad_byte_in_a_thousand_is_replaced_and_remarked_upon(encoding: str) -> None:
    data = (SIMPLIFIED * 20).encode(encoding)
    middle = len(SIMPLIFIED.encode(encoding)) * 10
    reading = read_plain(data[:middle] + b"\xff" + data[middle:], "a.txt")
    assert reading.text == SIMPLIFIED * 10 + "\ufffd" + SIMPLIFIED * 10
    assert reading.remarks == (Remark("bad-bytes", 1),)


@pytest.mark.parametrize(("encoding", "cut"), [("utf-8", 1), ("utf-8", 2), ("gb18030", 1)])
def test_a_last_character_that_was_cut_is_left_out_and_remarked_upon(encoding: str, cut: int) -> None:
    reading = read_plain((SIMPLIFIED + "完").encode(encoding)[:-cut], "a.txt")
    assert reading.text == SIMPLIFIED
    assert [remark.code for remark in reading.remarks] == ["cut-end"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_when_it_gives_chinese(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding), "a.txt") == SIMPLIFIED


def test_utf_16_without_a_mark_may_be_all_ascii() -> None:
    assert decode("No. 12, 2024\n".encode("utf-16-le"), "a.txt") == "No. 12, 2024\n"


def test_a_list_of_rare_names_is_read_as_gb18030() -> None:
    names = "拟表彰人员名单\n张垚、李犇、王喆、赵翀、孙昶、周珺、吴彧、郑煊、冯赟、陈昇、褚骞、卫翾、蒋頔\n"
    assert decode(names.encode("gb18030"), "a.txt") == names


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04rest", "zip"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE2"),
        (b"{\\rtf1", "RTF"),
        (b"abc\0def", "zero byte at byte 3"),
        (b"\x00\xff" * 50, "zero byte at byte 0"),
        (b"\xff\x00" * 50, "zero byte at byte 1"),
        (b"\x01\x02\x03\x04" * 20, "control characters"),
    ],
)
def test_binary_data_is_refused_with_a_cure(data: bytes, what: str) -> None:
    with pytest.raises(UnsupportedInput, match=what) as caught:
        decode(data, "a.txt")
    assert "save" in str(caught.value.cure)
