"""Find the decisions and the earlier reports for each draft of a call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from dedup.decisions.known import KnownText
from dedup.decisions.standing import Entry, Settled
from dedup.document import Document
from dedup.records import dataclass


class EarlierReport(NamedTuple):
    """The passages of an earlier report."""

    draft: str
    title: str
    texts: tuple[KnownText, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """All earlier decisions and reports for a call."""

    entries: tuple[Entry, ...] = ()
    today: str = ""
    earlier: tuple[EarlierReport, ...] | None = None
    only_new: bool = False

    def about(self, documents: Sequence[Document]) -> list[Settled]:
        """The decisions and earlier passages for each of the drafts of a call."""
        names = [one.name for one in documents]
        return [
            Settled(
                entries=tuple(
                    entry
                    for entry in self.entries
                    if not (entry.draft or entry.title) or _is_of(entry.draft, entry.title, document, names)
                ),
                today=self.today,
                earlier=self._earlier(document, names),
                only_new=self.only_new,
                first=self.earlier is not None and not self._reports(document, names),
            )
            for document in documents
        ]

    def _earlier(self, document: Document, names: Sequence[str]) -> tuple[KnownText, ...] | None:
        """The texts of the earlier reports on a draft; None if there are no earlier reports."""
        if self.earlier is None:
            return None
        return tuple(text for one in self._reports(document, names) for text in one.texts)

    def _reports(self, document: Document, names: Sequence[str]) -> Sequence[EarlierReport]:
        """The earlier reports on a draft; a single report always belongs to a single draft."""
        earlier = self.earlier or ()
        if len(earlier) == len(names) == 1:
            return earlier
        return [one for one in earlier if _is_of(one.draft, one.title, document, names)]


def _is_of(draft: str, title: str, document: Document, names: Iterable[str]) -> bool:
    """Tell whether a recorded draft is this document: by its path, or by its title under another path.

    The title does not count if the recorded path is that of another draft of the call.
    """
    if draft and same_file(draft, document.name):
        return True
    same_title = bool(title) and title == document.title
    return same_title and not (draft and any(same_file(draft, name) for name in names))


def same_file(one: str, other: str) -> bool:
    """Tell whether two relative paths may name the same file: one ends with the other."""
    first, second = PurePath(one).parts, PurePath(other).parts
    shared = min(len(first), len(second))
    return shared > 0 and first[-shared:] == second[-shared:]
