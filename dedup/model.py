"""The records of a report: the result of a check, and the only input of renderers.

All are frozen. Offsets are those of `dedup.document`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from operator import eq
from typing import Literal, overload

from dedup.document import Notice, ParagraphKind, Paragraphs, Place, Skipped, Span
from dedup.passage import Evasion, Fact, Passage, Reason, SharedPassage
from dedup.records import dataclass
from dedup.settings import FindingKind, Gravity, Relation

Level = Literal["pass", "warn", "block", "unknown"]
"""Level of a verdict; `unknown` if there is too little text to judge."""
GivenBy = Literal["", "given", "title", "signature", "head", "text"]
"""Evidence for a document's unit or year; empty if it is unknown."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The unit and year of a document, with the evidence for both."""

    unit: str = ""
    """Name of the unit or of its place; empty if unknown."""
    unit_by: GivenBy = ""
    registered: bool = False
    """True if the gazetteer has the place."""
    place: str = ""
    """Full name of the place, 湖南省益阳市安化县; empty if the gazetteer has none or several."""
    near: tuple[str, ...] = ()
    """Names in the gazetteer that an unknown name may be a slip for."""
    year: int = 0
    """0 if unknown."""
    year_by: GivenBy = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A possible trace of copying."""

    start: int
    end: int
    text: str
    kind: FindingKind
    severity: Gravity
    reason: Reason
    """The reason; its code is the end of a message key (`lint.…`), whose `.cure` says what to do."""
    also_in_source: str = ""
    """Path of the source that has it too, in a passage of reuse; empty if none is known."""


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """One source document's share in the submission."""

    document: str
    part: str
    title: str
    notice: Notice | None
    copied_characters: int
    copied_ratio: float
    passages: int
    relation: Relation = "unknown"


@dataclass(frozen=True, slots=True)
class Figures:
    """The headline figures; characters are letters, figures, ideographs (no punctuation, white space).

    Each character counts once, for the first of its statuses.
    """

    total_characters: int
    copied_characters: int
    """Copied characters of passages of status reuse: equal runs, and short gaps between them."""
    copied_ratio: float
    formulaic_characters: int
    quoted_characters: int
    own_characters: int
    largest_single_source_characters: int
    largest_single_source_ratio: float
    paragraphs: int
    suspicious_paragraphs: int
    minor_characters: int = 0
    suspected_characters: int = 0
    by_relation: Mapping[Relation, int] = field(default_factory=dict, hash=False)
    """Copied characters by the relation of their source to the submission."""
    decided_characters: int = 0
    """Copied characters that a decision accepts or waives."""
    known_characters: int | None = None
    """Other copied characters that the earlier report has too; None if none was given."""
    counted: int | None = None
    """Copied characters that count for the verdict; None if all do."""

    @property
    def counted_characters(self) -> int:
        """Number of copied characters that count for the verdict: those that no decision excuses."""
        return self.copied_characters if self.counted is None else self.counted

    @property
    def counted_ratio(self) -> float:
        """The share of characters that are copied and count for the verdict."""
        return self.counted_characters / self.total_characters if self.total_characters else 0.0

    @property
    def matched_characters(self) -> int:
        """Number of characters that match a source, of any status but `suspected`, which is no match."""
        return (
            self.copied_characters
            + self.quoted_characters
            + self.own_characters
            + self.formulaic_characters
            + self.minor_characters
        )

    @property
    def matched_ratio(self) -> float:
        """总文字复制比; `copied_ratio` is 去套话复制比."""
        return min(1.0, self.matched_characters / self.total_characters) if self.total_characters else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on a submission: its level under the settings in force, with the reasons."""

    level: Level
    reasons: tuple[Reason, ...]
    """Reasons that decided, the weightiest first."""
    remarks: tuple[Reason, ...] = ()
    """Reservations about the verdict."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Stable codes of the reasons for the level."""
        return tuple(reason.code for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Gate:
    """A limit on the copied ratio that the caller gave; the exit status follows it."""

    limit: float
    exceeded: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """The basis of a check: corpus, settings, time and version."""

    corpus: str
    """The corpus folder as given; empty if documents were compared with one another."""
    documents: int
    snapshot: str
    """Digest of the corpus's content and the settings, independent of how the index was built."""
    settings: Mapping[str, Fact] = field(hash=False)
    """The settings that decided the result."""
    time: str = field(default="", compare=False)
    """Time of the check, ISO 8601 with the offset of the time zone."""
    version: str = ""
    """Version of dedup; empty in old reports that do not record it."""


@dataclass(frozen=True, slots=True)
class SharedDraft:
    """The text that a submission shares with one other of the same call."""

    name: str
    shared_characters: int
    shared_ratio: float
    identical: bool
    """True if the texts that take part are equal."""


@dataclass(frozen=True, slots=True)
class Among:
    """The text that a submission shares with others of the same call; never counted among its passages."""

    compared: int
    """Number of other documents compared."""
    shared_characters: int
    shared_ratio: float
    drafts: tuple[SharedDraft, ...]
    """The documents that share something, those with most first."""
    passages: tuple[SharedPassage, ...]


@dataclass(frozen=True, slots=True)
class ReportedParagraph:
    """One paragraph of the submission, for reports that show its text."""

    span: Span
    kind: ParagraphKind


class ReportedParagraphs(Sequence[ReportedParagraph]):
    """The paragraphs of a document, as records made on access, since there may be a million.

    Equal to any sequence of the same records.
    """

    __slots__ = ("columns",)

    def __init__(self, columns: Paragraphs) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns)

    @overload
    def __getitem__(self, place: int) -> ReportedParagraph: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[ReportedParagraph]: ...
    def __getitem__(self, place: int | slice) -> ReportedParagraph | Sequence[ReportedParagraph]:
        columns = self.columns
        if isinstance(place, slice):
            return ReportedParagraphs(
                Paragraphs(columns.starts[place], columns.ends[place], columns.kinds[place])
            )
        span = Span(int(columns.starts[place]), int(columns.ends[place]))
        return ReportedParagraph(span, ParagraphKind(int(columns.kinds[place])))

    def __iter__(self) -> Iterator[ReportedParagraph]:
        columns = self.columns
        rows = zip(columns.starts.tolist(), columns.ends.tolist(), columns.kinds.tolist(), strict=True)
        return (ReportedParagraph(Span(start, end), ParagraphKind(kind)) for start, end, kind in rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))


@dataclass(frozen=True, slots=True)
class Submission:
    """The checked document in a report."""

    path: str
    title: str
    characters: int
    """Length of the plain text in code points."""
    paragraphs: int

    @property
    def name(self) -> str:
        """The name for readers: its title, or its file's name if it has none."""
        return self.title or self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class ParagraphAdvice:
    """One paragraph worth rewriting, and the effect of that."""

    number: int
    """Number among the paragraphs that take part, from 1."""
    span: Span
    characters: int
    copied_characters: int
    text: str
    shared_characters: int = 0
    """Characters that other drafts of the call hold too, which `copied_characters` does not count."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One paragraph of a plan."""

    advice: ParagraphAdvice
    ratio_after: float
    """The counted copied ratio after this paragraph and those before it are rewritten."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The paragraphs to rewrite in one's own words so that a submission keeps all limits."""

    steps: tuple[PlanStep, ...]
    """Steps in order of their effect; empty if rewriting does not help."""
    remaining: tuple[Reason, ...] = ()
    """Reasons that remain whatever is rewritten; empty if the steps keep the limits."""
    smallest: bool = True
    """True if it is known that no smaller number of paragraphs would do."""

    @property
    def reaches(self) -> bool:
        """Tell whether all limits are kept when the steps are done."""
        return not self.remaining


@dataclass(frozen=True, slots=True)
class Undone:
    """Tricks that were undone before a submission was compared, and the effect on the copied ratio."""

    characters: Mapping[Evasion, int] = field(hash=False)
    """Number of characters that each trick hid, inserted or replaced."""
    ratio_before: float
    """The copied ratio of the submission with nothing undone."""
    ratio_after: float


@dataclass(frozen=True, slots=True)
class EarlierCheck:
    """The figures of an earlier check of the same draft."""

    time: str
    copied_ratio: float
    copied_characters: int
    total_characters: int
    level: str


@dataclass(frozen=True, slots=True)
class MendedPassage:
    """A passage of reuse that the previous check found and this one does not."""

    source: str
    characters: int
    """Its length at that time, in code points."""


@dataclass(frozen=True, slots=True)
class History:
    """The changes of a draft since its earlier checks."""

    draft: str
    """Name of the draft: its path, or the given name."""
    checks: tuple[EarlierCheck, ...]
    """Earlier checks in order of time; empty at the first check."""
    mended: tuple[MendedPassage, ...] = ()
    remaining: tuple[int, ...] = ()
    """Numbers, from 1 as in reports, of the passages of reuse that the previous check had too."""
    new: tuple[int, ...] = ()
    """Numbers of the other passages of reuse."""
    same_basis: bool = True
    """True if corpus and settings are those of the previous check; otherwise they may change figures."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check, and the only input of renderers."""

    submission: Submission
    figures: Figures
    verdict: Verdict
    sources: tuple[SourceSummary, ...]
    passages: tuple[Passage, ...]
    rewrite_first: tuple[ParagraphAdvice, ...] = ()
    """The paragraphs that hold what counts as copied, those with most of it first: as many as anybody may
    rewrite (`dedup.tally.MOST_ADVISED`)."""
    skipped: tuple[Skipped, ...] = field(default=())
    text: str = ""
    """The submission's plain text, to which all offsets refer; empty if only figures are wanted."""
    paragraphs: Sequence[ReportedParagraph] = ()
    """All paragraphs of `text`, in order, whether or not they take part."""
    gate: Gate | None = None
    checked: Checked | None = None
    among: Among | None = None
    """None if there was no other submission to compare with."""
    undone: Undone | None = None
    """None if no trick had to be undone."""
    places: tuple[Place, ...] = ()
    """Pages, sheets or members of the submission, in order; empty for a plain text."""
    owner: Owner = Owner()
    left_over: tuple[Finding, ...] = ()
    """Traces of copying (masks, names of other places, other years …), in order."""
    plan: Plan | None = None
    """None where nothing has to be rewritten, where nothing could be judged, and where more paragraphs hold
    reuse than anybody may rewrite."""
    history: History | None = None
    """None if earlier checks are not remembered."""


@dataclass(frozen=True, slots=True)
class LintReport:
    """The report of `dedup lint`: what copying left behind in a document."""

    submission: Submission
    owner: Owner
    findings: tuple[Finding, ...]
    """In the order of the text."""
    corpus: str = ""
    """The corpus in which the sources of findings were looked for; empty if none was given."""
    skipped: tuple[Skipped, ...] = ()
    text: str = ""
    paragraphs: Sequence[ReportedParagraph] = ()
    places: tuple[Place, ...] = ()
