"""Write measures and calibrations as pages for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING, Any

from dedup import __version__
from dedup.evaluation.calibration import LENGTHS, Calibration
from dedup.evaluation.edits import EDITS
from dedup.evaluation.figures import CONFIDENCE, Sums, differences_of, intervals_of, reliability
from dedup.evaluation.measures import Measure, Share
from dedup.messages import catalogue, say
from dedup.reports.kit.columns import clip, visible, width
from dedup.reports.kit.page import heading, tabulated
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.evaluation.sets import Case, EvaluationSet
    from dedup.reports import View
    from dedup.settings import Language, Settings

FORMAT_VERSION = 1
_LONGEST_BAR = 20

_FIGURES = (
    ("plagdet", "{:.4f}"),
    ("precision", "{:.4f}"),
    ("recall", "{:.4f}"),
    ("granularity", "{:.3f}"),
    ("clean_background_ratio", "{:.3%}"),
    ("clean_flagged_ratio", "{:.3%}"),
    ("clean_suspected_ratio", "{:.3%}"),
    ("host_reuse_ratio", "{:.3%}"),
    ("host_suspected_ratio", "{:.3%}"),
)
"""The figures of a measure, as pages print them."""
_EIGHTHS = " ▏▎▍▌▋▊▉"


def measure_as_json(measure: Measure, against: Sequence[Sums] | None = None) -> str:
    """A measure as one JSON object, with the differences from another version if its sums are given."""
    written = _measure_dictionary(measure)
    if against is not None:
        differences = differences_of([scored.sums for scored in measure.submissions], against)
        written["against"] = {
            name: {
                "ours": one.ours,
                "theirs": one.theirs,
                "interval": asdict(one.interval),
                "real": one.real,
            }
            for name, one in differences.items()
        }
    return _json(written)


def calibration_as_json(measure: Measure, calibration: Calibration) -> str:
    """A calibration as one JSON object."""
    groups = {
        "by_strength": {str(strength): asdict(part) for strength, part in calibration.by_strength.items()},
        "by_kind_and_strength": [
            {"kind": kind, "strength": strength, **asdict(part)}
            for (kind, strength), part in calibration.by_kind_and_strength.items()
        ],
        "by_length": [{"at_least": least, **asdict(part)} for least, part in calibration.by_length.items()],
        "untouched_copied_ratios": list(calibration.untouched_ratios),
    }
    return _json(_measure_dictionary(measure) | groups)


def measure_page(
    measure: Measure,
    test_set: EvaluationSet,
    misses: str | None,
    view: View,
    against: Sequence[Sums] | None = None,
) -> str:
    """The measure by kind, the reliability of probabilities, the differences from another version, and the
    missed cases of the kind `misses` (or of all).
    """
    lines = [*_headline(measure, view), "", *_kinds(measure.kinds, view), *_reliability(measure, view)]
    if against is not None:
        lines += _differences(measure, against, view)
    missed = [case for case in measure.missed if misses in ("all", case.kind)]
    if misses is not None:
        lines += ["", heading(say("evaluation.missed", view.language, count=len(missed)), view)]
        for case in missed:
            lines += _missed_case(case, test_set, view)
    return "\n".join(lines) + "\n"


def calibration_page(measure: Measure, calibration: Calibration, settings: Settings, view: View) -> str:
    """The measure, then the shares found by kind, strength and length, with bars."""
    lines = [*_headline(measure, view), *_reliability(measure, view), ""]
    lines += [*_kinds_by_strength(calibration, view), ""]
    by_strength = [(f"{strength:.2f}", part) for strength, part in calibration.by_strength.items()]
    lines += [*_bars("evaluation.strength", by_strength, view), ""]
    by_length = [(_length_name(least), part) for least, part in calibration.by_length.items()]
    lines += _bars("evaluation.length", by_length, view)
    ratios = calibration.untouched_ratios
    if ratios:
        values = {
            "count": len(ratios),
            "median": percent(median(ratios)),
            "most": percent(ratios[-1]),
            "warn": percent(settings.warn_over),
        }
        lines += ["", say("evaluation.untouched", view.language, **values)]
    return "\n".join(lines) + "\n"


def bar(ratio: float, columns: int) -> str:
    """A bar of blocks, `columns` long for 1, drawn to an eighth of a column."""
    eighths = round(min(1.0, max(0.0, ratio)) * columns * 8)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _headline(measure: Measure, view: View) -> Iterator[str]:
    language = view.language
    intervals = intervals_of([scored.sums for scored in measure.submissions])
    rows = []
    for name, form in _FIGURES:
        interval = intervals[name]
        between = f"{form.format(interval.low)}–{form.format(interval.high)}"
        rows.append((say(f"evaluation.{name}", language), form.format(getattr(measure, name)), between))
    rows.append((say("evaluation.cases", language), str(len(measure.outcomes)), ""))
    rows.append((say("evaluation.detections", language), str(measure.detections), ""))
    yield heading(say("evaluation.title", language), view)
    headers = ["", "", say("evaluation.interval", language, confidence=f"{CONFIDENCE:.0%}")]
    yield tabulated(rows, headers, right=(1, 2))


def _kinds(kinds: Mapping[str, Share], view: View) -> Iterator[str]:
    names = ("kind", "cases", "found", "found_any", "characters", "recall", "precision")
    body = [
        (
            _kind_name(kind, view.language),
            str(kinds[kind].cases),
            f"{kinds[kind].found:.3f}",
            f"{kinds[kind].found_any:.3f}",
            f"{kinds[kind].characters:.3f}",
            f"{kinds[kind].recall:.3f}",
            _optional(kinds[kind].precision),
        )
        for kind in _in_order(kinds)
    ]
    yield heading(say("evaluation.by_kind", view.language), view)
    if body:
        headers = [say(f"evaluation.{name}", view.language) for name in names]
        yield tabulated(body, headers, right=range(1, len(names)))


def _reliability(measure: Measure, view: View) -> Iterator[str]:
    """A table of the shares of right suspicions by probability; empty if reports give no probabilities."""
    suspicions = [pair for scored in measure.submissions for pair in scored.suspicions]
    if not suspicions:
        return
    body = [
        (f"{step.low:.1f}–{step.high:.1f}", str(step.passages), f"{step.told:.2f}", f"{step.right:.2f}")
        for step in reliability(suspicions)
    ]
    names = ("probability", "suspicions", "told", "right")
    yield ""
    yield heading(say("evaluation.reliability", view.language), view)
    yield tabulated(body, [say(f"evaluation.{name}", view.language) for name in names], right=range(1, 4))


def _differences(measure: Measure, against: Sequence[Sums], view: View) -> Iterator[str]:
    """Figures of both versions, the interval of their difference, and a mark where it is real."""
    language = view.language
    kinds = {name: f"found_any {name}" for name in _in_order(measure.kinds)}
    rows = []
    differences = differences_of([scored.sums for scored in measure.submissions], against)
    figures = [(name, say(f"evaluation.{name}", language), form) for name, form in _FIGURES]
    for name, label, form in [
        *figures,
        *((figure, _kind_name(kind, language), "{:.3f}") for kind, figure in kinds.items()),
    ]:
        one = differences[name]
        between = f"{form.format(one.interval.low)} … {form.format(one.interval.high)}"
        real = say("evaluation.real", language) if one.real else ""
        rows.append((label, form.format(one.ours), form.format(one.theirs), between, real))
    names = ("figure", "ours", "theirs", "difference", "is_real")
    yield ""
    yield heading(say("evaluation.against", language, confidence=f"{CONFIDENCE:.0%}"), view)
    yield tabulated(rows, [say(f"evaluation.{name}", language) for name in names], right=(1, 2, 3))


def _kinds_by_strength(calibration: Calibration, view: View) -> Iterator[str]:
    """Found shares: a row for each kind, a column for each strength; the bar shows the whole kind."""
    language, strengths = view.language, list(calibration.by_strength)
    kinds = _in_order(calibration.kinds)
    body = []
    for kind in kinds:
        whole = calibration.kinds[kind]
        cells = [calibration.by_kind_and_strength.get((kind, strength)) for strength in strengths]
        shares = ["" if part is None else f"{part.found:.2f}" for part in cells]
        key = f"evaluation.edit.{kind}"
        name = say(key, language) if language == "zh" and key in catalogue(language) else kind
        body.append([name, *shares, _optional(whole.precision), f"{whole.found:.2f}"])
    headers = [say(f"evaluation.{name}", language) for name in ("kind", "precision", "found")]
    headers[1:1] = [f"{strength:.2f}".lstrip("0") for strength in strengths]
    yield heading(say("evaluation.by_kind", language), view)
    yield from _with_bars(body, headers, [calibration.kinds[kind].found for kind in kinds], view)


def _bars(title: str, groups: Sequence[tuple[str, Share]], view: View) -> Iterator[str]:
    """A table of the shares of the groups, a row each."""
    names = ("cases", "characters", "precision", "found")
    headers = [say(title, view.language), *(say(f"evaluation.{name}", view.language) for name in names)]
    body = [
        [name, str(part.cases), f"{part.characters:.2f}", _optional(part.precision), f"{part.found:.2f}"]
        for name, part in groups
    ]
    yield heading(say(f"{title}.title", view.language), view)
    yield from _with_bars(body, headers, [part.found for _, part in groups], view)


def _with_bars(
    body: Sequence[Sequence[str]], headers: Sequence[str], ratios: Sequence[float], view: View
) -> Iterator[str]:
    """A table with a bar after each row, scaled to the room on the page.

    Bars come last: an East Asian terminal may draw a block two columns wide.
    """
    head, rule, *rows = tabulated(body, headers, right=range(1, len(headers))).split("\n")
    room = min(_LONGEST_BAR, view.columns - width(rule) - 2)
    yield from (head, rule)
    for row, ratio in zip(rows, ratios, strict=True):
        yield f"{row}  {bar(ratio, room)}"


def _missed_case(case: Case, test_set: EvaluationSet, view: View) -> Iterator[str]:
    from dedup.readers import read_text

    strength = "" if case.strength is None else f" {case.strength:.2f}"
    yield f"{case.submission} {case.start}–{case.end}  {case.kind}{strength}"
    ours = read_text(test_set.submission(case.submission))[case.start : case.end]
    theirs = read_text(test_set.corpus / case.source)[case.source_start : case.source_end]
    for label, text in (("passage.submission", ours), ("passage.source", theirs)):
        name = say(label, view.language)
        room = view.columns - width(name) - 4
        yield f"  {name}  {visible(text) if view.complete else clip(visible(text), room)}"


def _in_order(kinds: Iterable[str]) -> list[str]:
    """Known kinds of edits, mildest first, then others by name."""
    order = list(EDITS)
    return sorted(kinds, key=lambda kind: (order.index(kind) if kind in EDITS else len(order), kind))


def _kind_name(kind: str, language: Language) -> str:
    """The name of a kind as in the set, in Chinese after its Chinese name."""
    key = f"evaluation.edit.{kind}"
    if language == "en" or key not in catalogue(language):
        return visible(kind)
    return f"{say(key, language)} {kind}"


def _length_name(least: int) -> str:
    place = LENGTHS.index(least)
    return f"{least}–{LENGTHS[place + 1] - 1}" if place + 1 < len(LENGTHS) else f"{least}+"


def _optional(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f}"


def _measure_dictionary(measure: Measure) -> dict[str, Any]:
    names = ("plagdet", "precision", "recall", "granularity", "detections")
    ratios = tuple(name for name, _ in _FIGURES if name not in names)
    sums = [(scored.name, scored.sums) for scored in measure.submissions]
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "dedup", "version": __version__},
        "cases": len(measure.outcomes),
        **{name: getattr(measure, name) for name in (*names, *ratios)},
        "kinds": {kind: asdict(part) for kind, part in measure.kinds.items()},
        "intervals": {name: asdict(one) for name, one in intervals_of([its for _, its in sums]).items()},
        "reliability": [
            asdict(step)
            for step in reliability([pair for scored in measure.submissions for pair in scored.suspicions])
        ],
        "missed": [case.as_dictionary() for case in measure.missed],
        "submissions": [{"name": name, "sums": dict(its)} for name, its in sums],
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
