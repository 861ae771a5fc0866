"""Where a document of the collection comes from: whose it is, and who else has its paragraphs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from dedup.errors import DedupError
from dedup.index import open_index
from dedup.index.index import PartInfo
from dedup.relation import origin_of_source, relation_of
from dedup.reports.scan.texts import ScanTexts
from dedup.serve import choices
from dedup.serve.collection import Catalogue, Shelves, Withdrawn, withdrawn
from dedup.serve.description import DESCRIBED
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account
from dedup.settings import Relation
from dedup.text.origin import Origin
from dedup.text.units import unit_named

MOST_GROUPS = 100
_EXCERPT = 80
"""Characters of a paragraph."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document of the collection, and whose it is."""

    info: PartInfo
    unit: str
    """That `corpus.toml` gives, else the one that the document names; empty where neither does."""
    date: str
    """Likewise; of what the document itself says, the year."""
    relation: Relation
    """How its writer stands to the unit of whoever looks."""


def shelved(service: Service, shelves: Shelves, parts: Sequence[PartInfo], unit: str) -> list[Shelved]:
    """The documents with whose they are, as a member of a unit sees them."""
    origins = _origins(service, shelves, parts)
    ours = Origin(unit=unit_named(unit), year=time.localtime().tm_year)
    return [_shelved(part, origins.get(part.number, Origin()), ours) for part in parts]


def _shelved(part: PartInfo, origin: Origin, ours: Origin) -> Shelved:
    date = part.given.date or (str(origin.year) if origin.year else "")
    return Shelved(part, part.given.unit or origin.unit.name, date, relation_of(origin, ours))


def _origins(service: Service, shelves: Shelves, parts: Sequence[PartInfo]) -> dict[int, Origin]:
    """Whose each document is, by its number; read once for each commit of the index."""
    catalogue: Catalogue = shelves.catalogue()
    missing = [part for part in parts if part.number not in catalogue.origins]
    settings = service.settings
    if missing:
        try:
            with open_index(settings.corpus, settings.index, settings, refresh=False) as index:
                if shelves.catalogue() is catalogue:  # numbers hold for one commit
                    catalogue.origins.update({part.number: origin_of_source(part, index) for part in missing})
        except DedupError:  # the index is being rebuilt: whose they are is told the next time
            pass
    return catalogue.origins


@dataclass(frozen=True, slots=True)
class Known:
    """All that somebody may know of a document."""

    parts: list[Shelved]
    """The file as one document, or the parts that it is a collection of."""
    flagged: bool
    """Whether it was called a template here."""
    found: Provenance | None
    """What the last scan found of it; for its keeper only."""
    kept: list[Withdrawn]
    """Contents that stood in its place before, the last one first; for its keeper only."""


def known_of(session: Session, application: Any, caller: Account, path: str) -> Known:
    """Look a document up; `application` is the state of the application. Raises Problem 404."""
    service, shelves = application.service, application.shelves
    parts = [one for one in shelves.catalogue().documents if one.path == path]
    if not parts:
        raise Problem(404, "no_file_there")
    keeps = caller.role == "admin"
    return Known(
        parts=shelved(service, shelves, parts, caller.unit),
        flagged=path in choices.templates(session),
        found=provenance(application.scans.folder, service.settings.corpus, path) if keeps else None,
        kept=withdrawn(service, path) if keeps else [],
    )


# ------------------------------------------------------------------------------------------ what a scan found


@dataclass(frozen=True, slots=True)
class Related:
    """Another document that shares much with one."""

    __pydantic_config__ = DESCRIBED

    path: str
    relation: str
    """As `documents.jsonl` of `dedup scan` has it: `copy`, `version`, `near-copy` …"""
    ours: float
    """Share of the one that the other holds."""
    theirs: float
    earlier: bool | None
    """Whether the other one came first; null where that cannot be told."""


@dataclass(frozen=True, slots=True)
class SharedParagraph:
    """A paragraph of a document that others hold too, or hold much like it."""

    __pydantic_config__ = DESCRIBED

    excerpt: str
    documents: tuple[str, ...]
    """The others."""
    earliest: str
    """The document that surely had it first, this one or another; empty where that cannot be told."""
    date: str
    """Of the earliest one; empty where none is told."""
    boilerplate: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the last scan found of a document."""

    related: tuple[Related, ...]
    shared: tuple[SharedParagraph, ...]
    """Those that fewest others hold first: what everybody writes says little."""


def provenance(results: Path, corpus: Path, path: str) -> Provenance:
    """Look a document up in the results of the last scan; nothing where there are none."""
    related = [
        _related(row, path)
        for row in _rows(results / "documents.jsonl", path)
        if path in (row["a"], row["b"])
    ]
    texts = ScanTexts(corpus, _EXCERPT)
    shared = [one for row in _rows(results / "clusters.jsonl", path) if (one := _shared(row, path, texts))]
    related.sort(key=lambda one: -max(one.ours, one.theirs))
    shared.sort(key=lambda one: (one.boilerplate, len(one.documents)))
    return Provenance(tuple(related), tuple(shared[:MOST_GROUPS]))


def _rows(file: Path, path: str) -> Iterator[dict[str, Any]]:
    """The lines of a result file that name a document; most do not, and are not parsed."""
    written = json.dumps(path, ensure_ascii=False)
    try:
        with open(file, encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if written in line)
    except (OSError, ValueError):
        return


def _related(row: dict[str, Any], path: str) -> Related:
    ours, theirs = ("a", "b") if row["a"] == path else ("b", "a")
    other = row[theirs]
    earlier = None if row["earliest"] is None else row["earliest"] == other
    return Related(other, row["relation"], row[f"containment_{ours}"], row[f"containment_{theirs}"], earlier)


def _shared(row: dict[str, Any], path: str, texts: ScanTexts) -> SharedParagraph | None:
    places = [row["representative"], *row["members"]]
    own = next((place for place in places if place["document"] == path), None)
    others = tuple(dict.fromkeys(place["document"] for place in places if place["document"] != path))
    if own is None or not others:
        return None
    return SharedParagraph(
        texts.of(own), others, row["earliest"] or "", row["date"] or "", bool(row["boilerplate"])
    )
