"""Open and update the index for a command, with progress, and with notes on unreadable corpus files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from dedup.cli.options import Session
from dedup.errors import UsageError
from dedup.messages import say

if TYPE_CHECKING:
    from dedup.document import Skipped
    from dedup.index import Index
    from dedup.index.changes import Changes


def open_for(
    session: Session, refresh: bool, *, telling: bool = True, digest: Callable[[], str] | None = None
) -> Index:
    """Open the index that the session's settings name, up to date unless `refresh` is false.

    With `telling`, details of the index are noted; a command that shows the index does not need that.
    """
    from dedup.index import open_index

    settings = session.settings
    index = open_index(
        settings.corpus,
        settings.index,
        settings,
        refresh=refresh,
        digest=digest,
        observer=session.console.observer(),
        limits=session.limits,
    )
    if telling:
        tell_of(index, session)
    return index


def open_to_compare(session: Session, refresh: bool, digest: Callable[[], str] | None = None) -> Index:
    """Open the index as `open_for` does. Raises UsageError if it, or the corpus, holds no document."""
    from dedup.index.opening import demand_documents, demand_files

    if refresh:
        demand_files(session.settings.corpus, session.settings.index)
    index = open_for(session, refresh, digest=digest)
    try:
        demand_documents(index, session.settings.corpus)
    except UsageError:
        index.close()
        raise
    return index


def digest_ahead(session: Session) -> Callable[[], str] | None:
    """Begin to list a large corpus in another process, while this one imports modules for a check."""
    from dedup.index.corpus import digest_ahead as begin
    from dedup.index.folder import index_folder

    settings = session.settings
    folder = index_folder(settings.corpus, settings.index)
    return begin(str(settings.corpus), folder, settings.follow_links, session.limits.listed_apart)


def tell_of(index: Index, session: Session) -> None:
    """Note the size of the opened index, if verbose, and the documents that it lacks."""
    opened = {"index": index.folder, "documents": index.parts, "characters": index.characters}
    session.console.detail(say("index.opened", session.settings.language, **opened))
    note_unread(index.skipped, session)


def note_unread(skipped: Iterable[Skipped], session: Session) -> None:
    """Note the number of documents of the corpus that could not be read, and the command that lists them."""
    from dedup.readers import documents_among

    if unread := documents_among(skipped):
        facts = {"count": len(unread), "command": session.command("show")}
        session.console.note(say("index.some_skipped", session.settings.language, **facts))


def update_for(session: Session, *, rebuild: bool = False, allow_empty: bool = False) -> Changes:
    """Bring the index that the session's settings name up to date; return the changes."""
    from dedup.index import update_index

    settings = session.settings
    return update_index(
        settings.corpus,
        settings.index,
        settings,
        rebuild=rebuild,
        allow_empty=allow_empty,
        observer=session.console.observer(),
        limits=session.limits,
    )
