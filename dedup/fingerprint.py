"""Fingerprints of passages: what of a text is kept where the text itself must not be.

Winnowing (Schleimer, Wilkerson, Aiken 2003) over folded characters: of the hashes of `_GRAM` characters the
least in each window of `_WINDOW` is a print. Two texts that share `GUARANTEED` characters in a row share a
print, wherever these stand, so a passage is known again when lines before it came or went, when its ends
moved a little, and when a few characters in it were altered.

Nobody reads a text off its prints; who has a text can tell whether it was the one.
"""

from __future__ import annotations

import re

import numpy as np

from dedup.sketch.hashing import window_hashes
from dedup.text.normalize import normalize

_GRAM = 8
_WINDOW = 6
GUARANTEED = _GRAM + _WINDOW - 1
"""Characters in a row by which two texts share a print: 13, as checks promise."""
_STREAM = 5
"""Of the constants for hashing; others are used elsewhere."""
_DIGITS = 8
"""Hexadecimal digits of a print."""

Fingerprint = frozenset[int]
"""Prints of 32 bits, about one for three or four characters; empty for a text without characters."""


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text, in which only letters, figures and ideographs count."""
    codes = normalize(text).codes
    if not len(codes):
        return frozenset()
    # A text shorter than a gram is one gram, filled up with zeros, which no character folds to.
    grams = np.pad(codes, (0, max(0, _GRAM - len(codes))))
    prints = (window_hashes(grams, _GRAM, 1, _STREAM) >> np.uint64(64 - 4 * _DIGITS)).astype(np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(prints, min(_WINDOW, len(prints)))
    return frozenset(np.unique(windows.min(axis=1)).tolist())


def share(part: Fingerprint, whole: Fingerprint) -> float:
    """How much of a text another one holds, 0 to 1, as far as their prints tell; 0 for a text without any."""
    return len(part & whole) / len(part) if part else 0.0


def as_text(prints: Fingerprint) -> str:
    """The fingerprint in hexadecimal digits, the least print first."""
    return "".join(f"{one:0{_DIGITS}x}" for one in sorted(prints))


def from_text(digits: str) -> Fingerprint:
    """The fingerprint that `as_text` wrote. Raises ValueError for what is none."""
    if not re.fullmatch(rf"([0-9a-f]{{{_DIGITS}}})*", digits):
        raise ValueError(digits)
    return frozenset(int(digits[at : at + _DIGITS], 16) for at in range(0, len(digits), _DIGITS))
