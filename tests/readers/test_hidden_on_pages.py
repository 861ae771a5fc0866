"""Text that nobody sees on a page, in PDF: taken apart, with its kind and its place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.readers import Reading
from tests.readers.here import read_content
from tests.readers.made import pdf, pdf_line, pdf_picture

SEEN, UNSEEN = "这是黑字，人人看得见", "这一句谁也看不见"
_ABOVE = pdf_line(SEEN, 80, 700, before="0 Tr 0 0 0 rg")
HIDDEN = [
    (pdf_line(UNSEEN, 80, 600, before="1 1 1 rg"), "white"),
    (pdf_line(UNSEEN, 80, 600, before="0.98 0.97 0.98 rg"), "white"),
    ("0 0.2 0.6 rg 60 590 200 30 re f\n" + pdf_line(UNSEEN, 80, 600, before="0 0.2 0.61 rg"), "white"),
    (pdf_line(UNSEEN, 80, 600, before="3 Tr"), "vanish"),
    ("q 0 0 20 20 re W n\n" + pdf_line(UNSEEN, 80, 600) + "Q\n", "vanish"),  # outside its window
    (pdf_line(UNSEEN, 80, 600, size=1), "tiny"),
    (pdf_line(UNSEEN, 80, -300), "off-page"),
    (pdf_line(UNSEEN, 700, 600), "off-page"),
    (pdf_line(UNSEEN, 80, 600) + "0.9 g 60 590 200 30 re f\n", "behind-image"),
    (pdf_line(UNSEEN, 80, 600) + pdf_picture(0, 60, 590, 200, 30), "behind-image"),
]


def _read(content: str, *pictures: int) -> Reading:
    return read_content(pdf([content], pictures=pictures), "a.pdf")


def _hidden(reading: Reading) -> list[tuple[str, str]]:
    return [(one.text, one.kind) for one in reading.hidden]


@pytest.mark.parametrize(("content", "kind"), HIDDEN)
def test_hidden_text_is_kept_apart_with_its_kind(content: str, kind: str) -> None:
    reading = _read(_ABOVE + content, 255)
    assert reading.text == SEEN + "\n"
    assert _hidden(reading) == [(UNSEEN, kind)]
    assert [(one.code, one.count) for one in reading.remarks] == [("hidden-text", len(UNSEEN))]


def test_hidden_text_is_found_where_the_machine_has_no_fonts(repository: Path, tmp_path: Path) -> None:
    """In a process of its own, whose pdfium looks for fonts in an empty folder."""
    script = tmp_path / "without_fonts.py"
    script.write_text(
        f"""
import ctypes
import pypdfium2.raw as pdfium
from tests.readers.test_hidden_on_pages import *

pdfium.FPDF_DestroyLibrary()
config = pdfium.FPDF_LIBRARY_CONFIG(version=2)
places = (ctypes.c_char_p * 2)({str(tmp_path).encode()!r}, None)
config.m_pUserFontPaths = ctypes.cast(places, type(config.m_pUserFontPaths))
pdfium.FPDF_InitLibraryWithConfig(config)
for content, kind in HIDDEN:
    test_hidden_text_is_kept_apart_with_its_kind(content, kind)
test_hidden_text_inside_a_line_has_its_place_in_the_text()
""",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    subprocess.run([sys.executable, str(script)], env=environment, check=True, timeout=120)


@pytest.mark.parametrize(
    "content",
    [
        "0 0 1 rg 60 590 200 30 re f\n" + pdf_line(UNSEEN, 80, 600, before="1 1 1 rg"),  # on a ground
        "q 60 590 40 30 re W n\n" + pdf_line(UNSEEN, 80, 600, before="0 g") + "Q\n",  # cut off in part
        pdf_picture(0, 60, 590, 200, 30) + pdf_line(UNSEEN, 80, 600, before="1 1 1 rg"),  # on a picture
        "1 1 1 rg 60 590 200 30 re f\n" + pdf_line(UNSEEN, 80, 600, before="0 g"),  # on a white ground
        pdf_line(UNSEEN, 80, 600, before="0 g") + pdf_picture(1, 60, 590, 200, 30),  # under a seal
        pdf_line(UNSEEN, 80, 600, before="0 g") + "60 590 200 30 re S\n",  # in a frame
        pdf_line(UNSEEN, 80, 600, before="0 g") + "1 0 0 rg 60 599 200 1 re f\n",  # over a rule
        pdf_line(UNSEEN, 80, 600, before="0.5 g"),  # grey
        pdf_line(UNSEEN, 80, 600, before="0 g")
        + "q 0 0 9 9 re W n 0.9 g 0 0 595 842 re f Q\n",  # clipped away
        pdf_line(UNSEEN, 80, 600, before="0 g")
        + "60 590 m 300 605 l 60 630 l 70 605 l f\n",  # beside an arrow
        pdf_picture(1, 60, 590, 200, 30) + pdf_line(UNSEEN, 80, 600, before="1 g"),  # on what is half seen
    ],
)
def test_what_can_be_seen_is_text(content: str) -> None:
    reading = _read(_ABOVE + content, 255, 90)
    assert reading.text.replace("\n", "") == SEEN + UNSEEN
    assert reading.hidden == ()


def test_hidden_text_inside_a_line_has_its_place_in_the_text() -> None:
    line = (
        pdf_line("全县完成河道清淤", 80, 600, before="0 g")
        + pdf_line("障眼", 176, 600, before="1 g")
        + pdf_line("三十二公里", 200, 600, before="0 g")
    )
    reading = _read(_ABOVE + line)
    assert "全县完成河道清淤三十二公里" in reading.text
    assert _hidden(reading) == [("障眼", "white")]
    assert reading.text[reading.hidden[0].start :].startswith("三十二公里")


@pytest.mark.parametrize("over", [True, False])
def test_the_text_layer_of_a_scan_is_its_text(over: bool) -> None:
    """Programs that scan put the text they made out under the picture, or draw it invisibly on it."""
    picture = pdf_picture(0, 0, 0, 595, 842)
    layer = pdf_line(SEEN, 80, 700, before="0 g" if over else "3 Tr") + pdf_line(UNSEEN, 80, 600)
    reading = _read(layer + picture if over else picture + layer, 255)
    assert reading.text.replace("\n", "") == SEEN + UNSEEN
    assert reading.hidden == ()
    page_of_text = "".join(pdf_line(f"{SEEN}第{n}行", 80, 700 - 20 * n, before="0 Tr 0 g") for n in range(20))
    hidden = _read(picture + page_of_text + pdf_line(UNSEEN, 80, 200, before="3 Tr"), 255)
    assert _hidden(hidden) == [(UNSEEN, "vanish")]


def test_hidden_lines_in_a_running_head_are_kept() -> None:
    head = pdf_line("鹿溪县水利局文件", 80, 800, before="0 g") + pdf_line(UNSEEN, 300, 800, before="1 g")
    pages = [head + pdf_line(f"第{n}页自己的一行字，各不相同{n}", 80, 600, before="0 g") for n in range(4)]
    reading = read_content(pdf(pages), "a.pdf")
    assert "水利局文件" not in reading.text
    assert [one.text for one in reading.hidden] == [UNSEEN] * 4
