"""Drafts that were handed in together: checked against the collection, and with one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dedup.decisions.standing import Settled
from dedup.document import Document, Skipped
from dedup.errors import DedupError
from dedup.index.workers import Done
from dedup.model import Report
from dedup.records import dataclass
from dedup.reports.batch.overview import Overview, overview
from dedup.serve.checkers import current_index, documents_in
from dedup.serve.disclosure import Reader, reports_shown
from dedup.serve.tables import Draft
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.among import Drafts


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """Check some drafts of a batch against the index as it is, and with all others of the batch."""

    settings: Settings
    batch: tuple[tuple[str, bytes], ...]
    """Name and content of each draft; no name twice."""
    wanted: Mapping[int, Settled | None]
    """Numbers of the drafts to report on, each with what was decided about it before."""

    def perform(self, done: Done) -> Iterator[tuple[int, Report | str]]:
        """Give each draft's number with a report, or with the reason why it cannot be read or checked."""
        from dedup.among import gather

        read = [self._read(name, content) for name, content in self.batch]
        documents = [document for one in read if not isinstance(one, str) for document in one[0]]
        with ExitStack() as stack:
            together = len(documents) > 1
            drafts = stack.enter_context(gather(documents, self.settings)) if together else None
            for number, settled in self.wanted.items():
                one = read[number]
                if isinstance(one, str):
                    yield number, one
                    continue
                for document in one[0]:
                    yield number, self._report(document, one[1], drafts, settled)
                done(1)

    def _read(self, name: str, content: bytes) -> tuple[list[Document], list[Skipped]] | str:
        try:
            return documents_in(name, content, self.settings)
        except DedupError as error:
            return error.reason

    def _report(
        self, document: Document, skipped: list[Skipped], drafts: Drafts | None, settled: Settled | None
    ) -> Report | str:
        from dedup.checking import check

        index = current_index(self.settings)
        try:
            report = check(document, index, self.settings, drafts, settled)
        except DedupError as error:
            return error.reason
        return replace(report, skipped=tuple(skipped))


def apart(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The files of a batch under names of which none stands twice."""
    taken: set[str] = set()
    named = []
    for name, content in files:
        stem, dot, suffix = name.rpartition(".")
        if not stem:
            stem, dot, suffix = name, "", ""
        number, own = 1, name
        while own in taken:
            number += 1
            own = f"{stem} ({number}){dot}{suffix}"
        taken.add(own)
        named.append((own, content))
    return named


class SideBySide(NamedTuple):
    """The drafts of a batch that were checked, as the command line's page above a batch has them."""

    overview: Overview
    alone: list[str]
    """Names of those that were not compared with the others."""


def side_by_side(drafts: Sequence[Draft], reader: Reader) -> SideBySide:
    """Put the drafts of a batch side by side; what they share with drafts that are not given is left out."""
    reports = [(draft, report) for draft in drafts for report in reports_shown(reader, draft)]
    places = {report.submission.path: f"../drafts/{draft.id}" for draft, report in reports}
    skipped = [Skipped(draft.name, draft.problem) for draft in drafts if draft.state == "failed"]
    skipped += dict.fromkeys(one for _, report in reports for one in report.skipped)
    found = overview([report for _, report in reports], places, skipped, reader.language)
    shared = tuple(one for one in found.shared if one.other in places)
    alone = [report.submission.path for _, report in reports if report.among is None]
    return SideBySide(replace(found, shared=shared), alone if len(reports) > 1 else [])
