"""Lint one document, and make its report, with sources of the same traces from an index."""

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
    """Find traces of copying in a document.

    The unit is that of the settings and the year the one given, else those of the document. With an `index`,
    findings in passages that it holds too name the source. Raises IndexDamaged as a check does.
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
