"""An open index as its users see it: its documents, their text, and families of documents."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from copy import copy
from functools import cached_property
from types import TracebackType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.document import Notice, Skipped, Span
from dedup.errors import IndexDamaged
from dedup.index.container import Container
from dedup.index.folder import SEGMENTS
from dedup.index.lookup import GramHits, NearParagraphs, gram_hits, near_paragraphs
from dedup.index.manifest import Manifest
from dedup.index.particulars import NOTHING, Given, Particulars
from dedup.index.segment import Decoded, Segment
from dedup.index.view import View, live_parts, view_without
from dedup.limits import LIMITS, Limits
from dedup.sketch.arrays import Number, distinct
from dedup.sketch.background import BUCKETS
from dedup.sketch.minhash import EMPTY
from dedup.sketch.scheme import Scheme

Ints = NDArray[np.int64]


class PartInfo(NamedTuple):
    """One document of the index: a file, or a part of a collection file."""

    number: int
    """In this snapshot only."""
    path: str
    """Path of the file below the corpus folder, with `/`."""
    part_title: str
    """Title of the part of a collection file; empty for a file that is one document."""
    title: str
    notice: Notice | None
    characters: int
    """Normalised characters that take part: the length of its match text."""
    paragraphs: int
    """Number of paragraphs that take part."""
    span: Span
    """In the file's text."""
    missing_parts: tuple[str, ...]
    """Titles that the file's contents list names and the file does not hold."""
    given: Given = NOTHING
    """Facts that `corpus.toml` gives of the file; a title or terms that it gives are those above."""


class Region:
    """Normalised positions [start, start + n) of a part."""

    def __init__(self, segment: Segment, part: int, start: int, codes: NDArray[np.uint32]) -> None:
        self.start = start
        self.codes = codes
        """uint32[n], slots not folded."""
        self._segment = segment
        self._part = part

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def offsets(self) -> NDArray[np.int64]:
        """int64[n] code points in the file's text."""
        return self._decoded.offsets

    @property
    def text(self) -> str:
        """The file's text from the first of its characters to the last."""
        return self._decoded.text

    @cached_property
    def _decoded(self) -> Decoded:
        return self._segment.stretch(self._part, self.start, self.start + len(self.codes))


class Index:
    """A snapshot of an index. Part numbers run from 0 by path, and hold for this object only.

    An order by number is an order by path, so results do not depend on how the index was built. Some numbers
    may belong to documents that are gone; no result names them.
    """

    def __init__(self, folder: str, manifest: Manifest, limits: Limits = LIMITS) -> None:
        """Map the segments. Raises FileNotFoundError when one is gone: then the snapshot is too old."""
        self.folder = folder
        self.manifest = manifest
        self.scheme: Scheme = manifest.scheme
        self.particulars = Particulars()
        """Facts about its documents that are given from outside them."""
        self.skipped: tuple[Skipped, ...] = manifest.unusable
        """Files of the corpus that could not be indexed."""
        self._views: list[View] = []
        self._containers: list[Container] = []
        self._tombstones: list[Container] = []
        self._places = numbers = None
        if manifest.order:
            order = self._opened(manifest.order)
            self._places, numbers = order.array("places"), order.array("numbers")
        first_part = 0
        for record in manifest.segments:
            segment = Segment(self._place(record.name), record.bytes, limits)
            if segment.container.checksum != record.checksum:
                raise IndexDamaged(segment.path)
            live = dead_grams = None
            if record.tombstones:
                live = live_parts(segment, record.dead)
                tombstones = self._opened(record.tombstones)
                dead_grams = tombstones.array("fingerprints")
                self._tombstones.append(tombstones)
            if record.stamps:
                self._opened(record.stamps)
            self._containers.append(segment.container)
            own = None if numbers is None else numbers[first_part : first_part + segment.parts]
            self._views.append(View(segment, first_part, live, dead_grams, own))
            first_part += segment.parts
        self._first_parts = [view.first_part for view in self._views]
        self.part_numbers = first_part
        """One more than the largest part number."""

    def _place(self, name: str) -> str:
        return os.path.join(self.folder, SEGMENTS, name)

    def _opened(self, name: str) -> Container:
        container = Container(self._place(name))
        self._containers.append(container)
        return container

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the segments; arrays taken from them stay valid."""
        self._views, self._containers = [], []

    @property
    def snapshot(self) -> str:
        """Digest of the files' names and contents, their readers, the facts of `corpus.toml`, and the scheme.

        Equal for equal corpora and schemes, however the index was built.
        """
        return f"{self.manifest.snapshot} {self.particulars.digest}".rstrip()

    @property
    def parts(self) -> int:
        """Number of documents (parts of files)."""
        return sum(int(live.sum()) for _, live in self._live_parts())

    @property
    def characters(self) -> int:
        """Normalised characters of all documents."""
        return sum(
            int(segment.part_lengths[live].sum(dtype=np.int64)) for segment, live in self._live_parts()
        )

    def _live_parts(self) -> Iterator[tuple[Segment, NDArray[np.bool_]]]:
        """The segments, each with a mask of its living parts, bool[parts]."""
        for view in self._views:
            yield view.segment, _live(view.live_parts, view.segment.parts)

    def part(self, number: int) -> PartInfo:
        """The facts of a part."""
        view, local = self._locate(number)
        segment = view.segment
        file = segment.file_of(local)
        path, missing = segment.file_path(file), segment.missing_parts(file)
        title, notice = segment.title_and_notice(local)
        given = self.particulars.of(path)
        if given.notice is not None:
            notice = given.notice if given.notice.text else None
        alone = segment.file_parts[file + 1] - segment.file_parts[file] == 1
        return PartInfo(
            number=number,
            path=path,
            part_title="" if alone else title,
            title=given.title if alone and given.title else title,
            notice=notice,
            characters=int(segment.part_lengths[local]),
            paragraphs=segment.taking_part(local),
            span=segment.part_span(local),
            missing_parts=missing,
            given=given,
        )

    def documents(self) -> Iterator[PartInfo]:
        """All documents, in the order of their numbers: by path, then by place in the file."""
        live = np.concatenate([np.empty(0, np.bool_), *(live for _, live in self._live_parts())])
        for number in np.flatnonzero(live if self._places is None else live[self._places]).tolist():
            yield self.part(number)

    def segments(self) -> list[Segment]:
        """The segments, in the order they were made; some of their files may be dead."""
        return [view.segment for view in self._views]

    def live_files(self) -> Iterator[tuple[Segment, NDArray[np.bool_]]]:
        """The segments, each with a mask of its living files, bool[files]."""
        for segment, live in self._live_parts():
            yield segment, live[segment.file_parts[:-1]]

    def without(self, path: str) -> Index:
        """The same snapshot as if it did not hold the file at a path; itself when it does not hold it.

        A document that is checked against its own collection is no source of itself. The counts of grams and
        bigrams stay those of the whole snapshot.
        """
        views = [view_without(view, path) for view in self._views]
        if all(new is old for new, old in zip(views, self._views, strict=True)):
            return self
        other = copy(self)
        other._views = views
        return other

    def gram_hits(
        self,
        folded_codes: NDArray[np.uint32],
        cap: int = 200,
        most_said: int | None = None,
        run_cap: int | None = None,
    ) -> GramHits:
        """Find where the corpus holds the submission's grams; see `dedup.index.lookup.gram_hits`.

        `folded_codes` are normalised and slot-folded. A hit says that the hashes agree: verify with `region`.
        """
        return gram_hits(self._views, self.scheme, folded_codes, cap, most_said=most_said, run_cap=run_cap)

    def near_paragraphs(self, signatures: NDArray[np.uint32], cap: int = 200) -> NearParagraphs:
        """Find paragraphs whose signatures share a band with one of `signatures` [m, permutations].

        See `dedup.index.lookup.near_paragraphs`.
        """
        return near_paragraphs(self._views, self.scheme, signatures, cap)

    @cached_property
    def background(self) -> NDArray[np.int64]:
        """Counts of the bigrams of slot-folded codes, int64[buckets]; see `dedup.sketch.background`."""
        counts = np.zeros(BUCKETS, dtype=np.int64)
        for view in self._views:
            counts += view.segment.bigrams
        for tombstones in self._tombstones:
            counts[tombstones.array("buckets")] -= tombstones.array("bigrams")
        return counts

    def families(self, parts: Sequence[int]) -> dict[int, int]:
        """Group parts that are versions or copies of one document: part → representative of its family.

        Parts are kin when one is estimated to hold KINSHIP of the shingles of the other, by the signatures
        of whole parts (resemblance and containment: Broder 1997). A part without kin is not named.
        """
        numbers = np.array(parts, np.int64)
        signatures = np.zeros((len(parts), self.scheme.permutations), np.uint32)
        lengths = np.zeros(len(parts))
        for segment, some, local in self._located(numbers):
            signatures[some] = segment.part_signatures[local]
            lengths[some] = segment.part_lengths[local]
        return kin(list(parts), signatures, lengths)

    def region(self, part: int, start: int, end: int) -> Region:
        """Normalised positions [start, end) of a part, cut to what the part holds."""
        view, local = self._locate(part)
        length = int(view.segment.part_lengths[local])
        start = min(max(start, 0), length)
        codes = view.segment.codes(local, start, min(max(end, start), length))
        return Region(view.segment, local, start, codes)

    def regions(self, parts: Ints, starts: Ints, ends: Ints) -> list[Region]:
        """Many regions at once: positions [start, end) of n parts, each as of `region`."""
        _, stretches = self._stretches(parts, starts, ends)
        found: dict[int, Region] = {}
        for segment, places, (local, start, end) in stretches:
            codes = segment.codes_of(local, start, end)
            borders = np.cumsum(end - start).tolist()
            read = zip(places.tolist(), local.tolist(), start.tolist(), [0, *borders], borders, strict=False)
            for place, part, first, begin, stop in read:
                found[place] = Region(segment, part, first, codes[begin:stop])
        return [found[place] for place in range(len(parts))]

    def verify_paragraphs(self, parts: Ints) -> None:
        """Verify the paragraphs of some parts ahead of reading them: together that is a fifth of the work.

        Raises IndexDamaged.
        """
        for segment, _, local in self._located(distinct(parts)):
            segment.verify_paragraphs(local)

    def codes(self, parts: Ints, starts: Ints, ends: Ints) -> tuple[NDArray[np.uint32], Ints]:
        """Codes of positions [start, end) of n parts, cut to the parts' lengths and laid end to end.

        Also the bounds [n + 1] of each range in that array. Slots are not folded, as in a `Region`.
        """
        bounds, stretches = self._stretches(parts, starts, ends)
        codes = [(one.places, one.segment.codes_of(*one.positions)) for one in stretches]
        return _laid_end_to_end(codes, bounds, np.dtype(np.uint32)), bounds

    def bigrams(
        self, parts: Ints, starts: Ints, ends: Ints
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint8], Ints]:
        """Bigram buckets, digits and bounds [n + 1] of the characters that `codes` reads.

        A character's bucket is that of the bigram it begins, slots folded; that of the last character of a
        range has no meaning. Its digit is its code if it is a digit, else 0.
        """
        bounds, stretches = self._stretches(parts, starts, ends)
        read = [(one.places, *one.segment.bigrams_of(*one.positions)) for one in stretches]
        buckets = _laid_end_to_end([(places, one) for places, one, _ in read], bounds, np.dtype(np.uint16))
        digits = _laid_end_to_end([(places, one) for places, _, one in read], bounds, np.dtype(np.uint8))
        return buckets, digits, bounds

    def _stretches(self, parts: Ints, starts: Ints, ends: Ints) -> tuple[Ints, list[_Stretches]]:
        """Cut positions [start, end) of n parts to the parts' lengths and group them by segment.

        Also the bounds [n + 1] of each range if all are laid end to end.
        """
        lengths, found = np.zeros(len(parts), np.int64), []
        for segment, some, local in self._located(parts):
            held = segment.part_lengths[local].astype(np.int64)
            start = np.clip(starts[some], 0, held)
            end = np.clip(ends[some], start, held)
            lengths[some] = end - start
            found.append(_Stretches(segment, some, (local, start, end)))
        return np.concatenate([[0], np.cumsum(lengths)]), found

    def text(self, part: int, start: int, end: int) -> str:
        """Code points [start, end) of the text of the file that a part belongs to."""
        view, local = self._locate(part)
        return view.segment.substring(local, start, end)

    def paragraph_number(self, part: int, offset: int) -> int:
        """Number of the paragraph at a code point of a part's file, from 1, among those that take part."""
        view, local = self._locate(part)
        return view.segment.paragraph_number(local, offset)

    def verify(self) -> int:
        """Read every byte and compare checksums; return the number of files read.

        Segments that an interrupted build finished are read too. Raises IndexDamaged naming the first altered
        file.
        """
        containers = list(self._containers)
        for record in self.manifest.staged:
            try:
                containers.append(Container(self._place(record.name), record.bytes))
            except FileNotFoundError:  # a writer is at work, and has taken it elsewhere
                continue
        for container in containers:
            container.verify()
        return len(containers)

    def _located(self, parts: Ints) -> Iterator[tuple[Segment, Ints, Ints]]:
        """Group n parts by segment: the segment, their places among the n, their numbers in the segment."""
        places = parts if self._places is None else self._places[parts].astype(np.int64)
        view_of = np.searchsorted(self._first_parts, places, side="right") - 1
        for number in distinct(view_of).tolist():
            some = np.flatnonzero(view_of == number)
            yield self._views[number].segment, some, places[some] - self._views[number].first_part

    def _locate(self, number: int) -> tuple[View, int]:
        if not 0 <= number < self.part_numbers:
            raise IndexError(f"part {number} of {self.part_numbers}")
        place = number if self._places is None else int(self._places[number])
        view = self._views[bisect_right(self._first_parts, place) - 1]
        return view, place - view.first_part


class _Stretches(NamedTuple):
    """The ranges, among many, that lie in one segment."""

    segment: Segment
    places: Ints
    """Their places among all ranges."""
    positions: tuple[Ints, Ints, Ints]
    """Part in the segment, start and end of each."""


def _laid_end_to_end(
    read: Sequence[tuple[Ints, NDArray[Number]]], bounds: Ints, kind: np.dtype[Number]
) -> NDArray[Number]:
    """Lay the values of n ranges end to end in the order of the ranges, n = len(bounds) - 1.

    Each item of `read` has the places of some ranges among the n and their values, laid end to end.
    """
    if len(read) == 1:
        return read[0][1]
    stretches = [np.zeros(0, kind)] * (len(bounds) - 1)
    lengths = np.diff(bounds)
    for places, values in read:
        ends = np.cumsum(lengths[places])
        for place, start, end in zip(
            places.tolist(), (ends - lengths[places]).tolist(), ends.tolist(), strict=True
        ):
            stretches[place] = values[start:end]
    return np.concatenate([np.zeros(0, kind), *stretches])


def _live(live: NDArray[np.bool_] | None, count: int) -> NDArray[np.bool_]:
    return np.ones(count, dtype=np.bool_) if live is None else live


# ----------------------------------------------------------------------------------------- families

KINSHIP = 0.35
"""Estimated containment from which two documents are kin (versions or copies of one document). Independent
reports of one year by different provinces share 3 % of their text, 10 % at the most."""
_FEWEST_EQUAL = 8
"""Equal values two signatures must have: fewer are within what chance does to an estimate."""


def kin(
    numbers: Sequence[int], signatures: NDArray[np.uint32], lengths: NDArray[np.float64]
) -> dict[int, int]:
    """Group n documents by signatures [n, permutations] and lengths: number → smallest number of its family.

    Documents without kin are left out. The containment of one in the other follows from the resemblance J
    and the sizes of both sets: |A ∩ B| = J (|A| + |B|) / (1 + J).
    """
    count = len(numbers)
    if count < 2:
        return {}
    representative = list(range(count))
    filled = signatures != EMPTY  # a part without shingles has no signature
    for one in range(count - 1):
        others = slice(one + 1, count)
        equal = np.count_nonzero((signatures[others] == signatures[one]) & filled[one], axis=1)
        near = np.flatnonzero(equal >= _FEWEST_EQUAL)
        if not len(near):
            continue
        similarity, sizes = equal[near] / signatures.shape[1], lengths[others][near]
        common = similarity * (lengths[one] + sizes) / (1 + similarity)
        alike = common / np.maximum(np.minimum(lengths[one], sizes), 1) >= KINSHIP
        for other in near[alike].tolist():
            _join(representative, one, one + 1 + other)
    families: dict[int, list[int]] = {}
    for place, number in enumerate(numbers):
        families.setdefault(_root(representative, place), []).append(number)
    return {number: min(family) for family in families.values() if len(family) > 1 for number in family}


def _root(representative: list[int], place: int) -> int:
    while representative[place] != place:
        place = representative[place]
    return place


def _join(representative: list[int], one: int, other: int) -> None:
    first, second = sorted((_root(representative, one), _root(representative, other)))
    representative[second] = first
