"""Everything that can go wrong and be told to a user.

::

    DedupError                     one line: what, where, how to mend it; exit status 2
    ├── UsageError                 arguments or settings that cannot be used
    ├── UnreadableInput            one input file; the other inputs go on
    │   ├── MissingInput           no such file, or a folder where a file is wanted
    │   ├── UndecodableInput       bytes that are no text in any encoding we read
    │   └── UnsupportedInput       a format no reader is registered for, or binary data
    ├── ScanRunning                another scan of the same index is at work
    ├── SparkFailed                Spark is not there, does not start, or gave up
    └── IndexError_                the index on disk
        ├── IndexMissing           no index there, and building one was not allowed
        ├── IndexFormatError       written by another format version or with another scheme
        ├── IndexDamaged           a file of it is missing, short or altered
        ├── IndexUnreadable        a file of it may be good, but the system does not let it be read
        └── IndexUnwritable        the folder for it cannot be written

Library code raises these; only the command line catches them (`dedup.cli`).
"""

from __future__ import annotations


class DedupError(Exception):
    """Base of all errors a user can cause or cure.

    `what` names the thing (a path, an option), `problem` says what is wrong with it, `cure` what to do. To
    `dedup index` in a cure the command line adds the folders it was called with (`dedup.cli.cures`).
    What a report may repeat, the reason an input was skipped, is said in Chinese and English.
    """

    def __init__(self, what: str, problem: str, cure: str = "") -> None:
        self.what = what
        self.problem = problem
        self.cure = cure
        super().__init__(what, problem, cure)

    @property
    def reason(self) -> str:
        """What is wrong and what to do, for lists that name the thing themselves."""
        return f"{self.problem} ({self.cure})" if self.cure else self.problem

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


class UsageError(DedupError):
    """Arguments or settings that cannot be used."""


class UnreadableInput(DedupError):
    """One input that cannot be read; other inputs are not affected."""


class MissingInput(UnreadableInput):
    """No such file, or a folder where a file is wanted."""


class UndecodableInput(UnreadableInput):
    """Bytes that are no text in any encoding that is tried."""


class UnsupportedInput(UnreadableInput):
    """Binary data, or a format that no reader is registered for."""


class ScanRunning(DedupError):
    """Another scan of the same index is at work."""


class SparkFailed(DedupError):
    """Spark is not installed, does not start, or gave up on a scan."""


class IndexError_(DedupError):  # noqa: N801
    """Base of everything wrong with the index on disk (the name spares the builtin)."""


class IndexMissing(IndexError_):
    """There is no index, and building one was not allowed."""


class IndexFormatError(IndexError_):
    """The index was written in another format version or with another signature scheme."""


class IndexDamaged(IndexError_):
    """A file of the index is missing, shorter than recorded, or altered."""


class IndexUnreadable(IndexError_):
    """A file of the index cannot be opened or mapped: permissions, a failing disk, an odd file system."""


class IndexUnwritable(IndexError_):
    """The folder that should hold the index cannot be written."""
