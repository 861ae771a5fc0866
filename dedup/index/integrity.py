"""Whether an index is, byte for byte, what was written."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dedup.errors import IndexDamaged
from dedup.index import index_folder, open_index
from dedup.index.catalog import Catalog
from dedup.index.container import REBUILD, Container
from dedup.index.index import SEGMENTS, catalog_path
from dedup.index.seal import ALTERED
from dedup.sketch.scheme import SchemeSettings


@dataclass(frozen=True, slots=True)
class Verified:
    """An index that is intact."""

    folder: str
    files: int
    """How many were read."""
    interrupted: bool
    """Whether a writer was, or is at work: its part of the catalog could not be verified to the last byte."""


def verify_index(corpus: Path, directory: Path | None, settings: SchemeSettings) -> Verified:
    """Read every file of the index. Raises IndexMissing, or IndexDamaged naming one that is altered."""
    folder = index_folder(corpus, directory)
    files, sealed = _verify_catalog(folder) if os.path.exists(catalog_path(folder)) else (0, False)
    with open_index(corpus, directory, settings, refresh=False) as index:
        index.verify()
        return Verified(index.folder, files + len(index._containers), not sealed)


def _verify_catalog(folder: str) -> tuple[int, bool]:
    """Verify the catalog, and what an interrupted build finished, of which opening an index knows nothing.

    Says how many files that were, and whether the catalog is sealed.
    """
    catalog = Catalog(folder, writing=False)
    try:
        sealed = catalog.sealed()
        if not (catalog.whole() if sealed is None else sealed):
            raise IndexDamaged(catalog.path, ALTERED, REBUILD)
        staged = catalog.segments(live=False)
    finally:
        catalog.close()
    for row in staged:
        path = os.path.join(folder, SEGMENTS, row.name)
        with suppress(FileNotFoundError):  # a writer is at work, and has taken it elsewhere
            altered = Container(path, row.bytes).altered()
            if altered:
                raise IndexDamaged(path, f"{ALTERED} ({', '.join(altered)})", REBUILD)
    return 1 + (sealed is not None) + len(staged), sealed is not None
