"""A file can harm its own reading and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dedup.errors import UnsupportedInput
from dedup.readers.sandbox import Sandbox
from dedup.settings import ReadingLimits
from tests.readers.made import docx, docx_of, eml_of, html_of, ofd, paragraph, pdf, run, zipped
from tests.readers.made_binary import rar_of


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    one = Sandbox(ReadingLimits())
    yield one
    one.close()


def _limited(**limits: float) -> Sandbox:
    return Sandbox(ReadingLimits(**limits))  # type: ignore[arg-type]


def test_one_child_reads_a_batch(sandbox: Sandbox) -> None:
    texts = [sandbox.read(docx_of(f"第{n}份"), "a.docx", "docx").text for n in range(3)]
    assert texts == ["第0份\n", "第1份\n", "第2份\n"]
    assert sandbox.started == 1


def test_a_child_that_dies_costs_one_document(sandbox: Sandbox) -> None:
    sandbox.read(docx_of("甲"), "a.docx", "docx")
    sandbox.kill()
    assert sandbox.read(docx_of("乙"), "b.docx", "docx").text == "乙\n"
    assert sandbox.started == 2


@pytest.mark.parametrize(
    ("limits", "data", "problem"),
    [
        ({"unpacked_bytes": 100_000}, lambda: docx(paragraph(run("长" * 200_000))), "unpacks to more than"),
        ({"members": 3}, lambda: zipped({f"{n}.txt": "字" for n in range(5)}), "more than 3 files"),
        ({"characters": 1_000}, lambda: docx_of("长" * 2_000), "more than 1000 characters"),
        ({"characters": 1_000}, lambda: html_of("长" * 2_000), "more than 1000 characters"),
        ({}, lambda: zipped({f"{n}.txt": "" for n in range(20_001)}), "more than 20000 files"),
    ],
)
def test_limits_are_absolute_sizes(limits: dict[str, float], data: Callable[[], bytes], problem: str) -> None:
    sandbox = _limited(**limits)
    with pytest.raises(UnsupportedInput, match=problem):
        sandbox.read(data(), "a.docx", "docx")
    sandbox.close()


@pytest.mark.skipif(shutil.which("bsdtar") is None, reason="bsdtar is not installed")
@pytest.mark.parametrize(
    ("limits", "problem"),
    [({"members": 3}, "more than 3 files"), ({"unpacked_bytes": 1_000}, "unpacks to more"),
     ({"program_seconds": 0.0001}, "not read after")],
)  # fmt: skip
def test_limits_hold_for_archives_that_programs_open(limits: dict[str, float], problem: str) -> None:
    sandbox = _limited(**limits)
    with pytest.raises(UnsupportedInput, match=problem):
        sandbox.read(rar_of({f"{n}.txt": ("长" * 200).encode() for n in range(9)}), "a.rar", "rar")
    sandbox.close()


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="limits are looked up the way of Linux")
def test_the_child_has_limits_and_no_network(sandbox: Sandbox) -> None:
    sandbox.read(docx_of("字"), "a.docx", "docx")
    soft = {
        line[:26].strip(): line[26:].split()[0]
        for line in Path(f"/proc/{sandbox.child}/limits").read_text().splitlines()
    }
    limits = ReadingLimits()
    assert soft["Max address space"] == str(limits.memory_bytes)
    assert soft["Max open files"] == str(limits.open_files)
    assert soft["Max file size"] == soft["Max core file size"] == "0"
    allowed = subprocess.run(
        ["unshare", "--user", "--net", "true"], check=False, capture_output=True
    ).returncode
    if allowed:
        pytest.skip("this system lets nobody leave the network")
    ours, theirs = (os.readlink(f"/proc/{who}/ns/net") for who in ("self", sandbox.child))
    assert theirs != ours


def test_memory_is_limited() -> None:
    sandbox = _limited(memory_bytes=180_000_000)
    body = "<w:p/>" * 10 + paragraph("".join(run("字") for _ in range(120_000)))
    with pytest.raises(UnsupportedInput, match=r"memory|half-way|damaged"):
        sandbox.read(docx(body), "a.docx", "docx")
    assert sandbox.read(docx_of("还能读"), "b.docx", "docx").text == "还能读\n"
    sandbox.close()


def test_time_is_limited_and_the_next_document_is_read() -> None:
    sandbox = _limited(seconds=1.0, seconds_per_megabyte=0.001)
    deep = b"<div>" * 400_000 + "字".encode()
    started = time.monotonic()
    with pytest.raises(UnsupportedInput, match="not read after"):
        sandbox.read(deep * 4, "a.html", "html")
    assert time.monotonic() - started < 15
    assert sandbox.read(docx_of("还能读"), "b.docx", "docx").text == "还能读\n"
    sandbox.close()


def test_archives_inside_archives_end_at_the_depth(sandbox: Sandbox) -> None:
    data = zipped({"底.txt": "最里面的字"})
    for n in range(6):
        data = zipped({f"{n}.zip": data, f"{n}.txt": f"第{n}层"})
    text = sandbox.read(data, "a.zip", "zip").text
    assert "第5层" in text
    assert "最里面的字" not in text


def test_names_that_lead_outside_write_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    data = zipped({"../../出去.txt": "字", "/根.txt": "字"})
    reading = sandbox.read(data, str(tmp_path / "a.zip"), "zip")
    assert [member.name for member in reading.members] == ["../../出去.txt", "/根.txt"]
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent.parent / "出去.txt").exists()


# ----------------------------------------------------------------- forty odd inputs for every reader

_DEEP = 60_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL, _CELL_END = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
_OUTSIDE = '<Relationship Type="x/styles" Target="../../../etc/passwd"/>'
_BEGUN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
_ENTITIES = '<!DOCTYPE a [<!ENTITY a "' + "ha" * 50 + '"><!ENTITY b "' + "&a;" * 50 + '">]><a>&b;</a>'
ODD: dict[str, bytes] = {
    "empty": b"",
    "one byte": b"\x00",
    "zip head alone": b"PK\x03\x04",
    "zip end alone": b"PK\x05\x06" + bytes(18),
    "pdf head alone": b"%PDF-1.7",
    "rtf head alone": b"{\\rtf1",
    "ole head alone": _OLE + bytes(504),
    "ole that says it is a doc": _OLE + "WordDocument".encode("utf-16-le") * 50,
    "ole that says it is an xls": _OLE + "Workbook".encode("utf-16-le") * 50,
    "ole that says it is a msg": _OLE + "__properties_version1.0".encode("utf-16-le") * 50,
    "rar head alone": b"Rar!\x1a\x07\x00" + bytes(50),
    "7z head alone": b"7z\xbc\xaf\x27\x1c" + bytes(50),
    "png head alone": b"\x89PNG\r\n\x1a\n",
    "all bytes": bytes(range(256)) * 40,
    "docx without parts": zipped({"word/document.xml": ""}),
    "docx of no xml": zipped({"word/document.xml": "{}"}),
    "docx of other xml": zipped({"word/document.xml": "<a><b/></a>"}),
    "docx with bad utf-8": docx("<w:p><w:r><w:t>好").replace(b"\xe5\xa5\xbd", b"\xe5\xa5"),
    "docx in utf-16": zipped(
        {
            "word/document.xml": (
                '<?xml version="1.0" encoding="UTF-16"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
                'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>字</w:t></w:r></w:p></w:body></w:document>'
            ).encode("utf-16")
        }
    ),
    "docx nested tables": docx(_CELL * 60 + paragraph(run("里")) + _CELL_END * 60),
    "docx nested too deep": docx("<w:p>" * 20_000 + "</w:p>" * 20_000),
    "docx of many paragraphs": docx("<w:p/>" * 50_000),
    "docx with a style based on itself": docx(
        paragraph(run("字"), '<w:pStyle w:val="a"/>'),
        {
            "word/styles.xml": '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            '<w:style w:styleId="a" w:type="paragraph"><w:basedOn w:val="a"/></w:style></w:styles>'
        },
    ),
    "docx numbered by nothing": docx(paragraph(run("字"), '<w:numPr><w:numId w:val="99"/></w:numPr>')),
    "docx related to the outside": docx(
        paragraph(run("字")),
        {"word/_rels/document.xml.rels": f"<Relationships>{_OUTSIDE}</Relationships>"},
    ),
    "docx field without end": docx(paragraph(_BEGUN + run("字")) * 3),
    "docx with junk before": b"junk" * 100 + docx_of("字"),
    "docx entities": zipped(
        {"word/document.xml": _ENTITIES}
    ),
    "ofd without document": zipped({"OFD.xml": "<a/>"}),
    "ofd page missing": ofd([]),
    "ofd with bad numbers": ofd(
        ['<ofd:Content><ofd:Layer><ofd:TextObject Boundary="a b c d" CTM="1e999 nan 0 0 0 0" Size="-5">'
         '<ofd:TextCode X="" DeltaX="g g g">字</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content>']
    ),
    "pdf of no pages": pdf([]),
    "pdf with broken streams": pdf(["BT /F9 12 Tf <zz> Tj ((((" * 50]),
    "pdf of nested arrays": b"%PDF-1.4\n1 0 obj\n" + b"[" * _DEEP,
    "pdf loop": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>",
    "html nested": b"<div>" * _DEEP + "字".encode(),
    "html never closed": b"<html><!-- " + b"x" * 10_000,
    "html of end tags": b"<html>" + b"</p></div>" * 10_000,
    "html of stray marks": b"<html>" + b"<" * 50_000,
    "html with a marked section of its own": b"<html><p>a<![Greed x]]>b",
    "rtf nested": b"{\\rtf1" + b"{" * _DEEP,
    "rtf with absurd numbers": b"{\\rtf1\\u99999999999999?\\'zz\\bin99999999 x}",
    "mail nested": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\nSubject: x\nFrom: a\nTo: b\n\n--b%d\n" % (n, n)
        for n in range(300)
    ),
    "mail without body": b"From: a\nTo: b\nSubject: =?gb2312?B?????=\n\n",
    "mail in a charset of nothing": b"From: a\nTo: b\nSubject: x\n"
    b"Content-Type: text/plain; charset=\"a\0b\"\n\nx",
    "mail of the year nothing": b"From: a\nTo: b\nSubject: x\nDate: 1 Jan 99999999999999999999 00:00\n\nx",
    "mail with a bad header": b"From: a\nTo: b\nSubject: =?utf-8?B?A?=\n\nx",
    "mail with bad base64": eml_of("字", {"a.docx": b"not a document"}),
    "zip of itself by name": zipped({"a.zip": b"PK\x03\x04"}),
    "zip of odd names": zipped({"": "x", "a/": "", "\u202etxt.a": "x", "a" * 300 + ".txt": "字"}),
    "xlsx without sheets": zipped({"xl/workbook.xml": "<a/>"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("suffix", [".docx", ".txt"])
def test_odd_inputs_give_a_text_or_one_line(name: str, suffix: str) -> None:
    from dedup.errors import UnreadableInput
    from dedup.readers import read_content

    said = ""
    started = time.monotonic()
    try:
        reading = read_content(ODD[name], "odd" + suffix)
    except UnreadableInput as error:
        said = str(error)
    else:
        assert all(0 <= place.start <= len(reading.text) for place in reading.places)
    assert not said or said.startswith("odd" + suffix)
    assert "\n" not in said
    assert "failed (" not in said
    assert time.monotonic() - started < 30


def test_there_are_forty_odd_inputs() -> None:
    assert len(ODD) >= 40


@pytest.mark.skipif(os.name != "posix", reason="processes are looked for the POSIX way")
def test_no_child_is_left_behind(sandbox: Sandbox) -> None:
    sandbox.read(docx_of("字"), "a.docx", "docx")
    number = sandbox.child
    assert number
    sandbox.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
