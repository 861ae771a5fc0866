"""Add comments to a copy of a Word document: anchors in the text, and the part with their words."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from dedup.readers.docx_runs import Runs
from dedup.readers.docx_trace import Traced
from dedup.readers.marks import Marks, unmarkable
from dedup.readers.package import Package
from dedup.readers.reading import Context
from dedup.readers.xml import (
    Element,
    attribute,
    keep_space,
    local,
    new_like,
    new_root,
    parse_whole,
    serialised,
)
from dedup.records import dataclass

_MAY_HOLD_COMMENTS = frozenset(
    {"p", "hyperlink", "ins", "moveTo", "smartTag", "sdtContent", "fldSimple", "customXml", "dir", "bdo"}
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_STRICT = "http://purl.oclc.org/ooxml/"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


@dataclass(frozen=True, slots=True)
class Anchored:
    """Changed parts by name, and the number of notes without an anchor."""

    parts: dict[str, bytes]
    unplaced: int


class Comments:
    """Add comments: anchors to the main part, words to the part of comments, which may be new."""

    def __init__(self, traced: Traced, context: Context, marks: Marks) -> None:
        self._traced = traced
        self._marks = marks
        self._context = context
        self._main = traced.roots[traced.main]
        self._space = self._main.tag.rpartition("}")[0] + "}"
        self._hosts = self._note_references()

    def add(self, runs: Runs) -> Anchored:
        """Anchor a comment for each note; return the changed parts."""
        package, main = self._traced.package, self._traced.main
        relations = _Relations(package, main, self._context, strict=self._space.startswith("{" + _STRICT))
        part = relations.comments or posixpath.join(posixpath.dirname(main), "comments.xml")
        root = parse_whole(package.read(part), self._context)
        if root is None:
            root = new_root("comments", self._space.strip("{}"), prefix="w")
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
            name: serialised(root)
            for name, root in self._traced.roots.items()
            if root is self._main or root in runs.shaded_roots
        }
        parts[part] = serialised(root)
        if not relations.comments:
            parts |= relations.with_comments()
        parts |= _with_type(package, part, self._context)
        return Anchored(parts, unplaced)

    def _first_anchor(self, runs: Iterable[Element]) -> Element | None:
        """The element of the main text at which to anchor a comment on the first of some runs; or None."""
        return next((place for run in runs if (place := self._anchor_of(run)) is not None), None)

    def _anchor_of(self, run: Element) -> Element | None:
        """The anchor of a comment on a run: the run, or the main-text element of its note or text box."""
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
        """Runs of the main text that refer to footnotes and endnotes, by kind and identifier."""
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
            keep_space(words)
            run.append(words)
            paragraph.append(run)
            comment.append(paragraph)
        return comment

    def _element(self, name: str) -> Element:
        return new_like(self._main, self._space + name)


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

    def with_comments(self) -> dict[str, bytes]:
        """The part with a relation to the comments."""
        root = self._root
        if root is None:
            root = new_root("Relationships", _PACKAGE + "relationships")
        taken = {attribute(one, "Id") for one in root}
        relation = new_like(root, root.tag.removesuffix("Relationships") + "Relationship")
        relation.set(
            "Id", next(name for number in range(len(taken) + 1) if (name := f"rc{number}") not in taken)
        )
        relation.set("Type", self._kind)
        relation.set("Target", "comments.xml")
        root.append(relation)
        return {self._part: serialised(root)}


def _with_type(package: Package, part: str, context: Context) -> dict[str, bytes]:
    """The list of content types with the comments, if it does not name them yet."""
    name = "[Content_Types].xml"
    root = parse_whole(package.read(name), context)
    if root is None:
        raise unmarkable(context.name)
    if any(attribute(one, "PartName").lstrip("/") == part for one in root):
        return {}
    override = new_like(root, root.tag.removesuffix("Types") + "Override")
    override.set("PartName", "/" + part)
    override.set("ContentType", _COMMENTS_TYPE)
    root.append(override)
    return {name: serialised(root)}


def _number(comment: Element) -> int:
    value = attribute(comment, "id")
    return int(value) if value.isascii() and value.isdigit() else -1
