"""Write findings as Markdown, for issue trackers and mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.messages import label, say
from dedup.reports.kit.findings import counts_in_words, owner_in_words
from dedup.reports.kit.markup import finding_table, plain
from dedup.reports.kit.places import Places

if TYPE_CHECKING:
    from dedup.model import LintReport
    from dedup.reports import View

SUFFIX = "md"
STANDS_ALONE = False


def render(report: LintReport, view: View) -> str:
    """The report as Markdown, a row of a table for each finding."""
    language, submission = view.language, report.submission
    title = f" 《{plain(submission.title)}》" if submission.title else ""
    lines = [f"# {say('lint.title', language)}", ""]
    lines += [f"{label('head.submission', language)}{plain(submission.path)}{title}", ""]
    lines += [f"- {plain(line)}" for line in owner_in_words(report.owner, language)]
    counts = counts_in_words(report.findings, language) if report.findings else say("lint.none", language)
    lines += ["", plain(counts)]
    if report.findings:
        lines += ["", *finding_table(report.findings, report.text, Places(report), language)]
    lines += [f"- {plain(one.path)}: {plain(one.why(language))}" for one in report.skipped]
    return "\n".join(lines) + "\n"
