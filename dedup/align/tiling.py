"""Tile a draft region with common runs of a source region.

The dot plot of two regions is made of their common bigrams, joined into maximal diagonal runs, and the runs
are made one-to-one: every character goes to the longest run that covers it on both sides, in the spirit of
Greedy String Tiling (Wise 1993), which finds moved clauses as well as edited ones. Many regions are tiled in
one pass, because hundreds of small NumPy calls cost more than one large one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.records import dataclass
from dedup.sketch.arrays import Codes, Ints, Numbers, portions

_ROUNDS = 3
"""A run that loses some of its characters may win back others; after three rounds hardly any is left."""
_HASH_BITS = 20
_MOST_PAIRS = 1 << 22
"""Pairs of equal bigrams in a pass; there are more only if a text repeats itself over and over."""
_PARTNERS = 64
"""In that case every bigram is paired with so many of its equals, near its own rank; with fewer in a region
as long as a book, for memory, since a book carried over has long runs anyway."""
_FEWEST_PARTNERS = 8
_CHARACTERS_A_PASS = 1 << 18
"""Characters of both sides in a pass; bounds memory. All regions of an ordinary check go into one pass."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """n common runs, one-to-one within their region, ordered by region and start."""

    region: Ints
    draft: Ints
    """Start of each run in its region's draft codes."""
    source: Ints
    """Start of each run in its region's source codes."""
    length: Ints
    """Characters, at least 2."""

    def __len__(self) -> int:
        return len(self.region)


def tile(draft: Sequence[Codes], source: Sequence[Codes]) -> Tiles:
    """Tile each pair of regions."""
    sizes = np.fromiter(map(len, draft), np.int64) + np.fromiter(map(len, source), np.int64)
    passes = [
        _tile_together(draft[block], source[block], block.start)
        for block in portions(sizes, _CHARACTERS_A_PASS)
    ]
    none = np.zeros((4, 0), np.int64)
    return Tiles(*np.concatenate([none, *passes], axis=1))


def _tile_together(draft: Sequence[Codes], source: Sequence[Codes], first: int) -> Ints:
    """The columns of the tiles of some regions, int64[4, n]; the first region has the number `first`."""
    left, left_region, left_starts = _lay_out(draft)
    right, right_region, right_starts = _lay_out(source)
    bits = max(len(left), len(right)).bit_length()
    left_at, right_at = _common_bigrams(left, left_region, right, right_region, bits)
    starts, ends, lengths = _diagonal_runs(left_at, right_at, len(right), bits)
    tiles = _one_to_one(starts, ends, lengths, left_region, len(right))
    starts, ends, lengths = (column.astype(np.int64) for column in tiles)
    region = left_region[starts]
    return np.stack([region + first, starts - left_starts[region], ends - right_starts[region], lengths])


def _lay_out(texts: Sequence[Codes]) -> tuple[Codes, Ints, Ints]:
    """All texts end to end, the number of each code's text, and the start of each text."""
    lengths = np.fromiter((len(text) for text in texts), np.int64, len(texts))
    starts = np.cumsum(lengths) - lengths
    codes = np.concatenate(texts) if texts else np.zeros(0, np.uint32)
    return codes, np.repeat(np.arange(len(texts)), lengths), starts


def _bigram_keys(codes: Codes, region: Ints, bits: int) -> NDArray[np.uint64]:
    """The bigrams inside regions, ascending: region, hash of the bigram and position packed in one number.

    A position takes `bits` bits, which leaves enough for millions of characters in few or many regions.
    """
    inside = np.flatnonzero(region[1:] == region[:-1])
    first, second = codes[inside].astype(np.uint64), codes[inside + 1].astype(np.uint64)
    mixed = (first * np.uint64(0x9E3779B1) + second * np.uint64(0x85EBCA77)) & np.uint64(0xFFFFFFFF)
    hashed = (mixed * np.uint64(0xC2B2AE3D)) >> np.uint64(12) & np.uint64((1 << _HASH_BITS) - 1)
    keys = (region[inside].astype(np.uint64) << np.uint64(_HASH_BITS) | hashed) << np.uint64(bits)
    keys |= inside.astype(np.uint64)
    keys.sort()
    return keys


def _common_bigrams(
    left: Codes, left_region: Ints, right: Codes, right_region: Ints, bits: int
) -> tuple[Ints, Ints]:
    """The pairs of positions (left, right) in the same region at which the same bigram begins."""
    left_keys, right_keys = _bigram_keys(left, left_region, bits), _bigram_keys(right, right_region, bits)
    position_mask = np.uint64((1 << bits) - 1)
    places, counts = _equal_keys(left_keys, right_keys, position_mask, left_region)
    left_at = np.repeat((left_keys & position_mask).astype(np.int64), counts)
    right_at = (right_keys[places] & position_mask).astype(np.int64)
    del left_keys, right_keys, places, counts  # each as long as the texts, which may be books
    same = (left[left_at] == right[right_at]) & (left[left_at + 1] == right[right_at + 1])
    return left_at[same], right_at[same]


def _equal_keys(
    left_keys: NDArray[np.uint64], right_keys: NDArray[np.uint64], position_mask: np.uint64, left_region: Ints
) -> tuple[Ints, Ints]:
    """Places of the right keys equal to each left key but for the position, and their number for each."""
    # Sorted queries walk the sorted table in order, so the binary searches stay in the cache.
    wanted = left_keys & ~position_mask
    first = np.searchsorted(right_keys, wanted)
    counts = np.searchsorted(right_keys, wanted | position_mask, side="right") - first
    if counts.sum() > _MOST_PAIRS:
        longest = int(np.bincount(left_region).max())
        partners = min(max(_MOST_PAIRS // longest, _FEWEST_PARTNERS), _PARTNERS)
        rank = np.arange(len(wanted)) - np.searchsorted(wanted, wanted)
        first += np.clip(rank - partners // 2, 0, np.maximum(counts - partners, 0))
        counts = np.minimum(counts, partners)
    places = np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
    return places, counts


def _diagonal_runs(left_at: Ints, right_at: Ints, width: int, bits: int) -> tuple[Ints, Ints, Ints]:
    """Join pairs that follow one another on a diagonal: starts on both sides and lengths in characters."""
    packed = (left_at - right_at + width) << bits | left_at
    packed.sort()
    left_at = packed & ((1 << bits) - 1)
    right_at = left_at - ((packed >> bits) - width)
    # Regions lie end to end without a gap, but no bigram crosses a border, so no run of them does.
    opening = np.ones(len(left_at), bool)
    opening[1:] = packed[1:] != packed[:-1] + 1
    first = np.flatnonzero(opening)
    return left_at[first], right_at[first], np.diff(np.append(first, len(left_at))) + 1


def _one_to_one(
    starts: Numbers, ends: Numbers, lengths: Numbers, left_region: Ints, right: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Give every character on either side to at most one run, longer runs first.

    Where a text repeats itself there are millions of characters in runs, so they are kept in 32 bits.
    """
    left = len(left_region)
    starts, ends, lengths = starts.astype(np.int32), ends.astype(np.int32), lengths.astype(np.int32)
    taken_left, taken_right = np.zeros(left, bool), np.zeros(right, bool)
    kept: list[tuple[Numbers, Numbers]] = []
    for _ in range(_ROUNDS):
        if not len(starts):
            break
        order = np.argsort(lengths, kind="stable")
        starts, ends, lengths = starts[order], ends[order], lengths[order]
        run, left_at, right_at = _cells(starts, ends, lengths)
        owner_left, owner_right = np.empty(left, np.int32), np.empty(right, np.int32)
        # Runs come in ascending length and the last assignment stands: the longest run owns a character.
        owner_left[left_at], owner_right[right_at] = run, run
        won = (owner_left[left_at] == run) & (owner_right[right_at] == run)
        kept.append((left_at[won], right_at[won]))
        taken_left[left_at[won]], taken_right[right_at[won]] = True, True
        free = ~(taken_left[left_at] | taken_right[right_at])
        starts, ends, lengths = _pieces(left_at[free], right_at[free], run[free])
    if not kept:
        return starts, ends, lengths
    left_at, right_at = np.concatenate([pair[0] for pair in kept]), np.concatenate([pair[1] for pair in kept])
    order = np.argsort(left_at, kind="stable")
    return _pieces(left_at[order], right_at[order], left_region[left_at[order]])


def _cells(starts: Numbers, ends: Numbers, lengths: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The matched characters of all runs, as (run, left position, right position)."""
    run = np.repeat(np.arange(len(starts), dtype=np.int32), lengths)
    within = np.arange(len(run), dtype=np.int32)
    within -= np.repeat((np.cumsum(lengths) - lengths).astype(np.int32), lengths)
    return run, starts[run] + within, ends[run] + within


def _pieces(left_at: Numbers, right_at: Numbers, run: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Join consecutive matched characters into runs; runs of a single one are dropped."""
    if not len(left_at):
        return left_at, right_at, left_at
    opening = np.ones(len(left_at), bool)
    opening[1:] = (
        (left_at[1:] != left_at[:-1] + 1) | (right_at[1:] != right_at[:-1] + 1) | (run[1:] != run[:-1])
    )
    first = np.flatnonzero(opening)
    lengths = np.diff(np.append(first, len(left_at)))
    long_enough = lengths >= 2
    return left_at[first][long_enough], right_at[first][long_enough], lengths[long_enough]
