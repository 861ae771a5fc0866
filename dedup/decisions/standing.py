"""Apply decisions and an earlier report to the passages of a draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from dedup.align.found import Found
from dedup.decisions.known import Covered, KnownText, find_again, without
from dedup.passage import Decision, Novelty, Reason
from dedup.records import dataclass
from dedup.text.stream import MatchText


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision as recorded in a file."""

    decision: Decision
    text: KnownText
    draft: str = ""
    """Path of the draft it is about; if `title` is empty too, it is about any draft."""
    title: str = ""
    excerpt: str = ""
    line: int = 0
    """Line of its file in which it begins, from 1."""


@dataclass(frozen=True, slots=True)
class Settled:
    """All earlier decisions and passages for one draft."""

    entries: tuple[Entry, ...] = ()
    today: str = ""
    """Date in ISO 8601: decisions that expire before it are no longer in force."""
    earlier: tuple[KnownText, ...] | None = None
    """The passages of an earlier report; None if there is none."""
    only_new: bool = False
    """True if passages of the earlier report do not count."""
    first: bool = False
    """True if the earlier reports are on other drafts only."""


class Standing(NamedTuple):
    """The passages of a draft, each with its decision, and those that count for the verdict.

    A passage that is excused in part has the remaining runs.
    """

    found: list[Found]
    undecided: list[Found]
    """The passages without text that decisions excuse."""
    new: list[Found] | None
    """The passages also without text of the earlier report; None if there is none."""
    added: list[Found] | None
    """The new passages that the earlier report does not have; `new` may have ones that were sent back."""
    counting: list[Found]
    remarks: tuple[Reason, ...]
    """Remarks on decisions that expired or no longer have a passage."""


def standing(stream: MatchText, found: Sequence[Found], settled: Settled) -> Standing:
    """Apply earlier decisions and reports to the passages of a draft."""
    entries = settled.entries
    covered = find_again(stream.codes, found, [one.text for one in entries])
    marked: list[Found] = []
    undecided: list[Found | None] = []
    for one, covers in zip(found, covered, strict=True):
        told, left = _decided(one, covers, stream, settled)
        marked.append(told)
        undecided.append(left)
    new: list[Found | None] | None = None
    if settled.earlier is not None:
        known = find_again(stream.codes, found, settled.earlier)
        marked = [_compared(*both) for both in zip(marked, known, strict=True)]
        new = [_beside(*both) for both in zip(undecided, known, strict=True)]
    counting = new if new is not None and settled.only_new else undecided
    return Standing(
        found=[_settled(one, left) for one, left in zip(marked, counting, strict=True)],
        undecided=_present(undecided),
        new=None if new is None else _present(new),
        added=None
        if new is None
        else _present(
            [left for left, one in zip(new, marked, strict=True) if one.passage.novelty != "known"]
        ),
        counting=_present(counting),
        remarks=tuple(_remarks(found, covered, settled)),
    )


def _settled(one: Found, left: Found | None) -> Found:
    return one if left is not None else one._replace(passage=replace(one.passage, settled=True))


def _present(found: Sequence[Found | None]) -> list[Found]:
    return [one for one in found if one is not None]


def _decided(
    one: Found, covers: Sequence[Covered], stream: MatchText, settled: Settled
) -> tuple[Found, Found | None]:
    """The passage with its decision, and the rest of it that counts; None if nothing does."""
    holding = [cover for cover in covers if not _expired(settled.entries[cover.number], settled)]
    if not holding:
        return one, one
    decision = settled.entries[max(holding, key=len).number].decision
    excused = [
        stretch
        for cover in holding
        if settled.entries[cover.number].decision.excuses
        for stretch in cover.stretches
    ]
    runs = without(one, excused)
    rest = tuple(stream.span(start, end) for start, end in runs) if decision.excuses else ()
    told = one._replace(passage=replace(one.passage, decision=decision, undecided=rest))
    return told, told._replace(runs=runs) if runs or not excused else None


def _compared(one: Found, known: Sequence[Covered]) -> Found:
    """The passage with its novelty against the earlier report."""
    left = without(one, [stretch for cover in known for stretch in cover.stretches])
    novelty: Novelty = "new" if not known else "partly" if left else "known"
    return one._replace(passage=replace(one.passage, novelty=novelty))


def _beside(one: Found | None, known: Sequence[Covered]) -> Found | None:
    """The part of a passage that the earlier report does not have; one that was sent back stays whole."""
    if one is None or not known:
        return one
    decision = one.passage.decision
    if decision is not None and not decision.excuses:
        return one
    left = without(one, [stretch for cover in known for stretch in cover.stretches])
    both = [
        (max(start, begin), min(end, stop))
        for start, end in left
        for begin, stop in one.runs
        if start < stop and begin < end
    ]
    return one._replace(runs=tuple(both)) if both else None


def _expired(entry: Entry, settled: Settled) -> bool:
    return bool(entry.decision.expires) and entry.decision.expires < settled.today


def _remarks(
    found: Sequence[Found], covered: Sequence[Sequence[Covered]], settled: Settled
) -> Iterator[Reason]:
    """Remarks on expired decisions, and on those about this draft whose passage is gone."""
    if settled.first:
        yield Reason("no_earlier")
    places = {cover.number for covers in covered for cover in covers}
    for number, entry in enumerate(settled.entries):
        line, by, excerpt = entry.line, entry.decision.by, entry.excerpt
        if number not in places:
            if entry.draft or entry.title:
                date = entry.decision.date
                yield Reason("decision_unused", {"line": line, "by": by, "date": date, "excerpt": excerpt})
        elif _expired(entry, settled):
            expires = entry.decision.expires
            yield Reason("decision_expired", {"line": line, "by": by, "expires": expires, "excerpt": excerpt})
