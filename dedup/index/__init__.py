"""The index of a corpus: what is where, found without loading anything.

`open_index` is the way in, `Index` answers, `update_index` keeps it true to the corpus folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.errors import DedupError, IndexDamaged, IndexMissing, IndexUnreadable, IndexUnwritable
from dedup.index.catalog import Catalog, check_scheme
from dedup.index.changes import Audience, Changes, Progress
from dedup.index.container import REBUILD
from dedup.index.cures import OTHER_FOLDER
from dedup.index.index import Index, PartInfo, Region, catalog_path
from dedup.index.near import NearParagraphs
from dedup.index.rows import Snapshot
from dedup.index.search import GramHits
from dedup.sketch.scheme import Scheme, SchemeSettings

if TYPE_CHECKING:
    from dedup.index.listing import Foreseen

__all__ = [
    "Changes",
    "GramHits",
    "Index",
    "NearParagraphs",
    "PartInfo",
    "Region",
    "Scheme",
    "index_folder",
    "open_index",
    "update_index",
]

_ATTEMPTS = 20
"""How often a snapshot may be overtaken by a writer before that is taken for damage."""


def index_folder(corpus: Path, directory: Path | None) -> str:
    """Where the index of a corpus lies: `directory`, or `.dedup` inside the corpus folder."""
    return os.fspath(directory) if directory is not None else os.path.join(corpus, ".dedup")


def open_index(
    corpus: Path,
    directory: Path | None,
    scheme_settings: SchemeSettings,
    *,
    refresh: bool = True,
    rebuild: bool = False,
    progress: Progress | None = None,
    merging: Progress | None = None,
    waiting: Callable[[], None] | None = None,
) -> Index:
    """Open the index of a corpus, building it when there is none and refreshing it when files changed.

    With `refresh` false it is taken as it is. While another process refreshes it, the last finished snapshot
    is used; if there is none, `waiting` is called and that process waited for. Raises IndexError_ of every
    kind, or UsageError (no corpus).
    """
    folder = index_folder(corpus, directory)
    if rebuild:
        update_index(
            corpus,
            directory,
            scheme_settings,
            rebuild=True,
            progress=progress,
            merging=merging,
            waiting=waiting,
        )
    elif not os.path.exists(catalog_path(folder)):
        if not refresh:
            raise _absent(corpus, folder)
        update_index(corpus, directory, scheme_settings, progress=progress, merging=merging, waiting=waiting)
    elif refresh:
        _refresh(corpus, folder, scheme_settings, progress, merging, waiting)
    return _open_snapshot(folder, scheme_settings)


def _absent(corpus: Path, folder: str) -> DedupError:
    """What to say of a folder in which no index is found."""
    try:
        os.stat(catalog_path(folder))
    except (FileNotFoundError, NotADirectoryError):
        if not os.path.isdir(corpus):  # then none can be built
            from dedup.index.listing import no_folder

            return no_folder(os.fspath(corpus))
    except OSError as error:  # then there may well be one
        return IndexUnreadable(
            folder, error.strerror or str(error), f"check its permissions, or {OTHER_FOLDER}"
        )
    return IndexMissing(folder, "there is no index", "build it: dedup index")


def update_index(
    corpus: Path,
    directory: Path | None,
    scheme_settings: SchemeSettings,
    *,
    rebuild: bool = False,
    foreseen: Foreseen | None = None,
    progress: Progress | None = None,
    merging: Progress | None = None,
    waiting: Callable[[], None] | None = None,
) -> Changes:
    """Bring the index up to date, or make it anew, and say what changed; waits for another writer.

    `foreseen` is a listing of the corpus that was begun before. `progress` hears how far reading the files
    is, `merging` how far merging segments is; `waiting` is called when there is another writer.

    Raises IndexUnwritable, IndexUnreadable, IndexFormatError, IndexDamaged, or UsageError.
    """
    from dedup.index.lock import Patience
    from dedup.index.refresh import bring_up_to_date  # and all that parses and writes: 15 ms

    folder = index_folder(corpus, directory)
    changes = bring_up_to_date(
        os.fspath(corpus),
        folder,
        scheme_settings,
        _folding(),
        rebuild=rebuild,
        patience=Patience(told=waiting),
        foreseen=foreseen,
        audience=Audience(progress, merging),
    )
    if changes is None:
        raise IndexUnwritable(
            folder, "another process has been writing it for ten minutes", "try again later"
        )
    return changes


def _refresh(
    corpus: Path,
    folder: str,
    settings: SchemeSettings,
    progress: Progress | None,
    merging: Progress | None,
    waiting: Callable[[], None] | None,
) -> None:
    from dedup.index.listing import folder_digest

    snapshot = _read_snapshot(folder, settings)
    if snapshot is not None and snapshot.listing == folder_digest(os.fspath(corpus), folder):
        return
    from dedup.index.lock import Patience
    from dedup.index.refresh import bring_up_to_date

    # When another process is at it already, its last snapshot will do; without one we have to wait.
    patience = Patience(told=waiting) if snapshot is None else Patience(0)
    try:
        bring_up_to_date(
            os.fspath(corpus),
            folder,
            settings,
            _folding(),
            patience=patience,
            audience=Audience(progress, merging),
        )
    except IndexUnwritable as error:
        if snapshot is None:
            raise
        from dedup.index.cures import or_as_it_is

        raise IndexUnwritable(error.what, error.problem, or_as_it_is(str(error.cure))) from error


def _open_snapshot(folder: str, settings: SchemeSettings) -> Index:
    for _ in range(_ATTEMPTS):
        snapshot = _read_snapshot(folder, settings)
        if snapshot is None:
            raise IndexMissing(folder, "the index was never finished", "build it: dedup index")
        try:
            return Index(folder, snapshot)
        except FileNotFoundError as error:
            # A writer replaced a segment between our look at the catalog and at the folder.
            missing = str(error.filename)
    raise IndexDamaged(missing, "is missing", REBUILD)


def _read_snapshot(folder: str, settings: SchemeSettings) -> Snapshot | None:
    catalog = Catalog(folder, writing=False)
    try:
        snapshot = catalog.snapshot()
    finally:
        catalog.close()
    if snapshot is not None:
        check_scheme(catalog.path, snapshot.scheme, settings, _folding())
    return snapshot


def _folding() -> str:
    """A name for the folding table: signatures and grams made with another one do not compare."""
    import zlib

    from dedup.text.folding import DATA_FILE

    with open(DATA_FILE, "rb") as file:
        return f"{zlib.crc32(file.read()):08x}"
