"""Check all submissions of a set against its corpus, in a temporary index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dedup.checking import check
from dedup.evaluation.measures import Measure, detections_of, measure_ink
from dedup.evaluation.sets import EvaluationSet
from dedup.index import open_index
from dedup.readers import read_text
from dedup.records import dataclass
from dedup.settings import Settings
from dedup.text.structure import parse

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of checking a set."""

    measure: Measure
    copied_ratios: Mapping[str, float]
    """去套话复制比 of every submission, as in its report."""


def check_set(test_set: EvaluationSet, settings: Settings, progress: Progress | None = None) -> Checked:
    """Check every submission under `settings` and score the reports.

    The settings' corpus, index and author are ignored. Raises what reading, indexing and checking raise.
    """
    settings = replace(settings, corpus=test_set.corpus, index=None, own=(), author=None)
    detections, ratios = {}, {}
    with (
        TemporaryDirectory(prefix="dedup-") as folder,
        open_index(test_set.corpus, Path(folder), settings) as index,
    ):
        for number, name in enumerate(test_set.lengths, start=1):
            report = check(parse(name, read_text(test_set.submission(name))), index, settings)
            detections[name] = detections_of(report)
            ratios[name] = report.figures.copied_ratio
            if progress is not None:
                progress(number, len(test_set.lengths))
    return Checked(measure_ink(test_set, detections), ratios)
