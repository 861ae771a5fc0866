"""Bringing an index up to date with its corpus: only what came, went or changed is touched.

1. List the folder; files of the same size and time of change are taken for unchanged, of the others the
   content decides.
2. What is new goes into new segments, made by several processes if there is much of it; each is written
   aside, synced, renamed and *staged* in the catalog, so that an interrupted build goes on from there.
   Where there are several, they are pieces without postings, to be merged.
3. Segments are merged as `dedup.index.tiers` says. What is made of new ones only is staged in their place.
4. One transaction makes the staged segments live, and what they replace dead. Before it the old snapshot
   stands, after it the new one. Files that no snapshot names are removed by the next writer.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged, IndexFormatError, IndexUnwritable, UsageError
from dedup.index.catalog import CATALOG, Catalog, check_scheme
from dedup.index.changes import Audience, Changes, Progress
from dedup.index.consolidation import Dead, Merged, consolidate
from dedup.index.container import write_container
from dedup.index.cures import for_place
from dedup.index.database import remove
from dedup.index.folder import SegmentFolder
from dedup.index.index import SEGMENTS
from dedup.index.intake import printable
from dedup.index.listing import (
    CHANGED_JUST_NOW,
    NAME_THE_CORPUS,
    Entry,
    Facts,
    Foreseen,
    Listing,
    identity,
    list_corpus,
)
from dedup.index.lock import Patience, WriterLock
from dedup.index.pieces import Finished, Piece, cut
from dedup.index.plan import Plan, differences, make_plan
from dedup.index.rows import SegmentRow, SkippedRow
from dedup.index.segment import Segment
from dedup.index.workers import performed
from dedup.model import Skipped
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import Scheme, SchemeSettings, check_grams
from dedup.text.normalize import fold_slots

SEGMENT_POSITIONS = 1 << 24
"""A segment is written when it holds so many normalised characters; this bounds the memory of a build."""
_DEAD_AT_ONCE = 16_000_000
"""Grams of dead files sorted at once, 16 bytes each."""

_PATIENCE = Patience()
_NOBODY = Audience()


def bring_up_to_date(
    corpus: str,
    folder: str,
    settings: SchemeSettings,
    folding: str,
    *,
    rebuild: bool = False,
    patience: Patience = _PATIENCE,
    foreseen: Foreseen | None = None,
    audience: Audience = _NOBODY,
) -> Changes | None:
    """Bring the index in `folder` up to date with `corpus`, listed now unless a `foreseen` listing will do.

    None means that another writer was at it for longer than `patience` has seconds. Raises IndexUnwritable,
    IndexFormatError, IndexDamaged or UsageError.
    """
    started = time.monotonic()
    check_grams(settings)
    if identity(corpus) is None:
        raise UsageError(corpus, "没有这个文件夹 no such folder", NAME_THE_CORPUS)
    try:
        os.makedirs(os.path.join(folder, SEGMENTS), exist_ok=True)
        with WriterLock(os.path.join(folder, "lock")) as lock:
            if not lock.acquire(patience):
                return None
            catalog = _open_for_writing(folder, rebuild)

            def listed() -> Listing:
                begun = foreseen() if foreseen else None
                if begun and begun.folder == identity(corpus):
                    return begun
                # Not before the lock: a writer that was waited for may have seen files that came meanwhile.
                return list_corpus(corpus, folder)

            try:
                run = _Update(catalog, corpus, folder, settings, folding, rebuild)
                return run.run(listed, started, audience)
            finally:
                catalog.close()
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else folder
        raise IndexUnwritable(place, error.strerror or str(error), for_place(error)) from error


def _open_for_writing(folder: str, rebuild: bool) -> Catalog:
    try:
        return Catalog(folder, writing=True)
    except (IndexFormatError, IndexDamaged):
        if not rebuild:
            raise
    # Nothing in there can be read, so nothing is lost.
    remove(os.path.join(folder, CATALOG))
    for name in os.listdir(os.path.join(folder, SEGMENTS)):
        os.remove(os.path.join(folder, SEGMENTS, name))
    return Catalog(folder, writing=True)


class _Update:
    """One run of one writer, which holds the lock."""

    def __init__(
        self,
        catalog: Catalog,
        corpus: str,
        folder: str,
        settings: SchemeSettings,
        folding: str,
        rebuild: bool,
    ) -> None:
        self._catalog = catalog
        self._corpus = corpus
        self._segments = os.path.join(folder, SEGMENTS)
        self._folder = SegmentFolder(catalog, self._segments)
        self._rebuild = rebuild
        recorded = None if rebuild else catalog.scheme()
        if recorded is not None:
            check_scheme(catalog.path, recorded, settings, folding)
        self._scheme = recorded or Scheme.from_settings(settings, folding)

    def run(
        self,
        listed: Callable[[], Listing],
        started: float,
        audience: Audience,
    ) -> Changes:
        """All of it; the listing is asked for when nothing else is left to do without it."""
        self._folder.remove_orphans()
        self._drop_useless_stage()
        catalog = self._catalog
        known, left = (set[Facts](), {}) if self._rebuild else (catalog.facts(), catalog.skipped())
        listing = listed()
        differing = differences(listing, known, left)
        files = catalog.files(differing.known)
        plan = make_plan(self._corpus, differing.entries, listing.listed_ns, files, catalog.staged(), left)
        characters = 0
        skipped = plan.still_skipped
        try:
            for result in self._build(plan.to_read, listing.listed_ns, audience.reading):
                if isinstance(result, SkippedRow):
                    skipped.append(result)
                else:
                    self._stage(result)
                    characters += result.size.characters
            if skipped and identity(self._corpus) != listing.folder:
                # Not because they are unreadable: without this what is indexed of them would be dropped.
                cure = "make it available and run this again"
                raise UsageError(self._corpus, "went away while it was read", cure)
            dead = self._dead(plan)
            held = consolidate(catalog, self._folder, self._scheme, self._kept(), dead, audience.merging)
            merged = list(held)
            changed = plan.changing or self._rebuild or bool(merged)
            if changed or self._unfinished(listing, skipped):
                self._commit(plan, listing, skipped, dead, merged)
        finally:
            self._folder.remove_orphans()
        unread = {row.path for row in skipped}
        read = {entry.path for entry in plan.to_read if printable(entry.path) not in unread}
        renewed = read | plan.taken_over
        return Changes(
            added=len(renewed - files.keys()),
            changed=len(renewed & files.keys()),
            removed=len({row.path for row in plan.gone} & files.keys() - renewed),
            unchanged=differing.unchanged + plan.unchanged,
            skipped=_told(skipped),
            characters=characters,
            seconds=time.monotonic() - started,
        )

    def _unfinished(self, listing: Listing, skipped: list[SkippedRow]) -> bool:
        """Whether the catalog has yet to say what the corpus looks like now."""
        snapshot = self._catalog.snapshot()
        if snapshot is None or {row.path: row for row in skipped} != self._catalog.skipped():
            return True
        return snapshot.listing != _digest(listing, skipped) or bool(self._catalog.staged())

    # ------------------------------------------------------------------------------------- build

    def _build(
        self, entries: Sequence[Entry], listed_ns: int, progress: Progress | None
    ) -> Iterator[Finished | SkippedRow]:
        """Segments of the files, in the order of the files."""
        shares = list(cut(entries))
        common = self._corpus, self._segments, self._scheme, listed_ns, SEGMENT_POSITIONS, len(shares) <= 2
        pieces = [Piece(*common, share) for share in shares]
        return performed(pieces, sum(entry.size for entry in entries), progress)

    def _stage(self, finished: Finished) -> None:
        with self._catalog.transaction():
            self._catalog.put("staged_scheme", self._scheme.to_json())
            self._folder.name(finished, finished.rows)

    # -------------------------------------------------------------------------------------- dead

    def _dead(self, plan: Plan) -> Dead:
        """For each segment the numbers of its files that are gone, ascending."""
        dead = {segment.id: set(segment.dead.tolist()) for segment in self._kept()}
        for row in plan.gone:
            if row.segment in dead:
                dead[row.segment].add(row.number)
        return {segment: tuple(sorted(numbers)) for segment, numbers in dead.items()}

    def _kept(self) -> tuple[SegmentRow, ...]:
        """The segments, staged or live, that the next snapshot may be made of."""
        return self._catalog.segments(live=False if self._rebuild else None)

    def _bury(self, row: SegmentRow, dead: NDArray[np.uint32]) -> str:
        """Write the grams of a segment's dead files, for frequencies to leave out; return the file name."""
        segment = Segment(os.path.join(self._segments, row.name), row.bytes)
        # Named for what it holds: the same dead files, the same name, the same content.
        name = f"{row.id:08d}-{hashlib.blake2b(dead.tobytes(), digest_size=8).hexdigest()}.dead"
        fingerprints = _dead_grams(segment, dead, self._scheme)
        write_container(os.path.join(self._segments, name), [("fingerprints", fingerprints)])
        return name

    # ------------------------------------------------------------------------------------ commit

    def _commit(
        self,
        plan: Plan,
        listing: Listing,
        skipped: list[SkippedRow],
        dead: Dead,
        merged: Sequence[Merged],
    ) -> None:
        kept = {segment.id: segment for segment in self._kept()}
        dropped = {segment.id for segment in self._catalog.segments()} - kept.keys()
        dropped.update(*(one.sources for one in merged))
        dropped |= {number for number, segment in kept.items() if len(dead.get(number, ())) == segment.files}
        dying = {
            number: np.array(dead[number], dtype=np.uint32)
            for number in sorted(kept.keys() & dead.keys() - dropped)
            if len(dead[number]) > len(kept[number].dead)
        }
        tombstones = {number: self._bury(kept[number], gone) for number, gone in dying.items()}
        with self._catalog.transaction():
            for number, gone in dying.items():
                self._catalog.set_dead(number, gone, tombstones[number])
            for one in merged:
                self._folder.name(one.finished, one.files)
            self._catalog.drop_segments(dropped)
            self._catalog.discard(plan.gone)
            self._catalog.go_live(plan.touched, skipped)
            self._catalog.put("scheme", self._scheme.to_json())
            self._catalog.put("listing", _digest(listing, skipped))

    def _drop_useless_stage(self) -> None:
        """Forget staged segments that are lost or of another scheme; a rebuild starts from nothing."""
        staged = self._catalog.segments(live=False)
        if not self._rebuild and self._catalog.get("staged_scheme") == self._scheme.to_json():
            staged = tuple(row for row in staged if not self._is_there(row))
        if staged:
            with self._catalog.transaction():
                self._catalog.drop_segments(row.id for row in staged)

    def _is_there(self, row: SegmentRow) -> bool:
        try:
            return os.path.getsize(os.path.join(self._segments, row.name)) == row.bytes
        except FileNotFoundError:
            return False


def _dead_grams(segment: Segment, dead: NDArray[np.uint32], scheme: Scheme) -> Iterator[NDArray[np.uint64]]:
    """Fingerprints of the sampled grams of dead files, ascending; of many, one range after the other."""
    parts = [
        part
        for file in dead.tolist()
        for part in range(int(segment.file_parts[file]), int(segment.file_parts[file + 1]))
    ]
    grams = int(segment.part_lengths[parts].sum(dtype=np.int64)) // scheme.gram_step
    range_bits = (grams // _DEAD_AT_ONCE).bit_length()
    shift = np.uint64(segment.grams.fingerprint_bits - range_bits)
    for number in range(1 << range_bits):
        pieces = [np.empty(0, np.uint64)]
        for part in parts:
            codes = fold_slots(segment.codes(part, 0, int(segment.part_lengths[part])))
            found = segment.grams.fingerprints(gram_keys(codes, scheme.gram_size, scheme.gram_step))
            pieces.append(found[found >> shift == number])
        fingerprints = np.concatenate(pieces)
        fingerprints.sort()
        yield fingerprints


def _digest(listing: Listing, skipped: Iterable[SkippedRow]) -> str:
    """The listing's digest, or nothing while a later change of a file might not show in it.

    Nor do permissions show in it: while there is a file to be tried again, no listing is the last word.
    """
    if any(row.mtime_ns == CHANGED_JUST_NOW for row in skipped) or listing.unsettled():
        return ""
    return listing.digest


def _told(rows: Iterable[SkippedRow]) -> tuple[Skipped, ...]:
    return tuple(Skipped(row.path, row.reason) for row in sorted(rows))
