"""Calibrate: plant known edits into the user's own documents, and measure what a check finds of them.

Some documents of the corpus become hosts and are left out of it meanwhile; passages of the others are planted
in them. So thresholds and expectations come from the collection at hand, not from folklore.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

from dedup.document import Document, Skipped
from dedup.errors import UnreadableInput, UsageError
from dedup.evaluation.checking import Checked
from dedup.evaluation.measures import Outcome, Share, share
from dedup.evaluation.planting import Plan, Planted, plant
from dedup.index.corpus import content_of, list_corpus, printable
from dedup.messages import Words
from dedup.readers import decoded
from dedup.records import dataclass
from dedup.text.structure import parse

STRENGTHS = (0.25, 0.5, 0.75, 1.0)
LENGTHS = (0, 40, 80, 160)
"""Least characters of a planted passage in each class of length."""

LEAST_DOCUMENTS = 8
LEAST_CHARACTERS = 8_000
"""Characters a corpus must have for calibration: with fewer, hosts and sources would not suffice."""

_Key = TypeVar("_Key", int, float, tuple[str, float])

_HOST_SHARE = 0.25
_MOST_HOSTS = 60


@dataclass(frozen=True, slots=True)
class Calibration:
    """Results by kind, strength and length. Groups without cases are left out."""

    kinds: Mapping[str, Share]
    by_strength: Mapping[float, Share]
    """Shares over the kinds that have a strength, which are all but verbatim."""
    by_kind_and_strength: Mapping[tuple[str, float], Share]
    by_length: Mapping[int, Share]
    """Shares by the least length of each class of `LENGTHS`."""
    untouched_ratios: tuple[float, ...]
    """去套话复制比 of the submissions with nothing planted, ascending."""


def read_corpus(corpus: Path, index_folder: str) -> tuple[list[Document], list[Skipped]]:
    """All documents of a corpus folder by path, and the files that cannot be read."""
    documents, skipped = [], []
    for path, *_ in list_corpus(str(corpus), index_folder).files:
        try:
            documents.append(parse(path, decoded(content_of(str(corpus), path), path)))
        except UnreadableInput as error:
            skipped.append(Skipped(printable(path), error.reason))
    return documents, skipped


def plant_corpus(corpus: Path, documents: Sequence[Document], passages: int, seed: int) -> Planted:
    """Split the documents of `corpus` into sources and hosts, and plant.

    Raises UsageError for a corpus that is too small.
    """
    usable = [document for document in documents if document.text.strip()]
    characters = sum(len(document.text) for document in usable)
    if len(usable) < LEAST_DOCUMENTS or characters < LEAST_CHARACTERS:
        raise UsageError(
            str(corpus),
            Words("set.small", documents=len(usable), characters=characters),
            Words("set.small.cure", documents=LEAST_DOCUMENTS, characters=LEAST_CHARACTERS),
        )
    mixed = list(usable)
    Random(f"hosts {seed}").shuffle(mixed)
    count = min(_MOST_HOSTS, max(2, round(len(mixed) * _HOST_SHARE)))
    return plant(mixed[count:], mixed[:count], Plan(passages, seed, strengths=STRENGTHS))


def calibration(checked: Checked) -> Calibration:
    """Group the outcomes of a planted set."""
    outcomes = checked.measure.outcomes
    graded = [outcome for outcome in outcomes if outcome.case.strength is not None]
    touched = {outcome.case.submission for outcome in outcomes}
    untouched = (ratio for name, ratio in checked.copied_ratios.items() if name not in touched)
    return Calibration(
        checked.measure.kinds,
        _grouped(graded, lambda outcome: outcome.case.strength or 0.0),
        _grouped(graded, lambda outcome: (outcome.case.kind, outcome.case.strength or 0.0)),
        _grouped(outcomes, _length_class),
        tuple(sorted(untouched)),
    )


def _length_class(outcome: Outcome) -> int:
    return max(least for least in LENGTHS if least <= len(outcome.case.source_span))


def _grouped(outcomes: Sequence[Outcome], key: Callable[[Outcome], _Key]) -> dict[_Key, Share]:
    groups: dict[_Key, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(key(outcome), []).append(outcome)
    return {name: share(groups[name]) for name in sorted(groups)}
