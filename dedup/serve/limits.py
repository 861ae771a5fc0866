"""Limits of the verdict as an administrator sets them, and what others would do to the newest drafts.

A limit has the name that the configuration gives it: `warn_over`, `block_over` and `notice_floor` for the
whole draft, and for a source, a paragraph and the longest run one of each level, as in `block.source`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from dedup.configuration.rules import RULES
from dedup.model import Level
from dedup.serve import jobs, log
from dedup.serve.batches import order_of
from dedup.serve.checkers import Checkers, CheckOrder, Lost
from dedup.serve.choices import choose, templates
from dedup.serve.database import Database
from dedup.serve.jobs import Tell, Work
from dedup.serve.kept import worst
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account, Choice, Draft, Job
from dedup.settings import LEVELS, Settings, contradictions

Limits = Mapping[str, float | None]
"""Limits by their names; None for no limit."""

WHOLE = ("warn_over", "block_over", "notice_floor")
MEASURES = ("source", "paragraph", "run")
FURTHER = tuple(f"{level}.{measure}" for measure in MEASURES for level in LEVELS)
"""Each a share or a number of characters, that of a run always characters; there may be none."""
_CHOSEN = select(Choice.name, Choice.value).where(
    Choice.name.in_([f"limit.{name}" for name in (*WHOLE, *FURTHER)]), Choice.value != ""
)
PREVIEWED = 50
"""Drafts that are checked again to show what other limits would do."""
_LEVELS: tuple[Level, ...] = ("block", "warn", "pass", "unknown")


def limits_of(settings: Settings) -> dict[str, float | None]:
    """The limits in settings."""
    further = dict(settings.limits)
    whole: dict[str, float | None] = {name: getattr(settings, name) for name in WHOLE}
    return whole | {name: further.get(name) for name in FURTHER}


def under(settings: Settings, limits: Limits) -> Settings:
    """The settings with limits in the place of theirs; those that are not named stay."""
    whole = {name: value for name, value in limits.items() if name in WHOLE}
    further = {**dict(settings.limits), **{name: limits[name] for name in FURTHER if name in limits}}
    kept = tuple((name, value) for name, value in further.items() if value is not None)
    return replace(settings, limits=kept, **whole)  # type: ignore[arg-type]


def with_limits(session: Session, settings: Settings) -> Settings:
    """The settings with the limits that were chosen."""
    kept = session.execute(_CHOSEN)
    return under(settings, {name.removeprefix("limit."): json.loads(value) for name, value in kept})


def in_force(session: Session, settings: Settings) -> Settings:
    """The settings of a check: with the limits and the templates that were chosen."""
    settings = with_limits(session, settings)
    named = (settings.corpus / path for path in sorted(templates(session)))
    flagged = tuple(str(path) for path in named if path.is_file())
    return replace(settings, template=(*settings.template, *flagged)) if flagged else settings


def limits_in(form: Mapping[str, str]) -> dict[str, float | None]:
    """The limits of a form. Raises Problem that names the fields which hold none.

    Those of the whole draft are per cent and characters; of the others a number with a per cent sign is a
    share, one without it characters, an empty field no limit; a field that is not there leaves it as it is.
    """
    found: dict[str, float | None] = {}
    wrong = []
    for name in (*WHOLE, *(name for name in FURTHER if name in form)):
        try:
            found[name] = _in_field(name, form[name].strip())
        except (KeyError, ValueError, OverflowError):
            wrong.append(name)
    if wrong:
        raise Problem(422, "limits", fields=wrong)
    return found


def _in_field(name: str, written: str) -> float | None:
    if name in FURTHER and not written:
        return None
    number = written.rstrip("%％")
    if name in ("warn_over", "block_over") or (name in FURTHER and number != written):
        return round(float(number) / 100, 6)
    return int(number)


def demand_sound(limits: Limits, settings: Settings) -> dict[str, float | None]:
    """Give limits as the rules of the configuration have them. Raises Problem that names those that are none.

    One of a warning that lies above that of a block is none either; those that are left out are as in the
    settings.
    """
    sound: dict[str, float | None] = {}
    wrong = []
    for name, value in limits.items():
        try:
            sound[name] = None if value is None and name in FURTHER else _ruled(name, value)
        except ValueError:
            wrong.append(name)
    if wrong:
        raise Problem(422, "limits", fields=wrong)
    if against := [name.removeprefix("limits.") for name, _ in contradictions(under(settings, sound))]:
        raise Problem(422, "limits", fields=against)
    return sound


def _ruled(name: str, value: float | None) -> float:
    ruled: float = RULES[name if name in WHOLE else f"limits.{name}"](value)  # type: ignore[assignment]
    return ruled


def choose_limits(session: Session, account: Account, limits: Limits, settings: Settings) -> None:
    """Set limits; every check from now on goes by them. Raises Problem for limits that are none."""
    sound = demand_sound(limits, with_limits(session, settings))
    for name, value in sound.items():
        choose(session, f"limit.{name}", json.dumps(value))
    log.note(session, account.id, "limits.set", " ".join(_told(sound)))


def _told(limits: Limits) -> Iterator[str]:
    for name, value in limits.items():
        if value is not None:
            yield f"{value:g}" if name in WHOLE else f"{name}={value:g}"


# ------------------------------------------------------------------------------------------ a preview


def ask_preview(session: Session, account: Account, limits: Limits, settings: Settings) -> Job:
    """Write down that somebody wants to know what limits would do. Raises Problem for what is no limit."""
    sound = demand_sound(limits, with_limits(session, settings))
    return jobs.ask(session, "preview", account, sound)


def previewing(service: Service, database: Database, checkers: Checkers) -> Work:
    """The work of a job whose wish is limits: the newest drafts are checked again under them.

    Its result is for each level how many drafts have it, and how many would.
    """

    def preview(limits: Limits, tell: Tell) -> dict[str, tuple[int, int]]:
        levels, orders = _to_check_again(limits, service, database)
        before, after = Counter[str](), Counter[str]()
        for order in orders:
            tell("check", 100 * before.total() // len(levels))
            try:
                found = checkers.perform(order, service.check_seconds)
            except Lost:
                continue
            for draft in order.wanted:
                before[levels[draft]] += 1
                after[worst(one for owner, one in found if owner == draft)] += 1
        return {level: (before[level], after[level]) for level in _LEVELS}

    return preview


def _to_check_again(
    limits: Limits, service: Service, database: Database
) -> tuple[dict[str, str], list[CheckOrder]]:
    """The levels of the newest drafts, and the orders to check them again; those of a batch are one order."""
    newest = select(Draft).where(Draft.state == "done").order_by(Draft.created.desc()).limit(PREVIEWED)
    together: dict[str, list[Draft]] = {}
    with database.reading() as session:
        settings = under(in_force(session, service.settings), limits)
        drafts = list(session.scalars(newest))
        for draft in drafts:
            together.setdefault(draft.batch or draft.id, []).append(draft)
        orders = [order_of(session, service, settings, some) for some in together.values()]
    return {draft.id: draft.level for draft in drafts}, orders
