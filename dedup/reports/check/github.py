"""Write the report as workflow commands, which GitHub Actions shows beside the lines of a change.

`::warning file=…,line=…::message`, as in "Workflow commands for GitHub Actions". GitHub shows ten errors and
ten warnings of a step, so the gravest findings and the longest passages come first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.reports.check.reasons import basis_of, verdict_in_words
from dedup.reports.check.sarif import counts, results
from dedup.reports.kit.columns import visible
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.model import Report
    from dedup.reports import View

SUFFIX = "txt"
STANDS_ALONE = False

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_LEVELS = {"block": "error", "warn": "warning", "unknown": "warning"}


def render(report: Report, view: View) -> str:
    """A line for the document, a command for its verdict unless it passes, and one for each finding."""
    language = view.language
    told, path = verdict_in_words(report, language), report.submission.path
    title = f"{told.level} {percent(report.figures.copied_ratio)}"
    head = f"{path}: {title}"
    if report.checked is not None:
        head += f" ({basis_of(report.checked, language)})"
    lines = [_inert(visible(head))]
    if level := _LEVELS.get(report.verdict.level):
        message = "\n".join(told.reasons) or told.meaning
        lines.append(_command(level, message, {"file": path, "line": 1, "title": title}))
    found = [one for one in results(report, language) if counts(one)]
    lines += [_finding(one, path) for one in sorted(found, key=_gravity)]
    return "\n".join([*lines, ""])


def _gravity(result: dict[str, Any]) -> tuple[int, int]:
    return [*_COMMANDS].index(result["level"]), -_region(result)["charLength"]


def _finding(result: dict[str, Any], path: str) -> str:
    region = _region(result)
    first, _, rest = result["message"]["text"].partition("\n")
    place = {"file": path, "line": region["startLine"], "endLine": region["endLine"], "title": first}
    return _command(_COMMANDS[result["level"]], rest or first, place)


def _region(result: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = result["locations"][0]["physicalLocation"]["region"]
    return found


def _command(name: str, message: str, properties: dict[str, str | int]) -> str:
    """One command, escaped so that no text of a document can end it or begin another."""
    told = ",".join(f"{key}={_escaped(visible(str(value)), ':,')}" for key, value in properties.items())
    lines = "\n".join(visible(line) for line in message.split("\n"))
    return f"::{name} {told}::{_escaped(lines, '')}"


def _escaped(text: str, also: str) -> str:
    for one in ("%", "\r", "\n", *also):
        text = text.replace(one, f"%{ord(one):02X}")
    return text


def _inert(line: str) -> str:
    """A line of the log that is never taken for a command, even if a file name looks like one."""
    return f" {line}" if line.lstrip().startswith(("::", "##[")) else line
