"""Estimate the effect of undoing tricks: the copied ratio without undoing, beside the one reported.

The original text differs from its source at each invisible, inserted or look-alike character, and at hidden
text. The rest of a copied stretch between such places counts if it is a run of `GUARANTEED_RUN` characters,
the rule that checkers use. It is counted, not searched for again; the aligner, which bridges gaps, would find
more. The difference between the two ratios is the evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.document import HiddenText
from dedup.model import Figures, Undone
from dedup.passage import Evasion, Passage
from dedup.sketch.scheme import GUARANTEED_RUN
from dedup.text.evasion import characters_of
from dedup.text.normalize import normalize

_TOLD: tuple[Evasion, ...] = ("zero-width", "look-alike", "spacing", "hidden-text")
"""Tricks that do not occur by accident; traditional characters may be a writer's own."""


def undone_in(passages: Sequence[Passage], hidden: Sequence[HiddenText], figures: Figures) -> Undone | None:
    """The tricks in matched passages, and the copied ratio that would be found without undoing them.

    Hidden text outside of passages does not count: it hid no copying, and a web page is full of it.
    """
    ordered = sorted(hidden, key=lambda one: one.start)
    places = np.array([one.start for one in ordered], np.int64)
    within = np.zeros(len(places), np.bool_)
    found: dict[Evasion, list[NDArray[np.intp]]] = defaultdict(list)
    lost = 0
    for passage in passages:
        first, last = np.searchsorted(places, [passage.start + 1, passage.end])
        within[first:last] = True
        if passage.evasion:
            shown = characters_of(passage.text)
            for trick in passage.evasion:
                if trick in shown:
                    found[trick].append(np.flatnonzero(shown[trick]) + passage.start)
        if passage.status == "reuse":
            lost += _lost(passage, places)
    # Passages may overlap: each character is counted once.
    characters = {trick: len(np.unique(np.concatenate(at))) for trick, at in found.items()}
    characters["hidden-text"] = sum(
        len("".join(one.text.split())) for one, inside in zip(ordered, within.tolist(), strict=True) if inside
    )
    told: dict[Evasion, int] = {trick: characters[trick] for trick in _TOLD if characters.get(trick)}
    if not told:
        return None
    before = max(0, figures.copied_characters - lost) / max(1, figures.total_characters)
    return Undone(told, min(before, figures.copied_ratio), figures.copied_ratio)


def _lost(passage: Passage, hidden: NDArray[np.int64]) -> int:
    """Number of copied characters of a passage that would not be found if nothing were undone."""
    inside = hidden[(hidden > passage.start) & (hidden < passage.end)] - passage.start
    if not len(inside) and not passage.evasion:
        return 0
    tricks = characters_of(passage.text)
    shows = np.zeros(len(passage.text), np.bool_)
    for trick in passage.evasion:
        if trick in _TOLD and trick in tricks:
            shows |= tricks[trick]
    if not shows.any() and not len(inside):
        return 0
    breaks = shows.astype(np.int64)
    np.add.at(breaks, inside, 1)
    stretch = np.cumsum(breaks)
    lost = 0
    for span in passage.copied:
        first, last = span.start - passage.start, span.end - passage.start
        counted = normalize(passage.text[first:last]).offsets + first
        plain = counted[~shows[counted]]
        _, lengths = np.unique(stretch[plain], return_counts=True)
        lost += len(counted) - int(lengths[lengths >= GUARANTEED_RUN].sum())
    return lost
