"""The records of a report: everything a check found, which renderers read and nothing else.

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
"""Unknown where there is too little text to judge."""
GivenBy = Literal["", "given", "title", "signature", "head", "text"]
"""From where it is known whose a document is, or of which year; empty if it is not."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a document is and of which year, and from where that is known."""

    unit: str = ""
    """The unit's name, or its place's; empty if nothing tells it."""
    unit_by: GivenBy = ""
    registered: bool = False
    """True if the gazetteer has the place."""
    place: str = ""
    """The place with all it belongs to, 湖南省益阳市安化县; empty if the gazetteer has none or several."""
    near: tuple[str, ...] = ()
    """Names of the gazetteer that an unknown one may be a slip for."""
    year: int = 0
    """0 if nothing tells it."""
    year_by: GivenBy = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that copying may have left behind."""

    start: int
    end: int
    text: str
    kind: FindingKind
    severity: Gravity
    reason: Reason
    """Why; its code is the end of the key of its wording (`lint.…`), and `.cure` of that says what to do."""
    also_in_source: str = ""
    """The source whose text has it too, in a passage that was found to be reused; empty if none is known."""


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
    """Those of status reuse: what is equal on both sides, and short gaps between."""
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
    """Copied characters by how their source stands to the submission."""
    decided_characters: int = 0
    """Copied characters that a decision accepts or waives."""
    known_characters: int | None = None
    """Other copied characters that the earlier report has too; None where none was given."""
    counted: int | None = None
    """Copied characters that count for the verdict; None if all do."""

    @property
    def counted_characters(self) -> int:
        """Copied characters that count for the verdict: those that no decision excuses."""
        return self.copied_characters if self.counted is None else self.counted

    @property
    def counted_ratio(self) -> float:
        """The share of characters that are copied and count for the verdict."""
        return self.counted_characters / self.total_characters if self.total_characters else 0.0

    @property
    def matched_characters(self) -> int:
        """Characters that match a source, whatever their status; what is suspected is not known to match."""
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
    """The judgement on a submission: its level under the settings in force, and why."""

    level: Level
    reasons: tuple[Reason, ...]
    """Reasons that decided, the weightiest first."""
    remarks: tuple[Reason, ...] = ()
    """Limits of how far the verdict can be trusted."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The stable words for why the level is what it is."""
        return tuple(reason.code for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Gate:
    """A limit on the copied ratio that the caller gave; the exit status follows it."""

    limit: float
    exceeded: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """Against what, when and how a submission was checked."""

    corpus: str
    """The corpus folder as it was named; empty where documents were compared with one another."""
    documents: int
    snapshot: str
    """Digest of the corpus's content and the settings, however the index came about."""
    settings: Mapping[str, Fact] = field(hash=False)
    """Those that decided."""
    time: str = field(default="", compare=False)
    """When, ISO 8601 with the offset of the time zone."""
    version: str = ""
    """Of dedup; empty in reports that were kept before it was noted."""


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
    """How many others there were."""
    shared_characters: int
    shared_ratio: float
    drafts: tuple[SharedDraft, ...]
    """Those that share something, most first."""
    passages: tuple[SharedPassage, ...]


@dataclass(frozen=True, slots=True)
class ReportedParagraph:
    """One paragraph of the submission, for reports that show its text."""

    span: Span
    kind: ParagraphKind


class ReportedParagraphs(Sequence[ReportedParagraph]):
    """The paragraphs of a document, each made a record when it is asked for: there may be a million.

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
    """The checked document as the report names it."""

    path: str
    title: str
    characters: int
    """Length of the plain text in code points."""
    paragraphs: int

    @property
    def name(self) -> str:
        """The name a reader gives it: its title, or its file's name when it has none."""
        return self.title or self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class ParagraphAdvice:
    """One paragraph worth rewriting, and what rewriting it would save."""

    number: int
    """Counted from 1 over the paragraphs that take part."""
    span: Span
    characters: int
    copied_characters: int
    text: str
    shared_characters: int = 0
    """Characters that stand in other drafts of the call, which `copied_characters` does not count."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One paragraph of a plan."""

    advice: ParagraphAdvice
    ratio_after: float
    """The share of what counts as copied when this paragraph and those before it are rewritten."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which paragraphs to rewrite in one's own words so that a submission keeps all limits."""

    steps: tuple[PlanStep, ...]
    """In the order of what each saves; none where rewriting does not help."""
    remaining: tuple[Reason, ...] = ()
    """Why the limits are not kept, whatever is rewritten; empty where the steps keep them."""
    smallest: bool = True
    """True if it is known that no smaller number of paragraphs would do."""

    @property
    def reaches(self) -> bool:
        """Tell whether all limits are kept when the steps are done."""
        return not self.remaining


@dataclass(frozen=True, slots=True)
class Undone:
    """Tricks that were undone before a submission was compared, and what that changed."""

    characters: Mapping[Evasion, int] = field(hash=False)
    """How many characters each trick hid, put in or put in another's place."""
    ratio_before: float
    """The copied ratio of the submission as it stands: what is found of it with nothing undone."""
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
    """A passage of reuse that the check before found and this one does not."""

    source: str
    characters: int
    """Its length then, in code points."""


@dataclass(frozen=True, slots=True)
class History:
    """The course of a draft since it was checked before."""

    draft: str
    """The name by which it is known: its path, or the one that was given."""
    checks: tuple[EarlierCheck, ...]
    """The first one first; none at the first check."""
    mended: tuple[MendedPassage, ...] = ()
    remaining: tuple[int, ...] = ()
    """Numbers of the passages of reuse that were there at the check before, from 1, as reports count them."""
    new: tuple[int, ...] = ()
    """Numbers of those that were not."""
    same_basis: bool = True
    """True if corpus and settings are those of the check before: else figures may differ for that."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a check found. Renderers read it and nothing else."""

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
    """The submission's plain text, which every offset counts in; empty where only figures are wanted."""
    paragraphs: Sequence[ReportedParagraph] = ()
    """All paragraphs of `text`, those that take part and those that do not, in order."""
    gate: Gate | None = None
    checked: Checked | None = None
    among: Among | None = None
    """None where there was no other submission to compare with."""
    undone: Undone | None = None
    """None where no trick had to be undone."""
    places: tuple[Place, ...] = ()
    """Pages, sheets or members of the submission, in order; empty for a plain text."""
    owner: Owner = Owner()
    left_over: tuple[Finding, ...] = ()
    """Masks, names of other places, other years and the like that were left standing, in order."""
    plan: Plan | None = None
    """None where nothing has to be rewritten, where nothing could be judged, and where more paragraphs hold
    reuse than anybody may rewrite."""
    history: History | None = None
    """None where earlier checks are not remembered."""


@dataclass(frozen=True, slots=True)
class LintReport:
    """The report of `dedup lint`: what copying left behind in a document."""

    submission: Submission
    owner: Owner
    findings: tuple[Finding, ...]
    """In the order of the text."""
    corpus: str = ""
    """The corpus whose documents were looked at for the same; empty if none was."""
    skipped: tuple[Skipped, ...] = ()
    text: str = ""
    paragraphs: Sequence[ReportedParagraph] = ()
    places: tuple[Place, ...] = ()
