"""From near texts to what the reader gets: pairs of paragraphs across documents, and clusters of paragraphs.

Of a paragraph with very many near-duplicates (more than `Limits.paired`) the pairs are those of the
representative of its cluster with each member, n − 1 instead of n² / 2. It is boilerplate where a great share
of the documents hold it.

A cluster is a representative, and texts each verified against it. No chaining: texts are taken from the
earliest on; one that is near no representative becomes one, the others join the earliest representative they
are near. So the representatives are the lexicographically first maximal independent set of the graph of near
texts, which rounds over arrays find in parallel (Blelloch, Fineman and Shun 2012) – the same rounds in memory
and on a cluster of machines.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.limits import Limits
from dedup.progress import Observer
from dedup.records import dataclass
from dedup.scan.checkpoint import Checkpoint
from dedup.scan.collection import Collection, Occurrences
from dedup.scan.near_texts import REFORMATTED, VERBATIM, NearTexts, with_kinds
from dedup.scan.provenance import surely_before
from dedup.sketch.arrays import Ints, pack, run_begins
from dedup.sketch.hashing import combine

_LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Pairs:
    """p pairs of paragraphs of different files, by (one, other), each once."""

    one: Ints
    """[p] numbers of occurrences; one < other, so its file stands before."""
    other: Ints
    near: Ints
    """[p] the pair of near texts they are of; -1 where both are of one text."""
    kind: NDArray[np.uint8]
    identity: NDArray[np.uint64]
    """[p] a hash of where both stand, the same from scan to scan."""

    def __len__(self) -> int:
        return len(self.one)


@dataclass(frozen=True, slots=True)
class Clusters:
    """c clusters, by the place of their representatives, and their n paragraphs."""

    representative: Ints
    """[c] occurrences."""
    borders: Ints
    """[c + 1] into `members`."""
    members: Ints
    """[n] occurrences, the representative not among them, the earliest first within a cluster."""
    near: Ints
    """[n] the pair of near texts that verifies the member; -1 where it is the representative's text."""
    boilerplate: NDArray[np.bool_]
    """[c] whether a great share of the documents hold it."""
    earliest: NDArray[np.bool_]
    """[c] whether the representative's document is surely earlier than all others in the cluster."""

    def __len__(self) -> int:
        return len(self.representative)


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything found, in paragraphs."""

    occurrences: Occurrences
    places: NDArray[np.uint64]
    """[occurrences] a hash of what stands where, the same from scan to scan."""
    near: NearTexts
    pairs: Pairs
    clusters: Clusters
    neighbours: Ints
    """[occurrences] near-duplicate paragraphs of each, itself not counted."""
    crowded: NDArray[np.bool_]
    """[occurrences] which, or whose representatives, have too many near-duplicates to be paired with each."""

    def jaccard(self, near: Ints) -> NDArray[np.float64]:
        """Similarities of pairs of near texts; 1 for -1."""
        values = np.ones(len(near))
        known = near >= 0
        values[known] = self.near.common[near[known]] / self.near.union[near[known]]
        return values


def list_findings(
    collection: Collection,
    near: NearTexts,
    checkpoint: Checkpoint,
    *,
    observer: Observer,
    limits: Limits,
) -> Findings:
    """Pairs and clusters of paragraphs from the pairs of texts."""
    with observer.stage("group") as progress:
        progress(0, 4)
        involved = collection.multiplicities > 1
        involved[near.one] = True
        involved[near.other] = True
        occurrences = collection.occurrences(involved)
        progress(1, 4)
        most = boilerplate_from(len(collection.files), limits)
        table = _Table.of(collection, occurrences, near, involved, min(most, limits.paired))
        progress(2, 4)
        clusters, member_of = _clusters(collection, table, most)
        progress(3, 4)
        one, other, by = _pairs(table, member_of)
        progress(4, 4)
    wanted = np.zeros(len(near), dtype=np.bool_)
    wanted[by[by >= 0]] = True
    near = with_kinds(collection, near, wanted, checkpoint, observer=observer, limits=limits)
    same = occurrences.original[one] == occurrences.original[other]
    kinds = np.where(same, VERBATIM, REFORMATTED).astype(np.uint8)
    kinds[by >= 0] = near.kind[by[by >= 0]]
    places = collection.places(occurrences)
    pairs = Pairs(one, other, by, kinds, combine(places[one], places[other]))
    common = table.crowded | table.crowded[member_of]
    return Findings(
        occurrences, places, near, pairs, clusters, table.neighbours[table.text], common[table.text]
    )


def boilerplate_from(documents: int, limits: Limits) -> int:
    """The most near-duplicates that a paragraph of so many documents may have and not be boilerplate."""
    return max(limits.least_boilerplate, int(documents * limits.boilerplate_share))


@dataclass(frozen=True, slots=True)
class _Table:
    """The involved texts, numbered afresh from 0, their paragraphs and their pairs."""

    occurrences: Occurrences
    text: Ints
    """[occurrences]"""
    order: Ints
    """Occurrences by text, the earliest first."""
    borders: Ints
    """[texts + 1] into `order`."""
    one: Ints
    other: Ints
    neighbours: Ints
    """[texts]"""
    crowded: NDArray[np.bool_]
    """[texts] which have too many near-duplicates to be paired with each."""
    ranks: Ints

    @classmethod
    def of(
        cls,
        collection: Collection,
        occurrences: Occurrences,
        near: NearTexts,
        involved: NDArray[np.bool_],
        most: int,
    ) -> _Table:
        numbers = np.cumsum(involved) - 1
        text = numbers[occurrences.text]
        count = int(involved.sum())
        # Occurrences come ordered by place within a file, and a stable sort leaves them so.
        order = np.argsort(pack(text, collection.file_ranks[occurrences.file]), kind="stable")
        counts = np.bincount(text, minlength=count)
        one, other = numbers[near.one], numbers[near.other]
        neighbours = counts - 1
        np.add.at(neighbours, one, counts[other])
        np.add.at(neighbours, other, counts[one])
        borders = np.concatenate(([0], np.cumsum(counts)))
        ranks = collection.ranks[involved]
        return cls(occurrences, text, order, borders, one, other, neighbours, neighbours > most, ranks)


def _clusters(collection: Collection, table: _Table, most: int) -> tuple[Clusters, Ints]:
    """The clusters that reach across files, and for each text the text that represents it."""
    texts = len(table.borders) - 1
    leader = representatives(texts, table.one, table.other, table.ranks)
    verified_by = _verifying(table, leader)
    first = table.order[table.borders[:-1]]
    """The earliest occurrence of each text."""
    occurrence = np.arange(len(table.text))
    cluster = leader[table.text]
    order = np.argsort(pack(cluster, collection.file_ranks[table.occurrences.file]), kind="stable")
    groups = cluster[order]
    begins = np.flatnonzero(run_begins(groups))
    files = table.occurrences.file[order]
    lowest, highest = np.minimum.reduceat(files, begins), np.maximum.reduceat(files, begins)
    across = np.zeros(texts, dtype=np.bool_)
    across[groups[begins]] = lowest < highest
    kept = order[across[groups] & (first[groups] != occurrence[order])]
    heads = np.sort(first[np.flatnonzero(across)])
    head_text = table.text[heads]
    place = np.empty(texts, dtype=np.int64)
    place[head_text] = np.arange(len(heads))
    kept = kept[np.argsort(place[cluster[kept]], kind="stable")]
    sizes = np.bincount(place[cluster[kept]], minlength=len(heads))
    common = np.zeros(texts, dtype=np.bool_)
    common[leader[table.neighbours > most]] = True
    return Clusters(
        representative=heads,
        borders=np.concatenate(([0], np.cumsum(sizes))),
        members=kept,
        near=verified_by[table.text[kept]],
        boilerplate=common[head_text],
        earliest=_surely_first(collection, table.occurrences.file, heads, kept, sizes),
    ), leader


def _surely_first(
    collection: Collection, files: Ints, heads: Ints, members: Ints, sizes: Ints
) -> NDArray[np.bool_]:
    """[c] whether the representative's document is surely before all others of its cluster."""
    first = np.repeat(files[heads], sizes)
    others = files[members]
    dates = collection.dates
    sure = (first == others) | surely_before(dates[first], dates[others])
    doubts = np.bincount(np.repeat(np.arange(len(heads)), sizes), weights=~sure, minlength=len(heads))
    return np.asarray(doubts == 0)


def _verifying(table: _Table, leader: Ints) -> Ints:
    """[texts] the pair of near texts of each with its representative; -1 where it is that."""
    edge = np.full(len(leader), -1, dtype=np.int64)
    for member, other in ((table.one, table.other), (table.other, table.one)):
        edges = np.flatnonzero(leader[member] == other)
        edge[member[edges]] = edges
    return edge


def _pairs(table: _Table, leader: Ints) -> tuple[Ints, Ints, Ints]:
    """Columns `one`, `other` and `near` of the pairs."""
    ordinary = ~(table.crowded | table.crowded[leader])
    columns = [_equal_pairs(table, ordinary), _near_pairs(table, ordinary), _star_pairs(table, leader)]
    one, other, near = (np.concatenate(column) for column in zip(*columns, strict=True))
    one, other = np.minimum(one, other), np.maximum(one, other)
    across = table.occurrences.file[one] != table.occurrences.file[other]
    one, other, near = one[across], other[across], near[across]
    order = np.argsort(pack(one, other))
    return one[order], other[order], near[order]


def _equal_pairs(table: _Table, ordinary: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Each with each of the occurrences of one text."""
    texts = np.flatnonzero(ordinary & (np.diff(table.borders) > 1))
    places, row = expand(table.borders[texts], table.borders[texts + 1])
    others, left = expand(places + 1, table.borders[texts + 1][row])
    return table.order[places[left]], table.order[others], np.full(len(others), -1)


def _near_pairs(table: _Table, ordinary: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Each occurrence of a text with each of a near one."""
    edges = np.flatnonzero(ordinary[table.one] & ordinary[table.other])
    places, row = expand(table.borders[table.one[edges]], table.borders[table.one[edges] + 1])
    begins = table.borders[table.other[edges]][row]
    others, left = expand(begins, table.borders[table.other[edges] + 1][row])
    return table.order[places[left]], table.order[others], edges[row[left]]


def _star_pairs(table: _Table, leader: Ints) -> tuple[Ints, Ints, Ints]:
    """Earliest occurrences of representatives with all of the texts they stand for, if either is common."""
    common = table.crowded
    members = np.flatnonzero(common | common[leader])
    edge = _verifying(table, leader)
    places, row = expand(table.borders[members], table.borders[members + 1])
    member = table.order[places]
    head = table.order[table.borders[leader[members]]][row]
    return head, member, edge[members][row]


# ------------------------------------------------------------------------------------- representatives


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
