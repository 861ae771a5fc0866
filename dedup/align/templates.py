"""Find text of templates: files that the user names as common, whose text never counts as reuse.

A template is filled in, reflowed and renumbered before it is handed in. So its text is recognised by grams,
which do not depend on line breaks and punctuation, and a line with slots to be filled in by its fixed pieces,
which must come in their order.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dedup.align.phrases import figures_as_one
from dedup.errors import UsageError
from dedup.messages import Words
from dedup.readers import is_registered, read_text
from dedup.records import dataclass
from dedup.sketch.arrays import Bools, Ints, distinct, places_of, runs_where
from dedup.text.folding import as_text
from dedup.text.looks import Expression
from dedup.text.normalize import SLOT, fold_slots, normalize

GRAM = 6
"""Codes of a gram: longer than most words, shorter than most pieces of a template."""

_LONG_RUN = 12
"""Codes of a run that is template text wherever it is in the submission."""
_LEAST_SHARE = 0.5
"""Share of a paragraph that must be template text for its shorter runs to count."""
_LONGEST_FILLING = 60
"""Codes that may be filled in between two pieces of a line."""
_SHORTEST_LABEL = 2
_LEAST_FIXED = 4
"""Codes that the fixed pieces of a line must have together."""

_SLOT = Expression(
    r"_{2,}|＿+|[Xx×Ｘ]+|[〇○]{2,}|[ \t\u3000]{2,}|…+|\.{3,}|[（(【\[]\s*[）)】\]]"
    r"|<[^<>\n]{1,20}>|\{[^{}\n]{1,20}\}"
    r"|[（(](?:请?填写|此处|填)[^）)\n]*[）)]|某+"
)


Pieces = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Templates:
    """Some templates, prepared for matching."""

    grams: NDArray[np.uint64]
    """uint64[g], ascending: hashes of all grams of their text."""
    lines: tuple[Pieces, ...]
    """The fixed pieces of lines that have slots, or are shorter than a gram."""

    def cover(self, codes: NDArray[np.uint32], paragraph_starts: Ints) -> Bools:
        """Mask of the slot-folded codes (uint32[n]) of a text that are template text, bool[n].

        `paragraph_starts` (int64[m + 1]) are the starts of the paragraphs, the last entry n.
        """
        run_starts = figures_as_one(codes)
        gathered = codes[run_starts]
        starts = np.searchsorted(run_starts, paragraph_starts)
        covered = self._by_grams(gathered, starts)
        text = as_text(gathered)
        for start, end in zip(starts.tolist(), starts[1:].tolist(), strict=False):
            for first, last in self._by_lines(text[start:end]):
                covered[start + first : start + last] = True
        return np.repeat(covered, np.diff(run_starts, append=len(codes)))

    def _by_grams(self, codes: NDArray[np.uint32], starts: Ints) -> Bools:
        marks = np.zeros(len(codes) + 1, np.int32)
        known = np.flatnonzero(places_of(_hashes(codes), self.grams) >= 0)
        np.add.at(marks, known, 1)
        np.add.at(marks, known + GRAM, -1)
        covered = np.cumsum(marks[:-1]) > 0
        shares = np.add.reduceat(np.append(covered, False), starts[:-1]) / np.maximum(np.diff(starts), 1)
        for first, last in runs_where(covered).tolist():
            paragraph = int(np.searchsorted(starts, first, side="right")) - 1
            if last - first < _LONG_RUN and shares[paragraph] < _LEAST_SHARE:
                covered[first:last] = False
        return covered

    def _by_lines(self, paragraph: str) -> Iterator[tuple[int, int]]:
        for pieces in self.lines:
            if len(pieces) == 1:  # a label (姓名, 时间) at the head of a line, with or without a value
                if paragraph.startswith(pieces[0]):
                    yield 0, len(pieces[0])
                continue
            start = paragraph.find(pieces[0])
            while start >= 0:
                stretches = _follow(paragraph, start, pieces)
                yield from stretches
                start = paragraph.find(pieces[0], stretches[-1][1] if stretches else start + 1)


def load_templates(paths: Sequence[str]) -> Templates:
    """The templates in some files, and in folders all files that can be read.

    Raises UsageError if a path names nothing that can be read as text, UnreadableInput for a named file that
    cannot be read.
    """
    files = [file for path in paths for file in _files(path)]
    stamps = tuple((file, os.stat(file).st_mtime_ns, os.stat(file).st_size) for file in files)
    return _loaded(stamps)


@lru_cache(maxsize=4)
def _loaded(stamps: tuple[tuple[str, int, int], ...]) -> Templates:
    return prepare([read_text(file) for file, _, _ in stamps])


def prepare(texts: Sequence[str]) -> Templates:
    """Prepare the texts of templates for matching."""
    lines = [line for text in texts for line in text.splitlines()]
    streams = [_gathered(_SLOT.sub("\n", text)) for text in texts]
    pieces = [_gathered(piece) for text in texts for piece in _SLOT.sub("\n", text).split("\n")]
    grams = [_hashes(codes) for codes in (*streams, *pieces)]
    slotted = dict.fromkeys(filter(None, map(_pieces, lines)))
    return Templates(distinct(np.concatenate([*grams, np.empty(0, np.uint64)])), tuple(slotted))


def _files(path: str) -> list[str]:
    if os.path.isfile(path):
        return [path]
    if not os.path.isdir(path):
        raise UsageError(f"--template {path}", Words("template.missing"))
    found = [
        os.path.join(folder, name)
        for folder, _, names in sorted(os.walk(path))
        for name in sorted(names)
        if is_registered(name) and not name.startswith(".")
    ]
    if not found:
        raise UsageError(f"--template {path}", Words("template.empty"))
    return found


def _pieces(line: str) -> Pieces:
    """The fixed pieces of a line with slots, or of a short one; empty for a line that grams recognise."""
    fixed = [as_text(_gathered(piece)).strip(chr(SLOT)) for piece in _SLOT.compiled.split(line)]
    pieces = tuple(filter(None, fixed))
    length = sum(map(len, pieces))
    if len(pieces) == 1 and (length >= GRAM or length < _SHORTEST_LABEL):
        return ()
    return pieces if len(pieces) == 1 or length >= _LEAST_FIXED else ()


def _follow(paragraph: str, start: int, pieces: Pieces) -> list[tuple[int, int]]:
    """Ranges of the pieces one after the other, each at its first occurrence; empty if one is missing.

    No other placement is tried: a form of many short pieces has too many.
    """
    stretches = []
    for piece in pieces:
        if start < 0:
            return []
        stretches.append((start, start + len(piece)))
        end = start + len(piece)
        following = pieces[len(stretches)] if len(stretches) < len(pieces) else ""
        start = paragraph.find(following, end, end + _LONGEST_FILLING + len(following))
    return stretches


def _gathered(text: str) -> NDArray[np.uint32]:
    """The normalised codes of a text, slots folded and each run of slots reduced to one code."""
    codes = fold_slots(normalize(text).codes)
    return codes[figures_as_one(codes)]


def _hashes(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The hash of each gram of some codes, uint64[n - GRAM + 1]."""
    count = max(0, len(codes) - GRAM + 1)
    hashes = np.zeros(count, np.uint64)
    for place in range(GRAM):
        hashes = hashes * np.uint64(0x100000001B3) ^ codes[place : place + count].astype(np.uint64)
    return hashes
