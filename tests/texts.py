"""Small literals as the program sees them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.align.likeness import Likeness
from dedup.align.match import Match
from dedup.sketch.background import BUCKETS, bigram_buckets
from dedup.text.normalize import fold_slots, normalize


def codes(text: str) -> NDArray[np.uint32]:
    """Normalised characters, slots not folded."""
    return normalize(text).codes


def folded(text: str) -> NDArray[np.uint32]:
    """Normalised characters with figures and masks made one."""
    return fold_slots(codes(text))


def bigram_counts(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """[BUCKETS] how often slot-folded codes hold the bigrams of each bucket."""
    return np.bincount(bigram_buckets(codes), minlength=BUCKETS)


def shown(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """What lies at each span of the normalised text."""
    letters = [chr(code) for code in codes(text).tolist()]
    return ["".join(letters[start:end]) for start, end in spans]


def a_match(
    start: int = 0, end: int = 60, *, part: int = 0, source_start: int | None = None, **given: object
) -> Match:
    """A match of one exact run with evidence enough; whatever is given goes over that."""
    source = start if source_start is None else source_start
    length = end - start
    facts: dict[str, object] = {
        "part": part,
        "start": start,
        "end": end,
        "source_start": source,
        "source_end": source + length,
        "tiles": ((start, source, length),),
        "telling": float(length),
        "source_telling": float(length),
        "worth": float(length),
        "evidence": length * 0.9,
        "shared_figures": 0,
        "sentence_borders": 4,
        "witnesses": 0,
        "rivals": (),
    }
    return Match(**{**facts, **given})  # type: ignore[arg-type]


def a_likeness(**given: object) -> Likeness:
    """A window of a hundred characters and a run about as long, alike as rewritten ones are."""
    facts: dict[str, object] = {
        "start": 0,
        "end": 100,
        "part": 0,
        "source_start": 0,
        "source_end": 100,
        "alike": 0.3,
        "shared": 60.0,
        "held": 0.3,
        "source_held": 0.25,
        "rival": 0.3,
        "second_rival": 0.2,
        "rivals": 0.4,
        "rival_alike": 0.1,
        "order": 0.7,
        "near": 0.5,
        "triples": 0.2,
        "figures": 0.0,
        "formulaic": 0.1,
        "lead": 2.0,
    }
    return Likeness(**{**facts, **given})  # type: ignore[arg-type]
