"""Find the drafts that a call names, and check many of them side by side.

Helper processes (`dedup.index.workers`) check a few drafts each. The data on all drafts that each of them
needs is written into one file, which each helper reads once.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from glob import glob
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dedup.errors import MissingInput, UnreadableInput
from dedup.messages import Words
from dedup.records import dataclass

if TYPE_CHECKING:
    from dedup.among import Drafts
    from dedup.decisions.standing import Settled
    from dedup.document import Document
    from dedup.index.index import Index
    from dedup.index.workers import Done
    from dedup.limits import Limits
    from dedup.model import Report
    from dedup.progress import Advance
    from dedup.settings import Settings

_PATTERN = frozenset("*?[")
_DRAFTS_AN_ORDER = 2
"""Drafts in an order: few, so that no helper is idle at the end, but enough to outweigh its cost."""


# ------------------------------------------------------------------------------------------ which files


@dataclass(frozen=True, slots=True)
class Input:
    """A file to check, and its place among the reports."""

    name: str
    below: str
    """Its path below the named folder, with `/`; for a file that was named itself, its name."""
    folder: str = ""
    """Name of the named folder; empty if the file itself was named."""


def inputs_at(named: str, left_out: str, refused: Callable[[UnreadableInput], None]) -> list[Input]:
    """The files that one argument names: the file itself, those in a folder, or those matching a pattern.

    Hidden files, locks of word processors, files that no reader reads, reports of `dedup watch`, and the
    folder `left_out` (unless empty) are not drafts. `refused` is called for each folder that may not be
    listed. Raises MissingInput if nothing is found and nothing was refused.
    """
    if os.path.isdir(named):
        errors: list[OSError] = []
        found = [
            Input(path, os.path.relpath(path, named).replace(os.sep, "/"), Path(named).resolve().name)
            for path in _drafts_below(named, os.path.realpath(left_out) if left_out else "", errors)
        ]
        for error in errors:
            refused(_refusal(error))
        if not found and not errors:
            raise MissingInput(named, Words("batch.empty_folder"))
        return found
    if os.path.lexists(named) or _PATTERN.isdisjoint(named):
        return [Input(named, Path(named).name)]
    places = [one for one in sorted(glob(named, recursive=True)) if not os.path.isdir(one)]
    if not places:
        raise MissingInput(named, Words("batch.no_match"))
    return [Input(one, Path(one).name) for one in places]


def _drafts_below(folder: str, left_out: str, errors: list[OSError]) -> Iterator[str]:
    from dedup.readers import is_draft
    from dedup.reports.receipt import is_report

    for place, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(
            one
            for one in folders
            if not one.startswith(".") and os.path.realpath(os.path.join(place, one)) != left_out
        )
        for name in sorted(names):
            path = os.path.join(place, name)
            if is_draft(name) and not is_report(path):
                yield path


def _refusal(error: OSError) -> UnreadableInput:
    from dedup.messages import system

    return UnreadableInput(str(error.filename), Words("input.unreadable", why=system(error)))


# ---------------------------------------------------------------------------------------- side by side


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """An order to check some drafts against the index without refreshing it."""

    settings: Settings
    numbers: tuple[int, ...]
    """Numbers of this order's documents among all."""
    inside: tuple[str, ...]
    """Path of each below the corpus folder; empty if it lies elsewhere."""
    documents: tuple[Document, ...]
    """The documents; empty if `drafts` holds them."""
    drafts: str
    """File with the drafts of the call; empty if they are not compared with one another."""
    settled: tuple[Settled, ...] = ()
    """Earlier decisions about each; empty if there are none."""

    def perform(self, done: Done) -> Iterator[Report]:
        """Yield the report of each document."""
        from dedup.checking import check

        index, drafts = _opened(self.settings, self.drafts)
        documents = (
            [drafts.document(number) for number in self.numbers] if drafts is not None else self.documents
        )
        settled = self.settled or [None] * len(documents)
        for document, inside, before in zip(documents, self.inside, settled, strict=True):
            yield check(document, index.without(inside) if inside else index, self.settings, drafts, before)
            done(1)


_OPEN: list[tuple[str, Index, Drafts | None]] = []
"""Indexes that this helper has open, by the file of the drafts; a helper serves a single call."""


def _opened(settings: Settings, drafts: str) -> tuple[Index, Drafts | None]:
    from dedup.index import open_index

    if not _OPEN or _OPEN[0][0] != drafts:
        index = open_index(settings.corpus, settings.index, settings, refresh=False)
        _OPEN[:] = [(drafts, index, _drafts_in(drafts) if drafts else None)]
    return _OPEN[0][1:]


def _drafts_in(file: str) -> Drafts:
    with open(file, "rb") as stream:  # safe to unpickle: this program wrote it into its own folder
        drafts: Drafts = pickle.load(stream)
    return drafts


def checked(
    documents: Sequence[tuple[Document, str]],
    settings: Settings,
    drafts: Drafts | None,
    progress: Advance,
    limits: Limits,
    settled: Sequence[Settled] = (),
) -> Iterator[Report]:
    """The reports on documents, in their order, made by as many processes as there are processors.

    Each document comes with its path below the corpus folder, or an empty one; `settled` has the earlier
    decisions about each, or is empty.
    """
    from dedup.index.workers import performed

    with TemporaryDirectory(prefix="dedup-") as folder:
        file = os.path.join(folder, "drafts") if drafts is not None else ""
        if file:
            with open(file, "wb") as stream:
                pickle.dump(drafts, stream, pickle.HIGHEST_PROTOCOL)
        orders = []
        for first in range(0, len(documents), _DRAFTS_AN_ORDER):
            some = documents[first : first + _DRAFTS_AN_ORDER]
            order = CheckOrder(
                settings,
                numbers=tuple(range(first, first + len(some))),
                inside=tuple(inside for _, inside in some),
                documents=() if file else tuple(document for document, _ in some),
                drafts=file,
                settled=tuple(settled[first : first + len(some)]),
            )
            orders.append(order)
        yield from performed(orders, len(documents), progress, limits)
