"""Whether an index is, byte for byte, what was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dedup.errors import IndexDamaged
from dedup.index import open_index
from dedup.index.catalog import Catalog
from dedup.index.container import REBUILD
from dedup.sketch.scheme import SchemeSettings


@dataclass(frozen=True, slots=True)
class Verified:
    """An index that is intact."""

    folder: str
    files: int
    """How many were read."""


def verify_index(corpus: Path, directory: Path | None, settings: SchemeSettings) -> Verified:
    """Read every file of the live snapshot. Raises IndexDamaged naming one that is not what it was."""
    with open_index(corpus, directory, settings, refresh=False) as index:
        _verify_catalog(index.folder)
        index.verify()
        return Verified(index.folder, 1 + len(index._containers))


def _verify_catalog(folder: str) -> None:
    catalog = Catalog(folder, writing=False)
    try:
        if not catalog.whole():
            raise IndexDamaged(catalog.path, "altered since it was written", REBUILD)
    finally:
        catalog.close()
