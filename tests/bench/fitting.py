"""Fitting the judge: the weights of `dedup.align.judge`, learnt from sets with known answers.

    python tests/bench/fitting.py SET [SET ...]

Each SET is a folder in the layout of `dedup.evaluation.sets`; `dedup calibrate --keep` writes such. Every
match in it is labelled by the truth, and a ridge-penalised logistic regression (iteratively reweighted
least squares: Hastie, Tibshirani & Friedman 2009, section 4.4.1) is printed in the form in which it stands
in the module. Matches in host text that the corpus happens to hold are left out, except in untouched
submissions.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.align.describe import draft_of
from dedup.align.draft import Draft
from dedup.align.judge import Measurements, Term, measure
from dedup.align.match import Match
from dedup.align.matching import find_matches
from dedup.document import Span
from dedup.evaluation.sets import Case, EvaluationSet, read_set
from dedup.index import Index, open_index
from dedup.readers import read_text
from dedup.settings import Settings
from dedup.text.structure import parse

Floats = NDArray[np.float64]

NAMES = tuple(field.name for field in fields(Measurements))
PRODUCTS: tuple[Term, ...] = (
    ("length", "length"),
    ("density", "whole_sentences"),
    ("length", "source_density"),
)
"""Chosen for what they took off the loss on sets left out. None turns the effect of a measurement round."""

_LEAST_EVIDENCE = 1.0
_HALF = 0.5
_COVERED = 0.3
"""A match that covers less of a case than this is neither right nor wrong."""
_PENALTY = 1.0
_STEPS = 50


def terms() -> tuple[Term, ...]:
    """Every measurement, then the products."""
    return (*((name,) for name in NAMES), *PRODUCTS)


def labelled(evaluation_set: EvaluationSet) -> Iterator[tuple[Measurements, bool]]:
    """The measurements of all matches in a set that count, and whether each is a planted passage."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:  # noqa: SIM117
        with open_index(evaluation_set.corpus, Path(folder), settings) as index:
            for name in evaluation_set.lengths:
                document = parse(name, read_text(evaluation_set.submission(name)))
                draft = draft_of(document, settings)
                cases = evaluation_set.cases.get(name, ())
                natural = evaluation_set.natural.get(name, ())
                for match in find_matches(draft, index).matches:
                    label = _label(match, draft, index, cases, natural)
                    if label is not None and match.evidence > _LEAST_EVIDENCE:
                        yield measure(match), label


def _label(
    match: Match, draft: Draft, index: Index, cases: Sequence[Case], natural: Sequence[Span]
) -> bool | None:
    """True for a planted passage, False for none, None where the truth does not tell."""
    span = Span(int(draft.offsets[match.start]), int(draft.offsets[match.end - 1]) + 1)
    touched = [case for case in cases if _overlap(span, case.span)]
    if touched:
        source = index.part(match.part).path
        offsets = index.region(match.part, match.source_start, match.source_end).offsets
        source_span = Span(int(offsets[0]), int(offsets[-1]) + 1)
        right = any(
            case.source == source
            and _overlap(source_span, case.source_span)
            and _overlap(span, case.span) > _COVERED * len(case.span)
            for case in touched
        )
        return True if right else None
    if cases and sum(_overlap(span, known) for known in natural) >= _HALF * len(span):
        return None
    return False


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def fit(
    values: Floats, labels: NDArray[np.bool_], weights: Floats, ridge: float = _PENALTY
) -> tuple[float, Floats]:
    """Bias and weights of terms [m] for observations [n, m] with labels [n] and weights [n] of their own."""
    means, scales = values.mean(axis=0), values.std(axis=0)
    design = np.column_stack([np.ones(len(values)), (values - means) / scales])
    penalty = np.diag([0.0, *np.full(values.shape[1], ridge)])
    coefficients = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        probability = 1 / (1 + np.exp(-design @ coefficients))
        curvature = weights * np.maximum(probability * (1 - probability), 1e-9)
        gradient = design.T @ (weights * (labels - probability)) - penalty @ coefficients
        step = np.linalg.solve(design.T @ (design * curvature[:, None]) + penalty, gradient)
        coefficients += step
        if np.abs(step).max() < 1e-6:
            break
    slopes: Floats = coefficients[1:] / scales
    return float(coefficients[0] - slopes @ means), slopes


def main(folders: Sequence[str]) -> None:
    """Fit on all sets, each weighing the same, and print the weights."""
    values, labels, weights = [], [], []
    for folder in folders:
        observations = list(labelled(read_set(Path(folder))))
        measured = np.array([astuple(one) for one, _ in observations])
        columns = [np.prod(measured[:, [NAMES.index(name) for name in term]], axis=1) for term in terms()]
        values.append(np.column_stack(columns))
        labels.append(np.array([label for _, label in observations]))
        weights.append(np.full(len(observations), 1000 / max(1, int(labels[-1].sum()))))
    bias, slopes = fit(np.concatenate(values), np.concatenate(labels), np.concatenate(weights))
    print("WEIGHTS: dict[Term, float] = {")
    for term, slope in zip(terms(), slopes.tolist(), strict=True):
        names = ", ".join(f'"{name}"' for name in term)
        print(f"    ({names}{',' if len(term) == 1 else ''}): {slope:.3f},")
    print(f"}}\nBIAS = {bias:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
