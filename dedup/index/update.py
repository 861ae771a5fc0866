"""Bring an index up to date with its corpus; only files that came, went or changed are processed.

1. List the folder. Files of the same size, times of change and inode are unchanged; of the others the content
   decides. A file is read again, too, when its reader has another version, and all are when the parser has.
2. New files go into new segments, made by several processes if they are many; each segment is written
   aside, synced, renamed and *staged* in the manifest, so that an interrupted build goes on from there.
   If there are several, they are pieces without postings, to be merged.
3. Segments are merged as `dedup.index.merge_policy` says. What is made of new ones only is staged in their
   place.
4. One new manifest makes the staged segments live, and what they replace dead. Before it the old snapshot
   stands, after it the new one. Files that no snapshot names are removed by the next writer.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dedup import readers
from dedup.errors import IndexDamaged, IndexFormatError, UsageError
from dedup.index.build import Piece, cut
from dedup.index.changes import Changes, Plan, known_files, make_plan
from dedup.index.container import Container
from dedup.index.corpus import (
    CHANGED_JUST_NOW,
    Entry,
    Facts,
    Listing,
    identity,
    list_corpus,
    no_folder,
    printable,
)
from dedup.index.folder import (
    SEGMENTS,
    IndexBusy,
    cache_folder,
    claim,
    locked,
    publish,
    remove,
    remove_orphans,
    restrict,
    unwritable,
)
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
from dedup.index.merge_policy import Dead, merged_segments
from dedup.index.segment import Finished, Segment
from dedup.index.sidecars import Times, write_order, write_stamps, write_tombstones
from dedup.index.workers import performed, processes
from dedup.limits import Limits
from dedup.messages import Command, Words
from dedup.progress import Advance, Observer
from dedup.records import dataclass
from dedup.settings import Settings
from dedup.sketch.scheme import Scheme, check_grams
from dedup.text.structure import PARSER


@dataclass(frozen=True, slots=True)
class Request:
    """The index to make, its corpus, and the settings for it."""

    corpus: str
    folder: str
    settings: Settings
    rebuild: bool
    allow_empty: bool
    """A corpus without documents empties the index; otherwise the index stays, as a disk may be missing."""


def update(request: Request, observer: Observer, limits: Limits) -> Changes:
    """Bring an index up to date, or make it anew; wait up to `limits.patience` for another writer.

    Raises IndexUnwritable, IndexFormatError, IndexDamaged or UsageError.
    """
    started = time.monotonic()
    corpus, folder = request.corpus, request.folder
    check_grams(request.settings)
    if identity(corpus) is None:
        raise no_folder(corpus)
    try:
        _usable_manifest(request)  # raises before anything is written
        if claim(folder):
            observer.placed(folder, folder == cache_folder(corpus))
        with locked(folder, limits.patience, observer.waiting) as got:
            if not got:
                raise IndexBusy(folder)
            return _Update(request, _usable_manifest(request), observer, limits).run(started)
    except OSError as error:
        raise unwritable(folder, error) from error


def is_as_indexed(request: Request, manifest: Manifest) -> bool:
    """True if a corpus holds what its index holds, even if times of change differ.

    For a user who may not write the index: files may have been copied, or changed just before indexing.
    """
    listing = list_corpus(request.corpus, request.folder, request.settings.follow_links)
    segments = os.path.join(request.folder, SEGMENTS)
    plan = make_plan(request.corpus, segments, listing, replace(manifest, staged=()))
    unread = {printable(entry.path) for entry in plan.to_read}
    return not plan.gone and unread <= {one.path for one in manifest.skipped}


def _usable_manifest(request: Request) -> Manifest | None:
    """The manifest to go on from, if there is one."""
    try:
        manifest = read_manifest(request.folder)
    except (IndexFormatError, IndexDamaged):
        if not request.rebuild:
            raise
        return None  # no file of it can be read, so nothing is lost
    if manifest is not None and not request.rebuild:
        check_owner(request.folder, manifest, request.corpus)
        check_scheme(request.folder, manifest.scheme, request.settings)
    return manifest


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
        if request.rebuild or self._scheme.outdated(folding_name()):
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
        current = before.is_of(listing.digest, readers.reader_identities(), PARSER)
        if current and not request.rebuild and not before.staged:
            took = time.monotonic() - started
            return Changes(0, 0, 0, before.documents, before.unusable, characters=0, seconds=took)
        plan = make_plan(request.corpus, self._segments, listing, before, anew=request.rebuild)
        unusable, characters = plan.still_skipped, 0
        try:
            with self._observer.stage("index") as progress:
                for result in self._build(plan.to_read, listing.listed_ns, progress):
                    if isinstance(result, SkippedFile):
                        unusable.append(result)
                    else:
                        self._stage([self._named(result)], ())
                        characters += result.characters
            if unusable and identity(request.corpus) != listing.folder:
                # They were not unreadable but gone: without this error their indexed text would be dropped.
                raise UsageError(request.corpus, Words("corpus.went"))
            unread = {one.path for one in unusable}
            read = {entry.path for entry in plan.to_read if printable(entry.path) not in unread}
            renewed = read | plan.taken_over
            known = plan.known.keys()
            gone = {file.path for file in plan.gone} & known - renewed
            if not (known - gone) and not renewed:
                self._refuse_to_empty()
            self._commit(plan, listing, unusable)
        finally:
            remove_orphans(request.folder, self._manifest.named())
        return Changes(
            added=len(renewed - known),
            changed=len(renewed & known),
            removed=len(gone),
            unchanged=plan.unchanged,
            skipped=self._manifest.unusable,
            characters=characters,
            seconds=time.monotonic() - started,
        )

    def _refuse_to_empty(self) -> None:
        """Raise UsageError if the last snapshot has documents and the request does not allow an empty one."""
        if self._manifest.documents and not self._request.allow_empty:
            problem = Words("corpus.emptied", documents=self._manifest.documents)
            cure = Words("corpus.emptied.cure", command=Command("index", "--allow-empty"))
            raise UsageError(self._request.corpus, problem, cure)

    def _without_useless_stage(self, manifest: Manifest) -> Manifest:
        """The manifest without staged segments that are lost or made under another scheme or parser."""
        staged = manifest.staged
        made_otherwise = manifest.staged_scheme != self._scheme or manifest.staged_parser != PARSER
        if self._request.rebuild or made_otherwise:
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

    # ------------------------------------------------------------------------------------- build

    def _build(
        self, entries: Sequence[Entry], listed_ns: int, progress: Advance
    ) -> Iterator[Finished | SkippedFile]:
        """Segments of the files, in the order of the files."""
        shares = list(cut(entries, self._limits))
        total, side_by_side = sum(entry.size for entry in entries), processes(len(shares), self._limits)
        most = self._request.settings.reading.input_bytes
        readable = sum(entry.size for entry in entries if entry.size <= most)  # larger files are skipped
        pieces = [
            Piece(
                corpus=self._request.corpus,
                aside=self._segments,
                scheme=self._scheme,
                listed_ns=listed_ns,
                with_postings=len(shares) <= 2,
                entries=share,
                follow_links=self._request.settings.follow_links,
                reading=self._request.settings.reading,
                processes=side_by_side,
                ahead=readable // max(side_by_side, 1),
                limits=self._limits,
            )
            for share in shares
        ]
        return performed(pieces, total, progress, self._limits)

    def _named(self, finished: Finished) -> SegmentRecord:
        """Give a finished segment its final name."""
        number, self._next_segment = self._next_segment, self._next_segment + 1
        checksum = Container(finished.path).checksum
        record = SegmentRecord(number, finished.bytes, checksum, finished.files, finished.characters)
        publish(finished.path, self._place(record.name))
        return record

    def _stage(self, records: Iterable[SegmentRecord], replaced: Iterable[int]) -> None:
        left = (one for one in self._manifest.staged if one.number not in set(replaced))
        staged = (*left, *records)
        self._put(replace(self._manifest, staged=staged, staged_scheme=self._scheme, staged_parser=PARSER))

    def _put(self, manifest: Manifest) -> None:
        """Commit a manifest, unless it equals the last one."""
        manifest = replace(manifest, next_segment=self._next_segment)
        if manifest != self._manifest:
            write_manifest(self._request.folder, manifest)
            self._manifest = manifest

    # ------------------------------------------------------------------------------------ commit

    def _kept(self) -> tuple[SegmentRecord, ...]:
        """The live and staged segments of which the next snapshot may be made."""
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
                tombstones = write_tombstones(
                    self._segments, self._open(record), gone, self._scheme, self._limits.dead_grams
                )
                segments[number] = replace(record, dead=gone, tombstones=tombstones)
        live = tuple(self._stamped(segments[number], newer) for number in sorted(segments))
        corpus, place = owner_of(self._request.folder, self._request.corpus)
        following = replace(
            self._manifest,
            scheme=self._scheme,
            corpus=corpus,
            place=place,
            readers=dict(readers.reader_identities()),
            parser=PARSER,
            listing=_lasting_digest(listing, unusable),
            documents=sum(record.files - len(record.dead) for record in live),
            segments=live,
            staged=(),
            staged_scheme=None,
            staged_parser="",
            skipped=tuple(sorted(unusable)),
        )
        same = [(one.number, one.dead) for one in self._manifest.segments] == [
            (one.number, one.dead) for one in live
        ]
        if not (same and self._manifest.finished and self._manifest.scheme == self._scheme):
            opened = [self._open(record) for record in live]
            order = write_order(self._segments, opened)
            following = replace(following, snapshot=self._snapshot(live, opened), order=order)
        self._put(following)

    def _dead(self, plan: Plan) -> Dead:
        """The numbers of the files that are gone, ascending, by segment."""
        dead = {record.number: set(record.dead) for record in self._kept()}
        for file in plan.gone:
            if file.holder.number in dead:
                dead[file.holder.number].add(file.number)
        return {segment: tuple(sorted(numbers)) for segment, numbers in dead.items()}

    def _merged(self, dead: Dead) -> list[SegmentRecord]:
        """Merge and return the segments of the next snapshot; a merger of staged ones only is staged."""
        kept = {record.number: record for record in self._kept()}
        staged = {record.number for record in self._manifest.staged}

        records = [(record, record.number in staged) for record in kept.values()]
        with self._observer.stage("merge") as progress:
            for group, finished in merged_segments(
                self._segments, self._scheme, records, dead, progress, self._limits
            ):
                record = self._named(finished)
                if staged.issuperset(group):
                    self._stage([record], group)
                    # The sources are of no more use, and the disk may need the room.
                    remove(self._segments, [kept[number].name for number in group])
                for number in group:
                    del kept[number]
                kept[record.number] = record
        return list(kept.values())

    def _newer(self, plan: Plan) -> dict[str, Facts]:
        """Entries of live files whose facts differ from those in their segment, by path."""
        if self._request.rebuild:
            return {}
        gone = {file.path for file in plan.gone}
        newer: dict[str, Facts] = {
            file.path: file.facts
            for file in known_files(self._segments, (one for one in self._manifest.segments if one.stamps))
            if file.path not in gone
        }
        newer.update(plan.touched)
        return newer

    def _stamped(self, record: SegmentRecord, newer: Mapping[str, Facts]) -> SegmentRecord:
        """The record of a segment with newer times of change for those of its files that have any."""
        if not newer:
            return replace(record, stamps="")
        dead = set(record.dead)
        times = [
            (number, Times(*newer[path][2:]))
            for number, path in enumerate(self._open(record).paths())
            if path in newer and number not in dead
        ]
        return replace(record, stamps=write_stamps(self._segments, record.number, times) if times else "")

    def _snapshot(self, live: Sequence[SegmentRecord], opened: Sequence[Segment]) -> str:
        """Digest of the index's files and scheme; the same however the index was built."""
        lines = []
        for record, segment in zip(live, opened, strict=True):
            dead, digests = set(record.dead), segment.file_digests.tobytes()
            names = zip(segment.paths(), segment.file_reader_names(), strict=True)
            for number, (path, reader) in enumerate(names):
                if number not in dead:
                    content = digests[16 * number : 16 * number + 16].hex()
                    lines.append(f"{path}\0{content}\0{reader}")
        lines.sort()
        written = "\n".join([self._scheme.to_json(), PARSER, *lines]).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(written, digest_size=16).hexdigest()


def _lasting_digest(listing: Listing, unusable: Iterable[SkippedFile]) -> str:
    """The listing's digest; empty while a later change of a file might not change it.

    Permissions do not change it either, so it is empty too while there is a file to be tried again.
    """
    if any(one.mtime_ns == CHANGED_JUST_NOW for one in unusable) or listing.unsettled():
        return ""
    return listing.digest
