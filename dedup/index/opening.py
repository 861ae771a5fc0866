"""Open an index, bring it up to date, verify it; modules are loaded only when they are needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.document import Skipped
from dedup.errors import DedupError, IndexDamaged, IndexMissing, IndexUnwritable, UsageError
from dedup.index.folder import index_folder
from dedup.index.index import Index
from dedup.index.manifest import Manifest, check_owner, check_scheme, read_manifest
from dedup.index.particulars import read_particulars
from dedup.limits import LIMITS, Limits
from dedup.messages import Words
from dedup.progress import UNOBSERVED, Observer
from dedup.records import dataclass
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.index.changes import Changes


def open_index(
    corpus: Path,
    directory: Path | None,
    settings: Settings,
    *,
    refresh: bool = True,
    rebuild: bool = False,
    digest: Callable[[], str] | None = None,
    observer: Observer = UNOBSERVED,
    limits: Limits = LIMITS,
) -> Index:
    """Open the index of a corpus, building it when there is none and refreshing it when files changed.

    With `refresh` false it is taken as it is. While another process refreshes it, the last finished snapshot
    is used; if there is none, that process is waited for. `digest` returns the digest of the corpus folder if
    that is being listed already (`dedup.index.corpus.digest_ahead`).

    Raises IndexError_ of every kind, or UsageError (no corpus, the index of another one, a folder of
    something else).
    """
    folder = index_folder(corpus, directory)
    manifest = None if rebuild else _read(corpus, folder, settings, as_it_is=not refresh)
    if manifest is None or not manifest.finished:
        if not refresh and not rebuild:
            raise _absent(corpus, folder, begun=manifest is not None)
        update_index(corpus, directory, settings, rebuild=rebuild, observer=observer, limits=limits)
        manifest = None
    elif refresh and not _is_current(manifest, corpus, folder, settings, digest):
        _refresh(corpus, folder, manifest, settings, observer, limits)
        manifest = None
    return _open_snapshot(corpus, folder, manifest, settings, limits)


def is_current(index: Index, corpus: Path, settings: Settings) -> bool:
    """True if an open index is the last one committed and still agrees with the corpus folder.

    `corpus.toml` is read anew. Raises IndexError_ of every kind, and UsageError.
    """
    manifest = _read(corpus, index.folder, settings)
    if manifest != index.manifest or not _is_current(index.manifest, corpus, index.folder, settings, None):
        return False
    index.particulars = read_particulars(corpus)
    return True


def update_index(
    corpus: Path,
    directory: Path | None,
    settings: Settings,
    *,
    rebuild: bool = False,
    allow_empty: bool = False,
    observer: Observer = UNOBSERVED,
    limits: Limits = LIMITS,
) -> Changes:
    """Bring the index up to date, or make it anew; wait for another writer; return what changed.

    A corpus that has no documents any more leaves the index as it is, unless `allow_empty`: a disk may not be
    mounted. Raises IndexUnwritable, IndexUnreadable, IndexFormatError, IndexDamaged, or UsageError.
    """
    from dedup.index.update import Request, update  # and all that parses and writes: 15 ms

    folder = index_folder(corpus, directory)
    request = Request(os.fspath(corpus), folder, settings, rebuild, allow_empty)
    return update(request, observer, limits)


@dataclass(frozen=True, slots=True)
class Verified:
    """An index that is intact."""

    folder: str
    files: int
    """Number of files read."""
    interrupted: bool
    """True if a build was interrupted or is running; the segments it finished were read too."""


def verify_index(corpus: Path, directory: Path | None, settings: Settings) -> Verified:
    """Read every file of the index. Raises IndexMissing, or IndexDamaged naming one that is altered."""
    with open_index(corpus, directory, settings, refresh=False) as index:
        files = 1 + index.verify()
        return Verified(index.folder, files, bool(index.manifest.staged))


def _read(corpus: Path, folder: str, settings: Settings, *, as_it_is: bool = True) -> Manifest | None:
    manifest = read_manifest(folder)
    if manifest is not None:
        check_owner(folder, manifest, os.fspath(corpus))
        if manifest.finished:
            check_scheme(folder, manifest.scheme, settings, as_it_is=as_it_is)
    return manifest


def _is_current(
    manifest: Manifest,
    corpus: Path,
    folder: str,
    settings: Settings,
    digest: Callable[[], str] | None,
) -> bool:
    from dedup.index.corpus import folder_digest
    from dedup.readers import reader_identities
    from dedup.text.structure import PARSER

    found = digest() if digest else folder_digest(os.fspath(corpus), folder, settings.follow_links)
    return manifest.is_of(found, reader_identities(), PARSER)


def _refresh(
    corpus: Path, folder: str, manifest: Manifest, settings: Settings, observer: Observer, limits: Limits
) -> None:
    from dataclasses import replace

    from dedup.index.folder import IndexBusy
    from dedup.index.update import Request, is_as_indexed, update

    request = Request(os.fspath(corpus), folder, settings, rebuild=False, allow_empty=False)
    try:
        update(request, observer, replace(limits, patience=0))
    except IndexBusy:
        return  # another process is at it already: its last snapshot will do
    except IndexUnwritable as error:
        if is_as_indexed(request, manifest):
            return
        cure = Words("cure.or", first=error.cure, second=Words("index.as_it_is.cure"))
        raise IndexUnwritable(error.what, error.problem, cure) from error


def _absent(corpus: Path, folder: str, *, begun: bool) -> DedupError:
    """Make the error for a folder in which there is no finished index."""
    if begun:
        return IndexMissing(folder, Words("index.unfinished"))
    if not os.path.isdir(corpus):  # then none can be built
        from dedup.index.corpus import no_folder

        return no_folder(os.fspath(corpus))
    return IndexMissing(folder, Words("index.missing"))


def _open_snapshot(
    corpus: Path, folder: str, manifest: Manifest | None, settings: Settings, limits: Limits
) -> Index:
    """Open the segments of a manifest; read it anew if it is None or a segment was replaced."""
    missing = folder
    for _ in range(limits.attempts):
        manifest = manifest or _read(corpus, folder, settings)
        if manifest is None or not manifest.finished:
            raise _absent(corpus, folder, begun=manifest is not None)
        try:
            index = Index(folder, manifest, limits)
        except FileNotFoundError as error:
            # A writer replaced a segment between our look at the manifest and at the folder.
            missing, manifest = str(error.filename), None
            continue
        index.particulars = read_particulars(corpus)
        return index
    raise IndexDamaged(missing, Words("index.gone"))


def demand_files(corpus: str | Path, directory: Path | None) -> None:
    """Raise UsageError for a corpus without any file, before an index is made of it."""
    from dedup.index.corpus import holds_files

    if not holds_files(os.fspath(corpus), index_folder(corpus, directory)):
        raise nothing_in(os.fspath(corpus), ())


def demand_documents(index: Index, corpus: Path) -> None:
    """Raise UsageError for an index without documents, against which nothing can be checked."""
    if not index.parts:
        raise nothing_in(os.fspath(corpus), index.skipped)


def nothing_in(place: str, skipped: Sequence[Skipped]) -> UsageError:
    """Make the error for a place in which no document was read, but some files were skipped."""
    from dedup.readers import documents_among

    if unread := len(documents_among(skipped)):
        return UsageError(place, Words("corpus.unread", count=unread))
    return UsageError(place, Words("corpus.empty"))
