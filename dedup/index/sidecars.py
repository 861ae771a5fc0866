"""The small files beside segments, for facts that change while segments are immutable.

- tombstones: counts to subtract from those of a segment for its files that are gone;
- stamps: newer times of change of files whose content stayed the same;
- the order: numbers of parts by path, so that no result depends on which segment holds a file.

They are immutable too, and named by a hash of their content: a file that exists need not be written again.
The manifest names those in force.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.container import Container, NamedArray, write_container
from dedup.index.postings import expand
from dedup.index.segment import Segment
from dedup.sketch.background import BUCKETS, bigram_buckets
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import Scheme
from dedup.text.normalize import fold_slots

_FIRSTS, _LASTS = slice(None, -1), slice(1, None)


class Times(NamedTuple):
    """The facts of a file that may change while its content stays the same."""

    mtime_ns: int
    ctime_ns: int
    inode: int
    mode: int


def write_tombstones(
    folder: str, segment: Segment, dead: Sequence[int], scheme: Scheme, grams_at_once: int
) -> str:
    """Write counts of the grams and bigrams of a segment's dead files; return the name. Raises OSError."""
    parts = [
        part
        for file in dead
        for part in range(int(segment.file_parts[file]), int(segment.file_parts[file + 1]))
    ]
    name = _name(np.array(dead, dtype=np.int64), f"{segment.number:08d}-", "dead")
    bigrams = _bigrams(segment, parts)
    buckets = np.flatnonzero(bigrams)
    arrays: list[NamedArray] = [
        ("buckets", buckets.astype(np.uint32)),
        ("bigrams", bigrams[buckets].astype(np.uint32)),
        ("fingerprints", _fingerprints(segment, parts, scheme, grams_at_once)),
    ]
    return _written(folder, name, arrays)


def write_stamps(folder: str, segment: int, times: Sequence[tuple[int, Times]]) -> str:
    """Write newer times of change of files of a segment, given by number; return the name. Raises OSError."""
    rows = np.array([(number, *facts) for number, facts in times], dtype=np.int64)
    return _written(folder, _name(rows, f"{segment:08d}-", "stamps"), [("times", rows)])


def read_stamps(path: str) -> dict[int, Times]:
    """Read the newer times of a segment's files, by number. Raises IndexDamaged."""
    container = Container(path)
    container.verify()
    return {number: Times(*facts) for number, *facts in container.array("times").tolist()}


def write_order(folder: str, segments: Sequence[Segment]) -> str:
    """Write the numbers of parts by path, where they are not those of the segments; return the name, or "".

    `places` [parts] has, for each part in order of path, its place in the segments laid end to end; `numbers`
    [parts] is its inverse. Parts of dead files have numbers too, which are not used. Raises OSError.
    """
    paths = [path for segment in segments for path in segment.paths()]
    order = sorted(range(len(paths)), key=paths.__getitem__)
    if order == list(range(len(paths))):
        return ""
    before = np.cumsum([0, *(segment.parts for segment in segments)])
    borders = [segment.file_parts + first for segment, first in zip(segments, before, strict=False)]
    begins, ends = (np.concatenate([some[rows] for some in borders])[order] for rows in (_FIRSTS, _LASTS))
    places = expand(begins, ends)[0].astype(np.uint32)
    numbers = np.empty_like(places)
    numbers[places] = np.arange(len(places), dtype=np.uint32)
    return _written(folder, _name(places, "", "order"), [("places", places), ("numbers", numbers)])


def _name(content: NDArray[np.generic], prefix: str, suffix: str) -> str:
    return f"{prefix}{hashlib.blake2b(content.tobytes(), digest_size=8).hexdigest()}.{suffix}"


def _written(folder: str, name: str, arrays: Iterable[NamedArray]) -> str:
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        write_container(path, arrays)
    return name


def _bigrams(segment: Segment, parts: Sequence[int]) -> NDArray[np.int64]:
    """Counts of the bigrams of some parts, int64[buckets]."""
    counts = np.zeros(BUCKETS, dtype=np.int64)
    for part in parts:
        codes = fold_slots(segment.codes(part, 0, int(segment.part_lengths[part])))
        counts += np.bincount(bigram_buckets(codes), minlength=BUCKETS)
    return counts


def _fingerprints(
    segment: Segment, parts: Sequence[int], scheme: Scheme, at_once: int
) -> Iterator[NDArray[np.uint64]]:
    """Fingerprints of the sampled grams of some parts, ascending, in pieces of bounded size."""
    grams = int(segment.part_lengths[parts].sum(dtype=np.int64)) // scheme.gram_step
    range_bits = (grams // at_once).bit_length()
    shift = np.uint64(segment.grams.fingerprint_bits - range_bits)
    for number in range(1 << range_bits):
        pieces = [np.empty(0, np.uint64)]
        for part in parts:
            codes = fold_slots(segment.codes(part, 0, int(segment.part_lengths[part])))
            found = segment.grams.fingerprints(gram_keys(codes, scheme.gram_size, scheme.gram_step))
            pieces.append(found[found >> shift == number])
        fingerprints = np.concatenate(pieces)
        fingerprints.sort()
        yield fingerprints
