"""The drafts that came together: how far they are, and side by side once they are checked."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import Request

from dedup.serve.access import Reading
from dedup.serve.batches import count_waiting, drafts_of, side_by_side
from dedup.serve.disclosure import reader_of
from dedup.serve.rest.checks import Check, as_check
from dedup.serve.rest.route import Looking, Record, routes

router = routes("checks")


class Row(Record):
    """A document of a batch as the table has it."""

    check: str
    """Identifier of the draft that it is, or is in."""
    path: str
    level: str
    codes: list[str]
    reasons: list[str]
    total_characters: int
    copied_characters: int
    copied_ratio: float
    counted_ratio: float
    """Of what counts for the verdict."""
    source: str
    """The document that most is from; empty for none."""
    shared_ratio: float
    """Of what it shares with others of the batch."""


class Overlap(Record):
    """What a document shares with another one of the batch, in that direction."""

    draft: str
    """Its path, as in the rows."""
    other: str
    characters: int
    ratio: float
    """Of the document's own characters."""
    identical: bool


class Taken(Record):
    """What a document has of a source."""

    draft: str
    source: str
    ratio: float
    """Of the document's own characters."""


class Unchecked(Record):
    """What could not be checked, and why."""

    path: str
    reason: str


class Batch(Record):
    """A batch; the tables are empty while drafts of it wait."""

    waiting: int
    """Drafts that are not checked yet."""
    checks: list[Check]
    rows: list[Row]
    """The worst first."""
    shared: list[Overlap]
    """The matrix: those pairs that share something, the most first."""
    sources: list[Taken]
    unread: list[Unchecked]
    alone: list[str]
    """Paths of documents that were not compared with the others."""


@router.get("/batches/{batch}")
def one_batch(batch: str, request: Request, caller: Looking, session: Reading) -> Batch:
    """The drafts of a batch that the caller may see, with who shares what, as the page of it shows them."""
    drafts = drafts_of(session, caller.account, batch)
    waiting = count_waiting(drafts)
    reader = reader_of(request, caller, session)
    overview, owners, alone = side_by_side([] if waiting else drafts, reader)
    return Batch(
        waiting=waiting,
        checks=[as_check(session, one, request) for one in drafts],
        rows=[Row.model_validate({**asdict(one), "check": owners[one.path].id}) for one in overview.rows],
        shared=[Overlap.model_validate(asdict(one)) for one in overview.shared],
        sources=[Taken.model_validate(asdict(one)) for one in overview.taken],
        unread=[Unchecked(path=one.path, reason=one.why(reader.language)) for one in overview.skipped],
        alone=alone,
    )
