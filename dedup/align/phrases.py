"""Find set phrases: wording that every writer of official documents uses.

A large corpus shows by itself what is formulaic, because many independent documents hold it. A small one
cannot, so a list of set phrases ships with the tool: `dedup/data/set_phrases.txt`, with an account of how it
was made beside it. One line is one phrase::

    在…的坚强领导下
    地区生产总值增长X%左右

`…` divides a phrase into pieces with 0 to `LONGEST_GAP` characters of anything between two of them; `X` is a
figure or a mask of any length. Everything else is compared as texts are: normalised, slots folded.

Matching is a hash join. Every phrase is entered under the first four codes of its longest piece, its anchor;
the four-grams of the text are looked up in a small filter, and what passes is compared in full. (Searching
for each phrase in turn with `str.find` takes more than ten times as long: the list is long, the texts short.)
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.errors import UsageError
from dedup.messages import Words
from dedup.records import dataclass
from dedup.sketch.arrays import Bools
from dedup.text.folding import as_text, code_points
from dedup.text.normalize import SLOT, fold_slots, normalize

LONGEST_GAP = 12
"""Largest number of characters that `…` stands for; a figure counts as one."""

ANCHOR_SIZE = 4
"""Number of codes by which a phrase is looked up; a phrase needs a piece as long."""

DATA_FILE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "set_phrases.txt")

_GAP = "…"
_FILTER_BITS = 16
_MIXER = np.uint64(0x9E3779B97F4A7C15)
"""2⁶⁴ ÷ golden ratio, the multiplier of Fibonacci hashing (Knuth, TAOCP 3, section 6.4)."""

Stretch = tuple[int, int]
Pieces = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetPhrases:
    """Phrases prepared for matching, in the order of their anchors' keys."""

    phrases: tuple[Pieces, ...]
    """The fixed pieces of each phrase, in normalised characters with every figure replaced by one `0`."""
    keys: NDArray[np.uint64]
    """uint64[phrases], ascending: the first codes of each phrase's anchor."""
    passing: Bools
    """bool[2 ** 16]: True at the hashes of the keys; a filter that rejects most of a text at once."""

    def __len__(self) -> int:
        return len(self.phrases)

    def cover(self, codes: NDArray[np.uint32]) -> Bools:
        """Mark the slot-folded codes (uint32[n]) that belong to a set phrase, bool[n].

        A code is covered if it lies in a fixed piece of a full match of some phrase; text in place of `…` is
        not covered.
        """
        run_starts = figures_as_one(codes)
        gathered = codes[run_starts]
        borders = np.zeros(len(gathered) + 1, np.int32)
        for start, end in self._stretches(gathered):
            borders[start] += 1
            borders[end] -= 1
        covered: Bools = np.cumsum(borders[:-1]) > 0
        return np.repeat(covered, np.diff(run_starts, append=len(codes)))

    def _stretches(self, codes: NDArray[np.uint32]) -> Iterator[Stretch]:
        """The stretches (start, end) of `codes` that are fixed pieces of full matches; they may overlap."""
        keys = _keys(codes)
        places = np.flatnonzero(self.passing[_hashes(keys)])
        firsts = np.searchsorted(self.keys, keys[places], "left")
        lasts = np.searchsorted(self.keys, keys[places], "right")
        text = as_text(codes)
        for place, first, last in zip(places.tolist(), firsts.tolist(), lasts.tolist(), strict=True):
            for pieces in self.phrases[first:last]:
                if len(pieces) > 1:
                    yield from _match_at(text, place, pieces)
                elif text.startswith(pieces[0], place):
                    yield place, place + len(pieces[0])


@cache
def load_phrases() -> SetPhrases:
    """The shipped list, read and prepared at first use."""
    with open(DATA_FILE, encoding="utf-8") as file:
        return parse_phrases(file.read())


def parse_phrases(text: str) -> SetPhrases:
    """Prepare a list of phrases: one a line, `#` begins a comment line.

    Raises `UsageError` for a phrase without a piece of at least `ANCHOR_SIZE` characters.
    """
    lines = [line for line in text.splitlines() if line and line[0] != "#"]
    normalized = _normalized_lines(lines)
    plain = [line for line in normalized if _GAP not in line]
    slotted = [_pieces(line) for line in normalized if _GAP in line]
    phrases: list[Pieces] = [*zip(plain, strict=True), *slotted]
    anchors = [line[:ANCHOR_SIZE] for line in plain]
    anchors += [pieces[_longest(pieces)][:ANCHOR_SIZE] for pieces in slotted]
    joined = "".join(anchors)
    if len(joined) < ANCHOR_SIZE * len(lines):
        raise _too_short(lines, normalized)
    keys = _keys(code_points(joined))[::ANCHOR_SIZE]
    order = np.argsort(keys, kind="stable")
    passing = np.zeros(1 << _FILTER_BITS, np.bool_)
    passing[_hashes(keys)] = True
    return SetPhrases(tuple(phrases[number] for number in order.tolist()), keys[order], passing)


def _normalized_lines(lines: Sequence[str]) -> list[str]:
    """Normalise all lines at once, keeping `…`, with every figure replaced by one `0`."""
    text = "\n".join(lines)
    original = code_points(text)
    marks = (original == ord("\n")) | (original == ord(_GAP))
    codes = np.where(marks, original, np.uint32(0))
    kept = normalize(text)
    codes[kept.offsets] = fold_slots(kept.codes)
    codes = codes[codes != 0]
    return as_text(codes[figures_as_one(codes)]).split("\n")


def _too_short(lines: Sequence[str], normalized: Sequence[str]) -> UsageError:
    """The error for the first phrase that is too short for an anchor."""
    line = next(
        line
        for line, phrase in zip(lines, normalized, strict=True)
        if max(map(len, phrase.split(_GAP))) < ANCHOR_SIZE
    )
    return UsageError(Words("phrase.what", line=line), Words("phrase.short", size=ANCHOR_SIZE))


def _pieces(line: str) -> Pieces:
    return tuple(filter(None, line.split(_GAP))) or ("",)


def _longest(pieces: Pieces) -> int:
    """Number of the anchor among the pieces: the longest, the first of equals."""
    return max(range(len(pieces)), key=lambda number: len(pieces[number]))


def figures_as_one(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Positions of the codes without those that continue a run of slot codes, ascending."""
    slots = codes == SLOT
    slots[1:] &= slots[:-1]
    slots[:1] = False
    return np.flatnonzero(~slots)


def _keys(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The low 16 bits of codes `i` to `i + 3` packed into one number, uint64[n - 3]."""
    count = max(0, len(codes) - ANCHOR_SIZE + 1)
    low = (codes & np.uint32(0xFFFF)).astype(np.uint64)
    keys = np.zeros(count, np.uint64)
    for place in range(ANCHOR_SIZE):
        keys |= low[place : place + count] << np.uint64(16 * place)
    return keys


def _hashes(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (keys * _MIXER) >> np.uint64(64 - _FILTER_BITS)


def _match_at(text: str, place: int, pieces: Pieces) -> Iterator[Stretch]:
    """Ranges of the fixed pieces of all matches of a phrase whose anchor (longest piece) is at `place`."""
    number = _longest(pieces)
    anchor = pieces[number]
    if not text.startswith(anchor, place):
        return
    end = place + len(anchor)
    after = _follow(text[end : end + _reach(pieces[number + 1 :])], pieces[number + 1 :])
    if after is None:
        return
    # Reversed, the pieces before the anchor follow it.
    before_pieces = tuple(piece[::-1] for piece in reversed(pieces[:number]))
    before = _follow(text[max(0, place - _reach(before_pieces)) : place][::-1], before_pieces)
    if before is None:
        return
    yield place, end
    for start, stop in after:
        yield end + start, end + stop
    for start, stop in before:
        yield place - stop, place - start


def _reach(pieces: Pieces) -> int:
    return sum(LONGEST_GAP + len(piece) for piece in pieces)


def _follow(text: str, pieces: Pieces) -> list[Stretch] | None:
    """Ranges of the pieces in all ways to match them from the start of `text`; None if there is none."""
    layers: list[set[int]] = []
    ends = {0}
    for piece in pieces:
        within = {start for end in ends for start in range(end, end + LONGEST_GAP + 1)}
        starts = {start for start in within if text.startswith(piece, start)}
        if not starts:
            return None
        layers.append(starts)
        ends = {start + len(piece) for start in starts}
    # From the last piece back, only those places that lead to it.
    stretches: list[Stretch] = []
    leading = set(range(len(text) + 1))
    for piece, starts in zip(reversed(pieces), reversed(layers), strict=True):
        kept = {start for start in starts if start + len(piece) in leading}
        stretches.extend((start, start + len(piece)) for start in kept)
        leading = {start - gap for start in kept for gap in range(LONGEST_GAP + 1)}
    return stretches
