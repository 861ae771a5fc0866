"""Compare the drafts of one call: the worst first, with the text that they share with one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dedup.records import dataclass
from dedup.reports.check.reasons import verdict_in_words

if TYPE_CHECKING:
    from dedup.document import Skipped
    from dedup.model import Checked, Report
    from dedup.settings import Language

_SEVERITY = {"block": 0, "warn": 1, "unknown": 2, "pass": 3}
"""The order of levels; a draft that could not be judged needs a person more than one that passed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One draft."""

    path: str
    title: str
    report: str
    """Its report's path below the folder of the reports, with `/`."""
    level: str
    codes: tuple[str, ...]
    """Stable codes of the reasons for its level."""
    level_in_words: str
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    """Limits of how far its verdict can be trusted, such as pages that could not be read."""
    total_characters: int
    copied_characters: int
    copied_ratio: float
    largest_single_source_ratio: float
    source: str
    """Path of the document from which most is copied; empty if there is none."""
    shared_ratio: float
    """Share of the draft that other drafts of the call hold too."""
    decided_characters: int
    counted_ratio: float
    """Copied ratio that counts for the verdict."""
    exceeded: bool | None
    """True if a limit that was given was exceeded; None where none was."""
    checked: Checked | None


@dataclass(frozen=True, slots=True)
class Shared:
    """The share of a draft that another one holds too."""

    draft: str
    other: str
    characters: int
    ratio: float
    """Share of the draft's own characters."""
    identical: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """The share of a draft that comes from a source."""

    draft: str
    source: str
    ratio: float
    """Share of the draft's own characters."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The drafts of one call."""

    rows: tuple[Row, ...]
    """Rows of the drafts, the worst first."""
    shared: tuple[Shared, ...]
    taken: tuple[Taken, ...]
    """In the order of the reports; for each draft the source with most text first."""
    skipped: tuple[Skipped, ...]
    checked: Checked | None
    """The basis of the checks; the snapshot is empty if the drafts had different settings."""

    @property
    def counts(self) -> dict[str, int]:
        """Number of drafts for each level, the worst level first."""
        return {level: sum(row.level == level for row in self.rows) for level in _SEVERITY}


def overview(
    reports: Sequence[Report], places: Mapping[str, str], skipped: Iterable[Skipped], language: Language
) -> Overview:
    """The overview of the reports of one call; `places` are the paths of the report files, by draft."""
    rows = sorted(
        (_row(report, places[report.submission.path], language) for report in reports),
        key=lambda row: (
            _SEVERITY[row.level],
            -row.counted_ratio,
            -row.copied_ratio,
            -row.shared_ratio,
            row.path,
        ),
    )
    shared = [
        Shared(report.submission.path, one.name, one.shared_characters, one.shared_ratio, one.identical)
        for report in reports
        if report.among is not None
        for one in report.among.drafts
    ]
    shared.sort(key=lambda one: (-one.ratio, one.draft, one.other))
    taken = [
        Taken(report.submission.path, one.document, one.copied_ratio)
        for report in reports
        for one in report.sources
    ]
    return Overview(tuple(rows), tuple(shared), tuple(taken), tuple(skipped), _checked(reports))


def _checked(reports: Sequence[Report]) -> Checked | None:
    """The basis of all checks; where settings differ by folder, only the common ones, without a digest."""
    every = [report.checked for report in reports if report.checked is not None]
    if not every or all(one.settings == every[0].settings for one in every):
        return every[0] if every else None
    same = {
        name: value
        for name, value in every[0].settings.items()
        if all(name in one.settings and one.settings[name] == value for one in every)
    }
    return replace(every[0], settings=same, snapshot="")


def _row(report: Report, place: str, language: Language) -> Row:
    figures, told = report.figures, verdict_in_words(report, language)
    meaning = (told.meaning,) if told.meaning and not told.reasons else ()
    return Row(
        path=report.submission.path,
        title=report.submission.title,
        report=place,
        level=report.verdict.level,
        codes=report.verdict.codes,
        level_in_words=told.level,
        reasons=(*meaning, *told.reasons),
        remarks=tuple(told.remarks),
        total_characters=figures.total_characters,
        copied_characters=figures.copied_characters,
        copied_ratio=figures.copied_ratio,
        largest_single_source_ratio=figures.largest_single_source_ratio,
        source=report.sources[0].document if report.sources else "",
        shared_ratio=report.among.shared_ratio if report.among is not None else 0.0,
        decided_characters=figures.decided_characters,
        counted_ratio=figures.counted_ratio,
        exceeded=report.gate.exceeded if report.gate is not None else None,
        checked=report.checked,
    )
