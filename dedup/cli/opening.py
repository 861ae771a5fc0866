"""Opening the index for a command, with progress shown and unreadable corpus files mentioned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.cli.options import Session
from dedup.errors import UsageError
from dedup.wording import say

if TYPE_CHECKING:
    from dedup.index import Index


def open_for(session: Session, refresh: bool, *, telling: bool = True) -> Index:
    """The index that the session's settings name, built or brought up to date unless `refresh` is false.

    What was opened is said with `telling`; who shows the index has no need of it.
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
            waiting=console.waiting,
        )
    if telling:
        tell_of(index, session)
    return index


def open_to_compare(session: Session, refresh: bool) -> Index:
    """The index as `open_for` opens it. Raises UsageError where it, or the corpus, holds no document.

    An empty corpus is told before the index follows it: what is indexed of a disk that is not mounted stays.
    """
    from dedup.index.presence import demand_documents, demand_files

    settings = session.settings
    if refresh:
        demand_files(settings.corpus, settings.index)
    index = open_for(session, refresh)
    try:
        demand_documents(index, settings.corpus)
    except UsageError:
        index.close()
        raise
    return index


def open_as_it_is(session: Session) -> Index | None:
    """The index, up to date or not, if there is a finished one; nothing is said of it."""
    from dedup.errors import IndexMissing
    from dedup.index import open_index

    settings = session.settings
    try:
        return open_index(settings.corpus, settings.index, settings, refresh=False)
    except IndexMissing:
        return None


def tell_of(index: Index, session: Session) -> None:
    """Say what was opened, to who asked, and what is missing in it."""
    from dedup.readers import documents_among

    settings, console = session.settings, session.console
    opened = {"index": index.folder, "documents": index.parts, "characters": index.characters}
    console.detail(say("index.opened", settings.language, **opened))
    if unread := documents_among(index.skipped):
        console.note(
            say("index.some_skipped", settings.language, count=len(unread), command=session.command("show"))
        )
