"""Scans and pictures: nothing without OCR, and with it the text, with how sure that is."""

from __future__ import annotations

import io
from typing import Any

import pytest

from dedup.readers import read_content

LINES = (
    "Water conservancy report 2024",
    "Thirty-two kilometres of river bed were",
    "cleared by the end of May",
)


def _page() -> Any:
    """A page with these lines, as a picture: drawn by the test, in the font that Pillow ships."""
    drawing = pytest.importorskip("PIL.ImageDraw", reason="Pillow is not installed: .[ocr]")
    from PIL import Image, ImageFont

    page = Image.new("RGB", (1240, 600), "white")
    pen = drawing.Draw(page)
    for number, line in enumerate(LINES):
        pen.text((100, 60 + 90 * number), line, fill="black", font=ImageFont.load_default(size=44))
    return page


def _written(kind: str) -> bytes:
    out = io.BytesIO()
    _page().save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "PDF"])
def test_a_picture_has_no_text_without_ocr_and_says_so(kind: str) -> None:
    reading = read_content(_written(kind), f"a.{kind.lower()}")
    assert reading.text == ""
    assert [(one.code, one.count) for one in reading.remarks] == [("no-text", 1)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["PNG", "PDF"])
def test_ocr_reads_a_page_and_says_how_sure_it_is(kind: str) -> None:
    pytest.importorskip("rapidocr", reason="RapidOCR is not installed: .[ocr]")
    reading = read_content(_written(kind), f"a.{kind.lower()}", ocr=True)
    assert " ".join(reading.text.split()) == " ".join(LINES)
    (remark,) = reading.remarks
    assert (remark.code, remark.count) == ("ocr", 1)
    assert 80 < float(remark.detail.removesuffix("%")) < 100
