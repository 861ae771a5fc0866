"""Read the body of a Word document: its paragraphs in reading order, with hidden text kept apart."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from dedup.document import HiddenKind
from dedup.readers.docx_drawing import Anchored, anchored_in, choice, hidden_kind
from dedup.readers.docx_equation import drawn_by
from dedup.readers.docx_numbering import Numbering
from dedup.readers.docx_styles import (
    PLAIN,
    Styles,
    fill_of,
    ground_of,
    look_of,
    numbering_of,
    page_colour,
    place_of,
    symbol_of,
)
from dedup.readers.docx_table import cell_deleted, has_no_height, is_coloured, row_deleted, unwrapped
from dedup.readers.docx_trace import Piece, Trace
from dedup.readers.numerals import before_text
from dedup.readers.reading import Composer, Context, damaged
from dedup.readers.xml import Element, attribute, local
from dedup.records import dataclass

_BLOCKS = ("p", "tbl", "sdt", "customXml", "ins", "moveTo", "moveFrom", "del", "AlternateContent", "altChunk")
_INSIDE = frozenset({
    "hyperlink", "smartTag", "fldSimple", "customXml", "dir", "bdo", "oMath", "oMathPara", "e",
    "num", "den", "sup", "sub", "f", "sSup", "sSub", "sSubSup", "d", "deg", "rad", "nary", "func",
    "fName", "lim", "limLow", "limUpp", "m", "mr", "eqArr", "acc", "bar", "box", "groupChr",
    "borderBox", "phant", "sPre", "rubyBase",
})  # fmt: skip
"""Elements that only wrap runs: links, fields, formulas."""
_ACCEPTED = frozenset({"ins", "moveTo"})
_REJECTED = frozenset({"del", "moveFrom"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_CONTENTS = re.compile(r"\s*TOC\b", re.IGNORECASE)
_OFF = frozenset({"0", "false", "off"})


class Body:
    """Walk the elements in reading order and write paragraphs.

    The main part is taken block by block: its tree is never whole in memory.
    """

    def __init__(
        self, context: Context, styles: Styles, numbering: Numbering, trace: Trace | None = None
    ) -> None:
        self._context = context
        self._trace = trace
        self._styles = styles
        self._numbering = numbering
        self._begin()

    def _begin(self, *, with_fields: bool = True) -> None:
        """Start anew. Without fields all text is written, even that of field codes."""
        self._with_fields = with_fields
        self._numbering.restart()
        if self._trace:
            self._trace = Trace()
        self.composer = Composer(self._context)
        self.revisions = 0
        self.foreign_parts = 0
        self._line: list[str] = []
        self._line_length = 0
        self._anchored: list[Anchored] = []
        """Text boxes and pictures that hang on the paragraph."""
        self._fields: list[_Field] = []
        self._muted = 0
        """Open fields whose code, or whose contents list, is being skipped."""
        self._look = self._styles.defaults
        self._ground = ""
        self._place: HiddenKind | None = None
        """The way in which text is hidden by its place, for example in a row of no height; else None."""
        self._notes_shown: set[tuple[str, str]] = set()
        self._notes_deleted: set[tuple[str, str]] = set()
        """Kinds and identifiers of the notes that text refers to, and that deleted text does."""

    def read(self, content: bytes) -> bool:
        """Read the main part; False if it is cut off. Raises UnsupportedInput if nothing was read."""
        from lxml import etree

        try:
            self._read_blocks(content)
            if self._left_open:
                self._begin(with_fields=False)
                self._read_blocks(content)
        except etree.XMLSyntaxError:
            mended = content.decode("utf-8", "replace").encode()
            if mended != content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
                self._begin()
                try:
                    self._read_blocks(mended)
                except etree.XMLSyntaxError:
                    pass
                else:
                    return False
            if not self.composer.text.strip():
                raise damaged(self._context.name) from None
            return False
        return True

    def tree(self, root: Element) -> None:
        """Read the main part from its tree."""
        self._read_tree(root)
        if self._left_open:
            self._begin(with_fields=False)
            self._read_tree(root)

    def _read_tree(self, root: Element) -> None:
        for part in root:
            if local(part.tag) == "background":
                self._ground = page_colour(part)
            elif local(part.tag) == "body":
                self._blocks(part)
        if self._line:
            self._end_paragraph()

    @property
    def _left_open(self) -> bool:
        """Tell whether an unclosed field has kept text back."""
        return any(field.in_code or field.lists_contents for field in self._fields)

    @property
    def pieces(self) -> Sequence[Piece]:
        """The pieces of text with their elements; empty unless a trace was asked for."""
        return self._trace.pieces if self._trace else ()

    def _read_blocks(self, content: bytes) -> None:
        from lxml import etree

        blocks = etree.iterparse(
            io.BytesIO(content),
            events=("end",),
            tag=tuple("{*}" + name for name in (*_BLOCKS, "background")),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for _, element in blocks:
            parent = element.getparent()
            if local(element.tag) == "background":
                self._ground = page_colour(element)
            if parent is None or local(parent.tag) != "body":
                continue
            self._block(element)
            element.clear()
            while element.getprevious() is not None:
                del parent[0]
        if self._line:
            self._end_paragraph()

    def notes(self, root: Element | None, name: str) -> None:
        """Read footnotes or endnotes, without separators and notes of deleted text."""
        gone = self._notes_deleted - self._notes_shown
        for element in root if root is not None else ():
            self._fields.clear()
            self._muted = 0
            if (
                local(element.tag) == name
                and attribute(element, "type") in ("", "normal")
                and (name, attribute(element, "id")) not in gone
            ):
                self._blocks(element)

    def _blocks(self, parent: Element) -> None:
        for element in parent:
            self._block(element)

    def _block(self, element: Element) -> None:
        name = local(element.tag)
        if name == "p":
            self._paragraph(element)
        elif name == "tbl":
            self._table(element)
        elif name == "sdt":
            self._control(element, self._blocks)
        elif name in _ACCEPTED:
            self.revisions += 1
            self._blocks(element)
        elif name in _REJECTED:
            self._reject(element)
        elif name == "AlternateContent":
            if (chosen := choice(element)) is not None:
                self._blocks(chosen)
        elif name == "customXml":
            self._blocks(element)

    def _reject(self, element: Element) -> None:
        """Leave out text that a revision deletes."""
        self.revisions += 1
        for one in element.iter("{*}footnoteReference", "{*}endnoteReference"):
            self._notes_deleted.add(_note_of(one))

    def _table(self, table: Element) -> None:
        table_ground, outer = "", self._place
        for row in unwrapped(table):
            name = local(row.tag)
            if name == "tblPr":
                # A table style that colours cells may colour any: white text in it may well be seen.
                styles = [attribute(one, "val") for one in row if local(one.tag) == "tblStyle"]
                coloured = is_coloured(row) or any(map(self._styles.colours_cells, styles))
                table_ground = "any" if coloured else ""
            if name != "tr":
                continue
            if row_deleted(row):
                self._reject(row)
                continue
            self._place = outer or ("tiny" if has_no_height(row) else None)
            for cell in unwrapped(row):
                if local(cell.tag) == "tc":
                    self._cell(cell, "any" if is_coloured(row) else table_ground)
        self._place = outer

    def _cell(self, cell: Element, table_ground: str) -> None:
        if cell_deleted(cell):
            self._reject(cell)
            return
        before = self._ground
        self._ground = table_ground or before
        for properties in cell:
            if local(properties.tag) != "tcPr":
                break
            for one in properties:
                name = local(one.tag)
                if name == "vMerge" and attribute(one, "val") in ("", "continue"):
                    self._ground = before
                    return  # merged: its text is in the cell above
                if name == "shd":
                    self._ground = fill_of(one) or self._ground
        self._blocks(cell)
        self._ground = before

    def _paragraph(self, paragraph: Element) -> None:
        style_name, number, level, ground, place = "", "", None, "", self._place
        joins_next = False
        properties = paragraph[0] if len(paragraph) else None
        if properties is not None and local(properties.tag) == "pPr":
            for one in properties:
                name = local(one.tag)
                if name == "pStyle":
                    style_name = attribute(one, "val")
                elif name == "numPr":
                    number, level = numbering_of(properties)
                elif name == "shd":
                    ground = ground_of(one)
                elif name in ("framePr", "ind", "spacing"):
                    place = place or place_of(one)
                elif name == "rPr":
                    joins_next = any(local(mark.tag) in _REJECTED for mark in one)
        style_used = style_name or self._styles.default_paragraph
        style = self._styles.style(style_used)
        if style.lists_contents:
            self._pass_over(paragraph)
            return
        outer = self._ground, self._look, self._place
        ground = ground or style.ground
        self._ground = outer[0] if ground in ("", "auto") else ground
        self._look, self._place = self._styles.look_of_paragraphs(style_used), place or style.place
        self._inline(paragraph)
        self._ground, self._look, self._place = outer
        if not joins_next:  # joined paragraphs have one number, that of the last
            level = style.level if level is None else level
            self._end_paragraph(self._numbered(number or style.number, level, style_name))

    def _numbered(self, number: str, level: int | None, style: str) -> tuple[str, str]:
        if not number or number == "0" or self._muted:
            return "", ""
        at = self._numbering.level_of_style(number, style) if level is None else level
        return self._numbering.next(number, at)

    def _pass_over(self, paragraph: Element) -> None:
        """Follow the fields of a paragraph of a contents list without writing its text."""
        self._muted += 1
        self._inline(paragraph)
        self._muted -= 1
        if self._trace:
            self._trace.drop()
        self._line.clear()
        self._line_length = 0

    def _end_paragraph(self, label: tuple[str, str] = ("", "")) -> None:
        """Write the paragraph collected so far, then the text boxes anchored in it."""
        text = "".join(self._line)
        if self._trace and not text.strip():
            self._trace.drop()
        self._line.clear()
        self._line_length = 0
        anchored, self._anchored = self._anchored, []
        boxes = [one for one in anchored if one.content is not None]
        if text.strip():
            numbered = before_text(label[0], text, label[1])
            if self._trace:
                self._trace.settle(self.composer.length + len(numbered) - len(text))
            self.composer.paragraph(numbered, len(numbered) - len(text))
        elif not boxes and not self._muted:
            self.composer.paragraph("")
        else:
            self.composer.drop_paragraph()
        for box in boxes:
            self._box(box, hidden_kind(box, anchored))

    def _box(self, box: Anchored, kind: HiddenKind | None) -> None:
        outer = self._fields, self._muted, self._ground, self._place
        self._fields, self._muted, self._ground, self._place = [], 0, box.ground, None
        if kind and box.content is not None:
            self.composer.hide("".join(box.content.itertext()), kind)
        else:
            self._blocks(box.content)
        self._fields, self._muted, self._ground, self._place = outer

    # ---- inside a paragraph

    def _inline(self, parent: Element) -> None:
        for element in parent:
            name = local(element.tag)
            if name == "r":
                self._run(element)
            elif name in _INSIDE:
                self._inline(element)
            elif name in _ACCEPTED:
                self.revisions += 1
                self._inline(element)
            elif name in _REJECTED:
                self._reject(element)
            elif name == "sdt":
                self._control(element, self._inline)
            elif name == "AlternateContent":
                if (chosen := choice(element)) is not None:
                    self._inline(chosen)
            elif name in ("drawing", "pict", "object"):
                self._drawing(element)
            elif name == "t":
                self._write(element.text or "", None, element)

    def _run(self, run: Element, around: HiddenKind | None = None) -> None:  # noqa: PLR0912
        """Write a run; `around` is the way in which the run around an alternative is hidden."""
        hidden = around or (self._look.kind(self._ground) if self._look is not PLAIN else None)
        for element in run:
            name = local(element.tag)
            if name == "t":
                if element.text:
                    self._write(element.text, hidden, element)
            elif name == "rPr":
                hidden = self._hidden(element)
            elif name in _CHARACTERS:
                self._write(_CHARACTERS[name], None, element)
            elif name == "sym":
                self._write(symbol_of(element), hidden, element)
            elif name in ("footnoteReference", "endnoteReference"):
                self._notes_shown.add(_note_of(element))
            elif name == "fldChar":
                self._field(attribute(element, "fldCharType"))
            elif name == "instrText":
                if self._fields and self._fields[-1].in_code:
                    self._fields[-1].code += element.text or ""
            elif name == "lastRenderedPageBreak":
                self._page_break()
            elif name == "ruby":
                for part in element:
                    if local(part.tag) == "rubyBase":
                        self._inline(part)
            elif name in ("drawing", "pict", "object"):
                self._drawing(element, hidden)
            elif name == "AlternateContent" and (chosen := choice(element)) is not None:
                self._run(chosen, hidden)

    def _hidden(self, properties: Element) -> HiddenKind | None:
        if not len(properties):
            return self._look.kind(self._ground)
        look = look_of(properties)
        for one in properties:
            if local(one.tag) == "rStyle":
                look = look.over(self._styles.style(attribute(one, "val")).look)
        return look.over(self._look).over(self._styles.defaults).kind(self._ground)

    def _write(self, text: str, hidden: HiddenKind | None, element: Element) -> None:
        if self._muted:
            return
        hidden = hidden or self._place
        if self._trace and not hidden:
            self._trace.note(text, element, self._line_length)
        if "\u00ad" in text:
            text = text.replace("\u00ad", "")
        if hidden:
            self.composer.hide(text, hidden, self._line_length)
            return
        self._line.append(text)
        self._line_length += len(text)

    def _page_break(self) -> None:
        composer = self.composer
        if not self._muted:
            pages = sum(place.kind == "page" for place in composer.places)
            composer.place("page", str(pages + 2), self._line_length)

    def _field(self, event: str) -> None:
        """Follow a field: its code is skipped, its result is text unless it is a contents list."""
        if not self._with_fields:
            return
        if event == "begin":
            self._fields.append(_Field())
            self._muted += 1
        elif event == "separate" and self._fields and self._fields[-1].in_code:
            field = self._fields[-1]
            field.in_code = False
            field.lists_contents = _CONTENTS.match(field.code) is not None
            self._muted -= not field.lists_contents
        elif event == "end" and self._fields:
            field = self._fields.pop()
            self._muted -= field.in_code or field.lists_contents
            if field.in_code and not self._muted and not self._place:
                drawn = drawn_by(field.code)
                self._line.append(drawn)
                self._line_length += len(drawn)

    def _control(self, control: Element, walk: object) -> None:
        """A content control: its content, unless that is the prompt to fill it in."""
        for part in control:
            name = local(part.tag)
            if name == "sdtPr":
                for one in part.iter():
                    kind = local(one.tag)
                    if kind == "showingPlcHdr" and attribute(one, "val") not in _OFF:
                        return
                    if kind == "docPartGallery" and attribute(one, "val") == "Table of Contents":
                        return
            elif name == "sdtContent" and callable(walk):
                walk(part)

    def _drawing(self, drawing: Element, hidden: HiddenKind | None = None) -> None:
        """Keep the text boxes of a drawing for the end of the paragraph; with hidden text a box is hidden."""
        if self._muted:
            return
        for one in anchored_in(drawing):
            if hidden == "vanish" and one.content is not None:
                self.composer.hide("".join(one.content.itertext()), hidden, self._line_length)
            elif hidden != "vanish":
                self._anchored.append(one)


def _note_of(reference: Element) -> tuple[str, str]:
    """The kind and the identifier of the note that a text refers to."""
    return local(reference.tag).removesuffix("Reference"), attribute(reference, "id")


@dataclass(slots=True)
class _Field:
    code: str = ""
    in_code: bool = True
    lists_contents: bool = False
