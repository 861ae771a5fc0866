"""Fingerprints of passages, kept where the text itself must not be.

Winnowing (Schleimer, Wilkerson, Aiken 2003) over folded characters: of the hashes of `GRAM` characters the
least in each window of `_WINDOW` is a print. Two texts that share `GUARANTEED` characters in a row share a
print at any position, so a passage is recognised when lines before it came or went, when its ends moved a
little, and when a few characters in it were altered.

A text cannot be reconstructed from its prints, but anyone who has a text can test whether they are its own.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

import numpy as np
from numpy.typing import NDArray

from dedup.records import dataclass
from dedup.sketch.hashing import window_hashes
from dedup.text.normalize import normalize

GRAM = 8
_WINDOW = 6
GUARANTEED = GRAM + _WINDOW - 1
"""Characters in a row by which two texts share a print: 13, as checks promise."""
_STREAM = 5
"""Stream of the constants for hashing, used nowhere else."""
_DIGITS = 8
"""Hexadecimal digits of a print."""

_BYTES = _DIGITS // 2

Fingerprint = frozenset[int]
"""Prints of 32 bits, about one for three or four characters; empty for a text without characters."""


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    """The k prints of a text, in its order."""

    places: NDArray[np.int64]
    """int64[k]: position of each print among the folded characters."""
    values: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.values)


def winnow(codes: NDArray[np.uint32]) -> Prints:
    """The prints of a text given by its folded characters [n], with their positions."""
    if not len(codes):
        return Prints(np.empty(0, np.int64), ())
    # A text shorter than a gram is one gram, padded with zeros, to which no character folds.
    grams = np.pad(codes, (0, max(0, GRAM - len(codes))))
    prints = (window_hashes(grams, GRAM, 1, _STREAM) >> np.uint64(64 - 4 * _DIGITS)).astype(np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(prints, min(_WINDOW, len(prints)))
    # Of equal hashes the last, so that repeated characters give few prints.
    last = windows.shape[1] - 1 - np.argmin(windows[:, ::-1], axis=1)
    places = np.unique(np.arange(len(windows)) + last)
    return Prints(places, tuple(prints[places].tolist()))


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text, in which only letters, figures and ideographs count."""
    return frozenset(winnow(normalize(text).codes).values)


def share(part: Fingerprint, whole: Fingerprint) -> float:
    """Share of a text's prints that another text has too, 0 to 1; 0 for a text without any."""
    return len(part & whole) / len(part) if part else 0.0


def as_text(prints: Fingerprint) -> str:
    """The fingerprint in hexadecimal digits, the least print first."""
    return "".join(f"{one:0{_DIGITS}x}" for one in sorted(prints))


def from_text(digits: str) -> Fingerprint:
    """The fingerprint that `as_text` wrote. Raises ValueError for anything else."""
    if not re.fullmatch(rf"([0-9a-f]{{{_DIGITS}}})*", digits):
        raise ValueError(digits)
    return frozenset(int(digits[at : at + _DIGITS], 16) for at in range(0, len(digits), _DIGITS))


def in_order_as_text(prints: Prints) -> str:
    """Prints in their order in base64, for short files."""
    return b64encode(b"".join(one.to_bytes(_BYTES, "big") for one in prints.values)).decode("ascii")


def in_order_from_text(letters: str) -> tuple[int, ...]:
    """The prints that `in_order_as_text` wrote. Raises ValueError for anything else."""
    content = b64decode(letters, validate=True)
    if not content or len(content) % _BYTES:
        raise ValueError(letters)
    return tuple(int.from_bytes(content[at : at + _BYTES], "big") for at in range(0, len(content), _BYTES))
