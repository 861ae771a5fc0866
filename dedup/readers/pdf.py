"""Read PDF by pdfium (`pdf_page`), or by pypdf where pdfium cannot open a file."""

from __future__ import annotations

import re
from typing import Any

from dedup.document import Properties, Remark
from dedup.readers.layout import Line, in_order, is_cipher
from dedup.readers.page_paragraphs import Composed, compose
from dedup.readers.pdf_page import Page
from dedup.readers.reading import Composer, Context, Reading, damaged, encrypted
from dedup.readers.running_heads import without_running_heads

_LEAST_PER_PAGE = 8
"""Characters below which a page with pictures on it is a scan."""
_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?")
_PASSWORD = 4
"""pdfium's error number for a file that needs a password."""


def read(data: bytes, context: Context) -> Reading:
    """Read a PDF. Raises UnsupportedInput when it is encrypted or damaged."""
    import pypdfium2

    content = without_junk(data)
    try:
        document = pypdfium2.PdfDocument(content)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error):
            raise encrypted(context.name) from None
        return _by_pypdf(content, context)
    try:
        if count == 0:
            return _by_pypdf(content, context)
        return _by_pdfium(document, count, context)
    finally:
        document.close()


def without_junk(data: bytes) -> bytes:
    """The content without bytes before the PDF header."""
    start = data.find(b"%PDF-")
    return data[start:] if start > 0 else data


def read_traced(document: Any, context: Context) -> tuple[str, list[Composed]]:
    """The text of an opened document, and its lines with the page characters they come from."""
    trace: list[Composed] = []
    return _by_pdfium(document, len(document), context, trace).text, trace


def _by_pdfium(document: Any, count: int, context: Context, trace: list[Composed] | None = None) -> Reading:
    from pypdfium2 import PdfiumError

    remarks: list[Remark] = []
    composer = Composer(context)
    pages: list[list[Line]] = []
    unopened = 0
    without_text: list[int] = []
    most = context.limits.pages
    if count > most:
        remarks.append(Remark("limit", count - most, f"{most} / {count}"))
    for number in range(min(count, most)):
        try:
            page = Page(document, number)
        except PdfiumError:
            unopened += 1
            pages.append([])
            continue
        lines = page.lines()
        if sum(len(line.text) for line in lines) < _LEAST_PER_PAGE and page.is_drawn:
            without_text.append(number)
        page.close()
        pages.append(in_order(lines))
    if unopened:
        if unopened == len(pages):
            raise damaged(context.name)
        remarks.append(Remark("damaged", unopened))
    if is_cipher(line.text for lines in pages for line in lines):
        return Reading("", "pdf", remarks=(*remarks, Remark("cipher-font", len(pages))))
    if without_text and context.ocr:
        from dedup.readers.ocr import read_pdf

        return read_pdf(document, pages, without_text, context)
    compose(without_running_heads(pages), composer, trace)
    if without_text:
        remarks.append(Remark("no-text", len(without_text)))
    return composer.reading("pdf", remarks, properties=_properties(document, count))


def _properties(document: Any, pages: int) -> Properties:
    values = document.get_metadata_dict()
    producer = values.get("Producer") or values.get("Creator") or ""
    return Properties(_iso(values.get("CreationDate", "")), _iso(values.get("ModDate", "")), producer, pages)


def _iso(date: str) -> str:
    """A date of PDF, `D:20240131…`, in ISO 8601; empty if it is none."""
    found = _DATE.match(date or "")
    if not found:
        return ""
    parts = [part for part in found.groups() if part]
    day = "-".join(parts[:3])
    return f"{day}T{':'.join(parts[3:])}" if len(parts) > 4 else day


def _by_pypdf(data: bytes, context: Context) -> Reading:
    """Read a file that pdfium cannot open. Lines have no positions; a line is full by its length."""
    import io

    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise damaged(context.name) from None
    import logging

    logging.disable(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        count = len(reader.pages)
        pages = []
        for number in range(min(count, context.limits.pages)):
            texts = (reader.pages[number].extract_text() or "").split("\n")
            pages.append([text for text in texts if text.strip()])
    except (
        PyPdfError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        OSError,
        NotImplementedError,
    ):
        raise damaged(context.name) from None
    if not any(pages):
        raise damaged(context.name)
    composer = Composer(context)
    lines = [
        [
            Line(text, 0.0, _width(text) * 10.0, at * 15.0, 10.0, depth=(at + 0.5) / max(1, len(page)))
            for at, text in enumerate(page)
        ]
        for page in pages
    ]
    compose(without_running_heads(lines), composer)
    return composer.reading("pdf", [Remark("damaged")], properties=Properties(pages=count))


def _width(text: str) -> float:
    """Width of a line in ideographs."""
    return sum(1.0 if ord(character) > 0x2000 else 0.5 for character in text.strip())
