"""The texts that a scan's results point to, read from the corpus as they are asked for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from dedup.errors import UnreadableInput
from dedup.readers import read

_FILES_KEPT = 256


class ScanTexts:
    """Texts of places such as `{"document": …, "start": …, "end": …}`, cut to `most` code points."""

    def __init__(self, corpus: Path, most: int) -> None:
        self._corpus, self._most = corpus, most
        self._whole = lru_cache(maxsize=_FILES_KEPT)(self._read)

    def of(self, place: dict[str, Any]) -> str:
        """The text at a place, empty where its file is gone since the scan."""
        start, end = place["start"], place["end"]
        text = self._whole(place["document"])[start : min(end, start + self._most)]
        return f"{text}…" if end - start > self._most else text

    def _read(self, path: str) -> str:
        try:
            return read(self._corpus / path)
        except UnreadableInput:
            return ""
