"""Helper processes that check drafts: each keeps the index open from one draft to the next.

A draft that kills its helper, or takes too long, costs that helper; another one is started. The helpers are
the interpreters of `dedup.index.workers`: nothing is forked, and they end when this process does.
"""

from __future__ import annotations

import os
import pickle
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from queue import SimpleQueue
from threading import Timer
from typing import IO, TYPE_CHECKING, TypeVar, cast

from dedup.decisions.standing import Settled
from dedup.document import Document, Skipped
from dedup.errors import DedupError, UnreadableInput
from dedup.index import Index, open_index
from dedup.index.folder import MANIFEST, index_folder
from dedup.index.workers import Done, Order, start_helper
from dedup.limits import LIMITS
from dedup.messages import Words, packed
from dedup.records import dataclass
from dedup.serve.kept import Kept, kept
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.among import Drafts

Result = TypeVar("Result")


class Lost(Exception):
    """The helper died, or was ended, before it was done."""


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """Check a draft against the index as it is; or some drafts of a batch, also with all others of it.

    The documents of one archive are one draft, and are not compared with each other.
    """

    settings: Settings
    drafts: Mapping[str, tuple[str, bytes]]
    """Name and content of each draft by its identifier, all of the batch; no name twice."""
    wanted: Mapping[str, Settled | None]
    """Identifiers of the drafts to report on, each with what was decided about it before."""

    def perform(self, done: Done) -> Iterator[tuple[str, Kept | str]]:
        """Give each draft's identifier with what is kept of a report, or why it cannot be checked."""
        read = {draft: self._read(*handed_in) for draft, handed_in in self.drafts.items()}
        documents = [document for one in read.values() if not isinstance(one, str) for document in one[0]]
        with ExitStack() as stack:
            drafts = None
            if len(self.drafts) > 1 and len(documents) > 1:
                from dedup.among import gather

                drafts = stack.enter_context(gather(documents, self.settings))
            for draft, settled in self.wanted.items():
                one = read[draft]
                if isinstance(one, str):
                    yield draft, one
                    continue
                for document in one[0]:
                    yield draft, self._report(document, one[1], drafts, settled)

    def _read(self, name: str, content: bytes) -> tuple[list[Document], list[Skipped]] | str:
        try:
            return documents_in(name, content, self.settings)
        except DedupError as error:
            return error.reason

    def _report(
        self, document: Document, skipped: list[Skipped], drafts: Drafts | None, settled: Settled | None
    ) -> Kept | str:
        from dedup.checking import check

        try:
            index = current_index(self.settings)
            report = check(document, index, _usable(self.settings, index), drafts, settled)
        except DedupError as error:
            return error.reason
        return kept(replace(report, skipped=tuple(skipped)))


def _usable(settings: Settings, index: Index) -> Settings:
    """The settings without templates of the collection that cannot be read."""
    from dedup.checking import readable

    return replace(settings, template=readable(settings.template, settings.corpus, index))


def documents_in(name: str, content: bytes, settings: Settings) -> tuple[list[Document], list[Skipped]]:
    """The documents of a file, one at least, and what of it could not be read. Raises UnreadableInput."""
    from dedup.readers import read_content
    from dedup.readers.documents import documents_of

    documents, skipped = documents_of(name, read_content(content, name, settings.reading))
    if not documents:
        raise UnreadableInput(name, Words("reading.no-text"))
    return documents, skipped


_RESIDENT = replace(LIMITS, mapped_bytes=1 << 30)
"""A helper keeps more of the index mapped than a check that ends: what was let go must be mapped again each
time. These pages are the system's own copy of the files, which it takes back when it wants memory."""
_SURROUNDINGS = {"MALLOC_MMAP_THRESHOLD_": str(1 << 26), "MALLOC_TRIM_THRESHOLD_": str(1 << 28)}
"""Of a helper: what an array gave back is kept for the next one. A twentieth of a check went into asking the
system (glibc) for it anew."""

_OPEN: dict[str, tuple[tuple[int, int], Index]] = {}
"""The index that this process has open, by its folder, with what its manifest was known by then."""


def current_index(settings: Settings) -> Index:
    """The index as the last commit left it; the one that is open, if nothing was committed since."""
    folder = index_folder(settings.corpus, settings.index)
    known = known_by(os.path.join(folder, MANIFEST))
    if folder in _OPEN and _OPEN[folder][0] == known:
        return _OPEN[folder][1]
    if folder in _OPEN:
        _OPEN.pop(folder)[1].close()
    index = open_index(settings.corpus, settings.index, settings, refresh=False, limits=_RESIDENT)
    _OPEN[folder] = known, index
    return index


def known_by(path: str | os.PathLike[str]) -> tuple[int, int]:
    """The inode and time of a file, the same until it is replaced as a whole; zeros where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return 0, 0
    return status.st_ino, status.st_mtime_ns


class Checkers:
    """A number of helpers; a caller waits until one is idle."""

    def __init__(self, size: int) -> None:
        self._idle: SimpleQueue[subprocess.Popen[bytes] | None] = SimpleQueue()
        for _ in range(size):
            self._idle.put(None)  # it is started when it is needed
        self._size = size

    def perform(self, order: Order[Result], seconds: float) -> list[Result]:
        """Have an order carried out. Raises what it raises, and Lost."""
        helper = self._idle.get()
        try:
            if helper is None or helper.poll() is not None:
                helper = start_helper(_SURROUNDINGS)
            watch = Timer(seconds, helper.kill)
            watch.start()
            try:
                return carried_out(helper, order)
            finally:
                watch.cancel()
        except Lost:
            if helper is not None:
                dismiss(helper)
            helper = None
            raise
        finally:
            self._idle.put(helper)

    def close(self) -> None:
        """End the helpers, when each is done with what it is at."""
        for _ in range(self._size):
            if helper := self._idle.get():
                dismiss(helper)


def carried_out(
    helper: subprocess.Popen[bytes], order: Order[Result], tell: Callable[[int], None] = lambda number: None
) -> list[Result]:
    """Have a helper carry out an order; `tell` hears the numbers that it says meanwhile.

    Raises what the order raises, and Lost.
    """
    orders, messages = cast(IO[bytes], helper.stdin), cast(IO[bytes], helper.stdout)
    try:
        pickle.dump(order, orders)
        orders.flush()
        while isinstance(message := pickle.load(messages), int):
            tell(message)
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        raise Lost from error
    if isinstance(message, Exception):
        raise message
    results: list[Result] = message
    return results


def dismiss(helper: subprocess.Popen[bytes]) -> None:
    """End a helper, whatever it is at."""
    helper.kill()
    with suppress(BrokenPipeError):
        helper.__exit__(None, None, None)  # closes the pipes and waits


LOST = packed(Words("serve.lost"))
"""The problem of a draft whose helper was lost twice."""
CRASHED = packed(Words("serve.crashed"))
"""The problem of a draft whose check raised an error of ours."""
