"""The records that travel through the program, from a file's text to a report.

All are frozen and know nothing of files. Offsets are half-open and count Unicode code points of a
document's *plain text*: decoded, a leading BOM removed, CRLF and CR turned into LF.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from operator import eq
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from dedup.messages import Language, text, unpacked
from dedup.records import dataclass
from dedup.settings import FindingKind as FindingKind  # noqa: PLC0414  these are the model's words too
from dedup.settings import Gravity as Gravity  # noqa: PLC0414
from dedup.settings import Relation as Relation  # noqa: PLC0414

Kind = Literal["verbatim", "reformatted", "refilled", "edited", "reordered"]
CounterpartKind = Literal["sentence", "words", "figures"]
"""Two sentences that share most; a run of characters, rare together, or a figure, that both texts hold."""
Status = Literal["reuse", "quoted", "own", "formulaic", "minor", "suspected"]
"""In this order: a character that passages of several statuses cover counts for the first of them.

`minor` is an equal run too short to be called reuse, `suspected` the same content in other words.
"""
Evasion = Literal["zero-width", "look-alike", "spacing", "script", "hidden-text"]
Level = Literal["pass", "warn", "block", "unknown"]
"""Unknown where there is too little text to judge."""
FigureFate = Literal["", "kept", "partly", "changed"]
"""What became of a source's specific figures in a passage; empty when it has none."""
Severity = Literal["ordinary", "serious"]
Ruling = Literal["accepted", "waived", "sent-back"]
"""认可: it may stand in this draft · 免计: its text is not to be counted · 退回: it must be changed."""
Novelty = Literal["", "known", "partly", "new"]
"""Whether an earlier report has a passage; empty where none was given to compare with."""
GivenBy = Literal["", "given", "title", "signature", "head", "text"]
"""From where it is known whose a document is, or of which year; empty if it is not."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points of a plain text."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Notice:
    """A line such as 「本文系邮箱投稿，仅供学习参考，请勿照搬照抄！」: provenance and terms."""

    text: str
    span: Span
    no_copying: bool
    origin: str
    """How the document came, in the notice's own word (投稿, 原创, 网络整理); empty if it does not say."""


class ParagraphKind(enum.IntEnum):
    """What a paragraph (a line of the file) is. Only BODY and HEADING take part in matching and counting."""

    BODY = 0
    HEADING = 1
    TITLE = 2
    NOTICE = 3
    CONTENTS = 4
    FURNITURE = 5
    """What surrounds the text on a page or a screen: heads, imprints, page numbers, rules, links."""

    @property
    def takes_part(self) -> bool:
        """Whether such paragraphs are matched, indexed and counted."""
        return self <= _LAST_TO_TAKE_PART


_LAST_TO_TAKE_PART = int(ParagraphKind.HEADING)  # NumPy takes 15 µs to find out what a member is


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The paragraphs of a document as columns of equal length, ordered and not overlapping.

    Spans leave out surrounding white space; lines of white space only are no paragraphs.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    kinds: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def taking_part(self) -> NDArray[np.bool_]:
        """Which paragraphs are matched, indexed and counted."""
        return self.kinds <= _LAST_TO_TAKE_PART


@dataclass(frozen=True, slots=True)
class Part:
    """One document inside a file: the whole file, or one piece of a collection file."""

    title: str
    span: Span
    first_paragraph: int
    last_paragraph: int
    """One past the last paragraph."""
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read: its plain text and its structure."""

    name: str
    """Path below the corpus folder with `/`, or the submission's path as given."""
    text: str
    paragraphs: Paragraphs
    parts: tuple[Part, ...]
    """At least one; in order; together they hold every paragraph except those of a contents list."""
    missing_parts: tuple[str, ...] = ()
    """Titles that the contents list names and the file does not hold."""
    remarks: tuple[Remark, ...] = ()
    """How the file was read, where that bears on what is compared."""
    hidden: tuple[HiddenText, ...] = ()
    places: tuple[Place, ...] = ()
    """Pages, sheets or members, in order; empty for a plain text."""
    properties: Properties = field(default_factory=lambda: Properties())  # noqa: PLW0108  defined below
    format: str = "text"
    """The name that `dedup.readers.formats` has for what the file was."""

    @property
    def title(self) -> str:
        return self.parts[0].title


Fact = str | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a passage has its status, or a verdict its level. Reports put it into words."""

    code: str
    """A stable word for programs, the end of the key of its wording (`reason.…`, `verdict.…`)."""
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)
    """What its wording fills in: numbers, names, figures as the submission writes them."""


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
    """A stretch of a submission and the stretch of its source that answers it."""

    start: int
    end: int
    source_start: int
    source_end: int
    kind: CounterpartKind


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a passage."""

    ruling: Ruling
    reason: str
    by: str
    date: str
    """ISO 8601, a day; so is `expires`."""
    expires: str = ""
    """The last day on which it holds; empty if it always does."""

    @property
    def excuses(self) -> bool:
        """Whether what it covers no longer counts for the verdict."""
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
    """Why the status is what it is."""
    text: str
    source_text: str
    part: str = ""
    """Title of the part of a collection file the source stretch lies in; empty for a plain file."""
    evasion: tuple[Evasion, ...] = ()
    also_in: tuple[Alternative, ...] = ()
    figures: FigureFate = ""
    severity: Severity = "ordinary"
    """Serious when another place's figures or name were left standing."""
    relation: Relation = "unknown"
    source_paragraph: int = 0
    """Number of the paragraph of the source's part that its stretch begins in, from 1; 0 if unknown."""
    copied: tuple[Span, ...] = ()
    """The stretches that count as copied: equal on both sides, with short gaps between."""
    probability: float | None = None
    """How probable it is that a suspected passage was rewritten; None of any other."""
    counterparts: tuple[Counterpart, ...] = ()
    """Of a suspected passage: which sentences say the same, and the words and figures that are the same."""
    decision: Decision | None = None
    undecided: tuple[Span, ...] = ()
    """The stretches of `copied` that an accepting decision does not cover: they came later, and count."""
    novelty: Novelty = ""
    settled: bool = False
    """Whether it counts no longer: decisions excuse all of it, or only what is new counts and it is not."""

    @property
    def reason_codes(self) -> tuple[str, ...]:
        """The stable words for why the status is what it is."""
        return tuple(reason.code for reason in self.reasons)


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
    """What the figures and notices amount to under the settings in force."""

    level: Level
    reasons: tuple[Reason, ...]
    """What decided, the weightiest first."""
    remarks: tuple[Reason, ...] = ()
    """What limits how far the verdict can be trusted."""

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
class SharedPassage:
    """A stretch that a submission shares with another one of the same call."""

    start: int
    end: int
    other: str
    """The other submission as it was named."""
    other_start: int
    other_end: int
    identity: float
    kind: Kind
    text: str
    other_text: str
    copied: tuple[Span, ...] = ()
    """The stretches that both have."""


@dataclass(frozen=True, slots=True)
class SharedDraft:
    """What a submission shares with one other of the same call."""

    name: str
    shared_characters: int
    shared_ratio: float
    identical: bool
    """Whether the texts that take part are equal."""


@dataclass(frozen=True, slots=True)
class Among:
    """What a submission shares with the others of the same call; never counted among its passages."""

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
        """What a reader calls it: its title, or its file's name when it has none."""
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
    """Whether it is known that no smaller number of paragraphs would do."""

    @property
    def reaches(self) -> bool:
        """Whether all limits are kept when the steps are done."""
        return not self.remaining


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that could not be used, and why."""

    path: str
    reason: str
    """A message as `dedup.messages.packed` writes it, so that it can be kept and said in either language."""

    def why(self, language: Language) -> str:
        """The reason in a language."""
        return text(unpacked(self.reason), language)


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
    """What became of a draft since it was checked before."""

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
    """Whether corpus and settings are those of the check before: else figures may differ for that."""


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
    """What copying left behind in a document, for the reports of `dedup lint`."""

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


# ------------------------------------------------------------------------------------- how it was read

HiddenKind = Literal["vanish", "white", "tiny", "off-page", "behind-image"]
"""Marked as hidden · in the colour of its ground · under four points high · outside the page · covered."""
RemarkCode = Literal[
    "hidden-text", "revisions", "no-text", "cipher-font", "ocr", "bad-bytes", "cut-end", "damaged", "limit",
    "skipped-member", "embedded", "macros", "renamed", "converted", "quoted-history", "stripped-markup",
    "empty-form",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about how a file was read that bears on what was compared."""

    code: RemarkCode
    count: int = 0
    """How many: characters of hidden text, revisions accepted, pages without text, bytes replaced."""
    detail: str = ""
    """A name: of the member left out and why, the program that converted, the limit that was met."""


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text that nobody sees on the page. It is no part of the plain text."""

    start: int
    """Place in the plain text where it stood."""
    text: str
    kind: HiddenKind


PlaceKind = Literal["page", "sheet", "member"]


@dataclass(frozen=True, slots=True)
class Place:
    """From where in the plain text a page, a sheet or a member of an archive goes on."""

    start: int
    kind: PlaceKind
    name: str
    """The number of a page, the name of a sheet, the path of a member."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says about itself. Titles and authors stand there too, and are as often wrong as right."""

    created: str = ""
    """ISO 8601, as precise as it was given; so is `modified`."""
    modified: str = ""
    producer: str = ""
    """Program that wrote the file."""
    pages: int = 0
    """0 when unknown."""
