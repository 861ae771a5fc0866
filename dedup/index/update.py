"""Bringing an index up to date with its corpus: only what came, went or changed is touched.

1. List the folder. Files of the same size, times of change and inode are unchanged; of the others the content
   decides. A file is read again, too, when its reader has another version.
2. What is new goes into new segments, made by several processes if there is much of it; each is written
   aside, synced, renamed and *staged* in the manifest, so that an interrupted build goes on from there.
   Where there are several, they are pieces without postings, to be merged.
3. Segments are merged as `dedup.index.merging` says. What is made of new ones only is staged in their place.
4. One new manifest makes the staged segments live, and what they replace dead. Before it the old snapshot
   stands, after it the new one. Files that no snapshot names are removed by the next writer.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged, IndexFormatError, IndexUnwritable, UsageError
from dedup.index.container import Container, publish, write_container
from dedup.index.corpus import (
    CHANGED_JUST_NOW,
    NAME_THE_CORPUS,
    Entry,
    Listing,
    ends,
    identity,
    list_corpus,
    printable,
    settled,
)
from dedup.index.cures import for_place
from dedup.index.folder import SEGMENTS, busy, cache_folder, claim, locked, remove_orphans, restrict
from dedup.index.manifest import (
    Manifest,
    SegmentRecord,
    SkippedFile,
    check_owner,
    check_scheme,
    folding_name,
    owner_of,
    read_manifest,
    write_manifest,
)
from dedup.index.merging import Dead, Merged, merged_segments
from dedup.index.pieces import Finished, Piece, cut
from dedup.index.segment import Segment
from dedup.index.workers import performed
from dedup.limits import Limits
from dedup.model import Skipped
from dedup.progress import Observer
from dedup.readers import reader_identities, reader_identity
from dedup.sketch.background import BUCKETS, bigram_buckets
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import Scheme, SchemeSettings, check_grams
from dedup.text.normalize import fold_slots


class IndexSettings(SchemeSettings, Protocol):
    """The settings an index is made with; `dedup.settings.Settings` has them all."""

    @property
    def follow_links(self) -> bool: ...


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


@dataclass(frozen=True, slots=True)
class Request:
    """Which index is to be made of what, and how."""

    corpus: str
    folder: str
    settings: IndexSettings
    rebuild: bool
    allow_empty: bool
    """A corpus without documents empties the index; otherwise the index stays, as a disk may be missing."""


def update(request: Request, observer: Observer, limits: Limits) -> Changes:
    """Bring an index up to date, or make it anew; wait for another writer as long as `limits.patience` says.

    Raises IndexUnwritable, IndexFormatError, IndexDamaged or UsageError.
    """
    started = time.monotonic()
    corpus, folder = request.corpus, request.folder
    check_grams(request.settings)
    if identity(corpus) is None:
        raise UsageError(corpus, "没有这个文件夹 no such folder", NAME_THE_CORPUS)
    try:
        _usable_manifest(request)  # before anything is written
        if claim(folder):
            observer.placed(folder, folder == cache_folder(corpus))
        with locked(folder, limits.patience, observer.waiting) as got:
            if not got:
                raise busy(folder)
            return _Update(request, _usable_manifest(request), observer, limits).run(started)
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else folder
        raise IndexUnwritable(place, error.strerror or str(error), for_place(error)) from error


def _usable_manifest(request: Request) -> Manifest | None:
    """The manifest to go on from, if there is one."""
    try:
        manifest = read_manifest(request.folder)
    except (IndexFormatError, IndexDamaged):
        if not request.rebuild:
            raise
        return None  # nothing in there can be read, so nothing is lost
    if manifest is not None and not request.rebuild:
        check_owner(request.folder, manifest, request.corpus)
        check_scheme(request.folder, manifest.scheme, request.settings)
    return manifest


class KnownFile(NamedTuple):
    """A file that a segment holds."""

    entry: Entry
    """As it was listed; its `mtime_ns` is CHANGED_JUST_NOW while a later change might not show in it."""
    digest: bytes
    reader: str
    segment: int
    number: int


@dataclass(slots=True)
class Plan:
    """The work to do on each file."""

    to_read: list[Entry] = field(default_factory=list)
    """New and changed files."""
    taken_over: set[str] = field(default_factory=set)
    """New and changed files that an interrupted build has read already."""
    touched: dict[str, Entry] = field(default_factory=dict)
    """Same content, other times of change."""
    gone: list[KnownFile] = field(default_factory=list)
    """Live or staged files to drop: removed ones and the old content of changed ones."""
    still_skipped: list[SkippedFile] = field(default_factory=list)
    """Files that could not be used and have not changed since."""
    unchanged: int = 0


def make_plan(
    corpus: str,
    listing: Listing,
    known: Mapping[str, KnownFile],
    staged: Mapping[str, KnownFile],
    skipped: Mapping[str, SkippedFile],
    readers_changed: bool,
) -> Plan:
    """Compare a listing with what the index holds and staged, by path; what the listing lacks is gone.

    Size and times of change decide first; the content is looked at where only the times differ.
    """

    def same(file: KnownFile, entry: Entry) -> bool:
        if readers_changed and file.reader != reader_identity(entry.path):
            return False
        unmoved = file.entry == entry and entry.mtime_ns != CHANGED_JUST_NOW
        return unmoved or (file.entry.size == entry.size and file.digest == _digest_of(corpus, entry))

    plan = Plan()
    for facts in listing.files:
        path = facts[0]
        file = known.get(path)
        if file and file.entry == facts and not readers_changed and facts[2] != CHANGED_JUST_NOW:
            plan.unchanged += 1
            continue
        entry = Entry(*facts)
        left, done = skipped.get(path), staged.get(path)
        if left and left[:6] == entry and left.reader == reader_identity(path):
            plan.still_skipped.append(left)
        elif file and same(file, entry):
            plan.unchanged += 1
            if file.entry != remembered(entry, listing.listed_ns):
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


def digest(content: bytes) -> bytes:
    """Make a 128-bit hash of a file's content."""
    return hashlib.blake2b(content, digest_size=16).digest()


def remembered(entry: Entry, listed_ns: int) -> Entry:
    """Give what to keep of an entry: no time of change while a later change might not show in it."""
    return entry if settled(entry, listed_ns) else entry._replace(mtime_ns=CHANGED_JUST_NOW)


def _digest_of(corpus: str, entry: Entry) -> bytes | None:
    place = os.path.join(corpus, entry.path)
    if not ends(place):
        return None
    try:
        with open(place, "rb", buffering=0) as file:
            return digest(file.readall())
    except OSError:
        return None


class _Update:
    """One run of one writer, which holds the lock."""

    def __init__(
        self, request: Request, manifest: Manifest | None, observer: Observer, limits: Limits
    ) -> None:
        self._request = request
        self._segments = os.path.join(request.folder, SEGMENTS)
        self._observer = observer
        self._limits = limits
        corpus, place = owner_of(request.folder, request.corpus)
        if manifest is None or (request.rebuild and not manifest.finished):
            manifest = Manifest(Scheme.from_settings(request.settings, folding_name()), corpus, place)
        self._scheme = manifest.scheme
        if request.rebuild:
            self._scheme = Scheme.from_settings(request.settings, folding_name())
        self._manifest = self._without_useless_stage(manifest)
        self._next_segment = manifest.next_segment

    def run(self, started: float) -> Changes:
        request, before = self._request, self._manifest
        remove_orphans(request.folder, before.named())
        listing = list_corpus(request.corpus, request.folder, request.settings.follow_links)
        if not listing.files:
            self._refuse_to_empty()
        restrict(request.folder, request.corpus, listing.access)
        known, skipped = {}, {}
        if not request.rebuild:
            known = {file.entry.path: file for file in self._files(before.segments)}
            skipped = {one.path: one for one in before.skipped}
        staged = {file.entry.path: file for file in self._files(before.staged)}
        readers_changed = before.finished and before.readers != reader_identities()
        plan = make_plan(request.corpus, listing, known, staged, skipped, readers_changed)
        unusable, characters = plan.still_skipped, 0
        try:
            for result in self._build(plan.to_read, listing.listed_ns):
                if isinstance(result, SkippedFile):
                    unusable.append(result)
                else:
                    self._stage([self._named(result)], ())
                    characters += result.size.characters
            if unusable and identity(request.corpus) != listing.folder:
                # Not because they are unreadable: without this what is indexed of them would be dropped.
                cure = "make it available and run this again"
                raise UsageError(request.corpus, "went away while it was read", cure)
            unread = {one.path for one in unusable}
            read = {entry.path for entry in plan.to_read if printable(entry.path) not in unread}
            renewed = read | plan.taken_over
            gone = {file.entry.path for file in plan.gone} & known.keys() - renewed
            if not (known.keys() - gone) and not renewed:
                self._refuse_to_empty()
            self._commit(plan, listing, unusable)
        finally:
            remove_orphans(request.folder, self._manifest.named())
        return Changes(
            added=len(renewed - known.keys()),
            changed=len(renewed & known.keys()),
            removed=len(gone),
            unchanged=plan.unchanged,
            skipped=self._manifest.unusable,
            characters=characters,
            seconds=time.monotonic() - started,
        )

    def _refuse_to_empty(self) -> None:
        """Raise UsageError when the last snapshot has documents and nobody said that there may be none."""
        if self._manifest.documents and not self._request.allow_empty:
            problem = (
                f"里面没有文稿，索引（{self._manifest.documents} 份）原样保留 "
                f"no documents in it; the index of {self._manifest.documents} is left as it is"
            )
            raise UsageError(self._request.corpus, problem, "if that is meant: dedup index --allow-empty")

    def _without_useless_stage(self, manifest: Manifest) -> Manifest:
        """Forget staged segments that are lost or of another scheme; a rebuild starts from nothing."""
        staged = manifest.staged
        if self._request.rebuild or manifest.staged_scheme != self._scheme:
            staged = ()
        return replace(manifest, staged=tuple(one for one in staged if self._is_there(one)))

    def _is_there(self, record: SegmentRecord) -> bool:
        try:
            return os.path.getsize(self._place(record.name)) == record.bytes
        except FileNotFoundError:
            return False

    def _place(self, name: str) -> str:
        return os.path.join(self._segments, name)

    def _open(self, record: SegmentRecord) -> Segment:
        return Segment(self._place(record.name), record.bytes)

    def _files(self, records: Iterable[SegmentRecord]) -> Iterator[KnownFile]:
        """The files of some segments that are not dead."""
        for record in records:
            segment, dead = self._open(record), set(record.dead)
            newer = newer_stamps(self._place(record.stamps)) if record.stamps else {}
            for number, (path, stamp) in enumerate(zip(segment.paths(), segment.stamps(), strict=True)):
                if number not in dead:
                    times = stamp.mtime_ns, stamp.ctime_ns, stamp.inode, stamp.mode
                    entry = Entry(path, stamp.size, *newer.get(number, times))
                    yield KnownFile(entry, stamp.digest, stamp.reader, record.number, number)

    # ------------------------------------------------------------------------------------- build

    def _build(self, entries: Sequence[Entry], listed_ns: int) -> Iterator[Finished | SkippedFile]:
        """Segments of the files, in the order of the files."""
        shares = list(cut(entries, self._limits))
        pieces = [
            Piece(
                self._request.corpus,
                self._segments,
                self._scheme,
                listed_ns,
                share,
                with_postings=len(shares) <= 2,
                follow_links=self._request.settings.follow_links,
                most_positions=self._limits.segment_positions,
            )
            for share in shares
        ]
        with self._observer.stage("index") as progress:
            yield from performed(pieces, sum(entry.size for entry in entries), progress, self._limits)

    def _named(self, finished: Finished) -> SegmentRecord:
        """Give a finished segment its lasting name."""
        number, self._next_segment = self._next_segment, self._next_segment + 1
        size = finished.size
        checksum = Container(finished.path).checksum
        record = SegmentRecord(number, size.bytes, checksum, size.files, size.characters)
        publish(finished.path, self._place(record.name))
        return record

    def _stage(self, records: Iterable[SegmentRecord], replaced: Iterable[int]) -> None:
        left = (one for one in self._manifest.staged if one.number not in set(replaced))
        self._put(replace(self._manifest, staged=(*left, *records), staged_scheme=self._scheme))

    def _put(self, manifest: Manifest) -> None:
        """Make a manifest the one that counts, unless it says nothing new."""
        manifest = replace(manifest, next_segment=self._next_segment)
        if manifest != self._manifest:
            write_manifest(self._request.folder, manifest)
            self._manifest = manifest

    # ------------------------------------------------------------------------------------ commit

    def _kept(self) -> tuple[SegmentRecord, ...]:
        """The segments, live or staged, that the next snapshot may be made of."""
        live = () if self._request.rebuild else self._manifest.segments
        return *live, *self._manifest.staged

    def _commit(self, plan: Plan, listing: Listing, unusable: Sequence[SkippedFile]) -> None:
        newer = self._newer(plan)
        dead = self._dead(plan)
        segments = {record.number: record for record in self._merged(dead)}
        for number, record in list(segments.items()):
            gone = dead.get(number, ())
            if len(gone) == record.files:
                del segments[number]
            elif len(gone) > len(record.dead):
                segments[number] = replace(record, dead=gone, tombstones=self._bury(record, gone))
        live = tuple(self._stamped(segments[number], newer) for number in sorted(segments))
        corpus, place = owner_of(self._request.folder, self._request.corpus)
        following = replace(
            self._manifest,
            scheme=self._scheme,
            corpus=corpus,
            place=place,
            readers=dict(reader_identities()),
            listing=_lasting_digest(listing, unusable),
            documents=sum(record.files - len(record.dead) for record in live),
            segments=live,
            staged=(),
            staged_scheme=None,
            skipped=tuple(sorted(unusable)),
        )
        same = [(one.number, one.dead) for one in self._manifest.segments] == [
            (one.number, one.dead) for one in live
        ]
        if not (same and self._manifest.finished and self._manifest.scheme == self._scheme):
            opened = [self._open(record) for record in live]
            following = replace(
                following, snapshot=self._snapshot(live, opened), order=self._ordered(opened)
            )
        self._put(following)

    def _dead(self, plan: Plan) -> Dead:
        """For each segment the numbers of its files that are gone, ascending."""
        dead = {record.number: set(record.dead) for record in self._kept()}
        for file in plan.gone:
            if file.segment in dead:
                dead[file.segment].add(file.number)
        return {segment: tuple(sorted(numbers)) for segment, numbers in dead.items()}

    def _merged(self, dead: Dead) -> list[SegmentRecord]:
        """The segments of the next snapshot, after merging; what is merged of staged ones only is staged."""
        kept = {record.number: record for record in self._kept()}
        staged = {record.number for record in self._manifest.staged}

        def done(merged: Merged) -> None:
            record = self._named(merged.finished)
            if staged.issuperset(merged.sources):
                self._stage([record], merged.sources)
                # What was taken in is of no more use, and the disk may need the room.
                remove_orphans(self._request.folder, self._manifest.named() | later)
            else:
                later.add(record.name)
            for number in merged.sources:
                del kept[number]
            kept[record.number] = record

        later: set[str] = set()
        with self._observer.stage("merge") as progress:
            orders = [(kept[number], number in staged) for number in kept]
            for merged in merged_segments(
                self._segments, self._scheme, orders, dead, progress, self._limits
            ):
                done(merged)
        return list(kept.values())

    def _bury(self, record: SegmentRecord, dead: tuple[int, ...]) -> str:
        """Write what is to be subtracted from the counts of a segment for its dead files; name the file."""
        numbers = np.array(dead, dtype=np.uint32)
        name = self._name_by_content(record, numbers.tobytes(), "dead")
        if not os.path.exists(self._place(name)):
            segment = self._open(record)
            parts = [
                part
                for file in dead
                for part in range(int(segment.file_parts[file]), int(segment.file_parts[file + 1]))
            ]
            write_container(
                self._place(name),
                [
                    ("bigrams", _dead_bigrams(segment, parts)),
                    ("fingerprints", _dead_grams(segment, parts, self._scheme, self._limits.dead_grams)),
                ],
            )
        return name

    def _name_by_content(self, record: SegmentRecord, content: bytes, suffix: str) -> str:
        """The same content, the same name; so a file that is there need not be written."""
        return f"{record.number:08d}-{hashlib.blake2b(content, digest_size=8).hexdigest()}.{suffix}"

    def _newer(self, plan: Plan) -> dict[str, Entry]:
        """Entries of live files that differ from what their segment says."""
        if self._request.rebuild:
            return {}
        gone = {file.entry.path for file in plan.gone}
        newer = {
            file.entry.path: file.entry
            for file in self._files(one for one in self._manifest.segments if one.stamps)
            if file.entry.path not in gone
        }
        return newer | plan.touched

    def _stamped(self, record: SegmentRecord, newer: Mapping[str, Entry]) -> SegmentRecord:
        """The record of a segment with newer times of change for those of its files that have any."""
        if not newer:
            return replace(record, stamps="")
        segment, dead = self._open(record), set(record.dead)
        paths = segment.paths()
        stamped = [
            (number, newer[path][2:])
            for number, path in enumerate(paths)
            if path in newer and number not in dead
        ]
        if not stamped:
            return replace(record, stamps="")
        numbers = np.array([number for number, _ in stamped], dtype=np.int64)
        times = np.array([facts for _, facts in stamped], dtype=np.uint64)
        name = self._name_by_content(record, numbers.tobytes() + times.tobytes(), "stamps")
        if not os.path.exists(self._place(name)):
            write_container(self._place(name), [("numbers", numbers), ("times", times)])
        return replace(record, stamps=name)

    def _snapshot(self, live: Sequence[SegmentRecord], opened: Sequence[Segment]) -> str:
        """A digest of what the index holds and of its scheme, whatever it went through."""
        lines = []
        for record, segment in zip(live, opened, strict=True):
            dead, digests = set(record.dead), segment.file_digests.tobytes()
            names = zip(segment.paths(), segment.file_reader_names(), strict=True)
            for number, (path, reader) in enumerate(names):
                if number not in dead:
                    content = digests[16 * number : 16 * number + 16].hex()
                    lines.append(f"{path}\0{content}\0{reader}")
        lines.sort()
        written = "\n".join([self._scheme.to_json(), *lines]).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(written, digest_size=16).hexdigest()

    def _ordered(self, opened: Sequence[Segment]) -> str:
        """Write the numbers of parts by path, where they are not those of the segments; name the file."""
        files = [(path, place, number) for place, one in enumerate(opened) for number, path in enumerate(one.paths())]
        ordered = sorted(files)
        if ordered == files:
            return ""
        first = np.cumsum([0, *(segment.parts for segment in opened)])
        places = np.concatenate(
            [
                np.arange(*opened[place].file_parts[number : number + 2].tolist()) + first[place]
                for _, place, number in ordered
            ]
        ).astype(np.uint32)
        numbers = np.empty_like(places)
        numbers[places] = np.arange(len(places), dtype=np.uint32)
        name = f"{hashlib.blake2b(places.tobytes(), digest_size=8).hexdigest()}.order"
        if not os.path.exists(self._place(name)):
            write_container(self._place(name), [("places", places), ("numbers", numbers)])
        return name


def newer_stamps(path: str) -> dict[int, tuple[int, int, int, int]]:
    """Read newer times of change of the files of a segment: number → mtime, ctime, inode and mode."""
    container = Container(path)
    times = container.array("times").view(np.int64).tolist()
    return {
        number: (mtime, ctime, inode, mode)
        for number, (mtime, ctime, inode, mode) in zip(container.array("numbers").tolist(), times, strict=True)
    }


def _dead_bigrams(segment: Segment, parts: Sequence[int]) -> NDArray[np.int64]:
    """[buckets] how often each bigram occurs in some parts."""
    counts = np.zeros(BUCKETS, dtype=np.int64)
    for part in parts:
        codes = fold_slots(segment.codes(part, 0, int(segment.part_lengths[part])))
        counts += np.bincount(bigram_buckets(codes), minlength=BUCKETS)
    return counts


def _dead_grams(
    segment: Segment, parts: Sequence[int], scheme: Scheme, at_once: int
) -> Iterator[NDArray[np.uint64]]:
    """Fingerprints of the sampled grams of some parts, ascending; of many, one range after the other."""
    grams = int(segment.part_lengths[parts].sum(dtype=np.int64)) // scheme.gram_step
    range_bits = (grams // at_once).bit_length()
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


def _lasting_digest(listing: Listing, unusable: Iterable[SkippedFile]) -> str:
    """The listing's digest, or nothing while a later change of a file might not show in it.

    Nor do permissions show in it: while there is a file to be tried again, no listing is the last word.
    """
    if any(one.mtime_ns == CHANGED_JUST_NOW for one in unusable) or listing.unsettled():
        return ""
    return listing.digest
