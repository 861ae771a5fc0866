"""Reports as their readers may see them: without protected text of sources and of others' drafts.

A source is protected where its notice forbids copying or `corpus.toml` says `restricted = true`;
`restricted = false` opens it in spite of its notice. Of a protected source a writer sees where a passage
stands, and of its text the characters that his own draft holds too; each other one is a □.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from dedup.errors import UsageError
from dedup.index.particulars import FILE_NAME, Particulars, read_particulars
from dedup.messages import Language
from dedup.model import Among, Report
from dedup.passage import Passage, Reason
from dedup.reports.kit.comparison import stretches
from dedup.serve.access import Caller, service_of, visible
from dedup.serve.checkers import known_by
from dedup.serve.collection import Shelves
from dedup.serve.kept import reports_of, summaries_of
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account, Draft
from dedup.serve.words import language_of

_MASK = "□"
_NOT_SHOWN = "…"
_SAME = ("", "layout")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads a report, in his language."""

    account: Account
    language: Language
    session: Session
    service: Service
    shelves: Shelves


def reader_of(request: Request, caller: Caller, session: Session) -> Reader:
    """The reader of what a request asks for."""
    shelves: Shelves = request.app.state.shelves
    return Reader(caller.account, language_of(request), session, service_of(request), shelves)


def reports_shown(reader: Reader, draft: Draft, *, text: bool = True) -> list[Report]:
    """The reports of a draft as somebody may read them; without `text` only what stands above it."""
    reports = reports_of(draft) if text else summaries_of(draft)
    if text and reader.account.role == "writer":
        protected, forbids = protection(reader.service), _notices(reader.shelves)
        reports = [without_sources(report, protected, forbids) for report in reports]
    if draft.batch and draft.account != reader.account.id:
        others = select(Draft.name).where(Draft.batch == draft.batch, visible(reader.account))
        names = frozenset(reader.session.scalars(others))
        reports = [without_drafts(report, lambda name: name.split("/")[0] in names) for report in reports]
    return reports


def protection(service: Service) -> Callable[[str, bool], bool]:
    """Tell of a path, and whether its notice forbids copying, whether the source is protected."""
    particulars = _particulars(service)

    def protected(path: str, forbidding: bool) -> bool:
        try:
            given = particulars.of(path) if particulars is not None else None
        except UsageError:  # two tables contradict one another
            given = None
        if given is None:
            return True
        if given.restricted is not None:
            return given.restricted
        return given.notice.no_copying if given.notice is not None else forbidding

    return protected


def without_sources(
    report: Report, protected: Callable[[str, bool], bool], forbids: Mapping[str, bool]
) -> Report:
    """The report without the text of protected sources that the submission does not hold itself.

    `forbids` tells of the collection's files whether their notices forbid copying: a report names the notices
    of what was copied, and a passage that is quoted or rewritten shows its source too. A source of which
    neither tells forbids it.
    """
    named = {source.document: False for source in report.sources}
    named |= {
        source.document: True for source in report.sources if source.notice and source.notice.no_copying
    }

    def forbidding(path: str) -> bool:
        return named.get(path, False) or forbids.get(path, named.get(path, True))

    passages = tuple(
        _masked(one) if protected(one.source, forbidding(one.source)) else one for one in report.passages
    )
    return replace(report, passages=passages)


def _notices(shelves: Shelves) -> Mapping[str, bool]:
    """Whether each file of the collection forbids copying; nothing while there is no index."""
    try:
        return shelves.catalogue().forbids
    except Problem:
        return {}


def _masked(passage: Passage) -> Passage:
    alike = stretches(passage.text, passage.source_text)
    shown = (one.right if one.change in _SAME else _covered(one.right) for one in alike)
    return replace(passage, source_text="".join(shown))


def _covered(text: str) -> str:
    """Letters, figures and ideographs covered one by one, so that offsets stay."""
    return "".join(_MASK if one.isalnum() else one for one in text)


def without_drafts(report: Report, shown: Callable[[str], bool]) -> Report:
    """The report without what the submission shares with drafts of its batch that are not `shown`."""
    if report.among is None:
        return report
    reasons = tuple(_without_names(one, shown) for one in report.verdict.reasons)
    verdict = replace(report.verdict, reasons=reasons)
    return replace(report, among=_among(report.among, shown), verdict=verdict)


def _among(among: Among, shown: Callable[[str], bool]) -> Among:
    drafts = tuple(one for one in among.drafts if shown(one.name))
    passages = tuple(one for one in among.passages if shown(one.other))
    return replace(among, drafts=drafts, passages=passages)


def _without_names(reason: Reason, shown: Callable[[str], bool]) -> Reason:
    names = reason.facts.get("names")
    if reason.code != "among" or not isinstance(names, tuple):
        return reason
    kept = tuple(name if shown(name) else _NOT_SHOWN for name in names)
    return replace(reason, facts={**reason.facts, "names": kept})


def _particulars(service: Service) -> Particulars | None:
    """The content of `corpus.toml` as it is now; None where it cannot be read, and nothing may be shown."""
    corpus = service.settings.corpus
    return _read(str(corpus), known_by(corpus / FILE_NAME))


@lru_cache(maxsize=4)
def _read(corpus: str, known: tuple[int, int]) -> Particulars | None:
    try:
        return read_particulars(corpus)
    except UsageError:
        return None
