"""Bringing an index up to date with its corpus: only what came, went or changed is touched.

1. List the folder; files of the same size and time of change are taken for unchanged, of the others the
   content decides.
2. What is new goes into new segments; each is written aside, synced, renamed and *staged* in the catalog, so
   that a build that is interrupted goes on from there.
3. One transaction makes the staged segments live, and what they replace dead. Before it the old snapshot
   stands, after it the new one. Files that no snapshot names are removed by the next writer.

New segments take in the smaller segments before them (as long as those hold at most twice as much: a
log-structured merge), so a corpus of n characters has O(log n) segments however it grew.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged, IndexFormatError, IndexUnwritable, UnreadableInput
from dedup.index.builder import SegmentBuilder
from dedup.index.catalog import CATALOG, Catalog, FileRow, SegmentRow, SkippedRow, segment_name
from dedup.index.container import write_container
from dedup.index.index import SEGMENTS
from dedup.index.listing import (
    CHANGED_JUST_NOW,
    Entry,
    list_corpus,
    listing_digest,
    now_ns,
    settled,
)
from dedup.index.lock import WriterLock
from dedup.index.plan import Plan, digest, make_plan, remembered
from dedup.index.segment import Segment
from dedup.model import Document, Skipped
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import Scheme, SchemeSettings, check_grams
from dedup.text.normalize import fold_slots

SEGMENT_POSITIONS = 1 << 24
"""A segment is written when it holds so many normalised characters; this bounds the memory of a build."""

_UNWRITABLE_CURE = "name another folder: --index DIR; or take the index as it is: --no-refresh"

_SMALL_SEGMENT = 1 << 17
"""Segments up to this many characters are always taken in: doing them again costs less than keeping them."""

Progress = Callable[[int, int], None]
"""Called with the bytes of corpus files that are done and that are to do."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one update did. Counts are of files."""

    added: int
    changed: int
    removed: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    characters: int
    """Normalised characters of added and changed files."""
    seconds: float


def bring_up_to_date(
    corpus: str,
    folder: str,
    settings: SchemeSettings,
    folding: str,
    *,
    rebuild: bool = False,
    wait: float = 600.0,
    progress: Progress | None = None,
) -> Changes | None:
    """Bring the index in `folder` up to date with `corpus`.

    None means that another writer was at it for longer than `wait` seconds. Raises IndexUnwritable,
    IndexFormatError, IndexDamaged or UsageError.
    """
    started = time.monotonic()
    check_grams(settings)
    listed_ns = now_ns()
    entries = list_corpus(corpus, folder)
    try:
        os.makedirs(os.path.join(folder, SEGMENTS), exist_ok=True)
        with WriterLock(os.path.join(folder, "lock")) as lock:
            if not lock.acquire(wait):
                return None
            catalog = _open_for_writing(folder, rebuild)
            try:
                run = _Update(catalog, corpus, folder, settings, folding, rebuild)
                return run.run(entries, listed_ns, started, progress)
            finally:
                catalog.close()
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else folder
        raise IndexUnwritable(place, error.strerror or str(error), _UNWRITABLE_CURE) from error


def _open_for_writing(folder: str, rebuild: bool) -> Catalog:
    try:
        return Catalog(folder, writing=True)
    except (IndexFormatError, IndexDamaged):
        if not rebuild:
            raise
    # Nothing in there can be read, so nothing is lost.
    for name in (CATALOG, CATALOG + "-journal"):
        with suppress(FileNotFoundError):
            os.remove(os.path.join(folder, name))
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
        self._rebuild = rebuild
        recorded = None if rebuild else catalog.scheme()
        if recorded is not None:
            check_scheme(catalog.path, recorded, settings, folding)
        self._scheme = recorded or Scheme.from_settings(settings, folding)
        self._builder = SegmentBuilder(self._scheme)
        self._waiting: list[FileRow] = []
        """Files in the builder; their segment gets its number when it is written."""

    def run(self, entries: list[Entry], listed_ns: int, started: float, progress: Progress | None) -> Changes:
        self._remove_orphans()
        self._drop_useless_stage()
        catalog = self._catalog
        files, left = ({}, {}) if self._rebuild else (catalog.files(), catalog.skipped())
        plan = make_plan(self._corpus, entries, listed_ns, files, catalog.staged(), left)
        skipped, characters = self._read_all(plan, listed_ns, progress)
        changing = plan.to_read or plan.gone or plan.touched or self._rebuild
        if changing or self._unfinished(entries, listed_ns, skipped):
            dead, dropped = self._retire(plan)
            if self._builder.files:
                self._write_segment()
            self._commit(plan, entries, listed_ns, skipped, dead, dropped)
            self._remove_orphans()
        unread = {row.path for row in skipped}
        renewed = ({entry.path for entry in plan.to_read} | plan.taken_over) - unread
        return Changes(
            added=len(renewed - files.keys()),
            changed=len(renewed & files.keys()),
            removed=len({row.path for row in plan.gone} & files.keys() - renewed),
            unchanged=plan.unchanged,
            skipped=_told(skipped),
            characters=characters,
            seconds=time.monotonic() - started,
        )

    def _unfinished(self, entries: list[Entry], listed_ns: int, skipped: list[SkippedRow]) -> bool:
        """Whether the catalog has yet to say what the corpus looks like now."""
        snapshot = self._catalog.snapshot()
        if snapshot is None or {row.path: row for row in skipped} != self._catalog.skipped():
            return True
        return snapshot.listing != _listing(entries, listed_ns) or bool(self._catalog.staged())

    # -------------------------------------------------------------------------------------- read

    def _read_all(
        self, plan: Plan, listed_ns: int, progress: Progress | None
    ) -> tuple[list[SkippedRow], int]:
        skipped = plan.still_skipped
        total = sum(entry.size for entry in plan.to_read)
        done = characters = 0
        for entry in plan.to_read:
            try:
                document, content = self._load(entry)
            except (UnreadableInput, OSError) as error:
                skipped.append(_skipped(entry, error, listed_ns))
            else:
                row = FileRow(
                    entry.path, entry.size, remembered(entry, listed_ns), content, 0, self._builder.files, 0
                )
                characters += self._add(document, row)
            done += entry.size
            if progress:
                progress(done, total)
        return skipped, characters

    def _load(self, entry: Entry) -> tuple[Document, bytes]:
        from pathlib import Path

        from dedup.readers import read
        from dedup.text.structure import parse

        try:
            entry.path.encode("utf-8")
        except UnicodeEncodeError:
            raise UnreadableInput(
                _printable(entry.path), "its name is not UTF-8", "rename the file"
            ) from None
        content = digest(self._corpus, entry)
        text = read(Path(self._corpus, entry.path))
        if content is None:
            raise UnreadableInput(entry.path, "changed while it was read", "run it again")
        return parse(entry.path, text), content

    def _add(self, document: Document, row: FileRow) -> int:
        characters = self._builder.add(document)
        self._waiting.append(row._replace(characters=characters))
        if self._builder.positions >= SEGMENT_POSITIONS:
            self._write_segment()
        return characters

    def _write_segment(self) -> None:
        number = self._catalog.next_segment()
        written = self._builder.write(os.path.join(self._segments, segment_name(number)))
        segment = SegmentRow(
            number, written.bytes, written.files, written.characters, np.empty(0, np.uint32), None
        )
        with self._catalog.transaction():
            self._catalog.put("staged_scheme", self._scheme.to_json())
            self._catalog.add_segment(segment, [row._replace(segment=number) for row in self._waiting])
        self._waiting = []

    # ------------------------------------------------------------------------------------ retire

    def _retire(self, plan: Plan) -> tuple[dict[int, SegmentRow], list[int]]:
        """Decide which files are dead in which segments, and which segments go altogether.

        The living files of segments that go are put into the builder.
        """
        live, everything = self._catalog.segments(live=True), self._catalog.segments()
        if self._rebuild:
            return {}, [row.id for row in live]
        by_segment: dict[int, set[int]] = {}
        for row in plan.gone:
            by_segment.setdefault(row.segment, set()).add(row.number)
        dead: dict[int, SegmentRow] = {}
        dropped: list[int] = []
        gathered = self._builder.positions
        for segment in sorted(everything, key=lambda segment: segment.characters):
            numbers = sorted(by_segment.get(segment.id, set()) | set(segment.dead.tolist()))
            if len(numbers) == segment.files:
                dropped.append(segment.id)
            elif self._worth_taking_in(segment, len(numbers), gathered):
                self._take_in(segment, numbers)
                gathered += segment.characters
                dropped.append(segment.id)
            elif len(numbers) > len(segment.dead):
                gone = np.array(numbers, dtype=np.uint32)
                dead[segment.id] = replace(segment, dead=gone, tombstones=self._bury(segment, gone))
        return dead, dropped

    def _worth_taking_in(self, segment: SegmentRow, dead: int, gathered: int) -> bool:
        if dead * 2 > segment.files:
            return True
        changing = gathered > 0 or dead > len(segment.dead)
        small = segment.characters <= max(2 * gathered, _SMALL_SEGMENT)
        return changing and small and gathered + segment.characters < SEGMENT_POSITIONS

    def _take_in(self, row: SegmentRow, dead: Iterable[int]) -> None:
        """Put a segment's living files into the builder, from the text the segment keeps."""
        from dedup.text.structure import parse

        rows = {
            file.number: file
            for table in (self._catalog.files(), self._catalog.staged())
            for file in table.values()
            if file.segment == row.id
        }
        segment = Segment(os.path.join(self._segments, row.name), row.bytes)
        for number in sorted(set(rows) - set(dead)):
            document = parse(rows[number].path, segment.file_content(number))
            self._add(document, rows[number]._replace(number=self._builder.files))

    def _bury(self, row: SegmentRow, dead: NDArray[np.uint32]) -> str:
        """Write the grams of a segment's dead files, for frequencies to leave out; return the file name."""
        segment = Segment(os.path.join(self._segments, row.name), row.bytes)
        pieces = list(_dead_grams(segment, dead, self._scheme))
        fingerprints = np.concatenate([np.empty(0, np.uint64), *pieces])
        fingerprints.sort()
        # Named for what it holds: the same dead files, the same name, the same content.
        name = f"{row.id:08d}-{hashlib.blake2b(dead.tobytes(), digest_size=8).hexdigest()}.dead"
        write_container(os.path.join(self._segments, name), [("fingerprints", fingerprints)])
        return name

    # ------------------------------------------------------------------------------------ commit

    def _commit(
        self,
        plan: Plan,
        entries: list[Entry],
        listed_ns: int,
        skipped: list[SkippedRow],
        dead: dict[int, SegmentRow],
        dropped: list[int],
    ) -> None:
        with self._catalog.transaction():
            for row in dead.values():
                self._catalog.set_dead(row.id, row.dead, row.tombstones)
            self._catalog.drop_segments(dropped)
            self._catalog.discard(plan.gone)
            self._catalog.go_live(plan.touched, skipped)
            self._catalog.put("scheme", self._scheme.to_json())
            self._catalog.put("listing", _listing(entries, listed_ns))

    def _drop_useless_stage(self) -> None:
        """Forget staged segments of another scheme; a rebuild starts from nothing and forgets all."""
        if self._rebuild or self._catalog.get("staged_scheme") != self._scheme.to_json():
            staged = [row.id for row in self._catalog.segments(live=False)]
            if staged:
                with self._catalog.transaction():
                    self._catalog.drop_segments(staged)

    def _remove_orphans(self) -> None:
        named = {row.name for row in self._catalog.segments()}
        named |= {row.tombstones for row in self._catalog.segments() if row.tombstones}
        for name in os.listdir(self._segments):
            if name not in named:
                # Where open files cannot be removed (Windows), the next writer tries again.
                with suppress(PermissionError):
                    os.remove(os.path.join(self._segments, name))


def check_scheme(path: str, scheme: Scheme, settings: SchemeSettings, folding: str) -> None:
    """Raise IndexFormatError unless an index made with `scheme` serves the settings in force."""
    differences = scheme.differences(settings, folding)
    if differences:
        cure = "dedup index --rebuild, or the settings it was made with"
        raise IndexFormatError(path, f"was made with {'; '.join(differences)}", cure)


def _dead_grams(segment: Segment, dead: NDArray[np.uint32], scheme: Scheme) -> Iterator[NDArray[np.uint64]]:
    for file in dead.tolist():
        for part in range(int(segment.file_parts[file]), int(segment.file_parts[file + 1])):
            codes = fold_slots(segment.codes(part, 0, int(segment.part_lengths[part])))
            yield segment.grams.fingerprints(gram_keys(codes, scheme.gram_size, scheme.gram_step))


def _listing(entries: list[Entry], listed_ns: int) -> str:
    """The listing's digest, or nothing while a later change of a file might not show in it."""
    return listing_digest(entries) if all(settled(entry, listed_ns) for entry in entries) else ""


def _skipped(entry: Entry, error: UnreadableInput | OSError, listed_ns: int) -> SkippedRow:
    if isinstance(error, OSError):
        # Permissions and disks mend without the file changing: try again next time.
        return SkippedRow(_printable(entry.path), entry.size, CHANGED_JUST_NOW, error.strerror or str(error))
    return SkippedRow(_printable(entry.path), entry.size, remembered(entry, listed_ns), error.problem)


def _told(rows: Iterable[SkippedRow]) -> tuple[Skipped, ...]:
    return tuple(Skipped(row.path, row.reason) for row in sorted(rows))


def _printable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()
