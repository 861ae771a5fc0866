"""Write an index's inventory: documents and their notices, listed documents not found, skipped files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dedup import __version__
from dedup.messages import say, text
from dedup.readers import documents_among, is_document
from dedup.relation import doubts, origin_of_source
from dedup.reports.kit.columns import clip, clip_middle, visible, wrap
from dedup.reports.kit.files import other_kinds
from dedup.reports.kit.page import NARROW, heading, tabulated
from dedup.reports.kit.records import fields_of

if TYPE_CHECKING:
    from dedup.index import Index, PartInfo
    from dedup.messages import Language
    from dedup.reports import View

FORMAT_VERSION = 1

_TERMS = 24
"""Columns for the terms of a notice."""
_BESIDE_NAMES = 38
"""Columns of the table beside the names of documents."""


def as_json(index: Index, language: Language) -> str:
    """The inventory as one JSON object."""
    inventory = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "dedup", "version": __version__},
        "index": index.folder,
        "scheme": asdict(index.scheme),
        "characters": index.characters,
        "documents": [_as_dictionary(part, index) for part in _sorted(index)],
        "skipped": [
            {"path": skipped.path, "reason": skipped.why(language), "document": is_document(skipped.path)}
            for skipped in index.skipped
        ],
    }
    return json.dumps(inventory, ensure_ascii=False, indent=2) + "\n"


def as_table(index: Index, view: View) -> str:
    """The inventory as a page; with `view.complete` the scheme too."""
    return "\n".join(_page(index, view)) + "\n"


def _sorted(index: Index) -> list[PartInfo]:
    return sorted(index.documents(), key=lambda part: (part.path, part.span.start))


def _as_dictionary(part: PartInfo, index: Index) -> dict[str, Any]:
    origin = origin_of_source(part, index)
    return {
        "document": part.path,
        "part": part.part_title,
        **fields_of(part, "title", "notice"),
        "start": part.span.start,
        "end": part.span.end,
        **fields_of(part, "characters", "paragraphs", "missing_parts"),
        "unit": origin.unit.name,
        "unit_by": origin.unit_by,
        **fields_of(origin, "year", "year_by", "writer"),
        **fields_of(part.given, "place", "level", "date", "template"),
    }


def _page(index: Index, view: View) -> Iterator[str]:
    language = view.language
    parts = _sorted(index)
    files = {part.path: part for part in parts}
    counts = {"files": len(files), "documents": len(parts), "characters": index.characters}
    yield from wrap(say("show.head", language, index=visible(index.folder), **counts), view.columns)
    if view.complete:
        yield from wrap(index.scheme.to_json(), view.columns)
    if parts:
        yield ""
        yield from _documents(parts, view)
    if view.complete:
        yield from _origins(parts, index, view)
    if wrong := [*index.particulars.unmatched(list(files)), *doubts(index.particulars)]:
        yield ""
        for words in wrong:
            yield from wrap(text(words, language), view.columns)
    missing = [(path, title) for path, part in files.items() for title in part.missing_parts]
    if missing:
        yield ""
        yield heading(say("show.missing", language), view)
        for path, title in missing:
            yield from wrap(f"{visible(path)}: 《{visible(title)}》", view.columns)
    if unread := documents_among(index.skipped):
        yield ""
        yield heading(say("show.skipped", language), view)
        for skipped in unread:
            yield from wrap(f"{visible(skipped.path)}: {visible(skipped.why(view.language))}", view.columns)
    if others := other_kinds(index.skipped, language):
        yield ""
        yield from wrap(others, view.columns)


def _origins(parts: Sequence[PartInfo], index: Index, view: View) -> Iterator[str]:
    """A line for each document with its unit, year and writer, and the evidence for them."""
    language = view.language
    yield ""
    yield heading(say("show.origins", language), view)
    for part in parts:
        origin = origin_of_source(part, index)
        facts = [
            say("show.fact", language, value=visible(str(value)), evidence=say(f"evidence.{by}", language))
            for value, by in ((origin.unit.name, origin.unit_by), (origin.year, origin.year_by))
            if value
        ]
        if origin.writer:
            facts.append(visible(origin.writer))
        if part.given.template:
            facts.append(say("show.template", language))
        told = say("comma", language).join(facts) or say("show.unknown", language)
        yield from wrap(f"{visible(part.path)}{say('colon', language)}{told}", view.columns)


def _documents(parts: Sequence[PartInfo], view: View) -> Iterator[str]:
    """The documents as a table, or on a narrow page as lines."""
    if view.columns >= NARROW:
        headers = [say(f"show.{name}", view.language) for name in ("document", "notice", "characters")]
        rows = [_row(part, view.columns - _BESIDE_NAMES, view.language) for part in parts]
        yield tabulated(rows, headers, right=(2,))
        return
    for part in parts:
        name, terms, characters = _row(part, view.columns - 2, view.language)
        first, *more = name.split("\n")
        yield f"- {first}"
        yield from more
        count = say("passage.characters", view.language, count=characters)
        yield "  " + say("comma", view.language).join(filter(None, (terms, count)))


def _row(part: PartInfo, columns: int, language: Language) -> tuple[str, str, str]:
    """Name, terms and size of a document; the name is cut to `columns`."""
    name = clip_middle(visible(part.path), columns)
    if part.part_title:
        name += "\n" + clip(f"  《{visible(part.part_title)}》", columns)
    terms = ""
    if part.notice is not None:
        key = "show.forbids" if part.notice.no_copying else "show.allows"
        terms = say(key, language)
        if part.notice.origin:
            terms += f" ({part.notice.origin})"
    return name, clip(terms, _TERMS), str(part.characters)
