"""Read the texts to which a scan's results refer from the corpus, when they are needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from dedup.errors import UnreadableInput
from dedup.progress import Advance
from dedup.readers import read_text

_FILES_KEPT = 256
LINES_BETWEEN = 4096
"""Lines between two reports of progress; one report for each line would cost as much as reading it."""


def read_lines(
    path: Path,
    progress: Advance | None,
    before: int,
    total: int,
    most: int | None = None,
    every: int = LINES_BETWEEN,
) -> Iterator[dict[str, Any]]:
    """Read at most `most` lines of a result file; `before` of the `total` are done already."""
    number = 0
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(islice(file, most), 1):
            yield json.loads(line)
            if progress is not None and number % every == 0:
                progress(before + number, total)
    if progress is not None:
        progress(before + number, total)


class ScanTexts:
    """The texts of places such as `{"document": …, "start": …, "end": …}`, cut to `most` code points."""

    def __init__(self, corpus: Path, most: int) -> None:
        self._corpus, self._most = corpus, most
        self._whole = lru_cache(maxsize=_FILES_KEPT)(self._read)

    def whole(self, path: str) -> str:
        """The text of a file; empty if it is gone since the scan."""
        return self._whole(path)

    def of(self, place: dict[str, Any]) -> str:
        """The text at a place; empty if its file is gone since the scan."""
        start, end = place["start"], place["end"]
        text = self._whole(place["document"])[start : min(end, start + self._most)]
        return f"{text}…" if end - start > self._most else text

    def _read(self, path: str) -> str:
        try:
            return read_text(self._corpus / path)
        except UnreadableInput:
            return ""
