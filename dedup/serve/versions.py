"""Two versions of a draft: which paragraphs changed, and which passages went, came and stayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import Literal

from rapidfuzz.fuzz import ratio
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dedup.history import not_in, remembered
from dedup.model import Report
from dedup.passage import Passage
from dedup.reports.kit.comparison import Stretch, stretches
from dedup.serve.access import draft_of, visible
from dedup.serve.problems import Problem
from dedup.serve.tables import Account, Draft

Change = Literal["same", "changed", "added", "removed"]

MOST_PARAGRAPHS = 5_000
"""Beyond which nobody reads a comparison, and making one takes its time."""
_ALIKE = 50.0
"""Percent of equal characters from which two paragraphs are one that was changed."""
_NEAR = 8
"""Paragraphs ahead among which the other one of a pair is looked for."""
_AROUND = 1
"""Unchanged paragraphs that are shown beside changed ones."""
_FEWEST_HIDDEN = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of one version, or of both."""

    change: Change
    parts: tuple[Stretch, ...]
    """Of the two texts, of which an added paragraph has only the right one, a removed one only the left."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes of a draft from one version to another."""

    rows: tuple[Row | int, ...]
    """In the order of the text; a number stands for so many unchanged paragraphs that are not shown."""
    counts: dict[Change, int]
    gone: tuple[Passage, ...]
    came: tuple[Passage, ...]
    stayed: tuple[Passage, ...]
    """Of the reused passages; those that came or stayed are the later version's."""
    too_long: bool = False
    """True if the paragraphs were not compared, for there are too many."""


def compared(before: Report, after: Report) -> Comparison:
    """Compare two versions of a document, by paragraphs and by reused passages."""
    old, new = _paragraphs(before), _paragraphs(after)
    too_long = max(len(old), len(new)) > MOST_PARAGRAPHS
    rows = [] if too_long else list(rows_of(old, new))
    changes: tuple[Change, ...] = ("changed", "added", "removed", "same")
    gone, _ = _parted(before, after)
    came, stayed = _parted(after, before)
    return Comparison(
        rows=tuple(_shortened(rows)),
        counts={change: sum(row.change == change for row in rows) for change in changes},
        gone=gone,
        came=came,
        stayed=stayed,
        too_long=too_long,
    )


def _parted(one: Report, other: Report) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """The reused passages of a version: those that the other one does not have, and those that it has."""
    reused = [
        passage
        for passage in sorted(one.passages, key=lambda passage: passage.start)
        if passage.status == "reuse"
    ]
    missing = not_in(remembered(one).passages, remembered(other).passages)
    both = list(zip(reused, missing, strict=True))
    return tuple(a for a, gone in both if gone), tuple(a for a, gone in both if not gone)


def _paragraphs(report: Report) -> list[str]:
    return [report.text[one.span.start : one.span.end] for one in report.paragraphs]


def rows_of(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """The paragraphs of two versions as rows in the order of the text."""
    for tag, start, end, begin, stop in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield from (Row("same", (Stretch(text, text, ""),)) for text in new[begin:stop])
        else:
            yield from _replaced(old[start:end], new[begin:stop])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """The paragraphs of a place where the versions differ; one that is much like another was changed."""
    place = 0
    for text in old:
        near = new[place : place + _NEAR]
        alike = next((n for n, other in enumerate(near) if ratio(text, other) >= _ALIKE), None)
        if alike is None:
            yield Row("removed", (Stretch(text, "", "wording"),))
            continue
        yield from map(_added, near[:alike])
        yield Row("changed", tuple(stretches(text, near[alike])))
        place += alike + 1
    yield from map(_added, new[place:])


def _added(text: str) -> Row:
    return Row("added", (Stretch("", text, "wording"),))


def _shortened(rows: Sequence[Row]) -> Iterator[Row | int]:
    """The rows, those that are far from any change as a number."""
    near = [
        any(row.change != "same" for row in rows[max(0, place - _AROUND) : place + _AROUND + 1])
        for place in range(len(rows))
    ]
    for shown, group in groupby(zip(rows, near, strict=True), key=itemgetter(1)):
        some = [row for row, _ in group]
        if shown or len(some) < _FEWEST_HIDDEN:
            yield from some
        else:
            yield len(some)


# ------------------------------------------------------------------------------------------ which there are


def threads(session: Session, account: Account, before: float, most: int) -> list[list[Draft]]:
    """An account's drafts, the versions of each together and in order; the one that came last is first.

    `most` of those whose last version came earlier than `before`.
    """
    last = func.max(Draft.created)
    own = Draft.account == account.id
    chosen = select(Draft.thread).where(own).group_by(Draft.thread).having(last < before)
    names = list(session.scalars(chosen.order_by(last.desc()).limit(most)))
    found: dict[str, list[Draft]] = {name: [] for name in names}
    for draft in session.scalars(select(Draft).where(own, Draft.thread.in_(names)).order_by(Draft.created)):
        found[draft.thread].append(draft)
    return list(found.values())


def two_versions(session: Session, caller: Account, earlier: str, later: str) -> tuple[Draft, Draft]:
    """Two checked versions of one draft, both of which the caller may see. Raises Problem."""
    before, after = (draft_of(session, caller, one) for one in (earlier, later))
    if before.thread != after.thread:
        raise Problem(404, "no_draft")
    if before.state != "done" or after.state != "done":
        raise Problem(409, "not_checked")
    return before, after


def versions_of(session: Session, caller: Account, draft: Draft) -> list[Draft]:
    """The versions of a draft that the caller may see, in order."""
    chosen = select(Draft).where(Draft.thread == draft.thread, visible(caller))
    return list(session.scalars(chosen.order_by(Draft.created)))
