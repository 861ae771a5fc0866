"""What an administrator chose: templates, how long drafts are kept; limits and hours are kept here too."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from dedup.serve import log
from dedup.serve.accounts import now
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account, Choice, FlaggedTemplate

_TEMPLATES = select(FlaggedTemplate.path)
MOST_DAYS = 36_500


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
