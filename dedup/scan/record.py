"""Records that a scan hands to the reports."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from dedup.document import Skipped
from dedup.messages import Language, Words
from dedup.readers import is_document
from dedup.records import dataclass

if TYPE_CHECKING:
    from dedup.scan.relations import Duplicate


@dataclass(frozen=True, slots=True)
class Since:
    """Differences from the last scan of the same threshold."""

    finished: str
    """When that scan ended, ISO 8601."""
    new_documents: tuple[str, ...]
    changed_documents: tuple[str, ...]
    gone_documents: tuple[str, ...]
    new_pairs: int
    gone_pairs: int
    new_clusters: tuple[str, ...]
    changed_clusters: tuple[str, ...]
    """Of which paragraphs came or went."""
    gone_clusters: tuple[str, ...]
    first_new_pairs: tuple[dict[str, Any], ...] = ()
    """The new pairs as `pairs.jsonl` has them, in its order; of very many only the first."""

    @property
    def found(self) -> bool:
        """Tell whether pairs or clusters are: documents may come and go without repeating any other."""
        return bool(self.new_pairs or self.gone_pairs) or any(
            (self.new_clusters, self.changed_clusters, self.gone_clusters)
        )

    @property
    def nothing(self) -> bool:
        """Tell whether nothing is."""
        return not any(getattr(self, name) for name in Since.__slots__ if name != "finished")


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of a scan: what there is, and what was found."""

    documents: int
    """Files."""
    paragraphs: int
    """That take part and hold a shingle."""
    characters: int
    texts: int
    """Different ones."""
    compared_texts: int
    """That were compared anew: all of them in a full scan."""
    pairs: int
    clusters: int
    clustered_paragraphs: int
    boilerplate_clusters: int
    document_pairs: dict[str, int]
    """By relation."""
    duplicates: int = 0
    """Documents that can be deleted: another holds the same text."""


@dataclass(frozen=True, slots=True)
class ClusterSample:
    """A cluster as a page shows it."""

    cluster: str
    paragraphs: int
    documents: int
    weakest_jaccard: float
    representative: str
    """Path of the document that holds it first."""
    date: str | None
    text: str
    new: bool
    """True if the last scan had no such cluster."""
    changed: bool = False
    """True if paragraphs came or went since the last scan."""
    earliest: bool = False
    """True if the representative's document is surely the earliest."""


@dataclass(frozen=True, slots=True)
class Echo:
    """Repeats of others in a document that is new, or has another text."""

    document: str
    clusters: int
    """New or changed ones in which it is the only document that is new or has another text."""
    other: str
    """The document that is in most of them."""


@dataclass(frozen=True, slots=True)
class DocumentPair:
    """Two documents that share much."""

    one: str
    other: str
    containment_one: float
    containment_other: float
    relation: str
    new: bool
    """True if either is new since the last scan."""
    changed: bool = False
    """True if either has another text than at the last scan, and neither is new."""
    earliest: str | None = None
    """The path of the one that was surely first."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything a scan has to say but the pairs themselves, which stand in its files."""

    corpus: str
    threshold: float
    bands: int
    rows: int
    expected_recall: float
    """Probability that a pair just at the threshold is found."""
    full: bool
    """True if everything was compared, False if only what is new was."""
    started: str
    seconds: dict[str, float]
    counts: Counts
    since: Since | None
    """None at the first scan."""
    skipped: tuple[Skipped, ...]
    largest_clusters: tuple[ClusterSample, ...] = field(default=())
    changed_clusters: tuple[ClusterSample, ...] = field(default=())
    """Those that are new or changed since the last scan and no echoes, the largest first."""
    echoes: tuple[Echo, ...] = field(default=())
    """The documents that repeat most first."""
    duplicates: tuple[Duplicate, ...] = field(default=())
    """Documents that can be deleted."""
    closest_documents: tuple[DocumentPair, ...] = field(default=())
    lost: Words | None = None
    """The fault of the record of the last scan, if there is one and it could not be used."""

    @property
    def unreadable(self) -> tuple[Skipped, ...]:
        """The documents that could not be read."""
        return tuple(one for one in self.skipped if is_document(one.path))

    def as_json(self, tool: dict[str, str], language: Language) -> dict[str, Any]:
        """The summary, format version 1."""
        return {
            "format_version": 1,
            "tool": tool,
            "corpus": self.corpus,
            "started": self.started,
            "seconds": {name: round(taken, 3) for name, taken in self.seconds.items()},
            "settings": {
                "threshold": self.threshold,
                "shingle_size": 5,
                "bands": self.bands,
                "rows": self.rows,
                "expected_recall_at_threshold": round(self.expected_recall, 6),
            },
            "mode": "full" if self.full else "incremental",
            "counts": _facts(self.counts),
            "since_last_scan": self.since and _facts(self.since),
            "echoes": [_facts(one) for one in self.echoes],
            "skipped": [
                {"path": one.path, "reason": one.why(language), "document": is_document(one.path)}
                for one in self.skipped
            ],
        }


def _facts(record: Counts | Since | Echo) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}
