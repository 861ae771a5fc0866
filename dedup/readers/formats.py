"""The table of formats that can be read, and the detection of a file's format.

The content decides; the suffix is a hint where the content is not decisive (`detect`). To add a format, write
a module with ``read(data: bytes, context: Context) -> Reading``, enter it in `FORMATS` with its suffixes, and
enter the beginning of its content in `detect`. Raise `version` whenever the text it gives changes.
"""

from __future__ import annotations

import os
import re
import sys
import zlib
from collections.abc import Callable, Mapping
from functools import cache

from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the module that reads it, and what must be installed for it."""

    name: str
    module: str
    suffixes: tuple[str, ...]
    version: int = 1
    packages: tuple[str, ...] = ()
    """Importable names, all of which are needed; they come with the extra `documents`."""
    programs: tuple[str, ...] = ()
    """Programs, one of which is needed."""

    def missing(self) -> tuple[str, ...]:
        """Required packages and programs that are not installed; empty if the format can be read."""
        absent = tuple(name for name in self.packages if not _is_importable(name))
        if self.programs and not any(map(_is_program, self.programs)):
            absent += self.programs
        return absent


def ocr_is_ready() -> bool:
    """Tell whether scans and pictures can be read: by RapidOCR, which comes with the extra `ocr`."""
    return _is_importable("rapidocr")


@cache
def _is_importable(name: str) -> bool:
    """Tell whether there is such a package, by looking for its folder: importlib takes half a millisecond."""
    folders = [folder or "." for folder in sys.path]
    if any(os.path.exists(os.path.join(folder, name)) for folder in folders):
        return True
    if all(os.path.isdir(folder) or not os.path.exists(folder) for folder in folders):
        return any(os.path.exists(os.path.join(folder, name + ".py")) for folder in folders)
    from importlib.util import find_spec  # one of the folders is an archive

    return find_spec(name) is not None


@cache
def _is_program(name: str) -> bool:
    return any(os.access(os.path.join(folder, name), os.X_OK) for folder in os.get_exec_path())


_TEXT = Format("text", "dedup.readers.plain", ("", ".txt", ".text", ".md"), version=3)

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        _TEXT,
        Format("html", "dedup.readers.html", (".html", ".htm", ".xhtml", ".shtml"), version=2),
        Format(
            "docx", "dedup.readers.docx", (".docx", ".docm", ".dotx", ".dotm"), version=3, packages=("lxml",)
        ),
        Format("odt", "dedup.readers.odt", (".odt", ".ott", ".fodt"), version=3, packages=("lxml",)),
        Format("ofd", "dedup.readers.ofd", (".ofd",), version=3, packages=("lxml",)),
        Format("pdf", "dedup.readers.pdf", (".pdf",), version=3, packages=("pypdfium2",)),
        Format("rtf", "dedup.readers.rtf", (".rtf",), version=3, packages=("striprtf",)),
        Format(
            "doc",
            "dedup.readers.word97",
            (".doc", ".wps", ".dot", ".wpt"),
            version=3,
            programs=("antiword", "soffice"),
        ),
        Format(
            "xlsx",
            "dedup.readers.sheets",
            (".xlsx", ".xlsm", ".et"),
            version=2,
            packages=("python_calamine",),
        ),
        Format("xls", "dedup.readers.sheets", (".xls",), version=2, packages=("python_calamine",)),
        Format("eml", "dedup.readers.mail", (".eml",), version=2),
        Format("mht", "dedup.readers.mail", (".mht", ".mhtml"), version=2),
        Format("msg", "dedup.readers.outlook", (".msg",), version=2, packages=("oxmsg",)),
        Format("zip", "dedup.readers.archive", (".zip",)),
        Format("rar", "dedup.readers.archive", (".rar",), version=2, programs=("bsdtar",)),
        Format("7z", "dedup.readers.archive", (".7z",), version=2, programs=("bsdtar",)),
        Format("image", "dedup.readers.image", (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")),
    )
}

_PLAIN = f"plain/{_TEXT.version}"
PLAIN_SUFFIXES = frozenset(_TEXT.suffixes)
_PICTURES = frozenset(FORMATS["image"].suffixes)
SUFFIXES: dict[str, str] = {
    suffix: one.name for one in FORMATS.values() if one.name != "image" for suffix in one.suffixes
}
"""Name of the format by suffix. A picture counts as a document only when it is named explicitly."""

UNREAD = frozenset(
    {".pages", ".ppt", ".pptx", ".dps", ".key", ".numbers", ".odp", ".ods", ".uot", ".ceb", ".caj"}
)
"""Suffixes of documents that no reader can read."""

_HEAD = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"GIF8", "image"),
)
_IN_PACKAGE: tuple[tuple[str, str], ...] = (
    ("word/document", "docx"),
    ("OFD.xml", "ofd"),
    ("xl/workbook", "xlsx"),
    ("ppt/presentation", "pptx"),
)
"""Beginnings of the names of entries."""
_IN_OLE: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("__properties_version1.0", "msg"),
    ("PowerPoint Document", "ppt"),
)
"""Names of streams in an OLE2 file, which its folder holds in UTF-16."""
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|table|div|script|style|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEADER_LINE = re.compile(
    rb"(?mi)^(?:from|to|subject|date|message-id|mime-version|received|return-path|content-type|x-[a-z-]+)"
    rb"[ \t]*:"
)
_LEAST_HEADER_LINES = 3


def suffix_of(name: str) -> str:
    """The suffix of a file's name, in lower case with its dot; empty if it has none."""
    return os.path.splitext(os.path.basename(name))[1].lower()


def detect(data: bytes, name: str) -> str:
    """Name of the format that content has.

    One of `FORMATS`, or one without a reader: `encrypted`, `ppt`, `pptx`, `ole`. Unknown content is `text`,
    whose reader raises an error if it is no text.
    """
    head = data[:_HEAD]
    suffix = suffix_of(name)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _package(data)
    if head.startswith(_OLE):
        return _compound(data)
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning):
            return found
    if b"<" in head and _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    if b":" in head and _HEADER_LINE.match(head) and len(_HEADER_LINE.findall(head)) >= _LEAST_HEADER_LINES:
        return _message(head)
    return "text" if suffix in PLAIN_SUFFIXES else _by_hint(data, head, suffix)


def _by_hint(data: bytes, head: bytes, suffix: str) -> str:
    """The format of content that begins with no known signature, by its suffix and further content."""
    promised = SUFFIXES.get(suffix, "")
    if b"%PDF-" in data[: 16 * _HEAD]:
        return "pdf"
    if data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000)) >= 0 and b"PK\x03\x04" in data[: 64 * _HEAD]:
        return _package(data)
    if promised in ("html", "eml", "mht"):
        return promised
    if promised == "odt" and b"office:document" in head:
        return "odt"
    return "image" if suffix in _PICTURES else "text"


def _message(head: bytes) -> str:
    """The format of a MIME message: a web page saved with its pictures has no addressee, a mail has."""
    saved = b"multipart/related" in head and not re.search(rb"(?mi)^to[ \t]*:", head)
    return "mht" if saved else "eml"


def _package(data: bytes) -> str:
    if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]:
        return "odt" if b"opendocument.text" in data[:200] else "ods"
    holds = _entries(data)
    for mark, found in _IN_PACKAGE:
        if holds(mark):
            return found
    return "odt" if holds("content.xml") and holds("META-INF/manifest.xml") else "zip"


def _entries(data: bytes) -> Callable[[str], bool]:
    """A function that tells if a zip file itself, not a package in it, has an entry whose name begins so."""
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            names = [name.lstrip("/") for name in file.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError, LookupError, NotImplementedError):
        shown = data[-66_000:] + data[: 1 << 20]  # names of entries are not compressed
        return lambda beginning: beginning.encode() in shown
    return lambda beginning: any(name.startswith(beginning) for name in names)


def _compound(data: bytes) -> str:
    """The kind of an OLE2 file by what lies at its top: a mail may hold a whole Word document."""
    from dedup.readers.compound import names_of

    if names := names_of(data):
        for stream, found in _IN_OLE:
            if stream in names:
                return found
    for stream, found in _IN_OLE:
        if stream.encode("utf-16-le") in data:
            return found
    return "xls" if "Book".encode("utf-16-le") in data else "ole"


def reader_identity(path: str | os.PathLike[str]) -> str:
    """Name and version of the reader for files named so, as `plain/2`; empty where there is none.

    An index reads a file again when the reader that it was read by has another version.
    """
    suffix = suffix_of(os.fspath(path))
    return _PLAIN if suffix in PLAIN_SUFFIXES else reader_identities().get(suffix, "")


@cache
def reader_identities() -> Mapping[str, str]:
    """The identity of each reader, by suffix.

    Content may be of another format than the suffix, and a file that cannot be read today can be read once a
    package is installed. So all documents other than plain text share one identity, which changes with any
    reader and any installed package.
    """
    ready = " ".join(
        f"{one.name}/{one.version}" for one in FORMATS.values() if one is not _TEXT and not one.missing()
    )
    documents = f"documents/{zlib.crc32(ready.encode()):08x}"
    return {suffix: _PLAIN if suffix in PLAIN_SUFFIXES else documents for suffix in SUFFIXES}
