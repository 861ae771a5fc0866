"""Drafts that were handed in together: named apart, and put side by side once they are checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from dedup.document import Skipped
from dedup.reports.batch.overview import Overview, overview
from dedup.serve import decisions
from dedup.serve.access import visible
from dedup.serve.checkers import CheckOrder
from dedup.serve.disclosure import Reader, reports_shown
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account, Draft
from dedup.settings import Settings


class Claimed(NamedTuple):
    """A draft that was taken from the queue, as far as its check needs it."""

    id: str
    name: str
    thread: str
    batch: str
    account: str
    created: float
    attempts: int
    content: bytes


def order_of(
    session: Session, service: Service, settings: Settings, drafts: Sequence[Draft] | Sequence[Claimed]
) -> CheckOrder:
    """The order to check some drafts of one batch, or one draft that came by itself."""
    first = drafts[0]
    one_batch = (Draft.batch == first.batch, Draft.account == first.account)
    chosen = select(Draft).where(*(one_batch if first.batch else (Draft.id == first.id,)))
    batch = session.scalars(chosen.order_by(Draft.name).options(undefer(Draft.content)))
    handed_in = {one.id: (one.name, one.content) for one in batch}
    wanted = {
        one.id: decisions.settled(session, service, one.thread) for one in drafts if one.id in handed_in
    }
    return CheckOrder(settings, handed_in, wanted)


def apart(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The files of a batch under names of which none stands twice."""
    taken: set[str] = set()
    named = []
    for name, content in files:
        stem, dot, suffix = name.rpartition(".")
        if not stem:
            stem, dot, suffix = name, "", ""
        number, own = 1, name
        while own in taken:
            number += 1
            own = f"{stem} ({number}){dot}{suffix}"
        taken.add(own)
        named.append((own, content))
    return named


def drafts_of(session: Session, caller: Account, batch: str) -> list[Draft]:
    """The drafts of a batch that the caller may see, by name. Raises Problem 404 where there is none."""
    chosen = select(Draft).where(Draft.batch == batch, visible(caller)).order_by(Draft.name)
    found = list(session.scalars(chosen.options(undefer(Draft.summary)))) if batch else []
    if not found:
        raise Problem(404, "no_draft")
    return found


def count_unseen(session: Session, drafts: Sequence[Draft]) -> int:
    """How many drafts of a batch whoever sees `drafts` of it may not see."""
    of_batch = select(func.count()).where(Draft.batch == drafts[0].batch)
    return (session.scalar(of_batch) or 0) - len(drafts)


def count_waiting(drafts: Sequence[Draft]) -> int:
    """How many drafts are not checked yet."""
    return sum(one.state in ("queued", "running") for one in drafts)


class SideBySide(NamedTuple):
    """The drafts of a batch that were checked, as the command line's page above a batch has them."""

    overview: Overview
    drafts: dict[str, Draft]
    """Whose each row is, by its path."""
    alone: list[str]
    """Names of those that were not compared with the others."""


def side_by_side(drafts: Sequence[Draft], reader: Reader) -> SideBySide:
    """Put the drafts of a batch side by side; what they share with drafts that are not given is left out."""
    reports = [(draft, report) for draft in drafts for report in reports_shown(reader, draft, text=False)]
    places = {report.submission.path: f"../drafts/{draft.id}" for draft, report in reports}
    skipped = [Skipped(draft.name, draft.problem) for draft in drafts if draft.state == "failed"]
    skipped += dict.fromkeys(one for _, report in reports for one in report.skipped)
    found = overview([report for _, report in reports], places, skipped, reader.language)
    shared = tuple(one for one in found.shared if one.other in places)
    alone = [report.submission.path for _, report in reports if report.among is None]
    drafts_by_path = {report.submission.path: draft for draft, report in reports}
    return SideBySide(replace(found, shared=shared), drafts_by_path, alone if len(reports) > 1 else [])
