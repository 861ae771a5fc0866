"""The index as its users see it: one snapshot, read-only, nothing loaded before it is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from copy import copy
from types import TracebackType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged
from dedup.index.catalog import CATALOG
from dedup.index.container import REBUILD, Container
from dedup.index.kinship import kin
from dedup.index.lookup import GramHits, NearParagraphs, View, gram_hits, near_paragraphs
from dedup.index.rows import Snapshot
from dedup.index.segment import Segment
from dedup.model import Notice, Skipped, Span
from dedup.sketch.background import BUCKETS
from dedup.sketch.scheme import Scheme

SEGMENTS = "segments"


class PartInfo(NamedTuple):
    """One document of the index: a file, or a part of a collection file."""

    number: int
    """In this snapshot only."""
    path: str
    """Of the file, below the corpus folder, with `/`."""
    part_title: str
    """Which part of a collection file; empty for a file that is one document."""
    title: str
    notice: Notice | None
    characters: int
    """Normalised characters that take part: the length of its match text."""
    paragraphs: int
    """That take part."""
    span: Span
    """In the file's text."""
    missing_parts: tuple[str, ...]
    """What the file's contents list names and the file does not hold."""


class Region:
    """Normalised positions [start, start + n) of a part."""

    __slots__ = ("_offsets", "_part", "_segment", "codes", "start")

    def __init__(self, segment: Segment, part: int, start: int, end: int) -> None:
        self.start = start
        self.codes: NDArray[np.uint32] = segment.codes(part, start, end)
        """uint32[n], slots not folded."""
        self._segment = segment
        self._part = part
        self._offsets: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def offsets(self) -> NDArray[np.int64]:
        """int64[n] code points in the file's text; decoded at first use."""
        if self._offsets is None:
            self._offsets = self._segment.offsets(self._part, self.start, self.start + len(self.codes))
        return self._offsets


class Index:
    """A snapshot of an index. Part numbers run from 0 and hold for this object only.

    Some numbers may belong to documents that are gone; no result names them.
    """

    def __init__(self, folder: str, snapshot: Snapshot) -> None:
        """Map the segments. Raises FileNotFoundError when one is gone: then the snapshot is too old."""
        self.folder = folder
        self.scheme: Scheme = snapshot.scheme
        self.listing = snapshot.listing
        """Digest of the corpus folder as it was then (`dedup.index.listing`); empty if that was changing."""
        self.skipped: tuple[Skipped, ...] = snapshot.skipped
        """Files of the corpus that could not be indexed."""
        self._views: list[View] = []
        self._containers: list[Container] = []
        first_part = 0
        for row in snapshot.segments:
            segment = Segment(os.path.join(folder, SEGMENTS, row.name), row.bytes)
            live = dead_grams = None
            if len(row.dead) and row.tombstones:
                live = live_parts(segment, row.dead)
                tombstones = Container(os.path.join(folder, SEGMENTS, row.tombstones))
                dead_grams = tombstones.array("fingerprints")
                self._containers.append(tombstones)
            self._containers.append(segment.container)
            self._views.append(View(segment, first_part, live, dead_grams))
            first_part += segment.parts
        self._first_parts = [view.first_part for view in self._views]
        self.part_numbers = first_part
        """One more than the largest part number."""

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the segments; arrays taken from them stay valid."""
        self._views, self._containers = [], []

    @property
    def parts(self) -> int:
        """How many documents (parts of files) there are."""
        return sum(
            view.segment.parts if view.live_parts is None else int(view.live_parts.sum())
            for view in self._views
        )

    @property
    def characters(self) -> int:
        """Normalised characters of all documents."""
        total = 0
        for view in self._views:
            lengths = view.segment.part_lengths
            total += int(
                (lengths if view.live_parts is None else lengths[view.live_parts]).sum(dtype=np.int64)
            )
        return total

    def part(self, number: int) -> PartInfo:
        """What is known of a part."""
        view, local = self._locate(number)
        segment = view.segment
        file = segment.file_of(local)
        path, missing = segment.file_path(file), segment.missing_parts(file)
        title, notice = segment.title_and_notice(local)
        alone = segment.file_parts[file + 1] - segment.file_parts[file] == 1
        return PartInfo(
            number=number,
            path=path,
            part_title="" if alone else title,
            title=title,
            notice=notice,
            characters=int(segment.part_lengths[local]),
            paragraphs=segment.taking_part(local),
            span=segment.part_span(local),
            missing_parts=missing,
        )

    def documents(self) -> Iterator[PartInfo]:
        """All documents, in the order of their numbers."""
        for view in self._views:
            for local in range(view.segment.parts):
                if view.live_parts is None or view.live_parts[local]:
                    yield self.part(view.first_part + local)

    def without(self, path: str) -> Index:
        """The same snapshot as if it did not hold the file at a path; itself when it does not hold it.

        A document that is checked against its own collection is no source of itself. How often grams and
        bigrams occur is told as before.
        """
        views = [_view_without(view, path) for view in self._views]
        if all(new is old for new, old in zip(views, self._views, strict=True)):
            return self
        other = copy(self)
        other._views = views
        return other

    def gram_hits(self, folded_codes: NDArray[np.uint32], cap: int = 200) -> GramHits:
        """Where the corpus holds the submission's grams; see `dedup.index.lookup.gram_hits`.

        `folded_codes` are normalised and slot-folded. A hit says that the hashes agree: verify with `region`.
        """
        return gram_hits(self._views, self.scheme, folded_codes, cap)

    def near_paragraphs(self, signatures: NDArray[np.uint32], cap: int = 200) -> NearParagraphs:
        """Paragraphs of the corpus whose signatures share a band with one of `signatures` [m, permutations].

        See `dedup.index.lookup.near_paragraphs`.
        """
        return near_paragraphs(self._views, self.scheme, signatures, cap)

    def background(self) -> NDArray[np.int64]:
        """[buckets] how often each bigram of slot-folded codes occurs; see `dedup.sketch.background`.

        Documents that are gone count until their segment is rewritten: they were of the same language.
        """
        counts = np.zeros(BUCKETS, dtype=np.int64)
        for view in self._views:
            counts += view.segment.bigrams
        return counts

    def families(self, parts: Sequence[int]) -> dict[int, int]:
        """Which of some parts are versions or clones of one document: part → representative.

        Parts are kin when one is estimated to hold KINSHIP of the shingles of the other, by the signatures
        of whole parts (resemblance and containment: Broder 1997). A part without kin is not named.
        """
        located = [self._locate(number) for number in parts]
        signatures = [view.segment.part_signatures[local] for view, local in located]
        lengths = [int(view.segment.part_lengths[local]) for view, local in located]
        return kin(list(parts), np.array(signatures), np.array(lengths, dtype=np.float64))

    def region(self, part: int, start: int, end: int) -> Region:
        """Normalised positions [start, end) of a part, cut to what the part holds."""
        view, local = self._locate(part)
        length = int(view.segment.part_lengths[local])
        start = min(max(start, 0), length)
        return Region(view.segment, local, start, min(max(end, start), length))

    def text(self, part: int, start: int, end: int) -> str:
        """Code points [start, end) of the text of the file that a part belongs to."""
        view, local = self._locate(part)
        return view.segment.substring(local, start, end)

    def verify(self) -> None:
        """Read every byte and compare checksums. Raises IndexDamaged naming the first altered file."""
        for container in self._containers:
            altered = container.altered()
            if altered:
                problem = f"altered since it was written ({', '.join(altered)})"
                raise IndexDamaged(container.path, problem, REBUILD)

    def _locate(self, number: int) -> tuple[View, int]:
        if not 0 <= number < self.part_numbers:
            raise IndexError(f"part {number} of {self.part_numbers}")
        place = _last_not_above(self._first_parts, number)
        view = self._views[place]
        return view, number - view.first_part


def _view_without(view: View, path: str) -> View:
    """A view in which the parts of the file at a path, if it is there, are gone."""
    segment = view.segment
    files = segment.files_named(path)
    if not files:
        return view
    live = np.ones(segment.parts, np.bool_) if view.live_parts is None else view.live_parts.copy()
    for file in files:
        live[segment.file_parts[file] : segment.file_parts[file + 1]] = False
    return View(segment, view.first_part, live, view.dead_grams)


def live_parts(segment: Segment, dead_files: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which parts of a segment do not belong to one of the dead files."""
    live = np.ones(segment.parts, dtype=np.bool_)
    for file in dead_files.tolist():
        live[segment.file_parts[file] : segment.file_parts[file + 1]] = False
    return live


def _last_not_above(ascending: Sequence[int], wanted: int) -> int:
    from bisect import bisect_right

    return bisect_right(ascending, wanted) - 1


def catalog_path(folder: str) -> str:
    """Where the catalog of an index lies."""
    return os.path.join(folder, CATALOG)
