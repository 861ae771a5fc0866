"""Read decisions and earlier reports for a check: the options, and notes beside the reports."""

from __future__ import annotations

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
    from dedup.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

_FILE_NAME = "decisions.toml"
_baseline_option = click.option("--baseline", type=Place(path_type=Path), metavar="REPORT")
_new_option = click.option("--new", is_flag=True)


def before_options(command: Command) -> Command:
    """Give a command the options that `read_before` needs besides `--decisions`."""
    return _baseline_option(_new_option(command))


def place_of_decisions(settings: Settings) -> Path:
    """Path of the file of decisions, which need not exist."""
    return settings.decisions or Path(settings.configuration).parent / _FILE_NAME


def named_here() -> bool:
    """Tell whether the command line names the file of decisions, which must then exist."""
    context = click.get_current_context(silent=True)
    source = context.get_parameter_source("decisions") if context is not None else None
    return source is not None and source.name == "COMMANDLINE"


def read_before(session: Session, baseline: Path | None = None, *, new: bool = False) -> Before | None:
    """Read the decisions and the earlier reports for a call; None if there are none. Raises UsageError."""
    there = place_of_decisions(session.settings)
    place = there if named_here() or there.is_file() else None
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
    """Pass the reports on, and note decisions that expired or no longer have a passage."""
    from dedup.reports.check.reasons import remarks_on

    for report in reports:
        verdict = report.verdict
        lines = remarks_on(verdict, session.settings.language)
        for remark, line in zip(verdict.remarks, lines, strict=True):
            if remark.code.startswith("decision_") or remark.code == "no_earlier":
                session.console.note(f"{report.submission.path}: {line}")
        yield report
