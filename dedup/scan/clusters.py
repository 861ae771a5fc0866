"""Clusters of near-duplicate texts: a representative, and texts each verified against it. No chaining.

Texts are taken from the earliest on: one that is near no representative becomes one, the others join the
earliest representative they are near. So the representatives are the lexicographically first maximal
independent set of the graph of near texts, which rounds over arrays find in parallel (Blelloch, Fineman and
Shun 2012) – the same rounds in memory and on a cluster of machines.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.records import dataclass
from dedup.sketch.arrays import Ints, places_of, run_begins
from dedup.sketch.hashing import spread

_LAST = np.iinfo(np.int64).max


def representatives(texts: int, one: Ints, other: Ints, ranks: Ints) -> Ints:
    """[texts] the representative of each; its own where it is one.

    Edges are (one[i], other[i]); `ranks` [texts] are distinct, the earliest is lowest.
    """
    result = np.arange(texts)
    source, target = np.concatenate((one, other)), np.concatenate((other, one))
    undecided = np.zeros(texts, dtype=np.bool_)
    undecided[source] = True
    chosen = ~undecided
    live = np.arange(len(source))
    while len(live):
        earliest = np.full(texts, _LAST)
        np.minimum.at(earliest, source[live], ranks[target[live]])
        first = undecided & (ranks < earliest)
        if not first.any():  # for ever, then
            raise ValueError("ranks are not distinct")
        chosen |= first
        undecided &= ~chosen
        undecided[target[live][chosen[source[live]]]] = False
        live = live[undecided[source[live]] & undecided[target[live]]]
        # Whoever has no undecided neighbour left, and no representative beside it, represents itself.
        if not len(live):
            chosen |= undecided
    edges = chosen[target] & ~chosen[source]
    earliest = np.full(texts, _LAST)
    np.minimum.at(earliest, source[edges], ranks[target[edges]])
    joined = np.flatnonzero(edges & (earliest[source] == ranks[target]))
    result[source[joined]] = target[joined]
    return result


@dataclass(frozen=True, slots=True)
class Names:
    """Which cluster each clustered text belonged to: ids by text hash, ascending."""

    texts: NDArray[np.uint64]
    ids: NDArray[np.uint64]


def name_clusters(
    texts: NDArray[np.uint64], clusters: Ints, founders: NDArray[np.uint64], last: Names
) -> NDArray[np.uint64]:
    """Ids [c] of c clusters that hold `texts` [n], text i being in cluster `clusters[i]`.

    A cluster keeps the id of the last scan's cluster that it shares most texts with (of several such the
    smallest id, and of several that want one the first). A cluster without a past is called after the hash
    of its representative, `founders` [c].
    """
    ids = np.zeros(len(founders), dtype=np.uint64)
    named = np.zeros(len(founders), dtype=np.bool_)
    place = places_of(texts, last.texts)
    known = place >= 0
    past, heir = last.ids[place[known]], clusters[known]
    order = np.lexsort((heir, past))
    past, heir = past[order], heir[order]
    begins = np.flatnonzero(run_begins(past) | run_begins(heir))
    shared = np.diff(begins, append=len(past))
    past, heir = past[begins], heir[begins]
    # Most clusters are what they were: their claim is the only one from either side.
    sole = (np.bincount(heir, minlength=len(founders))[heir] == 1) & _sole(past)
    ids[heir[sole]], named[heir[sole]] = past[sole], True
    used = set(past[sole].tolist())
    past, heir, shared = past[~sole], heir[~sole], shared[~sole]
    for claim in np.lexsort((heir, past, -shared)).tolist():
        identity, cluster = int(past[claim]), int(heir[claim])
        if not named[cluster] and identity not in used:
            ids[cluster], named[cluster] = identity, True
            used.add(identity)
    for cluster in np.flatnonzero(~named).tolist():
        wanted = founders[cluster : cluster + 1].copy()
        # The text that an elder cluster was called after may represent another one today.
        while int(wanted[0]) in used:
            wanted = spread(wanted + np.uint64(1))
        ids[cluster] = wanted[0]
        used.add(int(wanted[0]))
    return ids


def _sole(ordered: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """[n] whether an element of a sorted array has no equal."""
    begins = run_begins(ordered)
    begins[:-1] &= begins[1:].copy()
    return begins
