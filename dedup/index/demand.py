"""Which runs of a submission are still to be looked for, where, and how many times.

A run is GUARANTEED_RUN codes of the submission. The corpus has sampled one of `step` places, so occurrences
of a run fall into `step` classes: the places of the submission, modulo `step`, whose grams are hits in them.
In each class a run holds one chain of grams that are all sampled where it occurs. The adjacent pair of that
chain with the rarest gram is its anchor (the idea of winnowing: Schleimer, Wilkerson & Aiken 2003): where the
run occurs in that class, the pair occurs, and its postings lead there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import Ints, expand
from dedup.index.view import Found
from dedup.sketch.arrays import distinct, run_begins
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme

REACH = 24
"""Codes on each side of a pair that are compared: what is found at one anchor serves others around it."""


class Demand:
    """The runs wanted: one row for each run and class, m in all, and one more that stands for other runs."""

    def __init__(
        self, starts: Ints, promise: Ints, counting: NDArray[np.bool_], scheme: Scheme, most: int
    ) -> None:
        """For chains that begin at `starts`; `promise` ranks pairs of grams by what following them costs.

        `counting` [n - GUARANTEED_RUN + 1] tells which runs of the n codes are to be looked for at all, each
        until it was found `most` times.
        """
        self._codes = len(counting) + GUARANTEED_RUN - 1
        self._step = scheme.gram_step
        self.known = scheme.gram_size + (scheme.gram_step if scheme.chain_length > 1 else 0)
        """Codes of a pair."""
        self.slack = GUARANTEED_RUN - self.known
        self._promise = promise
        pairs = starts[:, None] + scheme.gram_step * np.arange(max(scheme.chain_length - 1, 1))
        anchors = pairs[np.arange(len(pairs)), np.argmin(promise[pairs], axis=1)]
        # A chain serves the runs that begin with it or up to a step earlier.
        begin = (starts[:, None] - np.arange(scheme.gram_step)).ravel()
        anchor = np.repeat(anchors, scheme.gram_step)
        wanted = (begin >= 0) & (begin < len(counting))
        wanted[wanted] = counting[begin[wanted]]
        self._begin: Ints = begin[wanted]
        self._anchor: Ints = anchor[wanted]
        rows = len(self._begin)
        self._missing = np.append(np.full(rows, most), 0)
        """[m + 1] occurrences still wanted."""
        self._missing_before = self._missing
        """[m + 1] likewise, before the present segment."""
        self._finder = np.full(rows + 1, -1)
        """[m + 1] the anchor whose finds in the present segment count; -1 while there is none."""
        self._complete = np.zeros(rows + 1, dtype=np.bool_)
        """[m + 1] whether no more occurrences are to be had in the present segment."""
        self._row = np.full((scheme.gram_step, self._codes), rows)
        """[class, place] the row of the run that begins there."""
        self._row[self._anchor % scheme.gram_step, self._begin] = np.arange(rows)
        self.fully_known = np.zeros(self._codes, dtype=np.bool_)
        """[q] whether every occurrence of the pair at q, in all segments so far, was looked at."""
        self.fully_known[self._anchor] = True

    def enter(self) -> None:
        """Begin with another segment."""
        self._missing_before = self._missing.copy()
        self._finder[:] = -1
        self._complete[:] = False

    def pending(self) -> Ints:
        """The anchors at which something is wanted and to be had, ascending."""
        return distinct(self._anchor[self._open()])

    def leads(self) -> Ints:
        """The most promising of the pending anchors, none nearer to another of its class than REACH."""
        pending = self.pending()
        ranks = np.full(self._codes, len(self._promise))
        ranks[pending] = self._promise[pending]
        least, shift, covered = ranks, self._step, 0
        while covered < REACH:
            around = least.copy()
            np.minimum(around[shift:], least[:-shift], out=around[shift:])
            np.minimum(around[:-shift], least[shift:], out=around[:-shift])
            least, covered, shift = around, covered + shift, 2 * shift
        leads: Ints = pending[ranks[pending] == least[pending]]
        return leads

    def extent(self) -> tuple[Ints, Ints]:
        """[q] how many codes before and behind the pair at an anchor all runs wanted there have in common."""
        before, behind = np.full(self._codes, self.slack), np.full(self._codes, self.slack)
        anchor, begin = self._anchor[self._open()], self._begin[self._open()]
        np.minimum.at(before, anchor, anchor - begin)
        np.minimum.at(behind, anchor, begin + GUARANTEED_RUN - self.known - anchor)
        return before, behind

    def follow(self, anchors: Ints) -> None:
        """Begin to look at some anchors: what others found of their runs, they will find themselves.

        No occurrence must count twice, so what is found of a run counts if one and the same anchor found it.
        Runs around the anchors that nobody has found yet are theirs, too, until their own anchor's turn.
        """
        begun = np.zeros(self._codes, dtype=np.bool_)
        begun[anchors] = True
        own = np.flatnonzero(begun[self._anchor])
        self._finder[own] = self._anchor[own]
        self._missing[own] = np.where(self._missing[own] > 0, self._missing_before[own], 0)
        place, number = expand(
            np.maximum(anchors - REACH, 0),
            np.minimum(anchors + self.known + REACH, self._codes) - GUARANTEED_RUN + 1,
        )
        row = self._row[anchors[number] % self._step, place]
        free = self._finder[row] < 0
        self._finder[row[free]] = anchors[number[free]]

    def choose(self, found: Found, to_left: Ints, to_right: Ints) -> NDArray[np.bool_]:
        """Which occurrences, in ascending order of their place in the submission, to keep.

        `to_left` and `to_right` tell how many codes around an occurrence of its pair are the same.
        """
        chosen = np.zeros(len(found.query), dtype=np.bool_)
        for reach in range(self.slack + 1):
            whole = np.flatnonzero((to_left >= reach) & (to_right >= self.slack - reach))
            query = found.query[whole]
            missing = self._missing[self._row[query % self._step, query - reach]]
            chosen[whole[ranks(query) < missing]] = True
        return chosen

    def meet(self, query: Ints, begin: Ints, end: Ints) -> None:
        """Note occurrences, found at `query`, of all runs within [begin, end)."""
        place, number = expand(begin, np.maximum(end - GUARANTEED_RUN + 1, begin))
        anchor = query[number]
        row = self._row[anchor % self._step, place]
        met = np.bincount(row[self._finder[row] == anchor], minlength=len(self._missing))
        self._missing = np.maximum(self._missing - met, 0)

    def finish(self, anchors: Ints) -> None:
        """Note that some anchors have led to all that is to be had in the present segment."""
        finished = np.zeros(self._codes, dtype=np.bool_)
        finished[anchors] = True
        self._complete[:-1] |= finished[self._anchor]

    def _open(self) -> Ints:
        """Rows of which something is wanted and to be had."""
        return np.flatnonzero((self._missing > 0) & ~self._complete)


def ranks(groups: Ints) -> Ints:
    """For each element of a list in which equals stand together, how many of its equals precede it."""
    begins = np.flatnonzero(run_begins(groups))
    return np.arange(len(groups)) - np.repeat(begins, np.diff(begins, append=len(groups)))
