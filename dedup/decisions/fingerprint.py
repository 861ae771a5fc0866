"""Fingerprints of passages, by which a text is recognised in another draft without being kept.

Winnowing (Schleimer, Wilkerson, Aiken 2003): of every WINDOW consecutive grams of GRAM characters the one
with the smallest hash is kept, with 24 bits of it. Two texts with an equal run of GRAM + WINDOW - 1 = 8
characters have a gram of it in common, wherever it stands in them.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from dedup.records import dataclass
from dedup.sketch.hashing import window_hashes

GRAM = 5
WINDOW = 4
_STREAM = 7
"""Of the constants for hashing: fingerprints that stand in files depend on it."""
_BYTES = 3
_BITS_DROPPED = np.uint64(64 - 8 * _BYTES)


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """The grams that were kept of a text, in its order: k of them."""

    places: NDArray[np.int64]
    """int64[k]: where each begins."""
    hashes: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.hashes)


def winnow(codes: NDArray[np.uint32]) -> Grams:
    """Keep some grams of a text given by its normalised characters [n]; none of fewer than GRAM."""
    hashes = window_hashes(codes, GRAM, 1, _STREAM) >> _BITS_DROPPED
    if not len(hashes):
        return Grams(np.empty(0, np.int64), ())
    windows = sliding_window_view(hashes, min(WINDOW, len(hashes)))
    # Of equal hashes the last: then repeated characters give few grams.
    last = windows.shape[1] - 1 - np.argmin(windows[:, ::-1], axis=1)
    places = np.unique(np.arange(len(windows)) + last)
    return Grams(places, tuple(hashes[places].tolist()))


def written(grams: Grams) -> str:
    """The hashes as a text of four letters each."""
    return b64encode(b"".join(one.to_bytes(_BYTES, "big") for one in grams.hashes)).decode("ascii")


def hashes_in(text: str) -> tuple[int, ...]:
    """The hashes that `written` wrote. Raises ValueError for a text that holds none."""
    try:
        content = b64decode(text, validate=True)
    except (Error, ValueError) as error:
        raise ValueError(text) from error
    if not content or len(content) % _BYTES:
        raise ValueError(text)
    return tuple(
        int.from_bytes(content[start : start + _BYTES], "big") for start in range(0, len(content), _BYTES)
    )
