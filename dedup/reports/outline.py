"""Write the outline of one file: its titles and notices, and the kind of each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import __version__
from dedup.document import ParagraphKind
from dedup.messages import say
from dedup.reports.kit.columns import clip, visible, wrap
from dedup.reports.kit.page import table, width_beside
from dedup.reports.kit.records import fields_of
from dedup.text.forms import find_forms
from dedup.text.official import official_elements
from dedup.text.stream import stream

if TYPE_CHECKING:
    from dedup.document import Document, Notice, Part
    from dedup.reports import View

FORMAT_VERSION = 1

_LEAST_TEXT = 20
"""Least columns for the text of a line on a narrow page."""


_SHOWN = 8
"""Largest number of lines of one kind whose beginnings are shown side by side."""


class Line(NamedTuple):
    """One paragraph of the file."""

    number: int
    """Number of its line in the text, counted from 1."""
    start: int
    end: int
    kind: str
    """The paragraph's kind; `form` for a paragraph that is wholly form."""
    takes_part: bool
    text: str


def lines_of(document: Document) -> list[Line]:
    """The paragraphs of a document with their line numbers; blank lines are counted but not included."""
    columns = document.paragraphs
    breaks = np.flatnonzero(np.frombuffer(document.text.encode("utf-32-le", "surrogatepass"), "<u4") == 10)
    numbers = np.searchsorted(breaks, columns.starts) + 1
    rows = zip(
        numbers.tolist(), columns.starts.tolist(), columns.ends.tolist(), columns.kinds.tolist(), strict=True
    )
    forms = {(form.start, form.end) for form in find_forms(document)}
    lines = []
    for number, start, end, value in rows:
        kind = ParagraphKind(value)
        name = "form" if (start, end) in forms else kind.name.lower()
        lines.append(Line(number, start, end, name, kind.takes_part, document.text[start:end]))
    return lines


def as_json(document: Document) -> str:
    """The document as one JSON object: `documents`, its parts, as in the inventory, and `paragraphs`."""
    outline = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "dedup", "version": __version__},
        "path": document.name,
        "title": document.title,
        "characters": len(document.text),
        "documents": [_part(document, part) for part in document.parts],
        "paragraphs": [
            {"line": line.number, **fields_of(line, "start", "end", "kind", "takes_part")}
            for line in lines_of(document)
        ],
        "forms": [form._asdict() for form in find_forms(document)],
        "remarks": [asdict(remark) for remark in document.remarks],
        "hidden": [asdict(hidden) for hidden in document.hidden],
        "places": [asdict(place) for place in document.places],
        "properties": asdict(document.properties),
        "elements": [
            {"kind": one.kind, "text": one.text, "start": one.span.start, "end": one.span.end}
            for one in official_elements(document.text)
        ],
    }
    return json.dumps(outline, ensure_ascii=False, indent=2) + "\n"


def as_table(document: Document, view: View) -> str:
    """The document as a page: a row for neighbours of one kind, or for each line if `view.complete`."""
    return "\n".join(_page(document, view)) + "\n"


def _part(document: Document, part: Part) -> dict[str, Any]:
    return {
        "document": document.name,
        "part": part.title if len(document.parts) > 1 else "",
        **fields_of(part, "title", "notice"),
        "start": part.span.start,
        "end": part.span.end,
        "characters": _characters(document, part),
        "paragraphs": int(_taking_part(document, part).sum()),
        "missing_parts": list(document.missing_parts),
    }


def _taking_part(document: Document, part: Part) -> NDArray[np.bool_]:
    return document.paragraphs.taking_part[part.first_paragraph : part.last_paragraph]


def _characters(document: Document, part: Part) -> int:
    """Number of letters, figures and ideographs of the paragraphs of a part that take part."""
    return len(stream(document, part))


def _page(document: Document, view: View) -> Iterator[str]:
    language = view.language
    lines = lines_of(document)
    counts = {
        "parts": len(document.parts),
        "lines": len(lines),
        "characters": sum(_characters(document, part) for part in document.parts),
    }
    yield from wrap(say("outline.head", language, name=visible(document.name), **counts), view.columns)
    for part in document.parts:
        title = visible(part.title) or say("outline.untitled", language)
        yield from wrap(say("outline.title", language, title=title), view.columns)
        if part.notice:
            yield from wrap(_terms(part.notice, view), view.columns)
    for title in document.missing_parts:
        yield from wrap(say("outline.missing", language, title=visible(title)), view.columns)
    if lines:
        yield ""
        headers = [say(f"outline.{name}", language) for name in ("lines", "kind", "text")]
        rows = [_row(group, view) for group in _groups(lines, view)]
        columns = view.columns - width_beside([row[:2] for row in rows], headers[:2])
        yield table([(*row[:2], clip(row[2], max(_LEAST_TEXT, columns))) for row in rows], headers)


def _terms(notice: Notice, view: View) -> str:
    key = "source.notice_forbids" if notice.no_copying else "source.notice"
    return say(key, view.language, text=visible(notice.text))


def _groups(lines: list[Line], view: View) -> list[list[Line]]:
    """Neighbouring lines of one kind, or each line by itself if `view.complete`."""
    if view.complete:
        return [[line] for line in lines]
    return [list(group) for _, group in groupby(lines, key=lambda line: line.kind)]


def _row(group: list[Line], view: View) -> tuple[str, str, str]:
    """Numbers of some lines of one kind, the kind, and the beginnings of the first of them."""
    first, last = group[0].number, group[-1].number
    numbers = str(first) if first == last else f"{first}–{last}"
    kind = say(f"outline.kind.{group[0].kind}", view.language)
    return numbers, kind, " / ".join(visible(line.text[: view.columns]) for line in group[:_SHOWN])
