"""Read plain text in the encodings of Chinese documents: UTF-8, UTF-16, GB 18030, Big5.

Valid UTF-8 is taken for UTF-8: other bytes hardly ever form it. GB 18030 and Big5 accept each other's text
and much that is no text at all, so the decoded text must look like Chinese: most of its ideographs among the
3,755 commonest of GB 2312 (after folding traditional to simplified), or a list of names (`_lists_names`).

A page that a crawler cut and joined has a bad byte at the seam: up to one in a thousand is replaced, and a
cut last character is dropped. Both give a remark.
"""

from __future__ import annotations

import codecs
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.document import Remark
from dedup.errors import UndecodableInput, UnsupportedInput
from dedup.messages import Words
from dedup.readers.reading import Reading
from dedup.text.folding import code_points, folding_table

if TYPE_CHECKING:
    from dedup.readers.reading import Context

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SIGNATURES: tuple[tuple[bytes, str | Words], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE2"),
    (b"\x89PNG", Words("input.kind.image")),
    (b"\xff\xd8\xff", Words("input.kind.image")),
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"SQLite format 3\x00", Words("input.kind.database")),
)

_PLAUSIBLE = 0.7
"""Least share of common characters among the ideographs of a text decoded by guess."""
_PLAUSIBLE_NAMES, _SEPARATED = 0.3, 0.1
"""The same for a list of names; and its least share of separators among what is not ASCII."""
_LEAST_IDEOGRAPHS = 0.1
"""Share of ideographs among the characters of a text in UTF-16 without a mark."""
_BYTES_PER_BAD_ONE = 1_000
_JUDGED = 20_000
"""Characters from the start by which plausibility is judged."""
_MOST_CONTROLS = 0.02
"""Largest share of control characters in a text."""
_CONTROLS = bytes(code for code in range(0x20) if not (9 <= code <= 13 or code == 0x1A))
"""Control characters other than line ends, tabs and page breaks, which are one byte each in UTF-8."""
_PUNCTUATION = ((0xA0, 0xD7), (0x2000, 0x266F), (0x3000, 0x3029), (0xFF00, 0xFFEF))
"""Blocks (first, last) of punctuation, arrows, boxes and full-width forms: no sign of an encoding."""
_KANA, _PRIVATE = (0x3040, 0x30FF), (0xE000, 0xF8FF)
_SEPARATORS = "、，。；：（）《》 　\n"
_GB = frozenset({"gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "936", "ms936", "euc-cn"})
_NO_EVIDENCE = ("iso-8859", "windows-125", "cp125", "latin", "utf-16", "us-ascii", "ascii")
_CURE = Words("input.save_utf8")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_Decoded = tuple[str, tuple[Remark, ...]]


def decode(data: bytes, name: str) -> str:
    """The text of a plain text file's bytes, its BOM removed and its line ends turned into LF.

    Raises UnsupportedInput for binary data, UndecodableInput for bytes that are no text in any encoding
    tried. `name` is what errors call the input.
    """
    return read_plain(data, name).text


def read(data: bytes, context: Context) -> Reading:
    """Read a plain text inside another file."""
    return read_plain(data, context.name)


def read_plain(data: bytes, name: str) -> Reading:
    """Read a plain text, with remarks on bytes that are no text. Raises what `decode` raises."""
    text, remarks = decode_leniently(data, name)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Reading(text, remarks=remarks)


def decode_leniently(data: bytes, name: str) -> _Decoded:
    """The text with its line ends unchanged, and remarks on bytes that were replaced or dropped."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _with_mark(data[len(mark) :], encoding, len(mark), name)
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise UnsupportedInput(name, Words("input.other_kind", kind=what), _CURE)
    if b"\0" in data:
        if text := _utf_16_without_mark(data):
            return text, ()
        raise UnsupportedInput(name, Words("input.binary", byte=data.index(b"\0")), _CURE)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guessed(data, name, error)
    # Most files have no control characters, which is quickly seen in the bytes.
    if len(data.translate(None, _CONTROLS)) < len(data) and _controls(text) > _MOST_CONTROLS * len(text):
        raise UnsupportedInput(name, Words("input.controls"), _CURE)
    return text, ()


def trusted_codec(declared: str) -> str:
    """The codec for the declared encoding of a page or a mail; empty if the declaration is no evidence.

    GB 18030 includes GB 2312 and GBK. Programs declare Latin encodings for anything they do not know, and
    decoding by those never fails.
    """
    name = declared.lower()
    if name in _GB:
        return "gb18030"
    return "" if name.startswith(_NO_EVIDENCE) else name


def _with_mark(data: bytes, encoding: str, offset: int, name: str) -> _Decoded:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        if lenient := _lenient(data, encoding):
            return lenient
        problem = Words("input.breaks_off", encoding=encoding.upper(), byte=error.start + offset)
        raise UndecodableInput(name, problem, Words("input.save_again")) from None


def _guessed(data: bytes, name: str, failure: UnicodeDecodeError) -> _Decoded:
    """Decode by the encoding that gives the most likely Chinese: without faults, else with the fewest."""
    if best := _most_plausible(data):
        # GB 18030 has no mark of its own and writes U+FEFF like any character.
        return best.removeprefix("\ufeff"), ()
    text, remarks = _lenient(data, "utf-8") or ("", ())
    if text and _is_utf_8(text):
        return text, remarks
    for encoding in ("gb18030", "big5hkscs"):
        text, remarks = _lenient(data, encoding) or ("", ())
        if text and _share(text) >= _PLAUSIBLE:
            return text, remarks
    if text := _utf_16_without_mark(data):
        return text, ()
    tried = [Words("input.fails", encoding="UTF-8", byte=failure.start)]
    for encoding, label in (("gb18030", "GB18030"), ("big5hkscs", "Big5")):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            tried.append(Words("input.fails", encoding=label, byte=error.start))
        else:
            tried.append(Words("input.implausible", encoding=label))
    raise UndecodableInput(name, Words("input.encoding", tried=tuple(tried)), Words("input.save_again"))


def _most_plausible(data: bytes) -> str:
    """The bytes in GB 18030 or Big5, whichever looks more like Chinese; empty if neither does."""
    texts = []
    for encoding in ("gb18030", "big5hkscs"):
        try:
            texts.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    texts = [text for text in texts if _controls(text) <= _MOST_CONTROLS * len(text)]
    best = max(texts, key=_share, default="")
    if best and _share(best) >= _PLAUSIBLE:
        return best
    return next((text for text in texts if _lists_names(text)), "")


def _lenient(data: bytes, encoding: str) -> _Decoded | None:
    """The text without a cut last character, or with few bytes replaced; None if there are too many."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        cut = error.end >= len(data) and error.start >= len(data) - 4
        if cut and error.reason in _CUT:
            return data[: error.start].decode(encoding), (Remark("cut-end", len(data) - error.start),)
    text = data.decode(encoding, "replace")
    bad = text.count(_REPLACEMENT) - _count_replacements(data, encoding)
    if 0 < bad * _BYTES_PER_BAD_ONE <= len(data):
        return text, (Remark("bad-bytes", bad),)
    return None


_CUT = frozenset({"unexpected end of data", "incomplete multibyte sequence", "truncated data"})
"""Messages of codecs about a character that ends with the data."""


def _count_replacements(data: bytes, encoding: str) -> int:
    """Number of replacement characters in the data itself."""
    try:
        return data.count(_REPLACEMENT.encode(encoding))
    except UnicodeEncodeError:
        return 0


def _is_utf_8(text: str) -> bool:
    """Tell whether most characters beyond ASCII were valid UTF-8, unlike those of Latin text in Latin-1."""
    others = len(text) - len(text.encode("ascii", "ignore"))
    return others >= 20 * text.count(_REPLACEMENT)


def _utf_16_without_mark(data: bytes) -> str:
    """The bytes in UTF-16, if that gives Chinese; else empty."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text or _controls(text) > _MOST_CONTROLS * len(text):
            continue
        if _share(text) >= _PLAUSIBLE and _is_written(text):
            return text
    return ""


def _is_written(text: str) -> bool:
    """Tell whether it is text, not bytes that happen to be punctuation: with ideographs, or all ASCII."""
    points = code_points(text[:_JUDGED])
    ideographs = np.count_nonzero((points >= 0x3400) & (points <= 0x9FFF))
    return bool(ideographs >= _LEAST_IDEOGRAPHS * len(points) or not np.any(points >= 0x80))


def _share(text: str) -> float:
    """Share of common characters in the text's beginning, without ASCII and ordinary punctuation.

    1 if there is nothing else. Characters that folding drops, such as private-use ones, count as uncommon.
    """
    points = code_points(text[:_JUDGED])
    aside = points < 0x80
    for first, last in _PUNCTUATION:
        aside |= (points >= first) & (points <= last)
    codes = folding_table().folded[points[~aside]]
    return float(np.isin(codes, common_characters()).mean()) if len(codes) else 1.0


def _lists_names(text: str) -> bool:
    """Tell whether a text is a list of names: rare given names after common family names, with separators.

    Bytes of another encoding give kana or private-use characters sooner or later; a list of names does not.
    """
    points = code_points(text[:_JUDGED])
    others = points[points >= 0x80]
    if not len(others):
        return False
    for first, last in (_KANA, _PRIVATE):
        if np.any((others >= first) & (others <= last)):
            return False
    separators = np.isin(points, code_points(_SEPARATORS))
    return float(separators.sum() / len(others)) >= _SEPARATED and _share(text) >= _PLAUSIBLE_NAMES


def _controls(text: str) -> int:
    """Number of control characters other than line ends, tabs and page breaks in a text's beginning."""
    beginning = text[:_JUDGED].encode("utf-8", "surrogatepass")
    return len(beginning) - len(beginning.translate(None, _CONTROLS))


@cache
def common_characters() -> NDArray[np.uint32]:
    """The 3,755 characters of GB 2312's first level (rows 16 to 55), folded."""
    rows = bytes(byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    return folding_table().folded[code_points(rows.decode("gb2312", "ignore"))]
