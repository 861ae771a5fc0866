"""Read Word documents (OOXML, transitional and strict) as they appear on the page.

Revisions are accepted, automatic numbers printed, fields replaced by their results. Left out are deleted
and moved-away text, comments, contents lists, running heads; and hidden text, which is kept aside. Text boxes
follow their paragraph, notes the text.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from dedup.document import Place, Properties, Remark
from dedup.errors import UnsupportedInput
from dedup.readers.docx_body import Body
from dedup.readers.docx_numbering import Numbering
from dedup.readers.docx_styles import Styles
from dedup.readers.docx_trace import Trace, Traced
from dedup.readers.package import Package
from dedup.readers.reading import Context, Member, Reading, damaged
from dedup.readers.xml import Element, attribute, local, parse, parse_whole
from dedup.records import dataclass

_INSIDE = frozenset({"package", "oleObject", "aFChunk"})
"""Kinds of relations to other files inside."""
_EMBEDDED = (
    ".docx",
    ".docm",
    ".doc",
    ".odt",
    ".rtf",
    ".pdf",
    ".wps",
    ".mht",
    ".htm",
    ".html",
    ".xhtml",
    ".txt",
)


def read(data: bytes, context: Context) -> Reading:
    """Read a document. Raises UnsupportedInput when it is damaged or encrypted."""
    package = Package(data, context)
    main = _main_part(package, context)
    targets = _targets(package, main, context)
    styles = Styles(parse(package.read(targets.get("styles", "")), context))
    numbering = Numbering(parse(package.read(targets.get("numbering", "")), context), styles.list_numbers)
    document = Body(context, styles, numbering)
    content = package.read(main)
    if not content:
        raise damaged(context.name)
    whole = document.read(content)
    for kind, name in (("footnotes", "footnote"), ("endnotes", "endnote")):
        document.notes(parse(package.read(targets.get(kind, "")), context), name)
    members, objects = _embedded(package, targets, context)
    document.foreign_parts += objects
    return _finished(document, members, package, whole, context)


def read_traced(data: bytes, context: Context) -> Traced:
    """Read a document and trace its text to its elements. Raises UnsupportedInput, also for a damaged one.

    Unlike in `read`, the whole tree of a part is in memory, with comments and everything else.
    """
    package = Package(data, context)
    main = _main_part(package, context)
    targets = _targets(package, main, context)
    styles = Styles(parse(package.read(targets.get("styles", "")), context))
    numbering = Numbering(parse(package.read(targets.get("numbering", "")), context), styles.list_numbers)
    document = Body(context, styles, numbering, Trace())
    roots: dict[str, Element] = {}
    for kind, name in (("", "body"), ("footnotes", "footnote"), ("endnotes", "endnote")):
        part = targets.get(kind, "") if kind else main
        root = parse_whole(package.read(part), context)
        if root is None:
            continue
        roots[part] = root
        if kind:
            document.notes(root, name)
        else:
            document.tree(root)
    members, objects = _embedded(package, targets, context)
    document.foreign_parts += objects
    reading = _finished(document, members, package, True, context)
    return Traced(reading.text, tuple(document.pieces), package, main, roots)


def _finished(
    document: Body, members: list[Member], package: Package, whole: bool, context: Context
) -> Reading:
    composer = document.composer
    remarks = []
    if document.revisions:
        remarks.append(Remark("revisions", document.revisions))
    if not whole:
        remarks.append(Remark("damaged"))
    if any(name.endswith("vbaProject.bin") for name in package.names()):
        remarks.append(Remark("macros"))
    if document.foreign_parts:
        remarks.append(Remark("embedded", document.foreign_parts))
    for member in members:
        if member.reading is None:
            remarks.append(Remark("skipped-member", 1, f"{member.name}: {member.reason}"))
        else:
            composer.place("member", member.name)
            composer.add(member.reading)
    if composer.places and composer.places[0].kind == "page":
        composer.places.insert(0, Place(0, "page", "1"))
    return composer.reading("docx", remarks, members=tuple(members), properties=_properties(package, context))


# ------------------------------------------------------------------------------------------- package


def _main_part(package: Package, context: Context) -> str:
    for relation in _relations(package, "", context):
        if relation.kind == "officeDocument":
            return relation.target
    return next((name for name in package.names() if name.startswith("word/document")), "word/document.xml")


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    target: str


def _relations(package: Package, part: str, context: Context) -> Iterator[_Relation]:
    folder, name = posixpath.split(part)
    root = parse(package.read(posixpath.join(folder, "_rels", name + ".rels")), context)
    for element in root if root is not None else ():
        if attribute(element, "TargetMode") == "External":
            continue  # external relations are never followed
        target = attribute(element, "Target")
        path = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        yield _Relation(attribute(element, "Type").rpartition("/")[2], path)


def _targets(package: Package, main: str, context: Context) -> dict[str, str]:
    """Names of the document's parts by the kind of relation; of embedded ones by their path."""
    targets: dict[str, str] = {}
    for relation in _relations(package, main, context):
        key = relation.kind if relation.kind not in _INSIDE else relation.target
        targets.setdefault(key, relation.target)
    return targets


def _embedded(package: Package, targets: dict[str, str], context: Context) -> tuple[list[Member], int]:
    """The embedded documents, and the number of other embedded objects."""
    members: list[Member] = []
    objects = 0
    for key, target in targets.items():
        if key == target and target.lower().endswith(_EMBEDDED):
            members.append(context.member(package.read(target), target))
        elif key == target:
            objects += 1
    return members, objects


def _properties(package: Package, context: Context) -> Properties:
    values: dict[str, str] = {}
    for part in ("docProps/core.xml", "docProps/app.xml"):
        try:
            root = parse(package.read(part), context)
        except UnsupportedInput:  # the text does not depend on the properties
            continue
        for element in root if root is not None else ():
            values[local(element.tag)] = (element.text or "").strip()
    pages = values.get("Pages", "")
    return Properties(
        created=values.get("created", ""),
        modified=values.get("modified", ""),
        producer=" ".join(filter(None, (values.get("Application"), values.get("AppVersion")))),
        pages=int(pages) if pages.isascii() and pages.isdigit() else 0,
    )
