"""Write findings for a writer at a terminal, the gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from dedup.messages import say
from dedup.reports.kit.columns import visible, wrap
from dedup.reports.kit.findings import counts_in_words, finding_lines, owner_in_words
from dedup.reports.kit.page import hanging, heading
from dedup.reports.kit.places import Places
from dedup.settings import Gravity

if TYPE_CHECKING:
    from dedup.model import LintReport
    from dedup.reports import View

SUFFIX = "txt"
STANDS_ALONE = False

_MOST_NOTES = 5


def render(report: LintReport, view: View) -> str:
    """The report as lines of at most `view.columns` columns."""
    language, submission = view.language, report.submission
    title = f"《{visible(submission.title)}》" if submission.title else ""
    lines = [*hanging(say("head.submission", language), f"{visible(submission.path)} {title}".strip(), view)]
    for line in owner_in_words(report.owner, language):
        lines += hanging("-", line, view)
    counts = counts_in_words(report.findings, language) if report.findings else say("lint.none", language)
    lines += wrap(counts, view.columns)
    places = Places(report)
    for severity in get_args(Gravity):
        wanted = [one for one in report.findings if one.severity == severity]
        if wanted:
            lines += ["", heading(say(f"lint.severity.{severity}", language), view)]
            lines += finding_lines(wanted, report.text, places, view, most=_most(severity, view))
    for one in report.skipped:
        lines += ["", *wrap(f"{visible(one.path)}: {visible(one.why(language))}", view.columns)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _most(severity: str, view: View) -> int | None:
    return _MOST_NOTES if severity == "note" and not view.complete else None
