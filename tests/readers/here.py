"""Reading in the process of the test: what is read is the subject, not where.

The sandbox has tests of its own, and `test_contract` reads every format through it.
"""

from __future__ import annotations

from dedup.readers import Reading, read_inside
from dedup.readers.reading import Budget, Context, from_record, to_record
from dedup.settings import ReadingLimits


def read_content(data: bytes, name: str, limits: ReadingLimits | None = None) -> Reading:
    """The reading, as it comes over the pipe from a child."""
    context = Context(name, Budget(limits or ReadingLimits()), read_inside)
    return from_record(to_record(read_inside(data, context)))
