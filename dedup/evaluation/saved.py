"""Read results of other runs: folders of reports, and measures in JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dedup.errors import UsageError
from dedup.evaluation.figures import Sums
from dedup.evaluation.measures import Measure, detections_in, measure_ink
from dedup.evaluation.sets import EvaluationSet, SetError
from dedup.messages import Words


def measure_reports(test_set: EvaluationSet, folder: Path) -> Measure:
    """Score a folder that holds a report in JSON for each submission, named SUBMISSION.json.

    Raises SetError for a report that is missing or invalid, and what reading the set's texts raises.
    """
    detections = {}
    for name in test_set.lengths:
        path = folder / f"{name}.json"
        detections[name] = detections_in(_object(path), str(path))
    return measure_ink(test_set, detections)


def sums_of(test_set: EvaluationSet, result: Path) -> Sequence[Sums]:
    """Sums of another version's result, submission by submission, in the order of the set.

    `result` is a folder of reports or what `dedup evaluate --format json` printed. Raises SetError for
    anything else, UsageError for the result of another set.
    """
    if result.is_dir():
        return [scored.sums for scored in measure_reports(test_set, result).submissions]
    saved = _object(result)
    try:
        by_name = {
            str(one["name"]): {str(name): float(value) for name, value in one["sums"].items()}
            for one in saved["submissions"]
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SetError(str(result), Words("set.no_result"), Words("set.no_result.cure")) from error
    if set(by_name) != set(test_set.lengths):
        raise UsageError(f"--against {result}", Words("set.other_result"), Words("set.other_result.cure"))
    return [by_name[name] for name in test_set.lengths]


def _object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise SetError(str(path), Words("input.missing"), Words("set.no_report.cure")) from error
    except OSError as error:
        raise SetError(str(path), Words("input.unreadable", why=error.strerror or "")) from error
    except (ValueError, RecursionError) as error:
        raise SetError(str(path), Words("set.not_json"), Words("set.no_report.cure")) from error
    if not isinstance(value, dict):
        raise SetError(str(path), Words("set.not_object"), Words("set.no_report.cure"))
    return value
