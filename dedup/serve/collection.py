"""The files of the collection: added, replaced, withdrawn and brought back. None is ever deleted.

A file that is withdrawn or replaced goes to `withdrawn/` in the service's folder, with a record of where it
stood. The record is written before, so whatever is killed when, a file is in one of the two places.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Literal

from fastapi import Request

from dedup.document import Skipped
from dedup.errors import DedupError
from dedup.files import NO_LINKS, beside, publish_new
from dedup.index import open_index
from dedup.index.folder import MANIFEST, index_folder
from dedup.index.index import PartInfo
from dedup.index.particulars import FILE_NAME as PARTICULARS
from dedup.readers import is_document
from dedup.serve import log
from dedup.serve.access import service_of
from dedup.serve.accounts import now
from dedup.serve.checkers import known_by
from dedup.serve.description import DESCRIBED
from dedup.serve.problems import Problem
from dedup.serve.service import Service
from dedup.serve.tables import Account
from dedup.text.origin import Origin

_MOST_BYTES = 200
"""Of a file's name in UTF-8; most systems take 255, and a copy is written aside under a longer one."""
_LONGEST_NAME, _LONGEST_PATH = 255, 1000
"""Bytes of a name and characters of a path beyond which no file is looked for: the system refuses to."""
_TURN = Lock()
"""One change at a time."""

Move = Literal["withdrawn", "replaced"]
Action = Literal["added", "replaced", "withdrawn", "brought_back"]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A file that was withdrawn or replaced, and can be brought back."""

    __pydantic_config__ = DESCRIBED

    id: str
    path: str
    time: float
    by: str
    """Who did it."""
    move: Move


def add_all(request: Request, by: Account, sent: Sequence[tuple[str, bytes]]) -> list[str]:
    """Add files by name and content, one after the other, and give their paths. The index follows.

    Raises Problem at the first that is refused, which tells of several what was added before, and what not.
    """
    with recorded(request, by, "added") as added:
        for name, content in sent:
            try:
                added.append(add(service_of(request), name, content))
            except Problem as problem:
                if len(sent) > 1:
                    problem.parts = {"added": [*added], "not_added": [one for one, _ in sent[len(added) :]]}
                raise
    return added


def replace_one(request: Request, by: Account, path: str, content: bytes) -> None:
    """Put another content in a file's place, which is kept. The index follows."""
    with recorded(request, by, "replaced") as replaced:
        replace(service_of(request), path, content, by.id)
        replaced.append(path)


def add(service: Service, name: str, content: bytes) -> str:
    """Put a file into the collection's folder, never over another, and give its path there."""
    name = _document_name(name)
    with _changing(service):
        _place(service.settings.corpus / name, content)
    return name


def replace(service: Service, path: str, content: bytes, by: str) -> None:
    """Put another content in a file's place; the file that stood there is kept among the withdrawn ones."""
    with _changing(service):
        target = _standing(service, path)
        _keep(service, target, path, by, "replaced")
        _write_over(target, content)


def withdraw(service: Service, path: str, by: str) -> Withdrawn:
    """Take a file out of the collection and give what is kept of it."""
    with _changing(service):
        target = _standing(service, path)
        kept = _keep(service, target, path, by, "withdrawn")
        target.unlink()
    return kept


def bring_back(service: Service, identifier: str, by: str) -> str:
    """Put a withdrawn file back where it stood, and give its path. What stands there now is kept in turn."""
    with _changing(service):
        kept = next((one for one in withdrawn(service) if one.id == identifier), None)
        if kept is None:
            raise Problem(404, "nothing_here")
        folder = _folder(service) / kept.id
        content = (folder / "content").read_bytes()
        target = service.settings.corpus / kept.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.parent.resolve().is_relative_to(service.settings.corpus.resolve()):
            raise Problem(409, "not_written")  # a folder on its way was made a link meanwhile
        if target.exists():
            _keep(service, _standing(service, kept.path), kept.path, by, "replaced")
            _write_over(target, content)
        else:
            _place(target, content)
        for name in ("content", "record.json"):
            (folder / name).unlink()
        with suppress(OSError):
            folder.rmdir()
    return kept.path


def withdrawn(service: Service, path: str | None = None) -> list[Withdrawn]:
    """The files that can be brought back, the last one first; those that stood at a path, if it is named."""
    found = (one for one in _records(_folder(service)) if path is None or one.path == path)
    return sorted(found, key=lambda one: -one.time)


def can_be_undone(service: Service, identifier: str) -> bool:
    """Tell whether a file can be brought back; its identifier came with an address and may be anything."""
    return bool(identifier) and any(one.id == identifier for one in withdrawn(service))


def _records(folder: Path) -> Iterator[Withdrawn]:
    for record in folder.glob("*/record.json"):
        if (record.parent / "content").exists():
            with suppress(OSError, ValueError, TypeError):
                yield Withdrawn(record.parent.name, **json.loads(record.read_text("ascii")))


def _folder(service: Service) -> Path:
    return service.folder / "withdrawn"


def demand_document(service: Service, path: str) -> None:
    """Raise Problem 404 where no document stands at a path below the collection's folder."""
    _standing(service, path)


def stands(service: Service, path: str) -> bool:
    """Tell whether a file of the collection stands at a path."""
    try:
        _standing(service, path)
    except Problem:
        return False
    return True


@contextmanager
def recorded(request: Request, by: Account, action: Action) -> Iterator[list[str]]:
    """Have changes of the collection written down, and the index follow; the block lists what it changed.

    Also where it ends badly: some of several files may have been added.
    """
    changed: list[str] = []
    try:
        yield changed
    finally:
        if changed:
            with request.app.state.database.writing() as session:
                for path in changed:
                    log.note(session, by.id, f"collection.{action}", path)
            request.app.state.keeper.refresh()


@contextmanager
def _changing(service: Service) -> Iterator[None]:
    """One change of the collection. Raises Problem where the system refuses it."""
    with _TURN:
        try:
            yield
        except PermissionError:
            raise Problem(409, "read_only") from None
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise Problem(507 if full else 409, "full" if full else "not_written") from error


def _document_name(name: str) -> str:
    stem, dot, suffix = name.lstrip(". ").rpartition(".")
    room = _MOST_BYTES - len(f"{dot}{suffix}".encode())
    name = stem.encode()[: max(room, 0)].decode(errors="ignore") + dot + suffix
    if not stem or not is_document(name):
        raise Problem(422, "no_document", name=name)
    return name


def _standing(service: Service, path: str) -> Path:
    """The file at a path below the collection's folder. Raises Problem 404 for anything else."""
    parts = path.split("/")
    corpus = service.settings.corpus.resolve()
    target = corpus.joinpath(*parts)
    outside = path.startswith("/") or any(part.startswith(".") or not part for part in parts)
    too_long = any(len(part.encode()) > _LONGEST_NAME for part in parts) or len(path) > _LONGEST_PATH
    if outside or too_long or "\0" in path or target.is_symlink() or not target.is_file():
        raise Problem(404, "no_file_there")
    if not target.resolve().is_relative_to(corpus) or not is_document(path):
        raise Problem(404, "no_file_there")
    return target


def _keep(service: Service, target: Path, path: str, by: str, move: Move) -> Withdrawn:
    """Keep a file among the withdrawn ones too: under a second name if the system can, else as a copy."""
    identifier = secrets.token_urlsafe(16)
    folder = _folder(service) / identifier
    folder.mkdir(parents=True, mode=0o700)
    kept = Withdrawn(identifier, path, now(), by, move)
    record = {"path": path, "time": kept.time, "by": by, "move": move}
    _write(folder / "record.json", json.dumps(record).encode())
    content = folder / "content"
    try:
        os.link(target, content)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        partial = folder / "partial"
        shutil.copy2(target, partial)
        with open(partial, "rb+") as file:
            os.fsync(file.fileno())
        partial.rename(content)
    return kept


def _place(target: Path, content: bytes) -> None:
    """Write a file that is not there yet. Raises Problem where there is one."""
    aside = beside(target)
    try:
        _write(aside, content)
        publish_new(aside, target)
    except FileExistsError:
        raise Problem(409, "file_there", name=target.name) from None
    finally:
        aside.unlink(missing_ok=True)


def _write_over(target: Path, content: bytes) -> None:
    aside = beside(target)
    try:
        _write(aside, content)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


# ------------------------------------------------------------------------------------------ what it holds


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The documents of one commit of the index, and the files that were not read."""

    known_by: object
    documents: tuple[PartInfo, ...]
    skipped: tuple[Skipped, ...]
    origins: dict[int, Origin] = field(default_factory=dict)
    """Whose documents are, by their numbers, as far as somebody has asked."""
    forbids: Mapping[str, bool] = field(default_factory=dict)
    """Whether a file forbids copying, by its path: some document in it does."""

    def search(self, words: str, only: str = "", flagged: Collection[str] = ()) -> list[PartInfo]:
        """The documents whose title or path holds what is looked for; of all, or `only` those of a kind.

        The kinds are `notice`, those that forbid copying, and `template`, which those `flagged` are too.
        """
        wanted = words.strip().lower()
        found = [one for one in self.documents if wanted in f"{one.title}\n{one.path}".lower()]
        if only == "notice":
            return [one for one in found if one.notice is not None and one.notice.no_copying]
        if only == "template":
            return [one for one in found if one.given.template or one.path in flagged]
        return found


class Shelves:
    """The list of the collection's documents, read again when the index was changed."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = Lock()
        self._read: Catalogue | None = None

    def catalogue(self) -> Catalogue:
        """The documents of the index as it is. Raises Problem where there is none yet."""
        settings = self._service.settings
        with self._lock:
            folder = index_folder(settings.corpus, settings.index)
            known = (known_by(os.path.join(folder, MANIFEST)), known_by(settings.corpus / PARTICULARS))
            if self._read is None or self._read.known_by != known:
                try:
                    with open_index(settings.corpus, settings.index, settings, refresh=False) as index:
                        documents = tuple(index.documents())
                        forbids = _forbids(documents)
                        self._read = Catalogue(known, documents, tuple(index.skipped), forbids=forbids)
                except DedupError:
                    raise Problem(503, "no_index", {"Retry-After": "5"}) from None
            return self._read


def _forbids(documents: Iterable[PartInfo]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for one in documents:
        forbidding = one.notice is not None and one.notice.no_copying
        found[one.path] = found.get(one.path, False) or forbidding
    return found
