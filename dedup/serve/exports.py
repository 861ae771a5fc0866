"""A checked draft to take away: its report in a format, or the draft itself with its passages marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import quote

from fastapi import Response

from dedup.errors import DedupError
from dedup.index.workers import Done
from dedup.messages import Language
from dedup.model import Report
from dedup.reports import MARKED
from dedup.serve.checkers import Checkers, Lost
from dedup.serve.disclosure import Reader, reports_shown
from dedup.serve.problems import Problem
from dedup.serve.rendering import MEDIA, rendered
from dedup.serve.tables import Draft
from dedup.settings import ReadingLimits

_NAMES = {"md": "markdown", "txt": "terminal"}
"""Formats that are asked for by the suffix of their files."""
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class MarkOrder:
    """Mark a draft in a copy of it."""

    report: Report
    content: bytes
    language: Language
    limits: ReadingLimits

    def perform(self, done: Done) -> Iterator[bytes]:
        """Give the copy."""
        from dedup.reports.check.marked import marked_copy

        yield marked_copy(self.report, self.content, self.language, self.limits).content


def writes_word() -> bool:
    """Whether the package that makes a report for Word is installed."""
    return find_spec("docx") is not None


def markable(draft: Draft) -> str:
    """The format in which a draft itself can be marked, by its name; empty for none."""
    suffix = draft.name.rpartition(".")[2].lower()
    return suffix if suffix in MARKED else ""


def exported(reader: Reader, checkers: Checkers, draft: Draft, suffix: str, part: int) -> Response:
    """The draft marked, if it is a file of that kind, else its report; as a file but for a page.

    A Word document that cannot be marked gives the report as one. Raises Problem.
    """
    reports, service = reports_shown(reader, draft), reader.service
    content = None
    if suffix == markable(draft) and len(reports) == 1:
        order = MarkOrder(reports[0], draft.content, reader.language, service.settings.reading)
        try:
            [content] = checkers.perform(order, service.check_seconds)
        except (DedupError, Lost):
            content = None
    if content is not None:
        answer = Response(content, media_type=MEDIA.get(suffix, _PDF))
    elif suffix == "pdf":
        raise Problem(409 if reports else 404, "not_marked" if reports else "not_checked")
    else:
        answer = rendered(reader, draft, _NAMES.get(suffix, suffix), part)
    if suffix != "html":
        name = quote(f"{draft.name}.{suffix}" if content is None else _marked_name(draft.name))
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _marked_name(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-dedup{dot}{suffix}"
