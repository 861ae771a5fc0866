"""Opening the index for a command, with progress shown and unreadable corpus files mentioned."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dedup.cli.options import Session
from dedup.wording import say

if TYPE_CHECKING:
    from dedup.index import Index


def open_for(session: Session, refresh: bool, listing: Callable[[], str] | None = None) -> Index:
    """The index that the session's settings name, built or brought up to date unless `refresh` is false.

    `listing` is what `look_ahead` gave.
    """
    from dedup.index import open_index

    settings, console = session.settings, session.console
    with console.index_progress() as (reading, merging):
        index = open_index(
            settings.corpus,
            settings.index,
            settings,
            refresh=refresh,
            progress=reading,
            merging=merging,
            listing=listing,
        )
    opened = {"index": index.folder, "documents": index.parts, "characters": index.characters}
    console.detail(say("index.opened", settings.language, **opened))
    if index.skipped:
        console.note(say("index.some_skipped", settings.language, count=len(index.skipped)))
    return index
