"""How the service is, at one look."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, func, make_url, select
from sqlalchemy.orm import Session

from dedup import __version__
from dedup.index.folder import MANIFEST, index_folder
from dedup.messages import Language, unpacked
from dedup.messages import text as said
from dedup.serve import choices, jobs
from dedup.serve.accounts import now
from dedup.serve.collection import Shelves
from dedup.serve.description import DESCRIBED
from dedup.serve.problems import Problem
from dedup.serve.scans import last_summary
from dedup.serve.service import Service
from dedup.serve.tables import STATES, Draft

_LITTLE = 1_000_000_000
"""Bytes free below which a disk is nearly full."""
_LONG = 600.0
"""Seconds after which a draft has waited long."""


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder of the service, and what is free where it lies."""

    __pydantic_config__ = DESCRIBED

    folder: str
    free: int
    """Bytes."""
    little: bool
    """Whether it is nearly full."""


@dataclass(frozen=True, slots=True)
class State:
    """How the service is: what an administrator wants to know when something is slow or missing."""

    __pydantic_config__ = DESCRIBED

    version: str
    documents: int | None
    """Of the index; null while there is none."""
    index_changed: float | None
    """When the index was changed last; null while there is none."""
    unread: int
    """Files of the collection's folder that could not be read; `/documents/unread` tells which and why."""
    drafts: dict[str, int]
    """How many there are, by state."""
    waiting_seconds: float
    """Since the draft came that has waited longest; 0 where none waits."""
    long_waiting: bool
    """Whether that is long."""
    database: str
    """The kind of database."""
    database_bytes: int
    """Of SQLite; 0 for any other."""
    disks: tuple[Disk, ...]
    last_scan: str
    """When it began, ISO 8601 in UTC; empty before the first."""
    retention_days: int
    problems: list[str]
    """What went wrong when the index was last brought up to date, and with the last scan."""


def _changed(service: Service) -> float | None:
    settings = service.settings
    with suppress(OSError):
        return Path(index_folder(settings.corpus, settings.index), MANIFEST).stat().st_mtime
    return None


def _unread(shelves: Shelves) -> int:
    try:
        return len(shelves.catalogue().skipped)
    except Problem:  # there is no index yet
        return 0


def drafts_by_state(session: Session) -> dict[str, int]:
    """How many drafts there are of each state."""
    counted = dict(session.execute(select(Draft.state, func.count()).group_by(Draft.state)).all())
    return {name: counted.get(name, 0) for name in STATES}


def found(session: Session, application: Any, language: Language) -> State:
    """Look at everything; `application` is the state of the application."""
    service: Service = application.service
    oldest = session.scalar(select(func.min(Draft.created)).where(Draft.state.in_(("queued", "running"))))
    url = make_url(service.url)
    waited = max(0.0, now() - oldest) if oldest else 0.0
    summary, last = last_summary(application.scans.folder), jobs.last_ended(session, "scan")
    problems = [error.line(language)] if (error := application.keeper.problem) is not None else []
    if last is not None and last.problem:
        problems.append(said(unpacked(last.problem), language))
    return State(
        version=__version__,
        documents=application.keeper.documents,
        index_changed=_changed(service),
        unread=_unread(application.shelves),
        drafts=drafts_by_state(session),
        waiting_seconds=waited,
        long_waiting=waited > _LONG,
        database=url.get_backend_name(),
        database_bytes=_bytes_of(url),
        disks=tuple(
            Disk(str(folder), free := shutil.disk_usage(folder).free, free < _LITTLE)
            for folder in dict.fromkeys((service.folder, service.settings.corpus))
            if folder.is_dir()
        ),
        last_scan=summary["started"] if summary else "",
        retention_days=choices.retention_days(session, service),
        problems=problems,
    )


def _bytes_of(url: URL) -> int:
    """The size of an SQLite database with what is still to be moved into its file; 0 of another kind."""
    if url.get_backend_name() != "sqlite":
        return 0
    files = (Path(f"{url.database}{suffix}") for suffix in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.is_file())
