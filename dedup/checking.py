"""Check one submission against an index, and make its report."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup import __version__
from dedup.align.describe import draft_of, find_passages
from dedup.align.draft import Draft
from dedup.align.found import Found
from dedup.configuration import settings_for
from dedup.document import Document
from dedup.index.index import Index
from dedup.model import (
    Among,
    Checked,
    Figures,
    Finding,
    Gate,
    Owner,
    Report,
    ReportedParagraphs,
    Submission,
    Verdict,
)
from dedup.passage import Passage, Reason
from dedup.relation import related
from dedup.settings import Settings, deciding
from dedup.tally import MOST_ADVISED, count, rewrite_first, sources
from dedup.undoing import undone_in
from dedup.verdict import exceeded, gate_of, judge, with_settled

if TYPE_CHECKING:
    from dedup.among import Drafts
    from dedup.decisions.standing import Settled, Standing
    from dedup.policy import Held


def check(
    document: Document,
    index: Index,
    settings: Settings,
    drafts: Drafts | None = None,
    settled: Settled | None = None,
) -> Report:
    """Find the passages of a document that the index holds, with their sources, changes and status.

    With `drafts`, the documents of one call, it is compared with the others among them too; `settled` has
    people's earlier decisions about it. A document without text to compare gives an empty report. Raises
    IndexDamaged if a file of the index is found altered.
    """
    settings = _with_templates(settings_for(settings, document.name), index)
    draft = draft_of(document, settings)
    found = related(find_passages(draft, document.title, index, settings), document, index, settings)
    owner, found, left_over = _left_over(document, found, settings)
    among = drafts.shared_by(document, draft, _excused(draft, found)) if drafts is not None else None
    checked = _checked(str(settings.corpus), index.parts, index, settings)
    report = _report(document, draft, found, settings, checked, among, left_over, settled)
    return replace(report, owner=owner)


def _with_templates(settings: Settings, index: Index) -> Settings:
    """The settings with the documents that `corpus.toml` names as templates, except unreadable ones."""
    flagged = readable(index.particulars.templates(settings.corpus), settings.corpus, index)
    return replace(settings, template=(*settings.template, *flagged)) if flagged else settings


def readable(templates: Sequence[str], corpus: Path, index: Index) -> tuple[str, ...]:
    """The paths of some templates without documents that the index lists as unreadable."""
    unread = {os.path.join(corpus, one.path) for one in index.skipped}
    return tuple(path for path in templates if path not in unread)


def compare(document: Document, drafts: Drafts, settings: Settings) -> Report:
    """Find the passages of a document that other documents of its call hold, named as they were given.

    Without a corpus, custom is recognised by the list of set phrases alone.
    """
    settings = replace(settings_for(settings, document.name), own=(), author=None)
    draft, index = draft_of(document, settings), drafts.without(document)
    found = find_passages(draft, document.title, index, settings, independent=False)
    checked = _checked("", len(drafts) - 1, index, settings)
    return drafts.renamed(_report(document, draft, found, settings, checked, None))


def _left_over(
    document: Document, found: list[Found], settings: Settings
) -> tuple[Owner, list[Found], tuple[Finding, ...]]:
    """The owner of a document, its passages with reasons for traces in them, and all traces of copying."""
    from dedup.lint import (
        Page,
        find_left_over,
        graded,
        owner_of,
        wanted,
        with_left_over,
        with_sources,
    )

    owner = owner_of(document, settings.unit)
    findings = wanted(find_left_over(Page(document, owner, settings.allowed)), settings.lint)
    findings = with_sources(findings, found, owner)
    return owner, with_left_over(found, findings), graded(findings, settings.lint)


def _report(
    document: Document,
    draft: Draft,
    found: list[Found],
    settings: Settings,
    checked: Checked,
    among: Among | None,
    left_over: tuple[Finding, ...] = (),
    settled: Settled | None = None,
) -> Report:
    figures = count(draft.stream, found)
    counted, counting = figures, found
    remarks: tuple[Reason, ...] = ()
    added = 0
    if settled is not None:
        from dedup.decisions.standing import standing

        stands = standing(draft.stream, found, settled)
        found, counting, remarks = stands.found, stands.counting, stands.remarks
        figures, counted = _with_settled(figures, stands, draft)
        added = count(draft.stream, stands.added or ()).copied_characters
    passages = tuple(_with_hidden_text(one.passage, document) for one in found)

    def judged(
        found: Sequence[Found], among: Among | None, left_over: Sequence[Finding]
    ) -> tuple[Verdict, Gate | None]:
        """The verdict and the gate if these passages, drafts and findings count."""
        figures = counted if found is counting else count(draft.stream, found)
        reading, pages = document.remarks, document.properties.pages
        held = _held(document, draft, found, settings)
        verdict = judge(figures, found, settings, checked, among, reading, pages, left_over, held=held)
        return verdict, gate_of(figures, among, settings)

    verdict, gate = judged(counting, among, left_over)
    plan = None
    if exceeded(verdict, gate) and figures.suspicious_paragraphs <= MOST_ADVISED:
        from dedup.plan import Burdens, find_plan

        burdens = Burdens(counting, among, left_over, settings.ignored)
        plan = find_plan(document, draft.stream, burdens, judged)
    if settled is not None:
        verdict = with_settled(verdict, figures, passages, remarks, added, only_new=settled.only_new)
    return Report(
        submission=Submission(
            document.name, document.title, len(document.text), len(draft.stream.paragraph_numbers)
        ),
        figures=figures,
        verdict=verdict,
        sources=tuple(sources(len(draft.stream), found)),
        passages=passages,
        rewrite_first=rewrite_first(document, draft.stream, counting),
        text=document.text,
        paragraphs=ReportedParagraphs(document.paragraphs),
        gate=gate,
        checked=checked,
        among=among,
        undone=undone_in(passages, document.hidden, figures),
        places=document.places,
        left_over=left_over,
        plan=plan,
    )


def _held(document: Document, draft: Draft, found: Sequence[Found], settings: Settings) -> Held | None:
    """Compare the passages with the limits of parts; None if there are no such limits."""
    if not settings.limits and not settings.ignored:
        return None
    from dedup.policy import hold

    return hold(document, draft.stream, found, settings)


def _with_settled(figures: Figures, stands: Standing, draft: Draft) -> tuple[Figures, Figures]:
    """The figures of a draft with the settled characters in them, and the figures for the verdict."""
    undecided = count(draft.stream, stands.undecided)
    known = None
    if stands.new is not None:
        known = undecided.copied_characters - count(draft.stream, stands.new).copied_characters
    counted = count(draft.stream, stands.counting)
    told = replace(
        figures,
        decided_characters=figures.copied_characters - undecided.copied_characters,
        known_characters=known,
        counted=counted.copied_characters,
    )
    return told, replace(
        counted, decided_characters=told.decided_characters, known_characters=told.known_characters
    )


def _with_hidden_text(passage: Passage, document: Document) -> Passage:
    """The passage, with `hidden-text` among its tricks if hidden text lies inside it."""
    if not any(passage.start < one.start < passage.end for one in document.hidden):
        return passage
    return replace(passage, evasion=(*passage.evasion, "hidden-text"))


def _excused(draft: Draft, found: list[Found]) -> NDArray[np.bool_]:
    """Mask of the characters that are custom, quoted or the author's own by the corpus, bool[n]."""
    excused = np.zeros(len(draft.codes), np.bool_)
    for one in found:
        if one.passage.status in ("formulaic", "quoted", "own"):
            excused[one.start : one.end] = True
    return excused


def _checked(corpus: str, documents: int, index: Index, settings: Settings) -> Checked:
    """The basis of a check; its digest is the same for the same content and settings."""
    decided = deciding(settings)
    digest = sha256(json.dumps([index.snapshot, decided], ensure_ascii=False).encode()).hexdigest()
    return Checked(
        corpus=corpus,
        documents=documents,
        snapshot=digest[:16],
        settings=decided,
        time=now(),
        version=__version__,
    )


def now() -> str:
    """The time, ISO 8601 with the offset of the time zone."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
