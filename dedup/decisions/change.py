"""Add decisions to `decisions.toml` and remove them, leaving the rest of the file unchanged."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from dedup.decisions.file import TABLE, parsed, read_decisions
from dedup.decisions.standing import Entry
from dedup.errors import UsageError
from dedup.files import replacing, storable
from dedup.fingerprint import in_order_as_text, winnow
from dedup.locking import acquire
from dedup.messages import Language, Words, say, system
from dedup.model import SourceSummary
from dedup.passage import Decision, Passage
from dedup.records import dataclass
from dedup.text.normalize import normalize

_ANY_HEAD = re.compile(r"\s*\[")
_EXCERPT = 40
"""Characters of a passage in its excerpt."""
_LETTERS_A_LINE = 96


@dataclass(frozen=True, slots=True)
class Subject:
    """The passage of a decision, as recorded in the file."""

    source: str
    fingerprint: str
    excerpt: str
    characters: int
    part: str = ""
    notice: str = ""
    draft: str = ""
    title: str = ""


def subject_of(passage: Passage, sources: Iterable[SourceSummary], characters: int) -> Subject:
    """The subject for a passage of so many characters, for any draft; `sources` are those of its report."""
    notices = {(one.document, one.part): one.notice for one in sources}
    told = (notices.get((passage.source, passage.part)), *(other.notice for other in passage.also_in))
    line = " ".join(passage.text.split())
    return Subject(
        source=passage.source,
        part=passage.part,
        notice=next((one.text for one in told if one is not None and one.no_copying), ""),
        fingerprint=in_order_as_text(winnow(normalize(passage.text).codes)),
        excerpt=line[:_EXCERPT] + ("…" if len(line) > _EXCERPT else ""),
        characters=characters,
    )


def with_added(written: str, decision: Decision, subjects: Sequence[Subject], language: Language) -> str:
    """The text of a file with a decision about some passages added at its end."""
    blocks = ["\n".join(_block(decision, subject)) for subject in subjects]
    before = written.rstrip("\n") or _comment(language)
    return "\n\n".join((before, *blocks)) + "\n"


def without_entries(written: str, lines: Sequence[int]) -> str:
    """The text of a file without the decisions that begin in some lines; the rest is unchanged.

    A comment right above a decision is removed with it.
    """
    rows = written.split("\n")
    for line in sorted(lines, reverse=True):
        first, last = line - 1, line
        while last < len(rows) and not _ANY_HEAD.match(rows[last]):
            last += 1
        if last < len(rows):  # a comment right above the next one belongs to that
            while rows[last - 1].lstrip().startswith("#"):
                last -= 1
        while first > 0 and rows[first - 1].lstrip().startswith("#") and _is_about(rows, first):
            first -= 1
        del rows[first:last]
    return "\n".join(rows).rstrip("\n") + "\n"


def _is_about(rows: Sequence[str], place: int) -> bool:
    """Tell whether the comment that ends before a row is about a decision, not the head of the file."""
    while place > 0 and rows[place - 1].lstrip().startswith("#"):
        place -= 1
    return place > 0


def _comment(language: Language) -> str:
    return "\n".join(f"# {line}".rstrip() for line in say("decision.head", language).split("\n"))


def _block(decision: Decision, subject: Subject) -> Iterator[str]:
    yield f"[[{TABLE}]]"
    for name, value in (("verdict", decision.ruling), ("reason", decision.reason), ("by", decision.by)):
        yield f"{name} = {_quoted(value)}"
    yield f"date = {decision.date}"
    if decision.expires:
        yield f"expires = {decision.expires}"
    for name in ("draft", "title", "source", "part", "notice", "excerpt"):
        if value := getattr(subject, name):
            yield f"{name} = {_quoted(value)}"
    yield f"characters = {subject.characters}"
    yield "fingerprint = ["
    letters = subject.fingerprint
    for start in range(0, len(letters), _LETTERS_A_LINE):
        yield f'  "{letters[start : start + _LETTERS_A_LINE]}",'
    yield "]"


def _quoted(text: str) -> str:
    """A text as a TOML string, which is that of JSON except for one control character."""
    return json.dumps(storable(text), ensure_ascii=False).replace("\x7f", "\\u007f")


@dataclass(frozen=True, slots=True)
class Change:
    """A change to a file of decisions."""

    removed: Sequence[Entry] = ()
    decision: Decision | None = None
    subjects: Sequence[Subject] = ()
    """The passages that the decision is about."""


def change_decisions(path: Path, change: Change, language: Language, patience: float) -> tuple[Entry, ...]:
    """Change a file of decisions as it is now; return the decisions in it afterwards.

    Another process that changes it at the same time is waited for, up to `patience` seconds. Raises
    UsageError as `read_decisions` does, and if the file cannot be changed or written.
    """
    with _alone(path, patience):
        found = read_decisions(path, needed=False)
        kept = list(found.entries)
        lines = []
        for one in change.removed:
            same = next((other for other in kept if _same(one, other)), None)
            if same is not None:  # otherwise it was removed in the meantime
                kept.remove(same)
                lines.append(same.line)
        written = without_entries(found.written, lines) if lines else found.written
        if change.decision is not None:
            written = with_added(written, change.decision, change.subjects, language)
        entries = parsed(str(path), written)
        # Unexpected TOML syntax must not lose anybody's decision.
        if len(entries) != len(kept) + len(change.subjects) or not all(map(_same, kept, entries)):
            raise UsageError(str(path), Words("decision.form"), Words("decision.form.cure"))
        _write(path, written)
        return entries


def _same(one: Entry, other: Entry) -> bool:
    """Tell whether two entries are the same apart from the line."""
    return replace(one, line=0) == replace(other, line=0)


@contextmanager
def _alone(path: Path, patience: float) -> Iterator[None]:
    """Keep other processes from changing a file; the lock is on its folder, since the file is replaced.

    If the system does not allow locking a folder, nothing is locked.
    """
    try:
        handle = os.open(path.resolve().parent, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        got = True
        with suppress(OSError):
            got = acquire(handle, patience)
        if not got:
            raise UsageError(str(path), Words("index.busy"))
        yield
    finally:
        os.close(handle)


def _write(path: Path, written: str) -> None:
    try:
        with replacing(path) as file:
            file.write(written.encode("utf-8"))
    except OSError as error:
        raise UsageError(str(path), system(error), Words("output.other.cure")) from error
