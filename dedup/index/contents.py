"""What an index holds as whole tables, for those who go through all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged
from dedup.index import index_folder, open_index
from dedup.index.catalog import Catalog
from dedup.index.container import REBUILD
from dedup.index.index import Index
from dedup.index.rows import FileTable
from dedup.index.segment import Segment
from dedup.sketch.scheme import SchemeSettings

_ATTEMPTS = 20


def open_with_files(
    corpus: Path, directory: Path | None, settings: SchemeSettings
) -> tuple[Index, FileTable]:
    """The index as it is, and the table of the files in it, both of one snapshot.

    Raises IndexMissing, IndexFormatError, IndexDamaged or IndexUnreadable.
    """
    folder = index_folder(corpus, directory)
    for _ in range(_ATTEMPTS):
        index = open_index(corpus, directory, settings, refresh=False)
        catalog = Catalog(folder, writing=False)
        try:
            files = catalog.table()
        finally:
            catalog.close()
        if _holds(index, files):
            return index, files
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


def _holds(index: Index, files: FileTable) -> bool:
    """Whether exactly these files are alive in the snapshot: no writer came between the two looks."""
    seen = 0
    for segment, live in live_files(index):
        named = np.sort(files.numbers[files.segments == segment.number])
        if not np.array_equal(named, np.flatnonzero(live)):
            return False
        seen += len(named)
    return seen == len(files)
