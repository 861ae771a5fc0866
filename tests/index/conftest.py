from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dedup.document import Document, Paragraphs, Part, Span

Corpus = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """Writes files below a fresh corpus folder; an empty text removes its file."""
    folder = tmp_path / "corpus"
    folder.mkdir()

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text:
                path.write_text(text, encoding="utf-8")
            else:
                path.unlink()
        return folder

    return write


@pytest.fixture
def plain_document() -> Callable[..., Document]:
    """A document whose lines are all body text; `parts` says after which lines a new part begins."""

    def make(name: str, text: str, parts: tuple[int, ...] = ()) -> Document:
        starts, ends, place = [], [], 0
        for line in text.split("\n"):
            if line.strip():
                starts.append(place)
                ends.append(place + len(line))
            place += len(line) + 1
        count = len(starts)
        paragraphs = Paragraphs(
            np.array(starts, np.int64), np.array(ends, np.int64), np.zeros(count, np.uint8)
        )
        borders = [0, *(min(border, count) for border in parts), count]
        pieces = tuple(
            Part(f"{name}-{first}", Span(0, len(text)), first, last, None)
            for first, last in pairwise(borders)
        )
        return Document(name, text, paragraphs, pieces)

    return make
