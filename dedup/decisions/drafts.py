"""The decisions and the earlier report that concern each draft of a call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from dedup.decisions.known import KnownText
from dedup.decisions.standing import Entry, Settled
from dedup.document import Document
from dedup.records import dataclass


class EarlierReport(NamedTuple):
    """The passages that an earlier report has."""

    draft: str
    title: str
    texts: tuple[KnownText, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """All that was settled before a call."""

    entries: tuple[Entry, ...] = ()
    today: str = ""
    earlier: tuple[EarlierReport, ...] | None = None
    only_new: bool = False

    def about(self, documents: Sequence[Document]) -> list[Settled]:
        """Give what concerns each of the drafts of a call."""
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
        """The texts of the earlier reports on a draft; None where nothing is compared."""
        if self.earlier is None:
            return None
        return tuple(text for one in self._reports(document, names) for text in one.texts)

    def _reports(self, document: Document, names: Sequence[str]) -> Sequence[EarlierReport]:
        """The earlier reports on a draft; one report and one draft belong together."""
        earlier = self.earlier or ()
        if len(earlier) == len(names) == 1:
            return earlier
        return [one for one in earlier if _is_of(one.draft, one.title, document, names)]


def _is_of(draft: str, title: str, document: Document, names: Iterable[str]) -> bool:
    """Tell whether a draft that was named is this one: by its path, or by its title under another name.

    Of two drafts of one title in a call, each is its own.
    """
    if draft and same_file(draft, document.name):
        return True
    same_title = bool(title) and title == document.title
    return same_title and not (draft and any(same_file(draft, name) for name in names))


def same_file(one: str, other: str) -> bool:
    """Tell whether two relative paths may name the same file: one ends as the other is."""
    first, second = PurePath(one).parts, PurePath(other).parts
    shared = min(len(first), len(second))
    return shared > 0 and first[-shared:] == second[-shared:]
