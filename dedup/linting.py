"""One document looked over → a report, with what an index knows of the same left-overs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.configuration import settings_for
from dedup.document import Document
from dedup.lint import Page, find_all, graded, owner_of, wanted, with_sources
from dedup.model import LintReport, ReportedParagraphs, Submission
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.index.index import Index


def lint(
    document: Document, settings: Settings, year: int | None = None, index: Index | None = None
) -> LintReport:
    """Look a document over for what copying leaves behind.

    The unit is that of the settings and the year the one given, else what the document tells. With an
    `index`, findings in passages that stand there too name the source. Raises IndexDamaged as a check does.
    """
    settings = settings_for(settings, document.name)
    owner = owner_of(document, settings.unit, year)
    findings = wanted(find_all(Page(document, owner, settings.allowed)), settings.lint)
    if index is not None:
        from dedup.align.describe import draft_of, find_passages

        found = find_passages(draft_of(document, settings), document.title, index, settings)
        findings = with_sources(findings, found, owner)
    findings = graded(findings, settings.lint)
    taking_part = int(document.paragraphs.taking_part.sum())
    return LintReport(
        submission=Submission(document.name, document.title, len(document.text), taking_part),
        owner=owner,
        findings=findings,
        corpus=str(settings.corpus) if index is not None else "",
        text=document.text,
        paragraphs=ReportedParagraphs(document.paragraphs),
        places=document.places,
    )
