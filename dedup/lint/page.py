"""A document as the families of findings use it: its text, its lines, its owner."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from dedup.document import Document, ParagraphKind
from dedup.gazetteer import Mention, Place, gazetteer
from dedup.model import Finding, Owner
from dedup.passage import Fact, Reason
from dedup.records import dataclass
from dedup.settings import FindingKind, Gravity

_LONGEST_CLAUSE = 300
"""Characters on either side at which a clause is cut off."""
CLAUSE_ENDS = frozenset("。！？；;!?\n")
"""Marks that end the clause around a name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document."""

    start: int
    text: str
    kind: ParagraphKind


class Page:
    """A document to be checked, with values that several families need, computed once."""

    def __init__(self, document: Document, owner: Owner, allowed: tuple[str, ...] = ()) -> None:
        self.text = document.text
        self.title = document.title
        self.owner = owner
        self.allowed = allowed
        """Names that the configuration allows."""
        self._document = document

    @cached_property
    def lines(self) -> list[Line]:
        """The lines that are not blank, in order."""
        columns = self._document.paragraphs
        rows = zip(columns.starts.tolist(), columns.ends.tolist(), columns.kinds.tolist(), strict=True)
        return [Line(start, self.text[start:end], ParagraphKind(kind)) for start, end, kind in rows]

    @cached_property
    def homes(self) -> tuple[Place, ...]:
        """Possible places of the document's unit; several where the name is ambiguous."""
        if not self.owner.registered:
            return ()
        return gazetteer().of_unit(self.owner.place or self.owner.unit)

    @cached_property
    def mentions(self) -> list[Mention]:
        """The places that the text names."""
        return gazetteer().mentions(self.text, self.homes[0] if len(self.homes) == 1 else None)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The sentence, or part of one, around [start, end)."""
        first, last = start, end
        lowest, highest = max(0, start - _LONGEST_CLAUSE), min(len(self.text), end + _LONGEST_CLAUSE)
        while first > lowest and self.text[first - 1] not in CLAUSE_ENDS:
            first -= 1
        while last < highest and self.text[last] not in CLAUSE_ENDS:
            last += 1
        return first, last

    def finding(
        self, start: int, end: int, kind: FindingKind, severity: Gravity, code: str, **facts: Fact
    ) -> Finding:
        """A finding on [start, end)."""
        return Finding(start, end, self.text[start:end], kind, severity, Reason(code, facts))

    def body(self) -> Iterator[Line]:
        """The lines that are the document's own text."""
        return (line for line in self.lines if line.kind.takes_part)
