from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dedup.scan import Scan, scan_corpus
from dedup.scan.results import CLUSTERS, DOCUMENTS, PAIRS, SUMMARY
from dedup.settings import Settings


class Collection:
    """A corpus folder with its index, scanned into a folder."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "corpus"
        self.output = folder / "output"
        self.index = folder / "index"
        self.settings = replace(Settings(), corpus=self.corpus, index=self.index)
        self.corpus.mkdir(parents=True)

    def write(self, files: Mapping[str, str]) -> None:
        """Write files; an empty text removes one."""
        for name, text in files.items():
            path = self.corpus / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text:
                path.write_text(text, encoding="utf-8")
            else:
                path.unlink(missing_ok=True)

    def scan(self, **options: Any) -> Scan:
        return scan_corpus(self.settings, output=self.output, **options)

    def lines(self, name: str) -> list[dict[str, Any]]:
        # Not splitlines: names of files may hold what it takes for the end of a line.
        lines = (self.output / name).read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines if line]

    @property
    def pairs(self) -> list[dict[str, Any]]:
        return self.lines(PAIRS)

    @property
    def clusters(self) -> list[dict[str, Any]]:
        return self.lines(CLUSTERS)

    @property
    def documents(self) -> list[dict[str, Any]]:
        return self.lines(DOCUMENTS)

    @property
    def summary(self) -> dict[str, Any]:
        result: dict[str, Any] = json.loads((self.output / SUMMARY).read_text(encoding="utf-8"))
        return result


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


@pytest.fixture
def make_collection(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Collection]:
    return lambda: Collection(tmp_path_factory.mktemp("scan"))
