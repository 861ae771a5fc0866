"""The folder of segment files, and how they come to be named by the catalog."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress

import numpy as np

from dedup.index.catalog import Catalog
from dedup.index.container import publish
from dedup.index.pieces import Finished
from dedup.index.rows import FileRow, SegmentRow


class SegmentFolder:
    """The segments of an index that is being written."""

    def __init__(self, catalog: Catalog, path: str) -> None:
        self._catalog = catalog
        self.path = path

    def place(self, row: SegmentRow) -> str:
        """Path of a segment's file."""
        return os.path.join(self.path, row.name)

    def name(self, finished: Finished, files: Iterable[FileRow]) -> None:
        """Give a finished segment its lasting name and stage its files, within a transaction."""
        number, size = self._catalog.next_segment(), finished.size
        row = SegmentRow(number, size.bytes, size.files, size.characters, np.empty(0, np.uint32), None)
        publish(finished.path, self.place(row))
        self._catalog.add_segment(row, [file._replace(segment=number) for file in files])

    def free_bytes(self) -> int:
        """How much more the disk takes. Raises OSError."""
        return shutil.disk_usage(self.path).free

    def remove_orphans(self) -> None:
        """Remove the files that the catalog does not name. Raises OSError."""
        named = {row.name for row in self._catalog.segments()}
        named |= {row.tombstones for row in self._catalog.segments() if row.tombstones}
        self.remove(name for name in os.listdir(self.path) if name not in named)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files that no snapshot will name any more. Raises OSError."""
        for name in names:
            # Where open files cannot be removed (Windows), the next writer tries again.
            # Where another thread of ours is at it too, whoever comes second finds nothing.
            with suppress(PermissionError, FileNotFoundError):
                os.remove(os.path.join(self.path, name))
