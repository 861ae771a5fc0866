"""A passage, a stretch of a submission that a source holds too, with its properties.

All records are frozen. Offsets are those of `dedup.document`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from dedup.document import Notice, Span
from dedup.records import dataclass
from dedup.settings import Relation

Kind = Literal["verbatim", "reformatted", "refilled", "edited", "reordered"]
CounterpartKind = Literal["sentence", "words", "figures"]
"""Two sentences that share most; a run of characters, rare together, or a figure, that both texts hold."""
Status = Literal["reuse", "quoted", "own", "formulaic", "minor", "suspected"]
"""In this order: a character that passages of several statuses cover counts for the first of them.

`minor` is an equal run too short to be called reuse, `suspected` the same content in other words.
"""
Evasion = Literal["zero-width", "look-alike", "spacing", "script", "hidden-text"]
FigureFate = Literal["", "kept", "partly", "changed"]
"""The fate of a source's specific figures in a passage; empty when it has none."""
Severity = Literal["ordinary", "serious"]
Ruling = Literal["accepted", "waived", "sent-back"]
"""认可: it may stand in this draft · 免计: its text is not to be counted · 退回: it must be changed."""
Novelty = Literal["", "known", "partly", "new"]
"""State of a passage against an earlier report; empty if none was given."""
Fact = str | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for a passage's status or a verdict's level. Reports put it into words."""

    code: str
    """A stable code for programs, and the end of a message key (`reason.…`, `verdict.…`)."""
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)
    """Facts for its wording: numbers, names, figures as written in the submission."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another document that holds a passage's text too."""

    source: str
    source_start: int
    source_end: int
    identity: float
    part: str = ""
    title: str = ""
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A stretch of a submission and the corresponding stretch of its source."""

    start: int
    end: int
    source_start: int
    source_end: int
    kind: CounterpartKind


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision about a passage."""

    ruling: Ruling
    reason: str
    by: str
    date: str
    """ISO 8601, a day; so is `expires`."""
    expires: str = ""
    """The last day on which it is in force; empty if it does not expire."""

    @property
    def excuses(self) -> bool:
        """Tell whether the text it covers no longer counts for the verdict."""
        return self.ruling != "sent-back"


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous stretch of the submission matched with one stretch of a source."""

    start: int
    end: int
    source: str
    source_start: int
    source_end: int
    identity: float
    """Share of the submission's side that is equal, 0 to 1."""
    kind: Kind
    status: Status
    reasons: tuple[Reason, ...]
    """The reasons for the status."""
    text: str
    source_text: str
    part: str = ""
    """Title of the part of a collection file the source stretch lies in; empty for a plain file."""
    evasion: tuple[Evasion, ...] = ()
    also_in: tuple[Alternative, ...] = ()
    figures: FigureFate = ""
    severity: Severity = "ordinary"
    """Serious if figures or the name of another place were kept."""
    relation: Relation = "unknown"
    source_paragraph: int = 0
    """Number, from 1, of the paragraph of the source's part in which its stretch begins; 0 if unknown."""
    copied: tuple[Span, ...] = ()
    """The stretches that count as copied: equal on both sides, with short gaps between."""
    probability: float | None = None
    """Probability that a suspected passage was rewritten; None for other passages."""
    counterparts: tuple[Counterpart, ...] = ()
    """Corresponding sentences, and common words and figures, of a suspected passage."""
    decision: Decision | None = None
    undecided: tuple[Span, ...] = ()
    """The stretches of `copied` that an accepting decision does not cover: they came later, and count."""
    novelty: Novelty = ""
    settled: bool = False
    """True if it counts no longer: decisions excuse all of it, or only what is new counts and it is not."""

    @property
    def reason_codes(self) -> tuple[str, ...]:
        """Stable codes of the reasons for the status."""
        return tuple(reason.code for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A stretch that a submission shares with another one of the same call."""

    start: int
    end: int
    other: str
    """Name of the other submission as given."""
    other_start: int
    other_end: int
    identity: float
    kind: Kind
    text: str
    other_text: str
    copied: tuple[Span, ...] = ()
    """The stretches that both hold."""
