"""Plain text in the encodings Chinese documents come in: UTF-8, UTF-16 with a mark, GB 18030, Big5.

UTF-8 vouches for itself: other bytes hardly ever form it. GB 18030 and Big5 accept each other's text and
much that is no text at all, so what they give must look like Chinese: most of its ideographs among the
3,755 commonest of GB 2312 (after folding traditional to simplified).
"""

from __future__ import annotations

import codecs
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.errors import UndecodableInput, UnsupportedInput
from dedup.messages import Words
from dedup.text.folding import code_points, folding_table

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SIGNATURES = (
    (b"PK\x03\x04", "Word (docx), Excel, zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word (doc), WPS, Excel"),
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", Words("input.kind.image")),
    (b"\xff\xd8\xff", Words("input.kind.image")),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"SQLite format 3\x00", Words("input.kind.database")),
)

_PLAUSIBLE = 0.7
"""Least share of common characters among the ideographs of a text decoded by guess."""
_JUDGED = 20_000
"""Characters from the start that plausibility is judged by."""
_MOST_CONTROLS = 0.02
"""Largest share of control characters in a text."""
_PUNCTUATION = ((0xA0, 0xD7), (0x2000, 0x266F), (0x3000, 0x3029), (0xFF00, 0xFFEF))
"""Blocks (first, last) of punctuation, arrows, boxes and full-width forms: they tell no encoding apart."""
_CURE = Words("input.save_utf8")


def decode(data: bytes, name: str) -> str:
    """The text of a plain text file's bytes, its BOM removed and its line ends turned into LF.

    Raises UnsupportedInput for binary data, UndecodableInput for bytes that are no text in any encoding
    tried. `name` is what errors call the input.
    """
    text = _decoded(data, name)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _decoded(data: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _with_mark(data[len(mark) :], encoding, len(mark), name)
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise UnsupportedInput(name, Words("input.other_kind", kind=what), _CURE)
    if b"\0" in data:
        raise UnsupportedInput(name, Words("input.binary", byte=data.index(b"\0")), _CURE)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guessed(data, name, error.start)
    if _controls(text) > _MOST_CONTROLS * len(text):
        raise UnsupportedInput(name, Words("input.controls"), _CURE)
    return text


def _with_mark(data: bytes, encoding: str, offset: int, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        problem = Words("input.breaks_off", encoding=encoding.upper(), byte=error.start + offset)
        raise UndecodableInput(name, problem, Words("input.save_again")) from None


def _guessed(data: bytes, name: str, utf8_failure: int) -> str:
    """Decode as GB 18030 or Big5, whichever looks more like Chinese, if either does."""
    best, best_share = "", 0.0
    tried = [Words("input.fails", encoding="UTF-8", byte=utf8_failure)]
    for encoding, label in (("gb18030", "GB18030"), ("big5hkscs", "Big5")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            tried.append(Words("input.fails", encoding=label, byte=error.start))
            continue
        share = _common_share(text)
        if share >= _PLAUSIBLE and share > best_share and _controls(text) <= _MOST_CONTROLS * len(text):
            best, best_share = text, share
        tried.append(Words("input.implausible", encoding=label))
    if not best:
        raise UndecodableInput(name, Words("input.encoding", tried=tuple(tried)), Words("input.save_again"))
    return best.removeprefix("\ufeff")  # GB 18030 has no mark of its own and writes U+FEFF like any character


def _common_share(text: str) -> float:
    """Share of common characters in the text's beginning, ASCII and ordinary punctuation left aside.

    1 when nothing else is there. What folding drops, such as private-use characters, counts as uncommon.
    """
    points = code_points(text[:_JUDGED])
    aside = points < 0x80
    for first, last in _PUNCTUATION:
        aside |= (points >= first) & (points <= last)
    codes = folding_table().folded[points[~aside]]
    return float(np.isin(codes, _common_characters()).mean()) if len(codes) else 1.0


def _controls(text: str) -> int:
    """How many control characters other than line ends, tabs and page breaks a text's beginning holds."""
    points = code_points(text[:_JUDGED])
    low = points[points < 0x20]
    ordinary = (low >= 9) & (low <= 13) | (low == 0x1A)
    return len(low) - int(np.count_nonzero(ordinary))


@cache
def _common_characters() -> NDArray[np.uint32]:
    """The 3,755 characters of GB 2312's first level (rows 16 to 55), folded."""
    rows = bytes(byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    return folding_table().folded[code_points(rows.decode("gb2312", "ignore"))]
