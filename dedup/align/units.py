"""Units of evidence: one for an ideograph, one for a whole word of any script written in letters.

A letter is far less evidence than an ideograph: any two English texts share half of their runs of four
letters, and in a Chinese collection every one of these is rare. So such scripts are weighed by words, in runs
of several. An address (URL, e-mail) is one unit whatever its length, a figure at most LONG_FIGURE units.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from dedup.align.diagonals import Diagonals
from dedup.index.lookup import GramHits
from dedup.sketch.arrays import Bools, Codes, Floats, Ints
from dedup.text.folding import Fold, code_points, folding_table
from dedup.text.looks import Expression

LONG_FIGURE = 4
"""Digits beyond which a figure weighs no more: a telephone number is one piece of information."""
WORDS_IN_A_ROW = 4
"""Units in a row from which a run that holds words is more than chance; as characters of a gram."""

_DIGITS = (ord("0"), ord("9"))
_MASK = ord("x")
_SYLLABIC = ((0x3040, 0x30FF), (0x3400, 0xA4CF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
"""Unicode blocks (first, last) whose characters are units by themselves: kana, ideographs, Yi."""
_ADDRESS = Expression(
    r"(?:https?://|ftp://|www\.)[!-~]+|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    ":// . @",
    flags=re.IGNORECASE,
)
_MARKS = r"[!-/:-@\[-`{}~]"
"""Marks of ASCII, without the bar that separates cells; as ranges, which compile fifty times as fast."""
_JOINING = re.compile(rf"[A-Za-z]{_MARKS}+[A-Za-z0-9]|\d[-:/]\d+[-:/]\d")
_JOINED = re.compile(rf"[A-Za-z]{_MARKS}+[A-Za-z0-9]|\d{_MARKS}+[A-Za-z]|\d[-:/]\d")
"""A letter or figure, the marks between, and what follows: user_id, os.path, a=1, 10:20."""
_INNER_MARKS = frozenset(".,．，")
_ZERO_WIDTH = int(Fold.ZERO_WIDTH)


class Units(NamedTuple):
    """The units of n normalised characters."""

    weight: Floats
    """[n] the share of a unit that each character is."""
    opens: Bools
    """[n] mask of the characters that begin a unit."""
    lettered: Bools
    """[n] mask of the characters of words and addresses."""

    @classmethod
    def of(cls, codes: Codes, offsets: Ints, text: str, origin: int = 0) -> Units:
        """Find the units of characters at ascending `offsets` of a text that begins at `origin`."""
        digit = (codes >= _DIGITS[0]) & (codes <= _DIGITS[1])
        letter = ~digit
        for low, high in _SYLLABIC:
            letter &= (codes < low) | (codes > high)
        opens = _unit_starts(letter, digit, offsets, text, origin)
        letter &= codes != _MASK
        units = cls._from_starts(opens, letter)
        if not (units.any_words and _JOINING.search(text)):
            return units
        return units._replace(weight=_weighed_together(units, offsets, text, origin))

    @classmethod
    def _from_starts(cls, opens: Bools, letter: Bools) -> Units:
        """Make units of two masks [n]: their beginnings, and the letters other than a masking `X`."""
        starts = np.flatnonzero(opens)
        ends = np.append(starts[1:], len(opens))[: len(starts)]
        lengths = ends - starts
        with_letter = np.logical_or.reduceat(letter, starts) if len(starts) else starts > 0
        share = np.where(with_letter, 1.0, np.minimum(lengths, LONG_FIGURE)) / np.maximum(lengths, 1)
        return cls(np.repeat(share, lengths), opens, np.repeat(with_letter, lengths))

    @property
    def any_words(self) -> bool:
        """True if anything is written in letters."""
        return bool(self.lettered.any())

    def sums(self) -> Floats:
        """Units before each character, float[n + 1]."""
        return np.concatenate([[0.0], np.cumsum(self.weight)])

    def borders(self, places: Ints) -> tuple[Ints, Ints]:
        """Starts and ends of the units that hold the characters at `places`."""
        starts = np.flatnonzero(self.opens)
        number = np.searchsorted(starts, places, side="right")
        return starts[number - 1], np.append(starts, len(self.opens))[number]

    def trim(self, start: Ints, end: Ints, slack: int = 0) -> tuple[Ints, Ints]:
        """Ranges [start, end) without words at their ends that lack more than `slack` letters.

        A range that becomes empty has an end that is not above its start.
        """
        if not len(self.opens):
            return start, end
        opening = np.minimum(start, len(self.opens) - 1)
        first, last = self.borders(opening)
        lettered = self.lettered[opening]
        cut = lettered & (start - first > slack)
        begin = np.where(cut, last, np.where(lettered, first, start))
        closing = np.maximum(end - 1, 0)
        first, last = self.borders(closing)
        lettered = self.lettered[closing]
        cut = lettered & (last - end > slack)
        stop = np.where(cut, first, np.where(lettered, last, end))
        return begin, stop


def _weighed_together(units: Units, offsets: Ints, text: str, origin: int) -> Floats:
    """Weights [n] in which words separated by marks only (pd.read_csv, 08:00:01) weigh as one word together.

    They are one name to their writer, and lines of code and of logs consist mostly of them.
    """
    starts, places = np.flatnonzero(units.opens), offsets - origin
    after_marks = starts[1:][np.diff(places)[starts[1:] - 1] > 1].tolist()
    joined = [start for start in after_marks if _JOINED.fullmatch(text, places[start - 1], places[start] + 1)]
    starts = np.setdiff1d(starts, joined, assume_unique=True)
    totals = np.add.reduceat(units.weight, starts)
    lettered = np.logical_or.reduceat(units.lettered, starts)
    lengths = np.diff(np.append(starts, len(units.opens)))
    most = np.where(lettered, 1.0, LONG_FIGURE)
    lessened: Floats = units.weight * np.repeat(np.minimum(1.0, most / np.maximum(totals, 1e-9)), lengths)
    return lessened


def _unit_starts(letter: Bools, digit: Bools, offsets: Ints, text: str, origin: int) -> Bools:
    """Mask of the characters at which a unit begins, bool[n]."""
    joined = letter | digit
    opens = np.ones(len(joined), np.bool_)
    inside = np.flatnonzero(joined[1:] & joined[:-1]) + 1
    if not len(inside):
        return opens
    opens[inside] = False
    apart = inside[offsets[inside] - offsets[inside - 1] > 1]
    opens[apart[_separated(text, offsets[apart - 1] - origin, offsets[apart] - origin)]] = True
    for found in _ADDRESS.finditer(text):
        first, last = np.searchsorted(offsets, (found.start() + origin, found.end() + origin))
        opens[first + 1 : last] = False
    return opens


def _separated(text: str, before: Ints, behind: Ints) -> Bools:
    """Mask of the pairs of offsets in a text with a mark or a space between them that separates words.

    Invisible characters do not separate, nor does a point or comma between two digits.
    """
    table = folding_table()
    points = code_points(text)
    parting = (table.folded.take(points) == 0) & (table.undone.take(points) != _ZERO_WIDTH)
    sums = np.concatenate([[0], np.cumsum(parting)])
    parted: Bools = sums[behind] - sums[before + 1] > 0
    close = np.flatnonzero(parted & (behind - before == 2))
    for place in close.tolist():
        start, end = int(before[place]), int(behind[place])
        inner = text[start + 1] in _INNER_MARKS and text[start].isdigit() and text[end].isdigit()
        parted[place] = not inner
    return parted


def sustained(hits: GramHits, units: Units, gram: int, step: int) -> Bools:
    """Mask of the hits [h] in a run long enough to be evidence.

    All hits of grams without letters are. The others must lie in a chain on one diagonal that holds
    WORDS_IN_A_ROW whole units; `gram` and `step` are those of the index.
    """
    kept = np.ones(len(hits.query), np.bool_)
    if not units.any_words:
        return kept
    sums = np.concatenate([[0], np.cumsum(units.lettered)])
    lettered = np.flatnonzero(sums[hits.query + gram] > sums[hits.query])
    if not len(lettered):
        return kept
    order, places, _, _, opening = Diagonals.of(hits, lettered)
    opening[1:] |= np.diff(places) > step
    first = np.flatnonzero(opening)
    last = np.append(first[1:], len(places)) - 1
    begin, stop = units.trim(places[first], places[last] + gram, slack=step - 1)
    opens = np.concatenate([[0], np.cumsum(units.opens)])
    whole = opens[np.maximum(stop, begin)] - opens[begin]
    kept[lettered[order]] = np.repeat(whole >= WORDS_IN_A_ROW, last - first + 1)
    return kept
