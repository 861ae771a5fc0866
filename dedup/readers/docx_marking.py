"""Marks in a copy of a Word document: shading on its runs, and comments (ECMA-376, part 1, 17.13.4).

A run is cut where a mark begins or ends. Nothing else in the document changes: styles, revisions, fields and
all other parts of the package are copied. Comments are anchored in the main text only, since no other part
may hold any: one on a note or a text box stands where that hangs on the text.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import field
from itertools import pairwise

from dedup.errors import UnsupportedInput
from dedup.readers.docx import read, read_traced
from dedup.readers.docx_trace import Piece, Traced
from dedup.readers.marking import Marked, Marks, Note, Shade, unmarkable
from dedup.readers.package import Package
from dedup.readers.reading import Budget, Context
from dedup.readers.xml import Element, attribute, local, parse_whole
from dedup.records import dataclass

_AFTER_SHADING = frozenset(
    {"fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath", "rPrChange"}
)
"""Properties of a run that its shading must stand before (CT_RPr is a sequence)."""
_MAY_HOLD_COMMENTS = frozenset(
    {"p", "hyperlink", "ins", "moveTo", "smartTag", "sdtContent", "fldSimple", "customXml", "dir", "bdo"}
)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_STRICT = "http://purl.oclc.org/ooxml/"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


def mark(data: bytes, marks: Marks, context: Context) -> Marked:
    """A copy of the document with marks. Raises UnsupportedInput where its text is not that of the marks."""
    traced = read_traced(data, context)
    marks.require(traced.text, context)
    runs = _Runs.cut(traced.pieces, marks)
    runs.shade(marks.shades)
    anchored = _Comments(traced, context, marks).add(runs)
    content = _written(traced.package, anchored.parts)
    again = Context(context.name, Budget(context.limits), context.read_inside, context.depth)
    try:
        marks.require(read(content, again).text, context)
    except UnsupportedInput:
        raise unmarkable(context.name) from None
    return Marked(content, anchored.unplaced)


# ---------------------------------------------------------------------------------------------- runs


@dataclass(slots=True)
class _Stretch:
    """Characters of the text that one run holds."""

    start: int
    end: int
    run: Element


@dataclass(slots=True)
class _Cut:
    """A run with the offsets at which it is to be cut."""

    run: Element
    pieces: list[Piece] = field(default_factory=list)


class _Runs:
    """The runs of a document after they have been cut at the borders of the marks, by their text."""

    def __init__(self, stretches: list[_Stretch]) -> None:
        self._stretches = sorted(stretches, key=lambda one: one.start)
        self._starts = [one.start for one in self._stretches]
        self.shaded_roots: set[Element] = set()
        """Roots of the parts in which something was coloured."""

    @classmethod
    def cut(cls, pieces: Iterable[Piece], marks: Marks) -> _Runs:
        """Cut the runs that pieces of text stand in wherever a mark begins or ends."""
        both: tuple[Sequence[Shade | Note], ...] = (marks.shades, marks.notes)
        borders = sorted({border for some in both for one in some for border in (one.start, one.end)})
        cuts: dict[Element, _Cut] = {}
        for piece in pieces:
            run = piece.element.getparent()
            if run is not None and local(run.tag) == "r":
                cuts.setdefault(run, _Cut(run)).pieces.append(piece)
        stretches: list[_Stretch] = []
        for one in cuts.values():
            stretches += _cut_run(one, borders)
        return cls(stretches)

    def over(self, start: int, end: int) -> list[Element]:
        """The runs that hold text between two offsets at which they were cut, in order."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_left(self._starts, end)
        return [one.run for one in self._stretches[first:last] if one.end > start]

    def shade(self, shades: Iterable[Shade]) -> None:
        """Colour the ground of the characters."""
        for one in shades:
            for run in self.over(one.start, one.end):
                _shade(run, one.colour)
                self.shaded_roots.add(run.getroottree().getroot())


def _cut_run(cut: _Cut, borders: Sequence[int]) -> list[_Stretch]:
    """Cut one run. The run itself keeps what stands before the first border inside it."""
    by_element: dict[Element, list[Piece]] = {}
    for piece in cut.pieces:
        by_element.setdefault(piece.element, []).append(piece)
    current = cut.run
    stretches: list[_Stretch] = []
    for child in [one for one in cut.run if local(one.tag) != "rPr"]:
        if current is not cut.run:
            current.append(child)
        rest, before = child, 0  # what is not divided yet, and how many characters stand before it
        for piece in by_element.get(child, ()):
            for start, end in pairwise(_borders_in(piece, borders)):
                if stretches and stretches[-1].run is current and _is_border(start, borders):
                    current = _run_after(current)
                    at = piece.first + start - piece.start - before
                    rest = _divided(rest, at)
                    before += at
                    current.append(rest)
                stretches.append(_Stretch(start, end, current))
    return stretches


def _borders_in(piece: Piece, borders: Sequence[int]) -> list[int]:
    start, end = piece.start, piece.start + piece.length
    inside = borders[bisect_right(borders, start) : bisect_left(borders, end)]
    return [start, *inside, end]


def _is_border(offset: int, borders: Sequence[int]) -> bool:
    at = bisect_left(borders, offset)
    return at < len(borders) and borders[at] == offset


def _run_after(run: Element) -> Element:
    """A new run of the same properties behind a run."""
    new = _like(run, run.tag, dict(run.attrib))
    new.extend(deepcopy(child) for child in run if local(child.tag) == "rPr")
    run.addnext(new)
    return new


def _divided(element: Element, at: int) -> Element:
    """An element with the text from a place on, which the given one loses; that itself, if it is all."""
    if at <= 0:
        return element
    new = _like(element, element.tag, dict(element.attrib))
    text = element.text or ""
    element.text, new.text = text[:at], text[at:]
    for one in (element, new):
        one.set(_SPACE, "preserve")
    return new


def _shade(run: Element, colour: str) -> None:
    space = run.tag.rpartition("}")[0] + "}"
    if "/math" in space:
        return  # formulas have no such property
    properties = next((child for child in run if local(child.tag) == "rPr"), None)
    if properties is None:
        properties = _like(run, space + "rPr")
        run.insert(0, properties)
    for child in list(properties):
        if local(child.tag) in ("shd", "highlight"):  # a highlight would cover the shading
            properties.remove(child)
    shading = _like(run, space + "shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(space + name, value)
    place = next(
        (
            number
            for number, child in enumerate(properties)
            if local(child.tag) in _AFTER_SHADING or not str(child.tag).startswith(space)
        ),
        len(properties),
    )
    properties.insert(place, shading)


# ------------------------------------------------------------------------------------------ comments


@dataclass(frozen=True, slots=True)
class _Anchored:
    """Changed parts by name, and how many notes found no place."""

    parts: dict[str, bytes]
    unplaced: int


class _Comments:
    """Adds comments: their anchors to the main part, their words to a part that may have to be made."""

    def __init__(self, traced: Traced, context: Context, marks: Marks) -> None:
        self._traced = traced
        self._marks = marks
        self._context = context
        self._main = traced.roots[traced.main]
        self._space = self._main.tag.rpartition("}")[0] + "}"
        self._hosts = self._note_references()

    def add(self, runs: _Runs) -> _Anchored:
        """Anchor a comment for each note and give the parts that have changed."""
        package, main = self._traced.package, self._traced.main
        relations = _Relations(package, main, self._context, strict=self._space.startswith("{" + _STRICT))
        part = relations.comments or posixpath.join(posixpath.dirname(main), "comments.xml")
        root = parse_whole(package.read(part), self._context)
        if root is None:
            root = _root("comments", self._space.strip("{}"), prefix="w")
        number = max([_number(one) for one in root if local(one.tag) == "comment"], default=-1) + 1
        unplaced = 0
        for note in self._marks.notes:
            held = runs.over(note.start, note.end)
            first, last = self._first_anchor(held), self._first_anchor(held[::-1])
            if first is None or last is None:
                unplaced += 1
                continue
            self._anchor(first, last, number)
            root.append(self._comment(note.text, number))
            number += 1
        parts = {
            name: _serialised(root)
            for name, root in self._traced.roots.items()
            if root is self._main or root in runs.shaded_roots
        }
        parts[part] = _serialised(root)
        if not relations.comments:
            parts |= relations.with_comments("comments.xml")
        parts |= _with_type(package, part, self._context)
        return _Anchored(parts, unplaced)

    def _first_anchor(self, runs: Iterable[Element]) -> Element | None:
        """The element of the main text that the first of some runs stands in, or hangs on."""
        return next((place for run in runs if (place := self._anchor_of(run)) is not None), None)

    def _anchor_of(self, run: Element) -> Element | None:
        """The element at which a comment on a run stands: the run, or what it hangs on in the main text."""
        host = element = run
        box = None
        while (parent := element.getparent()) is not None:
            if local(parent.tag) == "txbxContent":
                box = parent
            element = parent
        if element is not self._main:
            note = next(
                (one for one in run.iterancestors() if local(one.tag) in ("footnote", "endnote")), None
            )
            host = self._hosts.get((local(note.tag), attribute(note, "id"))) if note is not None else None
        elif box is not None:
            host = next(box.iterancestors("{*}r"), None)
        while host is not None and not self._may_hold(host.getparent()):
            host = host.getparent()
        return host

    def _may_hold(self, parent: Element | None) -> bool:
        return parent is None or (
            parent.tag.startswith(self._space) and local(parent.tag) in _MAY_HOLD_COMMENTS
        )

    def _note_references(self) -> dict[tuple[str, str], Element]:
        """Runs of the main text that footnotes and endnotes hang on, by kind and identifier."""
        if len(self._traced.roots) == 1:
            return {}
        references = self._main.iter("{*}footnoteReference", "{*}endnoteReference")
        return {
            (local(one.tag).removesuffix("Reference"), attribute(one, "id")): one.getparent()
            for one in references
        }

    def _anchor(self, first: Element, last: Element, number: int) -> None:
        begin, end, run, reference = (
            self._element(name) for name in ("commentRangeStart", "commentRangeEnd", "r", "commentReference")
        )
        for one in (begin, end, reference):
            one.set(self._space + "id", str(number))
        run.append(reference)
        first.addprevious(begin)
        last.addnext(end)
        end.addnext(run)

    def _comment(self, text: str, number: int) -> Element:
        comment = self._element("comment")
        given = (("id", str(number)), ("author", self._marks.author), ("date", self._marks.date))
        for name, value in (*given, ("initials", self._marks.author[:1].upper())):
            if value:
                comment.set(self._space + name, value)
        for line in text.split("\n"):
            paragraph, run, words = (self._element(name) for name in ("p", "r", "t"))
            words.text = line
            words.set(_SPACE, "preserve")
            run.append(words)
            paragraph.append(run)
            comment.append(paragraph)
        return comment

    def _element(self, name: str) -> Element:
        return _like(self._main, self._space + name)


class _Relations:
    """The relations of the main part, which name the part of the comments."""

    def __init__(self, package: Package, main: str, context: Context, *, strict: bool) -> None:
        folder, name = posixpath.split(main)
        self._part = posixpath.join(folder, "_rels", name + ".rels")
        self._root = parse_whole(package.read(self._part), context)
        office = _STRICT + "officeDocument" if strict else _OFFICE
        self._kind = office + "/relationships/comments"
        self.comments = ""
        for one in self._root if self._root is not None else ():
            if attribute(one, "Type").endswith("/relationships/comments"):
                target = attribute(one, "Target")
                self.comments = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")

    def with_comments(self, target: str) -> dict[str, bytes]:
        """The part with a relation to the comments."""
        root = self._root
        if root is None:
            root = _root("Relationships", _PACKAGE + "relationships")
        taken = {attribute(one, "Id") for one in root}
        relation = _like(root, root.tag.removesuffix("Relationships") + "Relationship")
        relation.set(
            "Id", next(name for number in range(len(taken) + 1) if (name := f"rc{number}") not in taken)
        )
        relation.set("Type", self._kind)
        relation.set("Target", target)
        root.append(relation)
        return {self._part: _serialised(root)}


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"


def _with_type(package: Package, part: str, context: Context) -> dict[str, bytes]:
    """The list of content types with the comments, if it does not name them yet."""
    name = "[Content_Types].xml"
    root = parse_whole(package.read(name), context)
    if root is None:
        raise unmarkable(context.name)
    if any(attribute(one, "PartName").lstrip("/") == part for one in root):
        return {}
    override = _like(root, root.tag.removesuffix("Types") + "Override")
    override.set("PartName", "/" + part)
    override.set("ContentType", _COMMENTS_TYPE)
    root.append(override)
    return {name: _serialised(root)}


def _root(name: str, namespace: str, prefix: str | None = None) -> Element:
    from lxml import etree

    return etree.Element(f"{{{namespace}}}{name}", nsmap={prefix: namespace})


def _like(one: Element, tag: str, attributes: Mapping[str, str] | None = None) -> Element:
    """A new element in the namespace of another: declaring all those of Word takes twenty times as long."""
    return one.makeelement(tag, attributes, nsmap={one.prefix: one.tag.rpartition("}")[0].lstrip("{")})


def _number(comment: Element) -> int:
    value = attribute(comment, "id")
    return int(value) if value.isascii() and value.isdigit() else -1


def _serialised(root: Element) -> bytes:
    from lxml import etree

    tree: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
    return tree


def _written(package: Package, changed: dict[str, bytes]) -> bytes:
    """The package with some parts changed or added; all others hold what they held, in the same order."""
    file = io.BytesIO()
    left = dict(changed)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in package.entries:
            name = entry.filename.lstrip("/")
            if not package.is_current(entry):
                continue
            content = left.pop(name) if name in left else package.unpacked(entry)
            copy = zipfile.ZipInfo(entry.filename, entry.date_time)
            copy.external_attr = entry.external_attr
            stored = entry.compress_type == zipfile.ZIP_STORED
            written.writestr(copy, content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
        for name, content in left.items():
            written.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
