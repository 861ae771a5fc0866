"""Apply the limits of a configuration other than those on the whole submission.

A single source, one paragraph, the longest run and the sources of a relation can be limited, each by a share
or by a number of characters, and the sources of some relations left out of every limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from dedup.align.found import Found
from dedup.document import Document
from dedup.model import Level
from dedup.passage import Fact, Reason
from dedup.settings import MEASURES, Settings
from dedup.tally import copied_by_paragraph, covered, ratio, sources
from dedup.text.stream import MatchText

LEAST_PARAGRAPH = 50
"""Characters from which a paragraph is subject to a limit that is a share; half of a heading is little."""
_BEGINNING = 10
"""Characters of a paragraph's beginning by which it is named."""


class Crossed(NamedTuple):
    """A limit that is exceeded, and the level of the verdict for it."""

    level: Level
    reason: Reason


class Held(NamedTuple):
    """The copied ratio that counts for the limits, and the limits that are exceeded."""

    copied_ratio: float
    """Ratio of text copied from sources that are not left out."""
    ignored: tuple[str, ...]
    """Relations whose sources are left out, if anything is copied from such sources."""
    crossed: tuple[Crossed, ...]


class _Measured(NamedTuple):
    """The largest value of one measure, with the facts for its reason."""

    value: float
    facts: dict[str, Fact]


def hold(document: Document, stream: MatchText, found: Sequence[Found], settings: Settings) -> Held:
    """Compare the passages of a submission with the limits of the settings."""
    reuse = [one for one in found if one.passage.status == "reuse"]
    counted = [one for one in reuse if one.passage.relation not in settings.ignored]
    ignored = dict.fromkeys(one.passage.relation for one in reuse if one.passage.relation in settings.ignored)
    held = _Holding(document, stream, counted)
    copied = ratio(covered(counted), len(stream))
    return Held(copied, tuple(ignored), tuple(held.crossed(dict(settings.limits))))


class _Holding:
    """The passages that count, with the measures that can be limited."""

    def __init__(self, document: Document, stream: MatchText, found: Sequence[Found]) -> None:
        self._document = document
        self._stream = stream
        self._found = found
        self._total = len(stream)

    def crossed(self, limits: dict[str, float]) -> Iterator[Crossed]:
        """The limits that are exceeded, one for each measure."""
        levels: tuple[Level, ...] = ("block", "warn")
        for measure in MEASURES:
            for level in levels:
                limit = limits.get(f"{level}.{measure}")
                if limit is None:
                    continue
                worst = self._measured(measure, in_characters=isinstance(limit, int))
                if worst is not None and worst.value > limit:
                    code = _CODES.get(measure, "relation")
                    yield Crossed(level, Reason(code, {**worst.facts, "limit": limit}))
                    break

    def _measured(self, measure: str, *, in_characters: bool) -> _Measured | None:
        if measure.startswith("relation."):
            return self._relation(measure.removeprefix("relation."), in_characters)
        measures: dict[str, Callable[[bool], _Measured | None]] = {
            "source": self._source,
            "paragraph": self._paragraph,
            "run": self._run,
        }
        return measures[measure](in_characters)

    def _source(self, in_characters: bool) -> _Measured | None:
        for one in sources(self._total, self._found):  # the largest comes first
            facts: dict[str, Fact] = {
                "title": one.title or one.document,
                "characters": one.copied_characters,
                "ratio": one.copied_ratio,
            }
            return _Measured(one.copied_characters if in_characters else one.copied_ratio, facts)
        return None

    def _paragraph(self, in_characters: bool) -> _Measured | None:
        copied = copied_by_paragraph(self._stream, self._found)
        lengths = np.diff(self._stream.paragraph_starts)
        shares = copied / np.maximum(lengths, 1) * (lengths >= LEAST_PARAGRAPH)
        values = copied if in_characters else shares
        if not len(values):
            return None
        place = int(values.argmax())
        start = int(self._document.paragraphs.starts[self._stream.paragraph_numbers[place]])
        facts: dict[str, Fact] = {
            "number": place + 1,
            "beginning": self._document.text[start : start + _BEGINNING].partition("\n")[0],
            "characters": int(copied[place]),
            "ratio": ratio(int(copied[place]), int(lengths[place])),
        }
        return _Measured(float(values[place]), facts)

    def _run(self, in_characters: bool) -> _Measured | None:
        longest = max(
            ((end - start, one) for one in self._found for start, end in one.runs),
            key=lambda run: run[0],
            default=None,
        )
        if longest is None:
            return None
        characters, one = longest
        return _Measured(characters, {"characters": characters, "title": one.source.title or one.source.path})

    def _relation(self, relation: str, in_characters: bool) -> _Measured | None:
        characters = covered(one for one in self._found if one.passage.relation == relation)
        share = ratio(characters, self._total)
        facts: dict[str, Fact] = {"relations": (relation,), "characters": characters, "ratio": share}
        return _Measured(characters if in_characters else share, facts)


_CODES = {"source": "single_source", "paragraph": "paragraph", "run": "longest_run"}
"""Stable code of the reason by measure; for a relation it is `relation`."""
