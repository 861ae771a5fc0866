"""What has to happen to each file of a corpus to bring an index up to date."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from dedup.index.intake import ends
from dedup.index.listing import CHANGED_JUST_NOW, Entry, Facts, Listing, settled
from dedup.index.rows import FileRow, SkippedRow


@dataclass(slots=True)
class Plan:
    """What has to happen to each file."""

    to_read: list[Entry] = field(default_factory=list)
    """New and changed files."""
    taken_over: set[str] = field(default_factory=set)
    """New and changed files that an interrupted build has done already."""
    touched: list[FileRow] = field(default_factory=list)
    """Same content, other time of change."""
    gone: list[FileRow] = field(default_factory=list)
    """Rows to drop, live or staged: removed files and the old content of changed ones."""
    still_skipped: list[SkippedRow] = field(default_factory=list)
    """Files that could not be used and have not changed since."""
    unchanged: int = 0
    """Files that were looked at, and of which nothing has changed but perhaps the time."""

    @property
    def changing(self) -> bool:
        """Whether anything has to happen at all."""
        return bool(self.to_read or self.taken_over or self.gone or self.touched)


class Differences(NamedTuple):
    """Where a listing and the catalog do not say the same."""

    entries: list[Entry]
    """What is listed otherwise than the catalog has it, or may change unnoticed."""
    known: list[str]
    """Paths of files that the catalog has otherwise than they are listed."""
    unchanged: int
    """Files that are listed as the catalog has them."""


def differences(listing: Listing, known: set[Facts], skipped: Mapping[str, SkippedRow]) -> Differences:
    """Compare a listing with the size and time of change of each file in the catalog.

    Most files of most corpora stay as they are: of those nothing more is asked.
    """
    listed = set(listing.files)
    doubtful = set(listing.unsettled())
    if skipped:
        doubtful.update(facts for facts in listed if facts[0] in skipped)
    unlike = listed - known | doubtful
    return Differences(
        [Entry(*facts) for facts in sorted(unlike)],
        [path for path, _, _ in known - listed | known & doubtful],
        len(listed) - len(unlike),
    )


def make_plan(
    corpus: str,
    entries: list[Entry],
    listed_ns: int,
    files: Mapping[str, FileRow],
    staged: Mapping[str, FileRow],
    skipped: Mapping[str, SkippedRow],
) -> Plan:
    """Compare entries of a listing, made at `listed_ns`, with what the catalog has; what they lack is gone.

    Size and time of change decide first; the content is looked at where only the time differs.
    """
    plan = Plan()
    for entry in entries:
        row, left, done = files.get(entry.path), skipped.get(entry.path), staged.get(entry.path)
        if left and _same_facts(left, entry):
            plan.still_skipped.append(left)
        elif row and (_same_facts(row, entry) or _same_content(row, entry, corpus)):
            plan.unchanged += 1
            if row.mtime_ns != remembered(entry, listed_ns):
                plan.touched.append(row._replace(mtime_ns=remembered(entry, listed_ns)))
        else:
            if done and (_same_facts(done, entry) or _same_content(done, entry, corpus)):
                plan.taken_over.add(entry.path)
            else:
                plan.to_read.append(entry)
            if row:
                plan.gone.append(row)
    listed = {entry.path for entry in entries}
    plan.gone += [row for path, row in files.items() if path not in listed]
    plan.gone += [row for path, row in staged.items() if path not in plan.taken_over]
    return plan


def digest(content: bytes) -> bytes:
    """A 128-bit hash of a file's content."""
    return hashlib.blake2b(content, digest_size=16).digest()


def remembered(entry: Entry, listed_ns: int) -> int:
    """The time of change to keep for a file: none while a later change might not show in it."""
    return entry.mtime_ns if settled(entry, listed_ns) else CHANGED_JUST_NOW


def _same_facts(row: FileRow | SkippedRow, entry: Entry) -> bool:
    return (row.size, row.mtime_ns) == (entry.size, entry.mtime_ns) and entry.mtime_ns != CHANGED_JUST_NOW


def _same_content(row: FileRow, entry: Entry, corpus: str) -> bool:
    if row.size != entry.size:
        return False
    place = os.path.join(corpus, entry.path)
    if not ends(place):
        return False
    try:
        with open(place, "rb", buffering=0) as file:
            return row.digest == digest(file.readall())
    except OSError:
        return False
