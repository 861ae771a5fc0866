"""What an administrator chose on the pages: limits of the verdict, the hour of the nightly scan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from dedup.model import Level
from dedup.serve import decisions
from dedup.serve.checkers import Checkers, CheckOrder, Lost
from dedup.serve.database import Database
from dedup.serve.kept import worst
from dedup.serve.service import Service
from dedup.serve.tables import Choice, Draft
from dedup.settings import Settings

LIMITS = ("warn_over", "block_over", "notice_floor")
PREVIEWED = 50
"""Drafts that are checked again to show what other limits would do."""


def choice(session: Session, name: str) -> str:
    """What was chosen under a name; empty where nothing was."""
    found = session.get(Choice, name)
    return found.value if found else ""


def choose(session: Session, name: str, value: str) -> None:
    """Write down a choice; an empty one is none."""
    found = session.get(Choice, name)
    if found is None:
        session.add(Choice(name=name, value=value))
    else:
        found.value = value


def with_limits(session: Session, settings: Settings) -> Settings:
    """The settings with the limits that were chosen."""
    chosen = {name: choice(session, f"limit.{name}") for name in LIMITS}
    return replace(settings, **{name: _number(name, value) for name, value in chosen.items() if value})  # type: ignore[arg-type]


def limits_in(form: Iterable[tuple[str, str]]) -> dict[str, float]:
    """The limits of a form: shares in percent, the floor in characters. Raises ValueError for others."""
    written = dict(form)
    limits: dict[str, float] = {}
    for name in LIMITS:
        value = float(written[name].strip().rstrip("%％"))
        limits[name] = int(value) if name == "notice_floor" else round(value / 100, 6)
    if not 0 <= limits["warn_over"] <= limits["block_over"] <= 1 or not 1 <= limits["notice_floor"] < 1e6:
        raise ValueError(written)
    return limits


def choose_limits(session: Session, limits: dict[str, float]) -> None:
    """Write down limits; every check from now on goes by them."""
    for name, value in limits.items():
        choose(session, f"limit.{name}", repr(value))


def _number(name: str, value: str) -> float:
    return int(value) if name == "notice_floor" else float(value)


def retention_days(session: Session, service: Service) -> int:
    """After how many days drafts are deleted; 0 keeps them."""
    chosen = choice(session, "retention.days")
    return int(chosen) if chosen else service.retention_days


def levels_under(
    limits: dict[str, float], service: Service, database: Database, checkers: Checkers
) -> list[tuple[str, Level]]:
    """Check the newest drafts again under other limits: the level that each has, and would have."""
    newest = select(Draft).where(Draft.state == "done").order_by(Draft.created.desc()).limit(PREVIEWED)
    with database.reading() as session:
        drafts = list(session.scalars(newest.options(undefer(Draft.content))))
        settled = {draft.id: decisions.settled(session, service, draft.thread) for draft in drafts}
    settings = replace(service.settings, **limits)  # type: ignore[arg-type]
    levels = []
    for draft in drafts:
        order = CheckOrder(settings, draft.name, draft.content, settled[draft.id])
        try:
            found = checkers.perform(order, service.check_seconds)
        except Lost:
            continue
        levels.append((draft.level, worst(found)))
    return levels
