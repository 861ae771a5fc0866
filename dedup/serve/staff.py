"""Accounts as an administrator keeps them: made, changed, shut out, let in again, invited."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dedup.serve import accounts, log
from dedup.serve.problems import Problem
from dedup.serve.tables import ROLES, Account, Draft

_LONGEST_NAME, _LONGEST_UNIT = 60, 120


def everybody(session: Session) -> list[Account]:
    """All accounts, those of a unit together, by name."""
    return list(session.scalars(select(Account).order_by(Account.unit, Account.name)))


def names(session: Session) -> dict[str, str]:
    """The name of each account by its identifier."""
    return {one.id: one.name for one in everybody(session)}


def units(session: Session) -> Iterable[tuple[str, int]]:
    """The units by name, each with the number of its accounts that may log in."""
    counted = select(Account.unit, func.count()).where(Account.active, Account.unit != "")
    return [
        (unit, count)
        for unit, count in session.execute(counted.group_by(Account.unit).order_by(Account.unit))
    ]


def make(session: Session, by: Account, name: str, role: str, unit: str) -> tuple[Account, str]:
    """Make an account, and give it with the secret of its invitation. Raises Problem."""
    name, unit = name.strip()[:_LONGEST_NAME], unit.strip()[:_LONGEST_UNIT]
    if not name or not (name + unit).isprintable() or role not in ROLES:
        raise Problem(422, "invalid")
    account = Account(name=name, role=role, unit=unit, created=accounts.now())
    session.add(account)
    try:
        session.flush()
    except IntegrityError:
        raise Problem(409, "name_taken") from None
    secret = accounts.invite(session, account)
    log.note(session, by.id, "account.made", name)
    session.flush()
    return account, secret


def account_of(session: Session, identifier: str) -> Account:
    """An account. Raises Problem 404 for an identifier that never was."""
    found = session.get(Account, identifier)
    if found is None:
        raise Problem(404, "nothing_here")
    return found


def invite(session: Session, by: Account, identifier: str) -> str:
    """Give the secret of a link with which somebody sets a new password; earlier links end."""
    account = account_of(session, identifier)
    if not account.active:
        raise Problem(409, "shut_out")
    secret = accounts.invite(session, account)
    log.note(session, by.id, "account.invite", account.name)
    session.flush()
    return secret


def admit(session: Session, by: Account, identifier: str, *, active: bool) -> Account:
    """Let somebody in, or shut him out: his logins, links and keys end. Nobody shuts himself out."""
    account = account_of(session, identifier)
    if not active and account.id == by.id:
        raise Problem(409, "oneself")
    log.note(session, by.id, "account.enable" if active else "account.disable", account.name)
    if active:
        account.active = True
    else:
        accounts.shut_out(session, account)
    return account


def assign(session: Session, by: Account, identifier: str, role: str, unit: str) -> Account:
    """Give somebody another role or unit; drafts stay with the unit they came from. Raises Problem."""
    account = account_of(session, identifier)
    if role not in ROLES or not unit.strip().isprintable():
        raise Problem(422, "invalid")
    if account.id == by.id and role != account.role:
        raise Problem(409, "oneself")
    account.role, account.unit = role, unit.strip()[:_LONGEST_UNIT]
    log.note(session, by.id, "account.change", account.name)
    return account


def rename_unit(session: Session, by: Account, old: str, new: str) -> None:
    """Give a unit another name wherever it stands. Raises Problem where nobody is of it."""
    new = new.strip()[:_LONGEST_UNIT]
    known = session.scalars(select(Account.id).where(Account.unit == old).limit(1)).first()
    if not old or not new or not new.isprintable() or known is None:
        raise Problem(422, "invalid")
    for table in (Account, Draft):
        session.execute(update(table).where(table.unit == old).values(unit=new))
    log.note(session, by.id, "unit.renamed", f"{old} → {new}")
