"""Make the content of a line: user, draft, time, corpus, settings and result of a check."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from dedup import __version__
from dedup.checking import now
from dedup.records import dataclass
from dedup.reports.check.json import FIGURES, checked_record
from dedup.reports.kit.records import fields_of

if TYPE_CHECKING:
    from dedup.document import Skipped
    from dedup.model import Report


@dataclass(frozen=True, slots=True)
class Draft:
    """The file that was checked."""

    name: str
    file_digest: str = ""
    """SHA-256 of its bytes; empty if they are unknown."""


def of_check(report: Report, draft: Draft, exit_status: int) -> Mapping[str, object]:
    """The content of the line on a check, with names and digests of the draft, but no text."""
    text = report.text.encode("utf-8", "surrogatepass")
    checked = report.checked and checked_record(report.checked)
    return {
        **_who(report.checked.time if report.checked else now()),
        "draft": {
            **_of_draft(draft),
            "text_sha256": sha256(text).hexdigest(),
            "characters": report.submission.characters,
        },
        "checked": checked,
        "figures": fields_of(report.figures, *FIGURES),
        "passages": len(report.passages),
        "verdict": {"level": report.verdict.level, "codes": list(report.verdict.codes)},
        "exit_status": exit_status,
    }


def of_skipped(skipped: Skipped, draft: Draft, exit_status: int) -> Mapping[str, object]:
    """The content of the line on a draft that could not be read or has no report."""
    return {
        **_who(now()),
        "draft": _of_draft(draft),
        "skipped": skipped.why("en"),
        "exit_status": exit_status,
    }


def user_name() -> str:
    """Name of the user of this process; empty if the system has none."""
    try:
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except (ImportError, KeyError):
        return os.environ.get("USERNAME", "")


def _who(time: str) -> dict[str, object]:
    return {"time": time, "user": user_name(), "program": {"name": "dedup", "version": __version__}}


def _of_draft(draft: Draft) -> dict[str, object]:
    return {"name": draft.name, "file_sha256": draft.file_digest or None}
