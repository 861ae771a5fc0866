"""Passwords, invitations and logins; and limits of how fast one may guess or ask."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dedup.serve.tables import Account, Event, Invitation, Login, Token

LEAST_PASSWORD = 10
"""Characters."""
_INVITATION_SECONDS = 3 * 86_400
_FREE_FAILURES = 5
_LONGEST_WAIT = 900.0
_PUT_RIGHT = 900.0
"""Seconds by which a clock that is put right may go back without ending a login."""
_REMEMBERED = 10_000
"""Names and addresses whose failures are remembered."""

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe())
"""Verified for names that do not exist, so that they take as long as others."""


def digest(secret: str) -> str:
    """The digest that is kept of a secret: it is random, so nobody guesses it from that."""
    return sha256(secret.encode()).hexdigest()


def now() -> float:
    """The time that is written down."""
    return time.time()


# ------------------------------------------------------------------------------------------ invitations


def invite(session: Session, account: Account) -> str:
    """Make the one-time secret with which an account sets its password; earlier ones end."""
    session.execute(delete(Invitation).where(Invitation.account == account.id))
    secret = secrets.token_urlsafe(24)
    session.add(Invitation(digest=digest(secret), account=account.id, expires=now() + _INVITATION_SECONDS))
    return secret


def invited(session: Session, secret: str) -> Account | None:
    """The account of an invitation that still holds."""
    found = session.get(Invitation, digest(secret))
    if found is None or found.expires < now():
        return None
    account = session.get(Account, found.account)
    return account if account is not None and account.active else None


def set_password(session: Session, account: Account, password: str) -> None:
    """Set a password; invitations and logins of before end."""
    account.password = _HASHER.hash(password)
    session.execute(delete(Invitation).where(Invitation.account == account.id))
    session.execute(delete(Login).where(Login.account == account.id))


# ------------------------------------------------------------------------------------------ logging in


def hashed_anew(account: Account, password: str) -> str:
    """The hash of a password that is right, if the one that is kept was made with other parameters; or empty.

    What hashing costs an attacker grows with the versions of the library, and only who logs in has the text.
    """
    return _HASHER.hash(password) if _HASHER.check_needs_rehash(account.password) else ""


def verified(session: Session, name: str, password: str) -> Account | None:
    """The account of that name, if it may log in and this is its password."""
    account = session.scalars(select(Account).where(Account.name == name)).one_or_none()
    known = account is not None and account.active and account.password != ""
    try:
        _HASHER.verify(account.password if account is not None and known else _NOBODY, password)
    except VerificationError:
        return None
    return account if known else None


def renew_hash(session: Session, account: Account, hashed: str) -> None:
    """Keep another hash of the password that `account` was read with, unless it was changed meanwhile."""
    as_read = (Account.id == account.id, Account.password == account.password)
    renewed = update(Account).where(*as_read).values(password=hashed)
    session.execute(renewed.execution_options(synchronize_session=False))


def log_in(session: Session, account: Account, hours: int) -> str:
    """Begin a login and give its cookie."""
    session.execute(delete(Login).where(Login.expires < now()))
    cookie = secrets.token_urlsafe(32)
    form_token = secrets.token_urlsafe(16)
    expires = now() + 3600 * hours
    session.add(Login(digest=digest(cookie), account=account.id, form_token=form_token, expires=expires))
    return cookie


def logged_in(session: Session, cookie: str, hours: int) -> tuple[Account, Login] | None:
    """The account and login of a cookie while it holds: some hours, even if the clock was set back."""
    login = session.get(Login, digest(cookie))
    if login is None or not 0 <= login.expires - now() <= 3600 * hours + _PUT_RIGHT:
        return None
    account = session.get(Account, login.account)
    return (account, login) if account is not None and account.active else None


def log_out(session: Session, cookie: str) -> None:
    """End a login."""
    session.execute(delete(Login).where(Login.digest == digest(cookie)))


def shut_out(session: Session, account: Account) -> None:
    """End all that an account has open."""
    account.active = False
    for table in (Login, Invitation):
        session.execute(delete(table).where(table.account == account.id))
    session.execute(update(Token).where(Token.account == account.id).values(expires=0.0))


# ------------------------------------------------------------------------------------------ how fast


@dataclass(slots=True)
class _Failures:
    count: int = 0
    until: float = 0.0


class Throttle:
    """Makes guessing slow: after five failures each further one doubles the wait, up to a quarter of an hour.

    Time is that of the monotonic clock, which nobody sets.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = Lock()
        self.turn = Lock()
        """Held from the look at the failures until the attempt is counted; each takes 64 MB (Argon2)."""

    def wait(self, *keys: str) -> float:
        """Seconds until the next attempt for these (a name, an address) is looked at."""
        with self._lock:
            known = [self._failures[key].until for key in keys if key in self._failures]
        return max(0.0, max(known, default=0.0) - time.monotonic())

    def failed(self, *keys: str) -> None:
        """Count a failed attempt."""
        with self._lock:
            for key in keys:
                one = self._failures.setdefault(key, _Failures())
                self._failures.move_to_end(key)
                one.count += 1
                beyond = one.count - _FREE_FAILURES
                if beyond >= 0:
                    one.until = time.monotonic() + min(_LONGEST_WAIT, 2.0 ** min(beyond, 10))
            while len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, *keys: str) -> None:
        """Forget the failures of these."""
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)


def recall_failures(session: Session, throttle: Throttle) -> None:
    """Count what the log tells of failed logins just before a start, so that a restart is no new chance."""
    since = now() - _LONGEST_WAIT
    recent = select(Event).where(Event.time > since, Event.action.in_(("login", "login.failed")))
    names = {account.id: account.name for account in session.scalars(select(Account))}
    for event in session.scalars(recent.order_by(Event.number)):
        if event.action == "login.failed":
            throttle.failed(f"name:{event.subject}")
        else:
            throttle.succeeded(f"name:{names.get(event.account, '')}")


class Rate:
    """A bucket of requests for each caller, filled up once a minute's share at a time."""

    def __init__(self, a_minute: int) -> None:
        self._a_minute = a_minute
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def taken(self, key: str) -> float:
        """Take one request; 0, or the seconds after which there is one again."""
        time_now = time.monotonic()
        with self._lock:
            left, at = self._buckets.pop(key, (float(self._a_minute), time_now))
            left = min(float(self._a_minute), left + (time_now - at) * self._a_minute / 60)
            wait = 0.0 if left >= 1 else (1 - left) * 60 / self._a_minute
            self._buckets[key] = (left - 1 if wait == 0 else left, time_now)
            while len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        return wait
