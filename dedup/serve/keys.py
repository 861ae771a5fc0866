"""Keys for programs: what each may do, and until when. A key is shown once; only its digest is kept."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Literal

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from dedup.serve import log
from dedup.serve.accounts import digest, now
from dedup.serve.problems import Problem
from dedup.serve.tables import Account, Token

Scope = Literal["check", "read", "review", "collection", "admin"]

SCOPES: dict[str, tuple[Scope, ...]] = {
    "writer": ("check", "read"),
    "reviewer": ("check", "read", "review"),
    "admin": ("read", "collection", "admin"),
    "reader": ("read",),
}
"""The scopes that a key of somebody with a role may have."""
LONGEST_DAYS = 365
_OWNER = (
    select(Account, Token)
    .join(Token, Token.account == Account.id)
    .where(Token.digest == bindparam("secret", type_=String))
)
_LONGEST_NAME = 60


def make(session: Session, account: Account, name: str, scopes: Collection[str], days: int) -> str:
    """Make a key and give its secret. Raises Problem for no name, no scope or one beyond the role's."""
    name = name.strip()[:_LONGEST_NAME]
    offered = SCOPES[account.role]
    if (
        not name
        or not name.isprintable()
        or not scopes
        or not set(scopes) <= set(offered)
        or not 1 <= days <= LONGEST_DAYS
    ):
        raise Problem(422, "invalid")
    secret = f"dedup_{secrets.token_urlsafe(32)}"
    kept = Token(
        digest=digest(secret),
        account=account.id,
        name=name,
        scopes=" ".join(scope for scope in offered if scope in scopes),
        created=now(),
        expires=now() + 86_400 * days,
    )
    session.add(kept)
    log.note(session, account.id, "token.made", name)
    session.flush()
    return secret


def of_account(session: Session, account: Account) -> list[Token]:
    """The keys of an account that hold, the first one first."""
    chosen = select(Token).where(Token.account == account.id, Token.expires > now())
    return list(session.scalars(chosen.order_by(Token.created)))


def end(session: Session, account: Account, identifier: str) -> None:
    """End a key of one's own. Raises Problem 404 for any other."""
    token = session.get(Token, identifier)
    if token is None or token.account != account.id:
        raise Problem(404, "nothing_here")
    token.expires = 0.0
    log.note(session, account.id, "token.ended", token.name)


def owner(session: Session, secret: str) -> tuple[Account, Token] | None:
    """The account and record of a key, while it holds."""
    found = session.execute(_OWNER, {"secret": digest(secret)}).one_or_none()
    if found is None:
        return None
    account, token = found
    return (account, token) if account.active and token.expires >= now() else None
