"""Find the names of places in a text: first all runs of characters that are names, then those that are meant.

The search is arithmetic on arrays: the last two characters of a name determine its possible lengths, and few
pairs of a text end any name. A run that overlaps ordinary words competes with them in a unigram segmentation
of the clause: for 发展乡村, the words 发展 and 乡村 cost less than the township 发展乡 and a 村 left over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.gazetteer.tables import (
    COST_UNIT,
    LONGEST_NAME,
    LONGEST_WORD,
    SHORT,
    PlaceTable,
    Runs,
    hash_of,
    lexicon,
    mix,
    pair_of,
    place_table,
)

_BEYOND = 8
"""Characters on either side of a name that are segmented with it."""
_UNKNOWN = 14 * COST_UNIT
"""Cost of a character that no word of the list covers."""
_FULL_COST, _SHORT_COST, _TOWNSHIP_COST = 12 * COST_UNIT, 13 * COST_UNIT, 14 * COST_UNIT
"""Costs of names: as much as a word of frequency 370, 140, 50 in the dictionary of jieba."""
_IDEOGRAPHS = (0x3400, 0x9FFF)
_AT_ONCE = 1 << 18
"""Characters of a text searched together, in whole lines; no name or word crosses lines."""


class Hit(NamedTuple):
    """A run of a text that is a name."""

    start: int
    end: int
    name: int
    """Number of the name in the table."""


class _Text:
    """A text as arrays, with the hashes of its runs."""

    def __init__(self, text: str) -> None:
        self.codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
        self.runs = Runs(self.codes)

    def word_costs(self, starts: NDArray[np.intp], length: int) -> NDArray[np.int64]:
        """Cost of the word of this length at each of `starts`; 0 where there is none."""
        keys, costs = lexicon()
        inside = (starts >= 0) & (starts + length <= len(self.codes))
        wanted = (
            mix(self.runs.hashes(np.where(inside, starts, 0), length)) if len(self.codes) >= length else None
        )
        if wanted is None:
            return np.zeros(len(starts), np.int64)
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(inside & (keys[places] == wanted), costs[places], 0).astype(np.int64)


def is_word(text: str) -> bool:
    """Tell if a text is a word of the list."""
    keys, _ = lexicon()
    key = mix(np.array([hash_of(text)], np.uint64))[0]
    place = int(keys.searchsorted(key))
    return place < len(keys) and bool(keys[place] == key)


def hits_in(text: str) -> list[Hit]:
    """The names of places that are meant in a text, from left to right; none lies within another."""
    hits: list[Hit] = []
    for begin, end in _portions(text):
        here = _hits_in(text[begin:end])
        hits += [Hit(begin + one.start, begin + one.end, one.name) for one in here] if begin else here
    return hits


def _portions(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of whole lines of a text, to bound memory: the search takes some 80 bytes a character."""
    begin = 0
    while begin < len(text):
        end = min(begin + _AT_ONCE, len(text))
        if end < len(text):
            end = text.rfind("\n", begin, end) + 1 or text.find("\n", end) + 1 or len(text)
        yield begin, end
        begin = end


def _hits_in(text: str) -> list[Hit]:
    if len(text) < 2:
        return []
    arrays, table = _Text(text), place_table()
    starts, ends, names = _all_names(arrays, table)
    if not len(starts):
        return []
    doubtful = _across(arrays, starts, ends) | _overlapping(starts, ends)
    hits = [Hit(*row) for row in zip(starts.tolist(), ends.tolist(), names.tolist(), strict=True)]
    sure = [hit for hit, doubt in zip(hits, doubtful.tolist(), strict=True) if not doubt]
    if len(sure) < len(hits):
        sure += _segmented(arrays, table, hits, doubtful)
        sure.sort()
    return sure


def _all_names(
    arrays: _Text, table: PlaceTable
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Starts, ends and name numbers of all runs that are names, ordered by start."""
    possible = table.lengths[pair_of(arrays.codes)]
    lasts = np.flatnonzero(possible)
    possible = possible[lasts]
    found: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]] = []
    for length in range(2, LONGEST_NAME + 1):
        ends = lasts[(possible >> np.uint32(length)) & np.uint32(1) > 0] + 1
        starts = ends - length
        starts = starts[starts >= 0]
        hashes = arrays.runs.hashes(starts, length)
        names = np.minimum(np.searchsorted(table.hashes, hashes), len(table.hashes) - 1)
        equal = table.hashes[names] == hashes
        found.append((starts[equal], starts[equal] + length, names[equal]))
    starts, ends, names = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((-ends, starts))
    return starts[order], ends[order], names[order]


def _across(arrays: _Text, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Mask of the runs that begin or end within a word."""
    across = np.zeros(len(starts), np.bool_)
    for length in range(2, LONGEST_WORD + 1):
        for inside in range(1, length):
            across |= arrays.word_costs(starts - inside, length) > 0
            across |= arrays.word_costs(ends - inside, length) > 0
    return across


def _overlapping(starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Mask of the runs, ordered by start, that share a character with another."""
    reach = np.maximum.accumulate(ends)
    doubtful = np.zeros(len(starts), np.bool_)
    doubtful[1:] = starts[1:] < reach[:-1]
    doubtful[:-1] |= starts[1:] < ends[:-1]
    return doubtful


def _segmented(
    arrays: _Text, table: PlaceTable, hits: Sequence[Hit], doubtful: NDArray[np.bool_]
) -> list[Hit]:
    """The doubtful names that remain when their surroundings are cut into words and names at least cost."""
    windows = list(_windows(arrays.codes, hits, doubtful.tolist()))
    places = np.concatenate([np.arange(one.start, one.end) for one in windows])
    costs = [arrays.word_costs(places, length).tolist() for length in range(1, LONGEST_WORD + 1)]
    kept: list[Hit] = []
    done = 0
    for window in windows:
        chosen = _cheapest(table, hits, window, costs, done)
        kept += [hits[one] for one in window.hits if doubtful[one] and hits[one] in chosen]
        done += window.end - window.start
    return kept


class _Window(NamedTuple):
    """A part of a text that is segmented, and the names in it."""

    start: int
    end: int
    hits: range


def _windows(codes: NDArray[np.uint64], hits: Sequence[Hit], doubtful: Sequence[bool]) -> Iterator[_Window]:
    """The surroundings of doubtful names; surroundings that touch are joined."""
    number, count = 0, len(hits)
    while number < count:
        if not doubtful[number]:
            number += 1
            continue
        first, end = number, hits[number].end + _BEYOND
        while number < count and hits[number].start < end:
            if doubtful[number]:
                end = max(end, hits[number].end + _BEYOND)
            number += 1
        reach = max(hit.end for hit in hits[first:number])
        end = min(max(end, reach), len(codes))
        yield _Window(_beginning(codes, hits[first].start), end, range(first, number))


def _beginning(codes: NDArray[np.uint64], inner: int) -> int:
    """Start of the surroundings of a name that begins at `inner`: after the last punctuation before it."""
    start = max(0, inner - _BEYOND)
    window = codes[start:inner]
    marks = np.flatnonzero((window < _IDEOGRAPHS[0]) | (window > _IDEOGRAPHS[1]))
    return start + int(marks[-1]) + 1 if len(marks) else start


def _cheapest(
    table: PlaceTable, hits: Sequence[Hit], window: _Window, words: Sequence[Sequence[int]], origin: int
) -> set[Hit]:
    """The names on the cheapest path through a window; its words' costs begin at `origin` of `words`."""
    start, end = window.start, window.end
    names: dict[int, list[Hit]] = {}
    for hit in map(hits.__getitem__, window.hits):
        names.setdefault(hit.start - start, []).append(hit)
    count = end - start
    best: list[float] = [0] + [float("inf")] * count
    came: list[tuple[int, Hit | None]] = [(0, None)] * (count + 1)
    for place in range(count):
        for length, costs in enumerate(words, 1):
            cost = costs[origin + place] or (_UNKNOWN if length == 1 else 0)
            if cost and place + length <= count and best[place] + cost < best[place + length]:
                best[place + length], came[place + length] = best[place] + cost, (place, None)
        for hit in names.get(place, ()):
            total, goal = best[place] + _cost(table, hit), hit.end - start
            if total < best[goal]:
                best[goal], came[goal] = total, (place, hit)
    chosen: set[Hit] = set()
    place = count
    while place:
        place, hit_or_none = came[place]
        if hit_or_none:
            chosen.add(hit_or_none)
    return chosen


def _cost(table: PlaceTable, hit: Hit) -> int:
    if table.flags[hit.name] & SHORT:
        return _SHORT_COST
    if hit.end - hit.start == 2:
        return _TOWNSHIP_COST
    numbers = named(table, hit.name)
    highest = min(int(table.places[number, 1]) for number in numbers)
    former = all(int(table.places[number, 5]) for number in numbers)
    return _TOWNSHIP_COST if highest == 4 or former else _FULL_COST


def named(table: PlaceTable, name: int) -> list[int]:
    """The numbers of the places that have a name."""
    numbers: list[int] = table.named[table.firsts[name] : table.firsts[name + 1]].tolist()
    return numbers
