"""What a scan wants to know of a segment, made once for each: its distinct texts and their bands, sorted.

Segments never change, so neither do their sketches: a scan that is interrupted, or the scan of the next
night, makes only those that are missing. They lie in the folder `scan` of the index, one container each.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.errors import DedupError
from dedup.index.container import Container, write_container
from dedup.index.segment import Segment
from dedup.scan.banding import Banding
from dedup.scan.dates import date_of
from dedup.scan.texthash import text_hashes
from dedup.sketch.bands import band_keys

SUFFIX = ".texts"
_VERSION = 1
_PREAMBLE = 64
_BLOCK = 1 << 20
"""Positions hashed at once."""
_LOW_HALF = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Sketch:
    """The texts of one segment, dead files included."""

    texts: NDArray[np.uint64]
    """[t] hashes of the distinct texts, ascending."""
    first_rows: NDArray[np.uint32]
    """[t] a row of the segment's signatures that is of this text."""
    row_texts: NDArray[np.uint32]
    """[rows] the text each signature is of."""
    words: NDArray[np.uint64]
    """[bands, t] in each band key << 32 | text, ascending."""
    file_dates: NDArray[np.uint32]
    """[files] as `dedup.scan.dates` reads them from names and titles."""


def sketch_of(segment: Segment, folder: str, banding: Banding) -> Sketch:
    """The sketch of a segment: read if it is there, else made and kept. Raises OSError."""
    path = os.path.join(folder, sketch_name(segment, banding))
    origin = _origin(segment)
    with suppress(FileNotFoundError, DedupError):  # what cannot be read is made anew
        kept = Container(path)
        if kept.array("origin").tobytes() == origin.tobytes():
            return Sketch(*(kept.array(name) for name in Sketch.__slots__))
    sketch = make_sketch(segment, banding)
    arrays = [(name, getattr(sketch, name)) for name in Sketch.__slots__]
    write_container(path, [("origin", origin), *arrays])
    return sketch


def sketch_name(segment: Segment, banding: Banding) -> str:
    """File name of a segment's sketch."""
    number = os.path.basename(segment.path).partition(".")[0]
    return f"{number}-{banding.bands}x{banding.rows}{SUFFIX}"


def make_sketch(segment: Segment, banding: Banding) -> Sketch:
    """The sketch of a segment. Memory: 8 bytes for each text and band."""
    hashes = _row_hashes(segment)
    texts, first_rows, row_texts = np.unique(hashes, return_index=True, return_inverse=True)
    words = np.empty((banding.bands, len(texts)), dtype=np.uint64)
    for first in range(0, len(texts), _BLOCK >> 4):
        block = slice(first, first + (_BLOCK >> 4))
        signatures = segment.signatures[first_rows[block]]
        words[:, block] = short_keys(signatures, banding).T
    words <<= np.uint64(32)
    words |= np.arange(len(texts), dtype=np.uint64)
    words.sort(axis=1)
    return Sketch(
        texts, first_rows.astype(np.uint32), row_texts.astype(np.uint32), words, _file_dates(segment)
    )


def short_keys(signatures: NDArray[np.uint32], banding: Banding) -> NDArray[np.uint64]:
    """The top 32 bits of the band keys of signatures [m, permutations]; shape [m, bands]."""
    return band_keys(signatures, banding.bands, banding.rows) >> np.uint64(32)


def row_files(segment: Segment) -> NDArray[np.int64]:
    """[rows] the file each signature is of."""
    return np.searchsorted(segment.file_paragraphs, segment.signature_paragraphs, side="right") - 1


def _row_hashes(segment: Segment) -> NDArray[np.uint64]:
    paragraphs = segment.signature_paragraphs
    begins = segment.paragraph_positions[paragraphs].astype(np.int64)
    ends = begins + segment.paragraph_lengths[paragraphs]
    hashes = np.empty(len(paragraphs), dtype=np.uint64)
    first = 0
    while first < len(begins):
        last = max(first + 1, int(np.searchsorted(ends, begins[first] + _BLOCK, side="right")))
        origin = begins[first]
        codes = np.take(segment.alphabet, segment.letters[origin : ends[last - 1]])
        hashes[first:last] = text_hashes(codes, begins[first:last] - origin, ends[first:last] - origin)
        first = last
    return hashes


def _file_dates(segment: Segment) -> NDArray[np.uint32]:
    dates = []
    for file in range(segment.files):
        path, _ = segment.path_and_missing_parts(file)
        title, _ = segment.title_and_notice(int(segment.file_parts[file]))
        dates.append(date_of(path.rpartition("/")[2], title))
    return np.array(dates, dtype=np.uint32)


def _origin(segment: Segment) -> NDArray[np.uint8]:
    """What a sketch must know its segment by: the preamble holds the checksum of all checksums."""
    with open(segment.path, "rb") as file:
        preamble = file.read(_PREAMBLE)
    return np.frombuffer(preamble + bytes([_VERSION]), dtype=np.uint8)
