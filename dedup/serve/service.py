"""The settings of one service, made by the command line and passed to every part."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dedup.index.folder import cache_folder, index_folder
from dedup.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """Its address, what it keeps and for how long."""

    settings: Settings
    """Corpus, index, language and limits of every check."""
    folder: Path
    """The service's own files beside the index: its database, copies of it, withdrawn files, scans."""
    database: str = ""
    """URL as SQLAlchemy has it; empty for SQLite in `folder`."""
    host: str = "127.0.0.1"
    port: int = 8000
    https: bool = False
    """Cookies are sent over TLS only: a proxy in front speaks it."""
    refresh: bool = True
    """Have the index follow the corpus; otherwise somebody else does, and the service takes it as it is."""
    helpers: int = 0
    """Processes that check; 0: as many as there are processors, up to four."""
    upload_bytes: int = 30_000_000
    """Most that one request may carry."""
    text_characters: int = 2_000_000
    """Most that may be pasted."""
    check_seconds: float = 120.0
    """After that a check is given up."""
    retention_days: int = 90
    """Drafts are deleted so many days after they came; 0 keeps them."""
    decisions: Path | None = None
    """File of decisions beside the configuration, of which those for any draft hold here too."""
    session_hours: int = 12
    requests_a_minute: int = 120
    """For each token and each account."""

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database or f"sqlite:///{(self.folder / 'service.sqlite').absolute()}"


def service_folder(settings: Settings) -> Path:
    """Say where a service keeps what cannot be made anew: beside the index, which can, in a hidden folder.

    One that stands inside the folder of the index, as it once did, stays there; where nothing can be written
    beside it, it is made there. If the index lies in the cache folder of the user, this is in that for data.
    """
    index = Path(os.path.abspath(index_folder(settings.corpus, settings.index)))
    inside, beside = index / "serve", index.with_name(f".{index.name.removeprefix('.')}-serve")
    if os.fspath(index) == os.path.abspath(cache_folder(settings.corpus)):
        data = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
        beside = Path(data, "dedup", beside.name)
    elif not beside.exists() and not os.access(index.parent, os.W_OK):
        return inside
    return inside if inside.is_dir() else beside


def make_folder(folder: Path) -> None:
    """Make the folder of a service, which no other account may read and no version control takes in."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")
