"""Merging the segments of a catalog: what `dedup.index.tiers` chooses, if the disk has room for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dedup.errors import IndexUnwritable
from dedup.index.catalog import Catalog
from dedup.index.changes import Progress
from dedup.index.folder import SegmentFolder
from dedup.index.pieces import Finished, Merge, MergeSource
from dedup.index.rows import FileRow, SegmentRow
from dedup.index.segment import Segment
from dedup.index.tiers import Candidate, merges
from dedup.index.workers import MOST_PROCESSES, performed
from dedup.sketch.scheme import Scheme

_WITH_POSTINGS = 1.6
"""How much larger a segment is with postings, at the most about."""
_WHILE_SORTING = 0.35
"""What of a large segment lies in passing files for a while, at the most about."""
_MILLION = 1_000_000
_CURE = "free the disk, or name another folder: --index DIR; what was read until now is kept"

Dead = Mapping[int, tuple[int, ...]]
"""For each segment the numbers of its files that are gone, ascending."""


class Merged(NamedTuple):
    """A merged segment that is to take the place of live ones."""

    sources: list[int]
    finished: Finished
    files: list[FileRow]


def consolidate(
    catalog: Catalog,
    folder: SegmentFolder,
    scheme: Scheme,
    segments: Sequence[SegmentRow],
    dead: Dead,
    progress: Progress | None,
) -> Iterator[Merged]:
    """Merge those of some segments, live and staged, that should be.

    What is made of staged segments only is staged in their place; what takes in live ones is yielded, to be
    named by the transaction that drops them. Raises IndexUnwritable when pieces need room that the disk does
    not have; other merges are then left for another time. Raises IndexDamaged and OSError.
    """
    rows = {segment.id: segment for segment in segments}
    staged = {segment.id for segment in catalog.segments(live=False)}
    candidates = [
        _candidate(segment, len(dead[segment.id]), segment.id in staged, folder)
        for segment in segments
        if len(dead[segment.id]) < segment.files
    ]
    groups = _with_room(candidates, rows, folder)
    orders = [
        Merge(
            folder.path,
            scheme,
            tuple(MergeSource(folder.place(rows[one]), rows[one].bytes, dead[one]) for one in group),
        )
        for group in groups
    ]
    if not orders:
        return
    from concurrent.futures import ThreadPoolExecutor  # 10 ms, and most refreshes merge nothing

    results = performed(orders, sum(order.bytes for order in orders), progress)
    # To forget a gigabyte takes the system a quarter of a second: not while the catalog waits.
    with ThreadPoolExecutor(1) as remover:
        removals = []
        for group, finished in zip(groups, results, strict=True):
            if not isinstance(finished, Finished):
                continue
            living = sorted(row for row in catalog.files_in(group) if row.number not in dead[row.segment])
            files = [row._replace(number=number) for number, row in enumerate(living)]
            if not staged.issuperset(group):
                yield Merged(group, finished, files)
                continue
            with catalog.transaction():
                folder.name(finished, files)
                catalog.drop_segments(group)
            removals.append(remover.submit(folder.remove, [rows[one].name for one in group]))
    for removal in removals:
        removal.result()


def _candidate(segment: SegmentRow, dead: int, staged: bool, folder: SegmentFolder) -> Candidate:
    return Candidate(
        id=segment.id,
        characters=segment.characters * (segment.files - dead) // segment.files,
        staged=staged,
        inverted=not staged or Segment(folder.place(segment), segment.bytes).inverted,
        dying=dead > len(segment.dead),
        mostly_dead=dead * 2 > segment.files,
    )


def _with_room(
    candidates: Sequence[Candidate], rows: Mapping[int, SegmentRow], folder: SegmentFolder
) -> list[list[int]]:
    """What is to be merged, so much of it as the disk has room for."""
    new = [one for one in candidates if one.staged]
    pieces = {one.id for one in new if not one.inverted}
    free = folder.free_bytes()
    for considered in (candidates, new):
        groups = merges(considered)
        needed = _needed(groups, rows, {one.id for one in new}, pieces)
        if needed <= free:
            return groups
    if not pieces:
        return []
    more = -(-(needed - free) // _MILLION)
    raise IndexUnwritable(folder.path, f"needs {more} MB more than the disk has free", _CURE)


def _needed(
    groups: Sequence[Sequence[int]], rows: Mapping[int, SegmentRow], new: set[int], pieces: set[int]
) -> int:
    """Bytes that merging takes for a while: new segments are removed as soon as they are merged."""
    sizes, removed_soon = [], []
    for group in groups:
        sizes.append(sum(rows[one].bytes * (_WITH_POSTINGS if one in pieces else 1) for one in group))
        if new.issuperset(group):
            removed_soon.append(sum(rows[one].bytes for one in group))
    passing = _WHILE_SORTING * sum(sorted(sizes)[-MOST_PROCESSES:])
    return int(sum(sizes) + passing) - sum(sorted(removed_soon)[:-MOST_PROCESSES])
