"""What to do about a place that cannot be written. The command line takes these as they are."""

from __future__ import annotations

import errno

OTHER_FOLDER = "name another folder: --index DIR"
FREE_THE_DISK = f"free the disk, or {OTHER_FOLDER}"
_AS_IT_IS = "or take the index as it is: --no-refresh"
_FULL = frozenset(
    {errno.ENOSPC, errno.EIO, errno.EFBIG} | ({errno.EDQUOT} if hasattr(errno, "EDQUOT") else set())
)


def for_place(error: OSError) -> str:
    """The cure for a folder of an index that could not be written."""
    return FREE_THE_DISK if error.errno in _FULL else OTHER_FOLDER


def or_as_it_is(cure: str) -> str:
    """That cure where there is a finished index, for commands that need not refresh it."""
    return f"{cure}; {_AS_IT_IS}"
