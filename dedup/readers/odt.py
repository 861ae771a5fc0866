"""Read OpenDocument texts as they appear on the page.

Revisions are accepted (deleted text is kept apart in the file), automatic numbers printed, contents lists and
comments left out, hidden text kept aside. Text boxes follow their paragraph; notes follow the text.
"""

from __future__ import annotations

from dedup.document import HiddenKind, Place, Properties, Remark
from dedup.errors import UnsupportedInput
from dedup.readers.numerals import OPEN_DOCUMENT, before_text, written
from dedup.readers.odt_styles import Level, Style, Styles, is_off_page, whole
from dedup.readers.package import Package
from dedup.readers.reading import Composer, Context, Reading, damaged, encrypted
from dedup.readers.xml import Element, attribute, local, parse

_LEFT_OUT = frozenset({
    "tracked-changes", "annotation", "annotation-end", "table-of-content", "illustration-index",
    "table-index", "object-index", "alphabetical-index", "bibliography", "forms", "sequence-decls",
    "variable-decls", "user-field-decls", "ruby-text", "note-citation", "covered-table-cell",
    "list-header-label", "number", "scripts", "font-face-decls", "script", "event-listeners",
    "desc", "title", "index-title-template", "hidden-text",
})  # fmt: skip
_CONTAINERS = frozenset({
    "section", "table-row", "table-header-rows", "table-rows", "table-row-group", "table-cell",
    "table-header-columns", "index-body", "text-box", "g", "frame", "a", "custom-shape", "rect",
    "ellipse", "list-header", "page-sequence", "sdt", "shape-group", "numbered-paragraph",
})  # fmt: skip


def read(data: bytes, context: Context) -> Reading:
    """Read a document, packed or flat. Raises UnsupportedInput when it is damaged or encrypted."""
    if not data.startswith(b"PK"):
        root = parse(data, context)
        if root is None:
            raise _damaged(context)
        return _read([root], root, Properties(), context)
    package = Package(data, context)
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise encrypted(context.name)
    content = parse(package.read("content.xml"), context)
    if content is None:
        raise _damaged(context)
    styles = parse(package.read("styles.xml"), context)
    sources = [content] if styles is None else [styles, content]
    return _read(sources, content, _properties(package, context), context)


def _damaged(context: Context) -> UnsupportedInput:
    return damaged(context.name)


def _read(sources: list[Element], content: Element, properties: Properties, context: Context) -> Reading:
    body = next((one for one in content.iter("{*}body")), None)
    if body is None or not len(body):
        raise _damaged(context)
    document = _Document(context, sources)
    document.blocks(body[0])
    for note in document.notes:
        document.blocks(note)
    composer = document.composer
    if composer.places:
        composer.places.insert(0, Place(0, "page", "1"))
    revisions = sum(1 for one in content.iter("{*}changed-region"))
    remarks = [Remark("revisions", revisions)] if revisions else []
    return composer.reading("odt", remarks, properties=properties)


def _properties(package: Package, context: Context) -> Properties:
    values: dict[str, str] = {}
    pages = ""
    try:
        root = parse(package.read("meta.xml"), context)
    except UnsupportedInput:  # the text does not depend on the properties
        return Properties()
    for element in root.iter() if root is not None else ():
        name = local(element.tag)
        values[name] = (element.text or "").strip()
        if name == "document-statistic":
            pages = attribute(element, "page-count")
    return Properties(
        created=values.get("creation-date", ""),
        modified=values.get("date", ""),
        producer=values.get("generator", ""),
        pages=int(pages) if pages.isascii() and pages.isdigit() else 0,
    )


class _Document:
    """Walk the elements in reading order and write paragraphs."""

    def __init__(self, context: Context, sources: list[Element]) -> None:
        self.composer = Composer(context)
        self.notes: list[Element] = []
        self._styles = Styles(sources)
        self._line: list[str] = []
        self._line_length = 0
        self._boxes: list[Element] = []
        self._hidden: HiddenKind | None = None
        self._ground = ""
        self._counts: dict[str, list[int]] = {}
        self._outline_counts = [0] * 12
        self._lists: list[str] = []
        """Styles of the lists around, outermost first."""
        self._label = ""

    def blocks(self, parent: Element) -> None:
        """Write everything below an element."""
        for element in parent:
            name = local(element.tag)
            if name in ("p", "h"):
                self._paragraph(element, name)
            elif name == "list":
                self._list(element)
            elif name in ("table", "sub-table"):
                self.blocks(element)
            elif name == "table-cell":
                before = self._ground
                self._ground = (
                    self._styles.style("table-cell", attribute(element, "style-name")).ground or before
                )
                self.blocks(element)
                self._ground = before
            elif _is_put_away(element, name):
                self.composer.hide("".join(element.itertext()), "vanish")
            elif name == "soft-page-break":
                self._page_break()
            elif name in _CONTAINERS:
                self.blocks(element)

    def _list(self, element: Element) -> None:
        style = attribute(element, "style-name") or (self._lists[-1] if self._lists else "")
        self._lists.append(style)
        depth = len(self._lists)
        levels = self._styles.lists.get(style, {})
        counts = self._counts.setdefault(style, [0] * 12)
        goes_on = attribute(element, "continue-numbering") == "true" or attribute(element, "continue-list")
        if depth < len(counts) and not goes_on:
            counts[depth] = 0
        for item in element:
            name = local(item.tag)
            if name == "list-item":
                inner = [one for one in item if local(one.tag) in ("p", "h")]
                if inner and depth < len(counts):
                    self._label = self._count(levels, counts, depth, attribute(item, "start-value"))
                self.blocks(item)
            elif name == "list-header":
                self.blocks(item)
        self._lists.pop()

    def _count(self, levels: dict[int, Level], counts: list[int], depth: int, start: str) -> str:
        level = levels.get(depth)
        if level is None:
            return ""
        counts[depth] = whole(start, 1) if start else (counts[depth] + 1 if counts[depth] else level.start)
        for deeper in range(depth + 1, len(counts)):
            counts[deeper] = 0
        if not level.number_format:
            return ""
        first = max(1, depth - level.shown_levels + 1)
        numbers = [
            written(counts[at] or 1, OPEN_DOCUMENT.get(levels[at].number_format, "decimal"))
            for at in range(first, depth + 1)
            if at in levels and levels[at].number_format
        ]
        return level.prefix + ".".join(numbers) + level.suffix

    def _paragraph(self, element: Element, name: str) -> None:
        style = self._styles.style("paragraph", attribute(element, "style-name"))
        outer = self._hidden, self._ground
        self._ground = style.ground or self._ground
        self._hidden = style.kind(self._ground)
        label, self._label = self._label, ""
        if name == "h" and not self._lists:
            level = whole(attribute(element, "outline-level"), 1)
            if 0 < level < len(self._outline_counts) and attribute(element, "is-list-header") != "true":
                label = self._count(self._styles.outline, self._outline_counts, level, "")
        if any(attribute(one, "is-hidden") == "true" for one in element.iter("{*}hidden-paragraph")):
            self._hidden = self._hidden or "vanish"
        self._inline(element, style)
        self._hidden, self._ground = outer
        text = "".join(self._line)
        self._line.clear()
        self._line_length = 0
        boxes, self._boxes = self._boxes, []
        if text.strip():
            numbered = before_text(label, text, "tab")
            self.composer.paragraph(numbered, len(numbered) - len(text))
        elif not boxes:
            self.composer.paragraph(text)
        else:
            self.composer.drop_paragraph()
        for box in boxes:
            lists, self._lists = self._lists, []
            if is_off_page(box):
                self.composer.hide("".join(box.itertext()), "off-page")
            else:
                self.blocks(box)
            self._lists = lists

    def _inline(self, element: Element, style: Style) -> None:
        self._write(element.text)
        for child in element:
            name = local(child.tag)
            if name == "s":
                self._write(" " * min(1_000, whole(attribute(child, "c"), 1)), collapse=False)
            elif name == "tab":
                self._write("\t", collapse=False)
            elif name == "line-break":
                self._write("\n", collapse=False)
            elif name == "note":
                self.notes.extend(one for one in child if local(one.tag) == "note-body")
            elif name == "span":
                outer = self._hidden
                own = self._styles.style("text", attribute(child, "style-name"))
                self._hidden = own.over(style).kind(self._ground) or (outer if outer == "vanish" else None)
                self._inline(child, own.over(style))
                self._hidden = outer
            elif name == "soft-page-break":
                self._page_break()
            elif name in ("frame", "custom-shape", "rect", "g", "text-box"):
                self._boxes.append(child)
            elif name not in _LEFT_OUT:
                self._inline(child, style)
            self._write(child.tail)

    def _write(self, text: str | None, *, collapse: bool = True) -> None:
        if not text:
            return
        if collapse and ("\n" in text or "\t" in text or "  " in text or "\u00ad" in text):
            text = _collapsed(text).replace("\u00ad", "")
        if self._hidden:
            self.composer.hide(text, self._hidden, self._line_length)
            return
        self._line.append(text)
        self._line_length += len(text)

    def _page_break(self) -> None:
        self.composer.place("page", str(len(self.composer.places) + 2), self._line_length)


def _is_put_away(element: Element, name: str) -> bool:
    """Tell whether a section or a row is not shown."""
    if name == "table-row":
        return attribute(element, "visibility") in ("collapse", "filter")
    return name == "section" and (
        attribute(element, "display") == "none" or attribute(element, "is-hidden") == "true"
    )


def _collapsed(text: str) -> str:
    """Replace each run of white space by one space; ideographic spaces are characters and stay."""
    for space in "\n\t\r":
        text = text.replace(space, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text
