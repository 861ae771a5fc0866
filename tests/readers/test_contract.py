"""What every reader keeps to; a format is added to `SAMPLES` and inherits all of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.document import HiddenText, Place, Properties, Remark, Span
from dedup.errors import UnreadableInput, UnsupportedInput
from dedup.readers import Reading, read_content, reader_identity
from dedup.readers.formats import FORMATS, detect
from dedup.readers.reading import Member, from_record, to_record
from tests.readers import made, made_binary

TEXT = (
    "鹿溪县2024年水利工作总结\n"
    "今年以来，鹿溪县完成河道清淤三十二公里，新修渠道十一条，受益群众四万余人，各项指标均好于上年。"
    "全县把防汛备汛摆在首位，三次组织拉网排查，整改隐患五十七处。\n"
    "下一步，将继续加固病险水库，推进农村供水一体化，让群众喝上放心水，并在十月底前完成六个乡镇的管网改造。\n"
)

SAMPLES: dict[str, Callable[[str], bytes]] = {
    "text": lambda text: text.encode(),
    "html": made.html_of,
    "docx": made.docx_of,
    "odt": made.odt_of,
    "ofd": made.ofd_of,
    "pdf": made.pdf_of,
    "rtf": made.rtf_of,
    "eml": made.eml_of,
    "mht": lambda text: (
        b"From: <saved>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
        b"Content-Type: text/html; charset=utf-8\n\n" + made.html_of(text) + b"\n--b--\n"
    ),
    "xlsx": lambda text: made.xlsx_of([[line] for line in text.splitlines()]),
    "zip": lambda text: made.zipped({"总结.txt": text}),
    "doc": made_binary.doc_of,
    "xls": lambda text: made_binary.xls_of([[line] for line in text.splitlines()]),
    "msg": made_binary.msg_of,
    "rar": lambda text: made_binary.rar_of({"总结.txt": text.encode()}),
    "7z": lambda text: made_binary.seven_zip_of({"总结.txt": text.encode()}),
}
WITHOUT_SAMPLE = {"image"}
"""A picture has text by OCR alone (`test_ocr`)."""


def _sample(name: str) -> object:
    """A format for a test, which is skipped where the program that reads it is missing."""
    missing = ", ".join(FORMATS[name].missing())
    if name == "doc" and not shutil.which("antiword"):
        missing = "antiword"  # LibreOffice takes seconds a document
    return pytest.param(name, marks=pytest.mark.skipif(bool(missing), reason=f"not installed: {missing}"))


each_format = pytest.mark.parametrize("name", [_sample(name) for name in SAMPLES])


def _suffix(name: str) -> str:
    return FORMATS[name].suffixes[-1]


def test_a_message_with_a_word_document_is_a_message() -> None:
    data = made_binary.msg_of("正文一行", {"附件.doc": made_binary.doc_of("附件的正文")})
    assert detect(data, "a.msg") == "msg"


def test_every_format_has_a_sample_or_a_reason_to_have_none() -> None:
    assert set(SAMPLES) | WITHOUT_SAMPLE == set(FORMATS)


@each_format
def test_paragraphs_come_out_as_they_were_written(name: str) -> None:
    reading = read_content(SAMPLES[name](TEXT), f"a{_suffix(name)}")
    assert reading.format == name
    lines = [line for line in reading.text.splitlines() if line.strip()]
    start = lines.index(TEXT.splitlines()[0])
    assert lines[start:] == TEXT.splitlines()
    assert [reading.text[span.start : span.end] for span in reading.paragraphs] == lines


@each_format
@pytest.mark.parametrize("called", ["a.doc", "a.wps", "a.pdf", "a.txt"])
def test_the_content_decides_and_not_the_suffix(name: str, called: str) -> None:
    reading = read_content(SAMPLES[name](TEXT), called)
    assert reading.format == name
    assert TEXT.splitlines()[1] in reading.text


@each_format
def test_places_lie_in_the_text_in_order(name: str) -> None:
    reading = read_content(SAMPLES[name](TEXT * 30), f"a{_suffix(name)}")
    starts = [place.start for place in reading.places]
    assert starts == sorted(starts)
    assert not starts or 0 <= starts[0] <= starts[-1] <= len(reading.text)


@each_format
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_file_that_breaks_off_is_read_or_refused_in_one_line(name: str, share: float) -> None:
    data = SAMPLES[name](TEXT)
    said = ""
    try:
        read_content(data[: int(len(data) * share)], f"a{_suffix(name)}")
    except UnreadableInput as error:
        said = str(error)
    assert not said or said.startswith("a.")
    assert "\n" not in said
    assert "failed (" not in said  # a defect of ours or of a library


@each_format
@given(data=st.data())
def test_bytes_that_were_changed_do_no_harm(name: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[name](TEXT))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableInput):
        reading = read_content(bytes(content), f"a{_suffix(name)}")
        assert "\r" not in reading.text
        assert all(0 <= place.start <= len(reading.text) for place in reading.places)


def test_a_reading_survives_the_way_between_processes() -> None:
    reading = Reading(
        "甲\n\ud800乙",
        "zip",
        (Place(0, "member", "a"),),
        (Remark("revisions", 3), Remark("converted", 1, "antiword")),
        (HiddenText(1, "藏", "white"),),
        (Span(0, 1),),
        Properties("2024-01-01", "", "x", 3),
        (Member("a", Reading("丙")), Member("b", None, "why")),
    )
    assert from_record(json.loads(json.dumps(to_record(reading)))) == reading


def test_identities_name_reader_and_version() -> None:
    assert reader_identity("a.txt").startswith("plain/")
    assert reader_identity("a.docx") == reader_identity("b.PDF") != ""
    assert reader_identity("a.mdb") == ""


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (made.zipped({"ppt/presentation.xml": ""}), "presentation"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old binary"),
        (made.odt("", manifest="<encryption-data/>"), "encrypted"),
    ],
)
def test_what_cannot_be_read_is_named_with_a_cure(data: bytes, problem: str) -> None:
    with pytest.raises(UnsupportedInput, match=problem) as caught:
        read_content(data, "a.docx")
    assert str(caught.value.cure)
