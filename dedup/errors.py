"""The tree of exceptions for errors that are shown to users.

::

    DedupError                     what, where, how to mend it; exit status 2
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

from dedup.messages import Command, Language, Words, cure_of, packed, text

REBUILD = Words("index.rebuild.cure", command=Command("index", "--rebuild"))
_BUILD = Words("index.build.cure", command=Command("index"))
_PERMISSIONS = Words("index.permissions.cure")
_ALTERED = Words("index.altered")
_SEVERAL = 2
_MOST_LINES = 20


class DedupError(Exception):
    """Base of all errors a user can cause or cure.

    `what` names the thing (a path, an option), `problem` says what is wrong with it, `cure` what to do; the
    default is the catalogue's text for the problem's key with `.cure`. Each is `Words`, put into the language
    of the run when the error is shown (`line`), or a text that is the same in every language. `str` gives
    English, as for Python's own errors.
    """

    folders: tuple[str, ...] = ()
    """Arguments by which commands in the cure name the corpus and the index in use."""

    def __init__(self, what: Words | str, problem: Words | str, cure: Words | str | None = None) -> None:
        self.what = what
        self.problem = problem
        self.cure = cure_of(problem) if cure is None else cure
        super().__init__(what, problem, self.cure)

    @property
    def reason(self) -> str:
        """The problem and its cure, packed, for lists that give the name separately (`Skipped.why`)."""
        return packed(self._reason())

    def line(self, language: Language) -> str:
        """The error as one line in a language."""
        return f"{text(self.what, language)}: {text(self._reason(), language, self.folders)}"

    def lines(self, language: Language) -> list[str]:
        """The error for a terminal: a line for each problem (the first of very many), and their number."""
        problems = dict(self.problem.facts).get("problems") if isinstance(self.problem, Words) else None
        if not isinstance(problems, tuple) or len(problems) < _SEVERAL:
            return [self.line(language)]
        told = []
        for number, one in enumerate(problems[:_MOST_LINES]):
            placed = number > 0 and isinstance(one, Words) and one.key == "settings.at"
            words = text(one, language)
            told.append(words if placed else f"{text(self.what, language)}: {words}")
        return [*told, text(Words("settings.count", count=len(problems), cure=self.cure), language)]

    def _reason(self) -> Words | str:
        return Words("reason", problem=self.problem, cure=self.cure) if self.cure else self.problem

    def __str__(self) -> str:
        return self.line("en")


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
    """Base of errors of the index on disk (the underscore avoids the builtin's name)."""


class IndexMissing(IndexError_):
    """There is no index, and building one was not allowed."""

    def __init__(self, what: str, problem: Words | str, cure: Words | str = _BUILD) -> None:
        super().__init__(what, problem, cure)


class IndexFormatError(IndexError_):
    """The index was written in another format version or with another signature scheme."""

    def __init__(self, what: str, problem: Words | str, cure: Words | str = REBUILD) -> None:
        super().__init__(what, problem, cure)


class IndexDamaged(IndexError_):
    """A file of the index is missing, shorter than recorded, or altered."""

    def __init__(self, what: str, problem: Words | str = _ALTERED, cure: Words | str = REBUILD) -> None:
        super().__init__(what, problem, cure)


class IndexUnreadable(IndexError_):
    """A file of the index cannot be opened or mapped: permissions, a failing disk, an odd file system."""

    def __init__(self, what: str, problem: Words | str, cure: Words | str = _PERMISSIONS) -> None:
        super().__init__(what, problem, cure)


class IndexUnwritable(IndexError_):
    """The folder that should hold the index cannot be written."""
