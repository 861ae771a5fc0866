"""Whether an index is, byte for byte, what was written."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from dedup.errors import IndexDamaged
from dedup.index import open_index
from dedup.index.container import REBUILD
from dedup.index.index import catalog_path
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
        _verify_catalog(catalog_path(index.folder))
        index.verify()
        return Verified(index.folder, 1 + len(index._containers))


def _verify_catalog(path: str) -> None:
    try:
        database = sqlite3.connect(f"file:{os.path.abspath(path)}?mode=ro", uri=True)
        try:
            found = [row[0] for row in database.execute("PRAGMA integrity_check(1)")]
        finally:
            database.close()
    except sqlite3.DatabaseError as error:
        raise IndexDamaged(path, str(error), REBUILD) from error
    if found != ["ok"]:
        raise IndexDamaged(path, found[0].splitlines()[0], REBUILD)
