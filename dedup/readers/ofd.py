"""Read OFD (GB/T 33190), the national format for fixed layouts.

Every run of characters has its own position; runs on one base line are joined to lines, lines to
paragraphs as in a PDF. Annotations are separate files and are not read. A template's text counts once,
however many pages use it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from dedup.document import Properties, Remark
from dedup.readers.layout import in_order, is_cipher
from dedup.readers.ofd_page import PageText, Painter, lines_of, numbers
from dedup.readers.package import Package
from dedup.readers.page_paragraphs import compose
from dedup.readers.reading import Composer, Context, Reading, damaged
from dedup.readers.running_heads import without_running_heads
from dedup.readers.transforms import SAME
from dedup.readers.xml import Element, attribute, local, parse

_PAGE = (0.0, 0.0, 210.0, 297.0)
_OPAQUE_PICTURES = (b"\xff\xd8\xff", b"BM")
_OPAQUE_PNG = (b"\x00", b"\x02")
"""Kinds of colour of a PNG file that have no transparency."""


def read(data: bytes, context: Context) -> Reading:
    """Read all documents of a file. Raises UnsupportedInput when it is damaged."""
    package = Package(data, context)
    root = parse(package.read("OFD.xml"), context)
    if root is None:
        raise damaged(context.name)
    pages: list[PageText] = []
    remarks: list[Remark] = []
    for body in root.iter("{*}DocRoot"):
        document = _Document(package, _path("", body.text), context)
        found = list(document.pages(context.limits.pages - len(pages)))
        if document.page_count > len(found):
            remarks.append(
                Remark("limit", document.page_count - len(found), f"{len(found)} / {document.page_count}")
            )
        pages.extend(found)
    composer = Composer(context)
    lines = [in_order(lines_of(page.judged(), page.box[3] - page.box[1])) for page in pages]
    if is_cipher(line.text for page in lines for line in page):
        return Reading("", "ofd", remarks=(*remarks, Remark("cipher-font", len(pages))))
    compose(without_running_heads(lines), composer)
    without_text = sum(not page.runs and page.drawn > 0 for page in pages)
    if without_text:
        remarks.append(Remark("no-text", without_text))
    return composer.reading("ofd", remarks, properties=_properties(root, len(pages)))


def _properties(root: Element, pages: int) -> Properties:
    values = {local(one.tag): (one.text or "").strip() for one in root.iter() if local(one.tag)}
    producer = " ".join(filter(None, (values.get("Creator"), values.get("CreatorVersion"))))
    return Properties(values.get("CreationDate", ""), values.get("ModDate", ""), producer, pages)


def _path(folder: str, location: str | None) -> str:
    """The name of an entry: locations are relative to the file that gives them, or begin with a slash."""
    location = (location or "").strip().replace("\\", "/")
    if location.startswith("/"):
        return posixpath.normpath(location).lstrip("/")
    return posixpath.normpath(posixpath.join(folder, location))


class _Document:
    """One document of a file: its pages, templates and composite objects."""

    def __init__(self, package: Package, path: str, context: Context) -> None:
        self._package = package
        self._context = context
        self._folder = posixpath.dirname(path)
        self._root = parse(package.read(path), context)
        self._templates: dict[str, str] = {}
        self._used_templates: set[str] = set()
        self._composites: dict[str, Element] = {}
        self._parameters: dict[str, Element] = {}
        """What objects are drawn with, colours among them."""
        self._media: dict[str, str] = {}
        """Files of pictures, by their resource."""
        self._box = _PAGE
        self._locations: list[str] = []
        for element in self._root.iter() if self._root is not None else ():
            name = local(element.tag)
            if name == "TemplatePage":
                self._templates[attribute(element, "ID")] = _path(self._folder, attribute(element, "BaseLoc"))
            elif name == "Page":
                self._locations.append(_path(self._folder, attribute(element, "BaseLoc")))
            elif name in ("PublicRes", "DocumentRes"):
                self._resources(_path(self._folder, element.text))
            elif name == "PhysicalBox" and len(box := numbers(element.text)) == 4:
                self._box = (box[0], box[1], box[2], box[3])

    @property
    def page_count(self) -> int:
        return len(self._locations)

    def pages(self, most: int) -> Iterator[PageText]:
        """The things drawn on each page."""
        for location in self._locations[: max(0, most)]:
            root = parse(self._package.read(location), self._context)
            left, top, width, height = self._box
            if root is not None:
                for element in root.iter("{*}PhysicalBox"):
                    if len(own := numbers(element.text)) == 4:
                        left, top, width, height = own
            text = PageText((left, top, left + width, top + (height or _PAGE[3])))
            if root is not None:
                for element in root.iter("{*}PageRes"):
                    self._resources(_path(posixpath.dirname(location), element.text))
                self._page(root, text, location)
            yield text

    def _page(self, root: Element, text: PageText, location: str) -> None:
        for element in root:
            if local(element.tag) == "Template":
                template = self._templates.get(attribute(element, "TemplateID"), "")
                if template and template not in self._used_templates and template != location:
                    self._used_templates.add(template)
                    inner = parse(self._package.read(template), self._context)
                    if inner is not None:
                        self._content(inner, text)
        self._content(root, text)

    def _content(self, root: Element, text: PageText) -> None:
        for element in root:
            if local(element.tag) == "Content":
                Painter(text, self._composites, self._parameters, self._is_opaque).walk(element, SAME, 0)

    def _is_opaque(self, picture: str) -> bool:
        """Tell whether a picture hides what is under it; the PNG file of a seal is transparent."""
        begins = self._package.beginning(self._media.get(picture, ""))
        return begins.startswith(_OPAQUE_PICTURES) or (
            begins.startswith(b"\x89PNG") and begins[25:26] in _OPAQUE_PNG
        )

    def _resources(self, path: str) -> None:
        root = parse(self._package.read(path), self._context)
        if root is None:
            return
        for element in root.iter("{*}CompositeGraphicUnit"):
            self._composites[attribute(element, "ID")] = element
        for element in root.iter("{*}DrawParam"):
            self._parameters[attribute(element, "ID")] = element
        folder = posixpath.join(posixpath.dirname(path), attribute(root, "BaseLoc"))
        for element in root.iter("{*}MultiMedia"):
            file = next(("".join(one.itertext()) for one in element if local(one.tag) == "MediaFile"), "")
            self._media[attribute(element, "ID")] = _path(folder, file)


# ------------------------------------------------------------------------------------------- numbers
