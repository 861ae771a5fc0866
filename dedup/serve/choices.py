"""What an administrator chose: limits, templates, how long drafts are kept, the hour of the nightly scan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from dedup.model import Level
from dedup.serve import log
from dedup.serve.accounts import now
from dedup.serve.batches import order_of
from dedup.serve.checkers import Checkers, Lost
from dedup.serve.database import Database
from dedup.serve.jobs import Tell, Work
from dedup.serve.kept import worst
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account, Choice, Draft, FlaggedTemplate
from dedup.settings import Settings

LIMITS = ("warn_over", "block_over", "notice_floor")
_CHOSEN_LIMITS = select(Choice.name, Choice.value).where(
    Choice.name.in_([f"limit.{name}" for name in LIMITS]), Choice.value != ""
)
_TEMPLATES = select(FlaggedTemplate.path)
MOST_DAYS = 36_500
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
    chosen = {name.removeprefix("limit."): value for name, value in session.execute(_CHOSEN_LIMITS)}
    return replace(settings, **{name: _number(name, value) for name, value in chosen.items()})  # type: ignore[arg-type]


def in_force(session: Session, settings: Settings) -> Settings:
    """The settings of a check: with the limits and the templates that were chosen."""
    settings = with_limits(session, settings)
    named = (settings.corpus / path for path in sorted(templates(session)))
    flagged = tuple(str(path) for path in named if path.is_file())
    return replace(settings, template=(*settings.template, *flagged)) if flagged else settings


def limits_in(form: Iterable[tuple[str, str]]) -> dict[str, float]:
    """The limits of a form: shares in percent, the floor in characters. Raises ValueError for others."""
    written = dict(form)
    shares = {name: float(written[name].strip().rstrip("%％")) / 100 for name in ("warn_over", "block_over")}
    floor = float(written["notice_floor"].strip())
    return {**{name: round(share, 6) for name, share in shares.items()}, "notice_floor": int(floor)}


def demand_sound(limits: Mapping[str, float]) -> None:
    """Raise Problem for shares that are none, or a floor below one character."""
    if not 0 <= limits["warn_over"] <= limits["block_over"] <= 1 or not 1 <= limits["notice_floor"] < 1e6:
        raise Problem(422, "limits")


def choose_limits(session: Session, account: Account, limits: Mapping[str, float]) -> None:
    """Set limits; every check from now on goes by them. Raises Problem for limits that are none."""
    demand_sound(limits)
    for name, value in limits.items():
        choose(session, f"limit.{name}", repr(value))
    log.note(session, account.id, "limits.set", " ".join(f"{limits[name]:g}" for name in LIMITS))


def _number(name: str, value: str) -> float:
    return int(value) if name == "notice_floor" else float(value)


# ------------------------------------------------------------------------------------------ a preview


def levels_under(
    limits: Mapping[str, float],
    service: Service,
    database: Database,
    checkers: Checkers,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[tuple[str, Level]]:
    """Check the newest drafts again under other limits: the level that each has, and would have.

    `tell` hears how many of how many are done.
    """
    newest = select(Draft).where(Draft.state == "done").order_by(Draft.created.desc()).limit(PREVIEWED)
    together: dict[str, list[Draft]] = {}
    with database.reading() as session:
        settings = replace(in_force(session, service.settings), **limits)  # type: ignore[arg-type]
        drafts = list(session.scalars(newest))
        for draft in drafts:
            together.setdefault(draft.batch or draft.id, []).append(draft)
        orders = [order_of(session, service, settings, some) for some in together.values()]
    before = {draft.id: draft.level for draft in drafts}
    levels: list[tuple[str, Level]] = []
    for order in orders:
        tell(len(levels), len(drafts))
        try:
            found = checkers.perform(order, service.check_seconds)
        except Lost:
            continue
        for name in order.wanted:
            levels.append((before[name], worst(one for owner, one in found if owner == name)))
    return levels


def previewing(service: Service, database: Database, checkers: Checkers) -> Work:
    """The work of a job whose wish is limits, and whose result what they would do to the newest drafts."""

    def preview(limits: Mapping[str, float], tell: Tell) -> dict[str, tuple[int, int]]:
        def done(number: int, total: int) -> None:
            tell("check", 100 * number // total)

        return counted(levels_under(limits, service, database, checkers, done))

    return preview


def counted(levels: Iterable[tuple[str, Level]]) -> dict[str, tuple[int, int]]:
    """How many drafts have each level, and would have it."""
    before, after = Counter[str](), Counter[str]()
    for is_now, then in levels:
        before[is_now] += 1
        after[then] += 1
    return {level: (before[level], after[level]) for level in ("block", "warn", "pass")}


# ------------------------------------------------------------------------------------------ templates


def templates(session: Session) -> set[str]:
    """Paths of the documents that were called templates here; `corpus.toml` may name others."""
    return set(session.scalars(_TEMPLATES))


def flag_template(session: Session, account: Account, path: str, *, flagged: bool) -> None:
    """Call a document a template, whose text never counts, or call it one no longer."""
    known = session.get(FlaggedTemplate, path)
    if flagged and known is None:
        session.add(FlaggedTemplate(path=path, account=account.id, created=now()))
    elif known is not None and not flagged:
        session.delete(known)
    log.note(session, account.id, "template.set" if flagged else "template.unset", path)


# ------------------------------------------------------------------------------------------ how long


def retention_days(session: Session, service: Service) -> int:
    """After how many days drafts are deleted; 0 keeps them."""
    chosen = choice(session, "retention.days")
    return int(chosen) if chosen else service.retention_days


def choose_retention(session: Session, account: Account, days: int) -> None:
    """Set after how many days drafts are deleted; 0 keeps them. Raises Problem."""
    if not 0 <= days <= MOST_DAYS:
        raise Problem(422, "invalid")
    choose(session, "retention.days", str(days))
    log.note(session, account.id, "retention.set", str(days))
