"""What an index holds as whole tables, for those who go through all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged
from dedup.index import index_folder, open_index
from dedup.index.catalog import Catalog, FileRow
from dedup.index.container import REBUILD
from dedup.index.index import Index
from dedup.index.segment import Segment
from dedup.sketch.scheme import SchemeSettings

_ATTEMPTS = 20


def open_with_files(
    corpus: Path, directory: Path | None, settings: SchemeSettings
) -> tuple[Index, list[FileRow]]:
    """The index as it is, and the rows of the files in it, both of one snapshot.

    Raises IndexMissing, IndexFormatError or IndexDamaged.
    """
    folder = index_folder(corpus, directory)
    for _ in range(_ATTEMPTS):
        index = open_index(corpus, directory, settings, refresh=False)
        catalog = Catalog(folder, writing=False)
        try:
            rows = list(catalog.files().values())
        finally:
            catalog.close()
        if _holds(index, rows):
            return index, rows
        index.close()
    raise IndexDamaged(folder, "names files that its segments do not hold", REBUILD)


def live_segments(index: Index) -> list[Segment]:
    """The segments of a snapshot, in the order they were made; some of their files may be dead."""
    return [view.segment for view in index._views]


def live_files(index: Index) -> Iterator[tuple[Segment, NDArray[np.bool_]]]:
    """The segments of a snapshot, each with which of its files [files] are alive."""
    for view in index._views:
        segment, parts = view.segment, view.live_parts
        live = np.ones(segment.files, dtype=np.bool_) if parts is None else parts[segment.file_parts[:-1]]
        yield segment, live


def _holds(index: Index, rows: list[FileRow]) -> bool:
    """Whether exactly these files are alive in the snapshot: no writer came between the two looks."""
    import os

    named: dict[int, set[int]] = {}
    for row in rows:
        named.setdefault(row.segment, set()).add(row.number)
    for view in index._views:
        segment = view.segment
        expected = named.pop(int(os.path.basename(segment.path).partition(".")[0]), set())
        live = view.live_parts
        alive = {
            file
            for file in range(segment.files)
            if live is None or live[segment.file_parts[file] : segment.file_parts[file + 1]].any()
        }
        if alive != expected:
            return False
    return not named
