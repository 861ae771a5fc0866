"""Find the files of a corpus that came, went or changed since its index was brought up to date."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from itertools import count, repeat
from typing import NamedTuple

from dedup import readers
from dedup.document import Skipped
from dedup.index.corpus import CHANGED_JUST_NOW, Entry, Facts, Listing, digest, ends, remembered
from dedup.index.manifest import Manifest, SegmentRecord, SkippedFile
from dedup.index.segment import Segment
from dedup.index.sidecars import read_stamps
from dedup.records import dataclass
from dedup.settings import ReadingLimits
from dedup.text.structure import PARSER

_MOST_BYTES = ReadingLimits().input_bytes


@dataclass(frozen=True, slots=True)
class Changes:
    """The outcome of one update. Counts are of files."""

    added: int
    changed: int
    removed: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    characters: int
    """Normalised characters of added and changed files."""
    seconds: float


class KnownFile(NamedTuple):
    """A file in a segment; a tuple, since there are very many and most are only compared."""

    facts: Facts
    """The entry as listed; its time of change is CHANGED_JUST_NOW if a later change might have the same."""
    holder: Segment
    number: int

    @property
    def path(self) -> str:
        """Its path below the corpus folder."""
        return self.facts[0]

    def was(self, entry: Entry, corpus: str) -> bool:
        """True if an entry is the same file with the same content; the content is read in doubt."""
        if self.facts == entry and entry.mtime_ns != CHANGED_JUST_NOW:
            return True
        content = self.holder.file_digests[self.number].tobytes()
        return self.facts[1] == entry.size and content == _digest_of(corpus, entry)


def known_files(folder: str, records: Iterable[SegmentRecord]) -> Iterator[KnownFile]:
    """The living files of some segments in a folder of segments. Raises IndexDamaged."""
    for record in records:
        segment = Segment(os.path.join(folder, record.name), record.bytes)
        columns = (segment.file_sizes, segment.file_mtimes, segment.file_ctimes)
        more = (segment.file_inodes, segment.file_modes)
        facts = list(zip(segment.paths(), *(column.tolist() for column in (*columns, *more)), strict=True))
        if record.stamps:
            for number, times in read_stamps(os.path.join(folder, record.stamps)).items():
                facts[number] = (*facts[number][:2], *times)
        files = map(KnownFile, facts, repeat(segment), count())
        dead = frozenset(record.dead)
        yield from (file for file in files if file.number not in dead) if dead else files


@dataclass(slots=True)
class Plan:
    """The work to do on each file."""

    known: Mapping[str, KnownFile]
    """Files of the last snapshot, by path."""
    to_read: list[Entry] = field(default_factory=list)
    """New and changed files."""
    taken_over: set[str] = field(default_factory=set)
    """New and changed files that an interrupted build has read already."""
    touched: dict[str, Entry] = field(default_factory=dict)
    """Same content, other times of change."""
    gone: list[KnownFile] = field(default_factory=list)
    """Live or staged files to drop: removed files and the old content of changed ones."""
    still_skipped: list[SkippedFile] = field(default_factory=list)
    """Files that could not be used and have not changed since."""
    unchanged: int = 0


def make_plan(corpus: str, segments: str, listing: Listing, held: Manifest, *, anew: bool = False) -> Plan:
    """Compare a listing with the live and staged files of an index, by path; files not listed are gone.

    Size and times of change decide first; the content is compared where only the times differ. A file made by
    another parser, reader or folding table is out of date whatever its content; with `anew` all but staged
    files are.
    """
    known = {} if anew else _by_path(segments, held.segments)
    staged = _by_path(segments, held.staged)
    skipped = {} if anew else {one.path: one for one in held.skipped}
    readers_changed = held.readers != readers.reader_identities()
    made_otherwise = not held.is_made_by(PARSER)

    def same(file: KnownFile, entry: Entry) -> bool:
        if readers_changed and file.holder.reader_of(file.number) != readers.reader_identity(entry.path):
            return False
        return file.was(entry, corpus)

    plan = Plan(known)
    for facts in listing.files:
        path = facts[0]
        file = known.get(path)
        current = None if made_otherwise else file
        if current and current.facts == facts and not readers_changed and facts[2] != CHANGED_JUST_NOW:
            plan.unchanged += 1
            continue
        entry = Entry(*facts)
        left, done = skipped.get(path), staged.get(path)
        if left and left[:6] == entry and left.reader == readers.reader_identity(path):
            plan.still_skipped.append(left)
        elif current and same(current, entry):
            plan.unchanged += 1
            if current.facts != remembered(entry, listing.listed_ns):
                plan.touched[path] = remembered(entry, listing.listed_ns)
        else:
            if done and same(done, entry):
                plan.taken_over.add(path)
            else:
                plan.to_read.append(entry)
            if file:
                plan.gone.append(file)
    listed = {facts[0] for facts in listing.files}
    plan.gone += [file for path, file in known.items() if path not in listed]
    plan.gone += [file for path, file in staged.items() if path not in plan.taken_over]
    return plan


def _by_path(segments: str, records: Iterable[SegmentRecord]) -> dict[str, KnownFile]:
    return {file.facts[0]: file for file in known_files(segments, records)}


def _digest_of(corpus: str, entry: Entry) -> bytes | None:
    place = os.path.join(corpus, entry.path)
    if not ends(place):
        return None
    try:
        with open(place, "rb", buffering=0) as file:
            # A file that is too large was never read, so there is no digest to compare with.
            return digest(file.readall()) if os.fstat(file.fileno()).st_size <= _MOST_BYTES else None
    except OSError:
        return None
