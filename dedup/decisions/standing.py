"""The standing of a draft's passages after what people decided, and after what an earlier report has."""

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
    """A decision as it was written down."""

    decision: Decision
    text: KnownText
    draft: str = ""
    """Path of the draft it is about; with `title` empty too, it is about any draft."""
    title: str = ""
    excerpt: str = ""
    line: int = 0
    """Where it begins in its file, from 1."""


@dataclass(frozen=True, slots=True)
class Settled:
    """All that was settled before about one draft."""

    entries: tuple[Entry, ...] = ()
    today: str = ""
    """ISO 8601: decisions that expire before it hold no longer."""
    earlier: tuple[KnownText, ...] | None = None
    """The passages of an earlier report; None where there is none to compare with."""
    only_new: bool = False
    """True if what the earlier report has counts no longer."""
    first: bool = False
    """True if the earlier reports, which are others', have none on this draft."""


class Standing(NamedTuple):
    """The passages of a draft, each told what was decided about it, and those that count for the verdict.

    Of a passage that is excused in part, the runs are what is left of it.
    """

    found: list[Found]
    undecided: list[Found]
    """Without what decisions excuse."""
    new: list[Found] | None
    """Without what the earlier report has, either; None where there is none."""
    added: list[Found] | None
    """Those of the new ones that the earlier report does not have: it may have what was sent back."""
    counting: list[Found]
    remarks: tuple[Reason, ...]
    """Decisions that hold no longer, or have no passage any more."""


def standing(stream: MatchText, found: Sequence[Found], settled: Settled) -> Standing:
    """Apply what was settled to the passages of a draft."""
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
    """The passage with what was decided about it, and what is left of it; None where nothing is."""
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
    """The passage, told whether the earlier report has it."""
    left = without(one, [stretch for cover in known for stretch in cover.stretches])
    novelty: Novelty = "new" if not known else "partly" if left else "known"
    return one._replace(passage=replace(one.passage, novelty=novelty))


def _beside(one: Found | None, known: Sequence[Covered]) -> Found | None:
    """The rest of a passage that the earlier report does not have; one that was sent back stays whole."""
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
    """Tell of decisions that expired, and of those about this very draft whose passage is there no more."""
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
