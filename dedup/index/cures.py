"""What to do about an index that cannot be used, or a place that cannot be written."""

from __future__ import annotations

import errno

from dedup.messages import Command, Words

ALTERED = Words("index.altered")
"""A problem rather than a cure; it goes with REBUILD."""

BUILD = Words("index.build.cure", command=Command("index"))
REBUILD = Words("index.rebuild.cure", command=Command("index", "--rebuild"))
OTHER_FOLDER = Words("index.other_folder.cure")
FREE_THE_DISK = Words("index.free_disk.cure")
PERMISSIONS = Words("index.permissions.cure")
_FULL = frozenset(
    {errno.ENOSPC, errno.EIO, errno.EFBIG} | ({errno.EDQUOT} if hasattr(errno, "EDQUOT") else set())
)


def for_place(error: OSError) -> Words:
    """Choose the cure for a folder of an index that could not be written."""
    return FREE_THE_DISK if error.errno in _FULL else OTHER_FOLDER


def or_as_it_is(cure: Words | str) -> Words:
    """Add what commands that need not refresh a finished index can do."""
    return Words("cure.or", first=cure, second=Words("index.as_it_is.cure"))
