"""What other programs are given of a corpus: its paragraphs as JSON lines, read and folded by ours."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from dedup.readers import read_text
from dedup.scan.collection import Collection
from dedup.sketch.arrays import Ints
from dedup.text.folding import as_text
from dedup.text.normalize import normalize
from tests.bench.exact_join import Truth


@dataclass(frozen=True, slots=True)
class Given:
    """Files of JSON lines with `id` and `text`, in a folder to work in."""

    folder: Path
    folded: Path
    original: Path
    """The same paragraphs, with punctuation."""
    characters: int
    """Of all that is folded."""
    submission: Path
    """A document to check, as it is."""
    submission_lines: Path
    """Its lines, folded."""


def give(collection: Collection, truth: Truth, corpus: Path, submission: Path, folder: Path) -> Given:
    """Write the paragraphs that are long enough, in the order of `truth.numbers`, and the document's."""
    chosen = truth.numbers
    folded = folded_texts(collection, truth.paragraphs.text[chosen])
    originals = []
    number, text = -1, ""
    columns = truth.paragraphs.file, truth.paragraphs.start, truth.paragraphs.end
    for file, start, end in zip(*(column[chosen].tolist() for column in columns), strict=True):
        if file != number:  # paragraphs are in the order of files
            number, text = file, read_text(corpus / truth.paths[file])
        originals.append(text[start:end])
    lines = (as_text(normalize(line).codes) for line in read_text(submission).splitlines())
    return Given(
        folder,
        write_lines(folder / "folded.jsonl", folded),
        write_lines(folder / "original.jsonl", originals),
        sum(map(len, folded)),
        submission,
        write_lines(folder / "submission.jsonl", (line for line in lines if line)),
    )


def folded_texts(collection: Collection, texts: Ints) -> list[str]:
    """Some texts of a collection as the matcher sees them."""
    codes, starts = collection.codes(texts)
    written = as_text(codes)
    return [written[begin:end] for begin, end in pairwise(starts.tolist())]


def write_lines(path: Path, texts: Iterable[str]) -> Path:
    """One object a line, numbered in the order given."""
    with path.open("w", encoding="utf-8") as lines:
        for number, text in enumerate(texts):
            lines.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")
    return path
