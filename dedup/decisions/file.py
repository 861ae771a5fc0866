"""`decisions.toml`: what people decided, in a file that can be read, reviewed and edited.

::

    [[decision]]
    verdict = "waived"          # accepted · waived · sent-back
    reason = "上级统一口径，要求照录"
    by = "王芳"
    date = 2026-11-28
    expires = 2027-01-01        # may be left out
    draft = "来稿/一.txt"        # left out together with `title`: any draft
    title = "霁山县2026年工作总结"
    source = "2023年/供水方案.docx"
    excerpt = "我们坚持把农田水利作为头等大事来抓…"   # for the reader
    fingerprint = ["…"]         # of the passage's text, by which it is recognised
"""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG
from typing import Any, get_args

from dedup.decisions.known import KnownText, storable
from dedup.decisions.standing import Entry
from dedup.errors import UsageError
from dedup.fingerprint import in_order_as_text, in_order_from_text, winnow
from dedup.locking import acquire
from dedup.messages import Language, Words, say, system
from dedup.model import SourceSummary
from dedup.passage import Decision, Passage, Ruling
from dedup.records import dataclass
from dedup.settings import text_value, unknown_key
from dedup.text.normalize import normalize

FILE_NAME = "decisions.toml"
_TABLE = "decision"
_HEAD = re.compile(r"\s*\[\[\s*decision\s*\]\]\s*(?:#.*)?")
_ANY_HEAD = re.compile(r"\s*\[")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_EXCERPT = 40
"""Characters of a passage that are shown of it."""
_LETTERS_A_LINE = 96


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """The decisions of a file, in its order, and the file as it is written."""

    path: Path
    entries: tuple[Entry, ...] = ()
    written: str = ""
    """Empty where there is no file."""

    @property
    def exists(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.written)


def read_decisions(path: Path, *, needed: bool = True) -> DecisionFile:
    """Read a file of decisions. Raises UsageError that tells all that is wrong, each with its line.

    A file that is not there is empty unless it is `needed`.
    """
    try:
        content = content_of(path)
    except FileNotFoundError as error:
        if not needed:
            return DecisionFile(path)
        raise UsageError(str(path), Words("decision.no_file"), Words("decision.no_file.cure")) from error
    except (OSError, ValueError) as error:
        problem = system(error) if isinstance(error, OSError) else Words("system.ENOENT")
        raise UsageError(str(path), problem) from error
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(str(path), Words("settings.not_utf8")) from error
    return DecisionFile(path, parsed(str(path), written), written)


def content_of(path: Path) -> bytes:
    """What a file holds. Raises OSError, and UsageError for a pipe or a device, which may be endless."""
    if not S_ISREG(os.stat(path).st_mode) and not path.is_dir():
        raise UsageError(str(path), Words("decision.not_regular"))
    return path.read_bytes()


def parsed(place: str, written: str) -> tuple[Entry, ...]:
    """The decisions in the text of a file. Raises UsageError as `read_decisions` does."""
    import tomllib

    try:
        tables = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(place, Words("particulars.not_toml", why=str(error))) from error
    lines = _Lines(written)
    problems = [
        Words("decision.no_table", line=lines.of(name), name=name) for name in tables if name != _TABLE
    ]
    listed = tables.get(_TABLE, [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        problems.append(Words("decision.no_list", line=lines.of(_TABLE)))
        listed = []
    entries = [_entry(value, number, lines, problems) for number, value in enumerate(listed)]
    if problems:
        words = Words("settings.problems", problems=tuple(problems))
        raise UsageError(place, words, Words("decision.correct"))
    return tuple(one for one in entries if one is not None)


class _Lines:
    """Where in the file each decision begins and its keys stand, counted from 1."""

    def __init__(self, written: str) -> None:
        self.heads: list[int] = []
        self._keys: dict[tuple[int, str], int] = {}
        for number, line in enumerate(written.split("\n"), 1):
            if _HEAD.fullmatch(line):
                self.heads.append(number)
            elif key := _KEY.match(line):
                self._keys.setdefault((len(self.heads) - 1, key[1]), number)

    def of(self, name: str) -> int:
        """Where a key stands that belongs to no decision."""
        return self._keys.get((-1, name), 1)

    def decision(self, number: int) -> int:
        return self.heads[number] if number < len(self.heads) else self.of(_TABLE)

    def key(self, number: int, name: str) -> int:
        return self._keys.get((number, name)) or self.decision(number)


def _entry(value: Mapping[str, object], number: int, lines: _Lines, problems: list[Words]) -> Entry | None:
    given: dict[str, Any] = {}
    before = len(problems)
    for key, written in value.items():
        line = lines.key(number, key)
        if key not in _RULES:
            problems.append(unknown_key(line, key, _RULES))
            continue
        try:
            given[key] = _RULES[key](written)
        except ValueError as error:
            problems.append(Words("particulars.value", line=line, name=key, wanted=error.args[0]))
    missing = [key for key in _NEEDED if key not in value]
    if missing:
        facts = {"line": lines.decision(number), "names": ", ".join(missing)}
        problems.append(Words("decision.missing", **facts))
    if given.get("expires") and given.get("date") and given["expires"] < given["date"]:
        problems.append(Words("decision.order", line=lines.key(number, "expires")))
    if len(problems) > before:
        return None
    return Entry(
        decision=Decision(
            given["verdict"], given["reason"], given["by"], given["date"], given.get("expires", "")
        ),
        text=KnownText(
            given["source"], given.get("part", ""), given["fingerprint"], bool(given.get("notice"))
        ),
        draft=given.get("draft", ""),
        title=given.get("title", ""),
        excerpt=given.get("excerpt", ""),
        line=lines.decision(number),
    )


# ------------------------------------------------------------------------------------------- rules
# A rule turns a value of the file into a fact, or raises ValueError with the Words for what is expected.


def _any_text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(Words("settings.text"))


def _ruling(value: object) -> Ruling:
    for one in get_args(Ruling):
        if value == one:
            ruling: Ruling = one
            return ruling
    raise ValueError(Words("settings.one_of", choices="、".join(get_args(Ruling))))


def day(value: object) -> str:
    """A day, as TOML has it or as a text: ISO 8601. Raises ValueError with the Words for what is expected."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    with suppress(ValueError):
        if isinstance(value, str):
            return datetime.datetime.strptime(value.strip(), "%Y-%m-%d").date().isoformat()
    raise ValueError(Words("decision.day"))


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError(Words("decision.count"))


def _fingerprint(value: object) -> tuple[int, ...]:
    pieces = [value] if isinstance(value, str) else value
    with suppress(ValueError):
        if isinstance(pieces, list) and all(isinstance(one, str) for one in pieces):
            return in_order_from_text("".join("".join(one.split()) for one in pieces))
    raise ValueError(Words("decision.fingerprint"))


_RULES: dict[str, Callable[[Any], object]] = {
    "verdict": _ruling,
    "reason": text_value,
    "by": text_value,
    "date": day,
    "expires": day,
    "draft": text_value,
    "title": text_value,
    "source": text_value,
    "part": _any_text,
    "notice": text_value,
    "excerpt": _any_text,
    "characters": _whole,
    "fingerprint": _fingerprint,
}
_NEEDED = ("verdict", "reason", "by", "date", "source", "fingerprint")


# ------------------------------------------------------------------------------------------ writing


@dataclass(frozen=True, slots=True)
class Subject:
    """The passage that a decision is about, as it is written down."""

    source: str
    fingerprint: str
    excerpt: str
    characters: int
    part: str = ""
    notice: str = ""
    draft: str = ""
    title: str = ""


def subject_of(passage: Passage, sources: Iterable[SourceSummary], characters: int) -> Subject:
    """A passage of so many characters as a decision about any draft names it; `sources` are its report's."""
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
    """The text of a file without the decisions that begin in some lines, and everything else as it was.

    A comment right above a decision goes with it.
    """
    rows = written.split("\n")
    for line in sorted(lines, reverse=True):
        first, last = line - 1, line
        while last < len(rows) and not _ANY_HEAD.match(rows[last]):
            last += 1
        if last < len(rows):  # what stands right above the next one is about that
            while rows[last - 1].lstrip().startswith("#"):
                last -= 1
        while first > 0 and rows[first - 1].lstrip().startswith("#") and _is_about(rows, first):
            first -= 1
        del rows[first:last]
    return "\n".join(rows).rstrip("\n") + "\n"


def _is_about(rows: Sequence[str], place: int) -> bool:
    """Whether the comment that ends before a place is no head of the whole file."""
    while place > 0 and rows[place - 1].lstrip().startswith("#"):
        place -= 1
    return place > 0


def _comment(language: Language) -> str:
    return "\n".join(f"# {line}".rstrip() for line in say("decision.head", language).split("\n"))


def _block(decision: Decision, subject: Subject) -> Iterator[str]:
    yield f"[[{_TABLE}]]"
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
    """A text as TOML writes it: as JSON does, but for one control character."""
    return json.dumps(storable(text), ensure_ascii=False).replace("\x7f", "\\u007f")


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done to a file of decisions."""

    removed: Sequence[Entry] = ()
    decision: Decision | None = None
    subjects: Sequence[Subject] = ()
    """What the decision is about."""


def change_decisions(path: Path, change: Change, language: Language, patience: float) -> tuple[Entry, ...]:
    """Change a file of decisions as it is by now, and give what it holds then.

    Somebody else who changes it at the same time is waited for, so many seconds. Raises UsageError as
    `read_decisions` does, and where the file cannot be changed or written.
    """
    with _alone(path, patience):
        found = read_decisions(path, needed=False)
        kept = list(found.entries)
        lines = []
        for one in change.removed:
            same = next((other for other in kept if _same(one, other)), None)
            if same is not None:  # it may have been removed in the meantime
                kept.remove(same)
                lines.append(same.line)
        written = without_entries(found.written, lines) if lines else found.written
        if change.decision is not None:
            written = with_added(written, change.decision, change.subjects, language)
        entries = parsed(str(path), written)
        # A way of writing TOML that we do not know must not cost anybody a decision.
        if len(entries) != len(kept) + len(change.subjects) or not all(map(_same, kept, entries)):
            raise UsageError(str(path), Words("decision.form"), Words("decision.form.cure"))
        _write(path, written)
        return entries


def _same(one: Entry, other: Entry) -> bool:
    """Whether two entries are the same but for the line."""
    return replace(one, line=0) == replace(other, line=0)


@contextmanager
def _alone(path: Path, patience: float) -> Iterator[None]:
    """Keep others from changing a file, which is replaced: the lock is on its folder.

    Where the system lets nobody lock a folder, nothing is locked.
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
    """Put a text in place of a file: aside first, synced, then renamed."""
    target = path.resolve()  # a link stays a link
    aside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666
        with open(aside, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(written.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise UsageError(str(path), system(error), Words("output.other.cure")) from error
