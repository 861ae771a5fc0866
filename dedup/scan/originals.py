"""Hashes of paragraphs as they are written, punctuation and spaces included."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.index.segment import Segment
from dedup.scan.collection import Collection, Occurrences
from dedup.scan.texthash import text_hashes
from dedup.scan.work import Progress
from dedup.sketch.arrays import Ints, portions

_BYTES_AT_ONCE = 1 << 21


def original_hashes(
    collection: Collection, occurrences: Occurrences, wanted: Ints, progress: Progress
) -> NDArray[np.uint64]:
    """Hashes [n] of the UTF-8 of the wanted occurrences."""
    hashes = np.empty(len(wanted), dtype=np.uint64)
    progress(0, len(wanted))
    done = 0
    for here, segment, paragraphs in collection.paragraphs_of(occurrences, wanted):

        def told(count: int, before: int = done) -> None:
            progress(before + count, len(wanted))

        hashes[here] = _paragraph_hashes(collection, segment, paragraphs.astype(np.int64), told)
        done += len(here)
    return hashes


def _paragraph_hashes(
    collection: Collection, segment: Segment, paragraphs: Ints, told: Callable[[int], None]
) -> NDArray[np.uint64]:
    lengths = segment.paragraph_ends[paragraphs].astype(np.int64) - segment.paragraph_starts[paragraphs]
    begins = segment.paragraph_bytes[paragraphs]
    # A segment keeps where paragraphs begin, not where they end: they end before the next one begins, and
    # what is behind the last code point is cut off when the bytes are there.
    following = np.minimum(paragraphs + 1, len(segment.paragraph_bytes) - 1)
    nexts = np.where(following > paragraphs, segment.paragraph_bytes[following], len(segment.text))
    limits = np.minimum(begins + 4 * lengths, nexts)
    hashes = np.empty(len(paragraphs), dtype=np.uint64)
    for part in portions(limits - begins, _BYTES_AT_ONCE, len(paragraphs)):
        places, row = expand(begins[part], limits[part])
        found = segment.text[places]
        code_points = np.cumsum((found & 0xC0) != 0x80)
        counts = limits[part] - begins[part]
        firsts = np.cumsum(counts) - counts
        inside = code_points - code_points[firsts][row] < lengths[part][row]
        kept = np.bincount(row[inside], minlength=len(counts))
        ends = np.cumsum(kept)
        hashes[part] = text_hashes(found[inside].astype(np.uint32), ends - kept, ends)
        collection.relieve()
        told(part.stop)
    return hashes
