"""The tables of the service. Times are seconds since 1970 in UTC; identifiers are random and tell nothing."""

from __future__ import annotations

import secrets

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ROLES = ("writer", "reviewer", "admin", "reader")
"""写稿 hands in and sees his own drafts · 审核 decides on those of his unit that were handed in · 管理 keeps
accounts and the collection, and reads no draft · 只读 looks things up in the collection."""
STATES = ("queued", "running", "done", "failed")
REVIEWS = ("", "submitted", "returned", "accepted")


def new_id() -> str:
    """An identifier nobody guesses: 128 random bits."""
    return secrets.token_urlsafe(16)


class Base(DeclarativeBase):
    """All tables."""


class Account(Base):
    """A person who may log in, once a password is set."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    unit: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(12))
    password: Mapped[str] = mapped_column(String(200), default="")
    """Argon2 hash; empty until the invitation was followed."""
    active: Mapped[bool] = mapped_column(default=True)
    created: Mapped[float]


class Invitation(Base):
    """A link that sets a password, once."""

    __tablename__ = "invitations"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    expires: Mapped[float]


class Login(Base):
    """A browser that is logged in. Only a digest of its cookie is kept."""

    __tablename__ = "logins"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    form_token: Mapped[str] = mapped_column(String(32))
    expires: Mapped[float]


class Token(Base):
    """A key for programs: what it may do, and until when."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    scopes: Mapped[str] = mapped_column(String(60))
    """Of `dedup.serve.keys.Scope`, with a blank between."""
    created: Mapped[float]
    expires: Mapped[float]


class Draft(Base):
    """A document handed in, its check, and what became of it."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    unit: Mapped[str] = mapped_column(String(120), default="")
    """That of the writer when it came."""
    name: Mapped[str] = mapped_column(String(255))
    thread: Mapped[str] = mapped_column(String(32))
    """Identifier of the first version."""
    batch: Mapped[str] = mapped_column(String(32), default="")
    request: Mapped[str] = mapped_column(String(80), default="")
    """The caller's own key of an idempotent submission."""
    created: Mapped[float]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[str] = mapped_column(String(8), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    level: Mapped[str] = mapped_column(String(8), default="")
    ratio: Mapped[float] = mapped_column(default=0.0)
    problem: Mapped[str] = mapped_column(Text, default="")
    """The reason why it could not be checked, as `dedup.messages.packed` has it."""
    report: Mapped[str] = mapped_column(Text, default="", deferred=True)
    """As `dedup.serve.kept` writes it."""
    summary: Mapped[str] = mapped_column(Text, default="", deferred=True)
    """The same without text, a hundredth of it; empty for what an earlier version checked."""
    review: Mapped[str] = mapped_column(String(10), default="")
    reviewer: Mapped[str] = mapped_column(String(32), default="")
    comment: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("drafts_of_account", "account", "created"),
        Index("drafts_waiting", "state", "created"),
        Index("drafts_in_review", "review", "unit"),
        Index("drafts_of_request", "account", "request"),
    )


class PassageDecision(Base):
    """A reviewer's decision about a passage of a draft; it holds for the later versions too."""

    __tablename__ = "passage_decisions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    thread: Mapped[str] = mapped_column(String(32), index=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    ruling: Mapped[str] = mapped_column(String(12))
    """One of `dedup.passage.Ruling`."""
    reason: Mapped[str] = mapped_column(Text)
    created: Mapped[float]
    source: Mapped[str] = mapped_column(Text)
    part: Mapped[str] = mapped_column(Text, default="")
    forbidding: Mapped[bool] = mapped_column(default=False)
    """True if a document with the passage forbade copying then."""
    excerpt: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(Text)
    """Of the passage, as `dedup.decisions` writes it."""


class Choice(Base):
    """Something an administrator chose on the pages."""

    __tablename__ = "choices"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(120))


class FlaggedTemplate(Base):
    """A document of the collection that an administrator called a template."""

    __tablename__ = "templates"

    path: Mapped[str] = mapped_column(String(1000), primary_key=True)
    account: Mapped[str] = mapped_column(String(32))
    created: Mapped[float]


class Job(Base):
    """Long work that somebody asked for. Drafts are jobs too, and have a table of their own."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account: Mapped[str] = mapped_column(String(32), default="")
    """Identifier of the one who asked; empty for the clock."""
    kind: Mapped[str] = mapped_column(String(12))
    """`scan` or `preview`."""
    state: Mapped[str] = mapped_column(String(8), default="queued")
    created: Mapped[float]
    ended: Mapped[float] = mapped_column(default=0.0)
    wish: Mapped[str] = mapped_column(Text, default="")
    """The parameters of the work, as JSON."""
    result: Mapped[str] = mapped_column(Text, default="")
    """As JSON."""
    problem: Mapped[str] = mapped_column(Text, default="")
    """The reason why it failed, as `dedup.messages.packed` has it."""

    __table_args__ = (Index("jobs_waiting", "kind", "state", "created"),)


class Event(Base):
    """One line of the log: who did what to what. No text of a document stands in it."""

    __tablename__ = "events"

    number: Mapped[int] = mapped_column(primary_key=True)
    time: Mapped[float]
    account: Mapped[str] = mapped_column(String(32), default="")
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120), default="")
    digest: Mapped[str] = mapped_column(String(64))
    """Of this line and the digest of the one before."""
