"""Look up the grams and paragraphs of a submission in a collection.

Grams with more postings than a cap are formulaic text and are not followed. Every run of GUARANTEED_RUN
characters is found all the same: where it is made of such grams only, the *run gram* in it is looked up,
which has few postings and a cap of its own. Of more postings than a cap the first by path are taken, so an
answer depends on what the corpus holds and not on how the index was built.

Grams that repeat one character, and runs of such grams, are not followed: any two runs of that character
share them at every position. Figures and masks are one character once slots are folded, so two tables of
figures would share them in millions of places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import Postings, Words
from dedup.index.segment import Segment
from dedup.index.view import View
from dedup.limits import LIMITS, Limits
from dedup.sketch.arrays import Ints, distinct, pack, portions, run_begins, unpack
from dedup.sketch.bands import band_keys
from dedup.sketch.grams import gram_keys
from dedup.sketch.minhash import resemblance
from dedup.sketch.scheme import Scheme

_WINDOWS_AT_ONCE = 1 << 17
"""Written out side by side; bounds memory."""
_SIGNATURES_AT_ONCE = 1 << 14
"""Compared in one go; bounds memory."""
_HALF = np.uint64(32)


class _Table(NamedTuple):
    """One kind of postings that every segment has."""

    of: Callable[[Segment], Postings]
    positions: Callable[[Segment, Ints], Ints]
    """Maps values of the postings to positions in the segment."""


class _Listed(NamedTuple):
    """The postings in one view that were chosen for some keys, by key, then by place."""

    view: View
    key: Ints
    """[h] number of the key of each posting."""
    value: Ints
    """[h] value of each posting."""

    def take(self, chosen: NDArray[np.bool_]) -> _Listed:
        return _Listed(self.view, self.key[chosen], self.value[chosen])

    def without(self, places: Ints) -> _Listed:
        """All postings but those at some places."""
        return _Listed(self.view, np.delete(self.key, places), np.delete(self.value, places))


def _first_postings(
    views: Sequence[View], table: _Table, keys: NDArray[np.uint64], most: int
) -> list[_Listed]:
    """The first `most` living postings by path of each of k keys, over all views together."""
    found = [_first_in(view, table, keys, most) for view in views]
    counts = [np.bincount(one.key, minlength=len(keys)) for one in found]
    # A key in one view only, or with few postings in all, needs no further cut.
    contended = (np.sum(counts, axis=0) > most) & (np.count_nonzero(counts, axis=0) > 1)
    if not contended.any():
        return found
    rows = [np.flatnonzero(contended[one.key]) for one in found]
    some = [_Listed(one.view, one.key[row], one.value[row]) for one, row in zip(found, rows, strict=True)]
    key = np.concatenate([one.key for one in some])
    number = np.concatenate([_numbers(one, table) for one in some])
    # Stable: postings of one part stay in order. In each view they are in order already, so little is left.
    order = np.argsort(pack(key, number), kind="stable")
    surplus = np.empty(len(key), dtype=np.bool_)
    surplus[order] = _ranks(key[order]) >= most
    borders = np.cumsum([0, *map(len, rows)])
    return [
        one.without(row[surplus[first:last]])
        for one, row, (first, last) in zip(found, rows, pairwise(borders), strict=True)
    ]


def _first_in(view: View, table: _Table, keys: NDArray[np.uint64], most: int) -> _Listed:
    """The first `most` living postings of each key in one view, in which they are ordered by path."""
    postings = table.of(view.segment)
    first, last = view.ranges(postings, keys)
    if view.live_parts is None:
        held = np.flatnonzero(first < last)
        value, row = view.values(postings, first[held], np.minimum(first[held] + most, last[held]))
        return _Listed(view, held[row], value)
    found = _Listed(view, np.empty(0, np.int64), np.empty(0, np.int64))
    open_keys, portion = np.flatnonzero(first < last), most
    while len(open_keys):
        end = np.minimum(first[open_keys] + portion, last[open_keys])
        value, row = view.values(postings, first[open_keys], end)
        alive = view.alive(table.positions(view.segment, value))
        key = np.concatenate([found.key, open_keys[row][alive]])
        value = np.concatenate([found.value, value[alive]])
        order = np.argsort(key, kind="stable")
        found = _Listed(view, key[order], value[order])
        first[open_keys] = end
        missing = np.bincount(found.key, minlength=len(keys)) < most
        open_keys = open_keys[(end < last[open_keys]) & missing[open_keys]]
        portion *= 4  # many of them are dead
    return found.take(_ranks(found.key) < most)


def _numbers(listed: _Listed, table: _Table) -> Ints:
    view = listed.view
    return view.numbers_of(view.parts_at(table.positions(view.segment, listed.value)))


def _ranks(groups: NDArray[Any]) -> Ints:
    """Rank of each element, from 0, within its group; equal elements of `groups` are adjacent."""
    begins = np.flatnonzero(run_begins(groups))
    return np.arange(len(groups)) - np.repeat(begins, np.diff(begins, append=len(groups)))


# ------------------------------------------------------------------------------------------ grams


class GramHits(NamedTuple):
    """h pairs of places at which submission and corpus hold the same gram, by (part, position, query)."""

    query: NDArray[np.int32]
    """[h] position of the gram in the submission's codes."""
    part: NDArray[np.int32]
    """[h] number of the part."""
    position: NDArray[np.int64]
    """[h] position of the gram in that part's match text."""
    frequency: NDArray[np.int32]
    """[n] number of sampled postings in the corpus of the gram at each position of the submission."""


def gram_hits(
    views: Sequence[View],
    scheme: Scheme,
    folded: NDArray[np.uint32],
    cap: int,
    limits: Limits = LIMITS,
    most_said: int | None = None,
    run_cap: int | None = None,
) -> GramHits:
    """All hits of grams with at most `cap` postings, and some of each run made of other grams only.

    `folded` are slot-folded codes [n]. A run of GUARANTEED_RUN codes hits its first `run_cap` occurrences by
    path (`cap` of them if that is not given). Of equal runs in the submission only the first `most_said` are
    followed: the others would find the same.
    """
    size = scheme.gram_size
    count = max(len(folded) - size + 1, 0)
    frequency = np.zeros(len(folded), dtype=np.int32)
    monotone = _monotone(folded, count, size)
    wanted = ~monotone
    if most_said is not None and count > limits.asked_at_once:
        keys = gram_keys(folded, scheme.run_size)
        wanted[: len(keys)] &= _first_of_equal(keys, most_said)
        del keys
    followed = np.zeros(count, dtype=np.bool_)
    found: list[list[Words]] = [[] for _ in views]
    for begin in range(0, count, limits.asked_at_once):
        some = slice(begin, min(begin + limits.asked_at_once, count))
        keys = gram_keys(folded[begin : some.stop + size - 1], size)
        ranges = [view.ranges(view.segment.grams, keys) for view in views]
        counts = [last - first - _dead(view, keys) for view, (first, last) in zip(views, ranges, strict=True)]
        frequency[some] = sum(counts, np.zeros(len(keys), dtype=np.int64))
        followed[some] = wanted[some] & (frequency[some] > 0) & (frequency[some] <= cap)
        rare = np.flatnonzero(followed[some])
        for view, (first, last), words in zip(views, ranges, found, strict=True):
            words.extend(_hits(view, rare, first, last, begin, scheme.gram_step, limits))
    common = (frequency[:count] > cap) | (monotone & (frequency[:count] > 0))
    starts = np.flatnonzero(_run_starts(common, scheme) & ~_run_starts(monotone, scheme))
    if most_said is not None:
        starts = starts[_first_of_equal(_keys_at(folded, starts, scheme.run_size), most_said)]
    most = cap if run_cap is None else run_cap
    for block in portions(np.full(len(starts), most), limits.followed):
        _add_runs(views, found, scheme, folded, starts[block], most)
    return _collected(views, found, frequency, limits.followed)


def _add_runs(
    views: Sequence[View],
    found: Sequence[list[Words]],
    scheme: Scheme,
    folded: NDArray[np.uint32],
    starts: Ints,
    cap: int,
) -> None:
    """Look up the run grams at some places of the submission and add every sampled gram of them as a hit."""
    step = scheme.gram_step
    table = _Table(lambda segment: segment.runs, lambda _, samples: samples * step)
    windows = np.lib.stride_tricks.sliding_window_view(folded, scheme.run_size)
    keys = gram_keys(windows[starts].ravel(), scheme.run_size, scheme.run_size)
    links = np.arange(1, scheme.grams_of_run) * step
    later = pack(links, links)
    for words, listed in zip(found, _first_postings(views, table, keys, cap), strict=True):
        query = starts[listed.key].astype(np.uint64)
        # By diagonal: the run gram a step on comes next, and the grams that both hold are added once.
        ordered = np.sort(pack(listed.value * step, query) - (query << _HALF))
        last = np.append(ordered[1:] != ordered[:-1] + np.uint64(step), True)[: len(ordered)]
        begins = ordered + (ordered << _HALF)
        words += [begins, (begins[last][:, None] + later).ravel()]


def _hits(
    view: View, rare: Ints, first: Ints, last: Ints, begin: int, step: int, limits: Limits
) -> Iterator[Words]:
    """Hits of the `rare` grams; gram i begins at `begin` + i and has the postings [first[i], last[i])."""
    order = rare[np.argsort(first[rare])]
    for block in portions(last[order] - first[order], limits.followed):
        query = order[block]
        query = query[first[query] < last[query]]
        samples, rows = view.values(view.segment.grams, first[query], last[query])
        position = samples * step
        alive = view.alive(position)
        yield pack(position[alive], query[rows][alive] + begin)


def _keys_at(folded: NDArray[np.uint32], starts: Ints, size: int) -> NDArray[np.uint64]:
    """Keys of the grams of `size` codes that begin at `starts`."""
    if not len(starts):
        return np.empty(0, dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(folded, size)
    some = (windows[starts[at : at + _WINDOWS_AT_ONCE]] for at in range(0, len(starts), _WINDOWS_AT_ONCE))
    return np.concatenate([gram_keys(one.ravel(), size, size) for one in some])


def _first_of_equal(keys: NDArray[np.uint64], most: int) -> NDArray[np.bool_]:
    """Mask of the keys that are among the first `most` keys equal to them."""
    order = np.argsort(keys, kind="stable")
    first = np.empty(len(keys), dtype=np.bool_)
    first[order] = _ranks(keys[order]) < most
    return first


def _run_starts(grams: NDArray[np.bool_], scheme: Scheme) -> NDArray[np.bool_]:
    """Mask of the positions at which a run gram begins whose sampled grams are all among `grams`, bool[n]."""
    count = len(grams) + scheme.gram_size - scheme.run_size
    chosen = np.ones(max(count, 0), dtype=np.bool_)
    for link in range(scheme.grams_of_run):
        first = link * scheme.gram_step
        chosen &= grams[first : first + len(chosen)]
    return chosen


def _monotone(folded: NDArray[np.uint32], count: int, size: int) -> NDArray[np.bool_]:
    """Mask of the grams that repeat one character, bool[count]."""
    same = folded[1:] == folded[:-1]
    repeated = np.ones(count, dtype=np.bool_)
    for place in range(size - 1):
        repeated &= same[place : place + count]
    return repeated


def _dead(view: View, keys: NDArray[np.uint64]) -> Ints | int:
    if view.dead_grams is None:
        return 0
    wanted = view.segment.grams.fingerprints(keys)
    before = np.searchsorted(view.dead_grams, wanted, side="left")
    return np.searchsorted(view.dead_grams, wanted, side="right") - before


def _collected(
    views: Sequence[View], found: Sequence[list[Words]], frequency: NDArray[np.int32], at_once: int
) -> GramHits:
    """The distinct hits of all views, from packed (position, query), in the order of `GramHits`."""
    of_view = [distinct(np.concatenate([np.empty(0, np.uint64), *words])) for words in found]
    count = sum(map(len, of_view))
    hits = GramHits(
        query=np.empty(count, np.int32),
        part=np.empty(count, np.int32),
        position=np.empty(count, np.int64),
        frequency=frequency,
    )
    begin = 0
    for view, words in zip(views, of_view, strict=True):
        for first in range(0, len(words), at_once):
            position, query = unpack(words[first : first + at_once])
            place = slice(begin, begin + len(query))
            begin += len(query)
            part = view.parts_in_order(position)
            hits.query[place] = query
            hits.part[place] = view.numbers_of(part)
            hits.position[place] = position - view.segment.part_positions[part]
    if (hits.part[1:] >= hits.part[:-1]).all():
        return hits
    order = np.argsort(hits.part, kind="stable")  # a part lies in one segment, and is in order there
    return GramHits(hits.query[order], hits.part[order], hits.position[order], hits.frequency)


# ------------------------------------------------------------------------------------- paragraphs


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

    def take(self, chosen: NDArray[np.bool_] | Ints) -> NearParagraphs:
        """The chosen pairs, in the order given."""
        return NearParagraphs._make(column[chosen] for column in self)


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
    and so are all but the first `cap` paragraphs of a bucket, by path: text in more of them is boilerplate.
    """
    keys = band_keys(signatures, scheme.bands, scheme.rows)
    threshold = scheme.lsh_threshold
    least = threshold - 2 * (threshold * (1 - threshold) / scheme.permutations) ** 0.5
    table = _Table(lambda segment: segment.bands, _positions_of_signatures)
    found = [
        _near_in(one, signatures, keys.shape[1], least)
        for one in _first_postings(views, table, keys.ravel(), cap)
    ]
    joined = NearParagraphs._make(map(np.concatenate, zip(_NOTHING, *found, strict=True)))
    return joined.take(np.lexsort((joined.start, joined.part, joined.query_paragraph)))


def _positions_of_signatures(segment: Segment, rows: Ints) -> Ints:
    return segment.paragraph_positions[segment.signature_paragraphs[rows]].astype(np.int64)


def _near_in(listed: _Listed, signatures: NDArray[np.uint32], bands: int, least: float) -> NearParagraphs:
    view, segment = listed.view, listed.view.segment
    query, signed = unpack(distinct(pack(listed.key // bands, listed.value)))
    estimate = np.empty(len(signed), dtype=np.float32)
    for nearby in view.nearby(signed, segment.signatures.itemsize * signatures.shape[1]):
        for begin in range(0, len(nearby), _SIGNATURES_AT_ONCE):
            few = nearby[begin : begin + _SIGNATURES_AT_ONCE]
            estimate[few] = resemblance(signatures[query[few]], segment.signatures[signed[few]])
    kept = estimate >= least
    query, estimate = query[kept], estimate[kept]
    paragraph = segment.signature_paragraphs[signed[kept]].astype(np.int64)
    position = segment.paragraph_positions[paragraph].astype(np.int64)
    part = view.parts_at(position)
    start = position - segment.part_positions[part]
    end = start + segment.paragraph_lengths[paragraph]
    number = view.numbers_of(part).astype(np.int32)
    return NearParagraphs(query.astype(np.int32), number, start, end, estimate)
