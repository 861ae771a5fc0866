"""Paragraphs of the corpus that resemble one of the submission, by their signatures (LSH)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.index.view import View
from dedup.sketch.arrays import distinct
from dedup.sketch.bands import band_keys
from dedup.sketch.minhash import resemblance
from dedup.sketch.scheme import Scheme

_SIGNATURES_AT_ONCE = 1 << 14
"""Compared in one go; bounds memory."""


class NearParagraphs(NamedTuple):
    """p pairs of a paragraph of the submission and one of the corpus that resemble each other."""

    query_paragraph: NDArray[np.int32]
    """[p] ascending."""
    part: NDArray[np.int32]
    start: NDArray[np.int64]
    """[p] range of the corpus paragraph in the part's match text."""
    end: NDArray[np.int64]
    resemblance: NDArray[np.float32]
    """[p] Jaccard similarity of their shingles as the signatures estimate it."""

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> NearParagraphs:
        """The chosen pairs, in the order given."""
        return NearParagraphs(
            self.query_paragraph[chosen],
            self.part[chosen],
            self.start[chosen],
            self.end[chosen],
            self.resemblance[chosen],
        )


_NOTHING = NearParagraphs(
    np.empty(0, np.int32),
    np.empty(0, np.int32),
    np.empty(0, np.int64),
    np.empty(0, np.int64),
    np.empty(0, np.float32),
)


def near_paragraphs(
    views: Sequence[View], scheme: Scheme, signatures: NDArray[np.uint32], cap: int
) -> NearParagraphs:
    """Paragraphs of the corpus whose signatures share a band with one of `signatures` [m, permutations].

    Pairs whose estimate lies more than two standard errors under the scheme's threshold are left out,
    and so are all but `cap` paragraphs of a bucket and segment: what is in that many is boilerplate.
    """
    keys = band_keys(signatures, scheme.bands, scheme.rows)
    threshold = scheme.lsh_threshold
    least = threshold - 2 * (threshold * (1 - threshold) / scheme.permutations) ** 0.5
    found = [_in_segment(view, signatures, keys, least, cap) for view in views]
    joined = NearParagraphs(
        np.concatenate([_NOTHING.query_paragraph, *(near.query_paragraph for near in found)]),
        np.concatenate([_NOTHING.part, *(near.part for near in found)]),
        np.concatenate([_NOTHING.start, *(near.start for near in found)]),
        np.concatenate([_NOTHING.end, *(near.end for near in found)]),
        np.concatenate([_NOTHING.resemblance, *(near.resemblance for near in found)]),
    )
    return joined.take(np.lexsort((joined.start, joined.part, joined.query_paragraph)))


def _in_segment(
    view: View, signatures: NDArray[np.uint32], keys: NDArray[np.uint64], least: float, cap: int
) -> NearParagraphs:
    segment = view.segment
    first, last = view.ranges(segment.bands, keys.ravel())
    places, row = expand(first, np.minimum(last, first + cap))
    candidates = distinct((row // keys.shape[1]) << 32 | segment.bands.values[places].astype(np.int64))
    view.relieve()
    query, signed = candidates >> 32, candidates & 0xFFFFFFFF
    estimate = np.empty(len(signed), dtype=np.float32)
    for nearby in view.nearby(signed, segment.signatures.itemsize * signatures.shape[1]):
        for begin in range(0, len(nearby), _SIGNATURES_AT_ONCE):
            few = nearby[begin : begin + _SIGNATURES_AT_ONCE]
            estimate[few] = resemblance(signatures[query[few]], segment.signatures[signed[few]])
    view.relieve()
    kept = estimate >= least
    query, estimate = query[kept], estimate[kept]
    paragraph = segment.signature_paragraphs[signed[kept]].astype(np.int64)
    position = segment.paragraph_positions[paragraph].astype(np.int64)
    part = view.parts_at(position)
    start = position - segment.part_positions[part]
    end = start + segment.paragraph_lengths[paragraph]
    near = NearParagraphs(
        query.astype(np.int32), (part + view.first_part).astype(np.int32), start, end, estimate
    )
    return near if view.live_parts is None else near.take(view.live_parts[part])
