"""Compare the documents of one call with one another, regardless of the corpus.

They are indexed in a temporary folder and found there as in a corpus. Text that several of them hold is no
custom for that reason, since they may have copied from one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from dedup.align.describe import draft_of, find_shared
from dedup.align.draft import Draft
from dedup.align.found import Found
from dedup.document import Document
from dedup.index import open_index
from dedup.index.index import Index
from dedup.model import Among, Report, SharedDraft
from dedup.passage import Alternative, Passage, SharedPassage
from dedup.settings import Settings
from dedup.tally import covered, ratio

Run = tuple[int, int]
"""Range of normalised characters of a draft."""
_TEXTS = "texts"
"""Folder beside the index of the drafts that holds their texts."""


class Drafts:
    """The documents of one call and an index of them."""

    def __init__(
        self,
        documents: Sequence[Document],
        index: Index,
        settings: Settings,
        contents: dict[str, bytes] | None = None,
    ) -> None:
        """`index` holds each document at the path that `path_of` gives for its number.

        `contents` are the documents' characters that take part, by that path; computed if not given.
        """
        self._index = index
        self._settings = replace(settings, own=(), author=None)
        self._documents = {path_of(number): document for number, document in enumerate(documents)}
        self._paths = {id(document): path for path, document in self._documents.items()}
        self._contents = contents or {
            path: _content(draft_of(document, settings)) for path, document in self._documents.items()
        }

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the documents and the path of the index, which another process opens itself."""
        return _again, (tuple(self._documents.values()), self._index.folder, self._settings, self._contents)

    def document(self, number: int) -> Document:
        """The document with a number; `without` and `shared_by` need these very objects."""
        return self._documents[path_of(number)]

    def without(self, document: Document) -> Index:
        """The index of the other documents."""
        return self._index.without(self._paths[id(document)])

    def name_of(self, path: str) -> str:
        """The name under which the document at a path of the index was given."""
        return self._documents[path].name

    def __len__(self) -> int:
        return len(self._documents)

    def renamed(self, report: Report) -> Report:
        """A report on one of the documents, with the names of its sources as they were given."""
        sources = (replace(one, document=self.name_of(one.document)) for one in report.sources)
        return replace(report, sources=tuple(sources), passages=tuple(map(self._renamed, report.passages)))

    def _renamed(self, passage: Passage) -> Passage:
        others = (replace(other, source=self.name_of(other.source)) for other in passage.also_in)
        return replace(passage, source=self.name_of(passage.source), also_in=tuple(others))

    def shared_by(self, document: Document, draft: Draft, excused: NDArray[np.bool_]) -> Among:
        """Find text that a document shares with the others; `excused` characters [n] count as set phrases."""
        own = self._paths[id(document)]
        total = len(draft.codes)
        asked = draft._replace(formulaic=draft.formulaic | excused)
        found, held = find_shared(asked, document.title, self.without(document), self._settings)
        drafts = tuple(self._drafts(own, found, held, total))
        shared = total if any(one.identical for one in drafts) else covered(found)
        return Among(
            compared=len(self._documents) - 1,
            shared_characters=shared,
            shared_ratio=ratio(shared, total),
            drafts=drafts,
            passages=tuple(passage for one in found for passage in self._passages(one.passage)),
        )

    def _drafts(
        self, own: str, found: Sequence[Found], held: dict[str, list[Run]], total: int
    ) -> Iterator[SharedDraft]:
        """The other documents that share something, those with most first."""
        same = {
            path for path, content in self._contents.items() if content and content == self._contents[own]
        }
        named: dict[str, list[Found]] = {}
        for one in found:
            for path in {one.passage.source, *(other.source for other in one.passage.also_in)}:
                named.setdefault(path, []).append(one)
        shared = dict.fromkeys(same, total)
        for path in (named.keys() | held.keys()) - same:
            shared[path] = _shared_with(path, found, named.get(path, ()), held.get(path, ()), total)
        shared.pop(own, None)
        for path in sorted(shared, key=lambda path: (-shared[path], path)):
            if shared[path]:
                characters, identical = shared[path], path in same
                yield SharedDraft(self.name_of(path), characters, ratio(characters, total), identical)

    def _passages(self, passage: Passage) -> Iterator[SharedPassage]:
        """The shared passage for each document that holds a passage."""
        first = Alternative(passage.source, passage.source_start, passage.source_end, passage.identity)
        for other in (first, *passage.also_in):
            text = self._documents[other.source].text
            yield SharedPassage(
                start=passage.start,
                end=passage.end,
                other=self.name_of(other.source),
                other_start=other.source_start,
                other_end=other.source_end,
                identity=other.identity,
                kind=passage.kind if other.identity >= passage.identity else "edited",
                text=passage.text,
                other_text=text[other.source_start : other.source_end],
                copied=passage.copied,
            )


def _shared_with(
    path: str, found: Sequence[Found], named: Sequence[Found], held: Sequence[Run], total: int
) -> int:
    """Count the characters copied by passages, of `total`, that the document at a path holds too.

    These are the characters matched with it (`held`), and all of the passages whose source it is. A passage
    that repeats another one is matched with its source only, though others are `named` beside it; for these
    all of the passage counts.
    """
    shared, matched = np.zeros(total, np.bool_), np.zeros(total, np.bool_)
    for start, end in held:
        matched[start:end] = True
    for one in named:
        if one.passage.source == path or not matched[one.start : one.end].any():
            matched[one.start : one.end] = True
    for one in found:
        for start, end in one.runs:
            shared[start:end] = matched[start:end]
    return int(np.count_nonzero(shared))


@contextmanager
def gather(documents: Sequence[Document], settings: Settings) -> Iterator[Drafts]:
    """Index the documents of one call for as long as they are compared. Raises what indexing raises."""
    with TemporaryDirectory(prefix="dedup-") as folder:
        texts, place = Path(folder, _TEXTS), Path(folder, "index")
        texts.mkdir()
        for number, document in enumerate(documents):
            # A reader removes one byte order mark: this one, so that one in the document stays.
            (texts / path_of(number)).write_bytes(document.text.encode("utf-8-sig", "replace"))
        with open_index(texts, place, settings) as index:
            yield Drafts(documents, index, settings)


def _again(
    documents: tuple[Document, ...], folder: str, settings: Settings, contents: dict[str, bytes]
) -> Drafts:
    """The drafts in another process, usable as long as the first one keeps their index."""
    place = Path(folder)
    index = open_index(place.with_name(_TEXTS), place, settings, refresh=False)
    return Drafts(documents, index, settings, contents)


def path_of(number: int) -> str:
    """The path of a document's text in the folder that is indexed."""
    return f"{number:06d}.txt"


def _content(draft: Draft) -> bytes:
    """The characters of a document that take part, as bytes for comparing; empty if there are none."""
    return draft.codes.tobytes()
