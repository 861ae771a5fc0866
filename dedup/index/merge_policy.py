"""Choose the segments to merge by the size-tiered policy of a log-structured merge tree (O'Neil et al. 1996).

New segments are merged with older ones at most twice as large, smallest first, up to a limit. So n characters
lie in O(log n) segments below the limit and n / limit above it, each character is copied O(log n) times at
most, and a small update leaves large segments alone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dedup.errors import IndexUnwritable
from dedup.index.manifest import SegmentRecord
from dedup.index.merge import Merge, MergeSource
from dedup.index.segment import Finished, Segment
from dedup.index.workers import MOST_PROCESSES, performed
from dedup.limits import Limits
from dedup.messages import Words
from dedup.progress import Advance
from dedup.records import dataclass
from dedup.sketch.scheme import Scheme

_FEW = 2
"""Number of new segments that may stay unmerged."""
_WITH_POSTINGS = 1.6
"""Size of a segment with postings relative to one without, at most, approximately."""
_WHILE_SORTING = 0.35
"""Share of a large segment that lies in temporary files while it is sorted, at most, approximately."""
_MILLION = 1_000_000
_CURE = Words("index.free_disk_kept.cure")

Dead = Mapping[int, tuple[int, ...]]
"""The numbers of the files that are gone, ascending, by segment."""


class Merged(NamedTuple):
    """A merged segment that is to take the place of others."""

    sources: list[int]
    finished: Finished


@dataclass(frozen=True, slots=True)
class Candidate:
    """A segment that could be merged."""

    number: int
    characters: int
    """Number of characters of its living files."""
    staged: bool
    """True if it is new, part of no snapshot yet."""
    inverted: bool
    """True if it has postings, without which it must be merged."""
    dying: bool
    """True if files in it have died since the last snapshot."""
    mostly_dead: bool


def merged_segments(
    folder: str,
    scheme: Scheme,
    records: Sequence[tuple[SegmentRecord, bool]],
    dead: Dead,
    progress: Advance,
    limits: Limits,
) -> Iterator[Merged]:
    """Merge those of `records` that the policy chooses; each record comes with True if it is staged.

    Raises IndexUnwritable when pieces, which must be merged, need more room than the disk has; other merges
    are then left for another time. Raises IndexDamaged and OSError.
    """
    candidates = [
        _candidate(record, len(dead[record.number]), staged, folder)
        for record, staged in records
        if len(dead[record.number]) < record.files
    ]
    by_number = {record.number: record for record, _ in records}
    groups = _with_room(candidates, by_number, folder, limits)
    orders = [
        Merge(
            folder,
            scheme,
            tuple(
                MergeSource(os.path.join(folder, by_number[one].name), by_number[one].bytes, dead[one])
                for one in group
            ),
            limits,
        )
        for group in groups
    ]
    total = sum(order.bytes for order in orders)
    for group, finished in zip(groups, performed(orders, total, progress, limits), strict=True):
        yield Merged(group, finished)


def _candidate(record: SegmentRecord, dead: int, staged: bool, folder: str) -> Candidate:
    place = os.path.join(folder, record.name)
    return Candidate(
        number=record.number,
        characters=record.characters * (record.files - dead) // record.files,
        staged=staged,
        inverted=not staged or Segment(place, record.bytes).inverted,
        dying=dead > len(record.dead),
        mostly_dead=dead * 2 > record.files,
    )


def groups_to_merge(candidates: Sequence[Candidate], limits: Limits) -> list[list[int]]:
    """Groups of segments to merge into one each, as ascending numbers; segments in no group stay."""
    new = [one for one in candidates if one.staged]
    old = [one for one in candidates if not one.staged]
    groups: list[list[Candidate]] = []
    if len(new) > _FEW or not all(one.inverted for one in new):
        groups = _shared_out(new, limits)
    last = groups.pop() if groups else new
    total, gathered = (sum(one.characters for one in some) for some in (last, new))
    changing = bool(new) or any(one.dying for one in old)
    taken_in = 0
    for one in sorted(old, key=lambda one: (one.characters, one.number)):
        small = changing and one.characters <= max(2 * gathered, limits.small_segment)
        if not (one.mostly_dead or small):
            continue
        if total + one.characters <= limits.merged_positions:
            last = [*last, one]
            total += one.characters
            gathered += one.characters
            taken_in += 1
        elif one.mostly_dead:
            groups.append([one])
    if groups or taken_in or not all(one.inverted for one in last):
        groups.append(last)
    return [sorted(one.number for one in group) for group in groups if _worth_it(group)]


def _worth_it(group: Sequence[Candidate]) -> bool:
    return len(group) > 1 or any(one.mostly_dead or not one.inverted for one in group)


def _shared_out(new: Sequence[Candidate], limits: Limits) -> list[list[Candidate]]:
    """Split consecutive segments into groups of equal size: one for little work, else an even number."""
    total = sum(one.characters for one in new)
    most = limits.merged_positions
    count = 1 if total < min(limits.shared_positions, most) else 2 * -(-total // (2 * most))
    groups: list[list[Candidate]] = [[]]
    before = 0
    for one in new:
        if groups[-1] and before * count >= len(groups) * total:
            groups.append([])
        groups[-1].append(one)
        before += one.characters
    return [group for group in groups if group]


def _with_room(
    candidates: Sequence[Candidate], records: Mapping[int, SegmentRecord], folder: str, limits: Limits
) -> list[list[int]]:
    """Groups of segments to merge, as many as the disk has room for."""
    new = [one for one in candidates if one.staged]
    pieces = {one.number for one in new if not one.inverted}
    free = shutil.disk_usage(folder).free
    for considered in (candidates, new):
        groups = groups_to_merge(considered, limits)
        needed = _needed(
            groups, records, {one.number for one in new}, pieces, limits.processes or MOST_PROCESSES
        )
        if needed <= free:
            return groups
    if not pieces:
        return []
    more = -(-(needed - free) // _MILLION)
    raise IndexUnwritable(folder, Words("index.needs", megabytes=more), _CURE)


def _needed(
    groups: Sequence[Sequence[int]],
    records: Mapping[int, SegmentRecord],
    new: set[int],
    pieces: set[int],
    processes: int,
) -> int:
    """Bytes that merging takes temporarily; new segments are removed as soon as they are merged."""
    sizes, removed_soon = [], []
    for group in groups:
        sizes.append(sum(records[one].bytes * (_WITH_POSTINGS if one in pieces else 1) for one in group))
        if new.issuperset(group):
            removed_soon.append(sum(records[one].bytes for one in group))
    passing = _WHILE_SORTING * sum(sorted(sizes)[-processes:])
    return int(sum(sizes) + passing) - sum(sorted(removed_soon)[:-processes])
