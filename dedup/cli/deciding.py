"""What was settled before a check: its options, and what is told of it beside the reports."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dedup.cli.options import Place, Session
from dedup.errors import UsageError
from dedup.messages import Words, say

if TYPE_CHECKING:
    from dedup.decisions.drafts import Before
    from dedup.model import Report

Command = TypeVar("Command", bound=Callable[..., Any])

USUAL_DECISIONS = Path("decisions.toml")
"""Where decisions are looked for if nothing is said; `dedup.decisions.file` has the name too."""

_FILE = Place(dir_okay=False, path_type=Path)

decisions_option = click.option("--decisions", type=_FILE, metavar="FILE")
_baseline_option = click.option("--baseline", type=Place(path_type=Path), metavar="REPORT")
_new_option = click.option("--new", is_flag=True)


def before_options(command: Command) -> Command:
    """Give a command the options that `read_before` and `files_of` want."""
    return decisions_option(_baseline_option(_new_option(command)))


def files_of(decisions: Path | None, baseline: Path | None, new: bool) -> tuple[str, ...]:
    """The files that the options name, which no report is to be written over."""
    return tuple(map(os.fspath, filter(None, (decisions or USUAL_DECISIONS, baseline))))


def read_before(
    session: Session, decisions: Path | None = None, baseline: Path | None = None, *, new: bool = False
) -> Before | None:
    """Read the decisions and the earlier reports of a call; None where there are none. Raises UsageError."""
    place = decisions or (USUAL_DECISIONS if USUAL_DECISIONS.is_file() else None)
    if place is None and baseline is None:
        if new:
            raise UsageError("--new", Words("baseline.wanted"))
        return None
    from dedup.decisions.baseline import read_reports
    from dedup.decisions.drafts import Before
    from dedup.decisions.file import read_decisions

    entries = read_decisions(place).entries if place is not None else ()
    if place is not None:
        told = say("decision.read", session.settings.language, path=place, count=len(entries))
        session.console.detail(told)
    earlier = read_reports(baseline) if baseline is not None else None
    return Before(entries, date.today().isoformat(), earlier, new)


def told(reports: Iterable[Report], session: Session) -> Iterator[Report]:
    """Pass the reports on, and tell of decisions that expired or have no passage any more."""
    from dedup.reports.check.reasons import remarks_on

    for report in reports:
        verdict = report.verdict
        lines = remarks_on(verdict, session.settings.language)
        for remark, line in zip(verdict.remarks, lines, strict=True):
            if remark.code.startswith("decision_"):
                session.console.note(f"{report.submission.path}: {line}")
        yield report
