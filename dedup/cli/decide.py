"""`dedup decide`: write down what a person decided about passages of a draft."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.deciding import named_here, place_of_decisions
from dedup.cli.delivery import FILE
from dedup.cli.language import Command
from dedup.cli.opening import open_to_compare
from dedup.cli.options import Session, Whole, with_session
from dedup.cli.output import STANDARD_INPUT, print_result
from dedup.errors import UsageError
from dedup.messages import Words, say

if TYPE_CHECKING:
    from dedup.decisions.change import Subject
    from dedup.decisions.file import DecisionFile
    from dedup.decisions.standing import Entry
    from dedup.document import Document
    from dedup.model import Report
    from dedup.passage import Decision, Passage
    from dedup.reports.kit.places import Places

_RULINGS = {"accept": "accepted", "waive": "waived", "send_back": "sent-back"}
_ALL = "all"
_LINE = re.compile(r"line:(\d+)")
_NUMBERS = re.compile(r"(\d+)(?:-(\d+))?")
_LIKE = 0.8
"""Share of common prints of two texts from which a decision replaces another."""


@click.command(cls=Command)
@click.argument("draft", required=False, metavar="[DRAFT]", type=FILE)
@click.argument("passages", nargs=-1, metavar="[PASSAGE...]")
@click.option("--accept", is_flag=True)
@click.option("--waive", is_flag=True)
@click.option("--send-back", is_flag=True)
@click.option("--reason", metavar="TEXT")
@click.option("--by", metavar="NAME", envvar="DEDUP_BY")
@click.option("--expires", metavar="DATE")
@click.option("--any-draft", is_flag=True)
@click.option("--list", "listing", is_flag=True)
@click.option("--remove", type=Whole(1), multiple=True, metavar="NUMBER")
@with_session("corpus", "index", "language", "own", "author", "template", "unit", "decisions")
def decide(
    session: Session,
    draft: str | None,
    passages: tuple[str, ...],
    listing: bool,
    remove: tuple[int, ...],
    any_draft: bool,
    **said: str | bool | None,
) -> int:
    """Decide about passages of a draft, list what was decided, or take decisions back."""
    from dedup.decisions.file import read_decisions

    place = place_of_decisions(session.settings)
    chosen = [name for name in _RULINGS if said[name]]
    if listing + bool(remove) + len(chosen) != 1:
        raise UsageError("decide", Words("decide.one"))
    if listing or remove:
        if draft is not None:
            raise UsageError(draft, Words("decide.no_draft"))
        found = read_decisions(place, needed=not listing or named_here())
        return _remove(session, found, remove) if remove else _list(session, found)
    if draft is None or not passages:
        raise UsageError("decide", Words("decide.what"))
    decision = _decision(chosen[0], said)
    found = read_decisions(place, needed=False)
    return _decide(session, found, decision, draft, passages, any_draft=any_draft)


def _decision(chosen: str, said: dict[str, str | bool | None]) -> Decision:
    """The decision that the options describe. Raises UsageError if they are incomplete."""
    from dedup.decisions.file import day
    from dedup.passage import Decision

    for name in ("reason", "by"):
        if not str(said[name] or "").strip():
            raise UsageError(f"--{name}", Words(f"decide.{name}"))
    today, expires = date.today().isoformat(), ""
    if said["expires"]:
        try:
            expires = day(said["expires"])
        except ValueError as error:
            problem = Words("decide.expires", wanted=error.args[0])
            raise UsageError(f"--expires {said['expires']}", problem) from error
        if expires < today:
            raise UsageError(f"--expires {expires}", Words("decide.past"))
    ruling = _RULINGS[chosen]
    return Decision(ruling, str(said["reason"]).strip(), str(said["by"]).strip(), today, expires)  # type: ignore[arg-type]


def _decide(
    session: Session,
    found: DecisionFile,
    decision: Decision,
    draft: str,
    passages: Sequence[str],
    *,
    any_draft: bool,
) -> int:
    from dedup.checking import check
    from dedup.cli.check import path_below
    from dedup.decisions.change import Change, change_decisions
    from dedup.decisions.drafts import Before
    from dedup.reports.kit.places import Places

    document, language = _document(session, draft), session.settings.language
    with open_to_compare(session, refresh=True) as index:
        path = path_below(session.settings.corpus, document.name)
        others = index.without(path) if path else index
        before = Before(found.entries, decision.date)
        settled = before.about([document])[0]
        report = check(document, others, session.settings, settled=settled)
        places = Places(report)
        chosen = [*_chosen(passages, report, places)]
        subjects = [_subject(one, report, places, found.path, any_draft=any_draft) for _, one in chosen]
        replaced = [*_replaced([one for _, one in chosen], subjects, settled.entries, decision.date)]
        change = Change(replaced, decision, subjects)
        entries = change_decisions(found.path, change, language, session.limits.patience)
        after = replace(before, entries=entries)
        again = check(document, others, session.settings, settled=after.about([document])[0])
    _tell(session, found.path, report, again, [number for number, _ in chosen])
    return 0


def _document(session: Session, draft: str) -> Document:
    """Read the draft. Raises UsageError for several documents, and what reading raises."""
    from dedup.cli.reading import read_documents, standard_input

    reading = session.settings.reading
    content = standard_input(reading) if draft == STANDARD_INPUT else None
    documents, _ = read_documents(draft, reading, content=content)
    if len(documents) != 1:
        raise UsageError(draft, Words("decide.several"))
    return documents[0]


def _chosen(named: Sequence[str], report: Report, places: Places) -> Iterator[tuple[int, Passage]]:
    """The named passages, each once, in order, with their numbers. Raises UsageError."""
    from dedup.reports.check.describe import in_order

    numbered = dict(enumerate(in_order(report), 1))
    wanted: set[int] = set()
    for name in named:
        numbers = set(_numbers(name, numbered, places))
        if not numbers:
            problem = Words("decide.no_passage", count=len(numbered), path=report.submission.path)
            raise UsageError(name, problem)
        wanted |= numbers
    yield from ((number, numbered[number]) for number in sorted(wanted))


def _numbers(name: str, numbered: dict[int, Passage], places: Places) -> Iterator[int]:
    """The passage numbers of one argument: 3, 3-5, line:12, or all reuse without a decision."""
    if name == _ALL:
        yield from (number for number, one in numbered.items() if one.status == "reuse" and not one.settled)
    elif line := _LINE.fullmatch(name):
        for number, one in numbered.items():
            first, last = (places.line_and_column(at)[0] for at in (one.start, one.end - 1))
            if first <= int(line[1]) <= last:
                yield number
    elif (several := _NUMBERS.fullmatch(name)) and len(name) < 20:
        first, last = int(several[1]), int(several[2] or several[1])
        if last in numbered and first in numbered:
            yield from range(first, last + 1)


def _subject(passage: Passage, report: Report, places: Places, place: Path, *, any_draft: bool) -> Subject:
    """The passage as recorded in the file at `place`."""
    from dedup.decisions.change import subject_of

    submission, folder = report.submission, place.parent
    named = submission.path != STANDARD_INPUT and not any_draft
    return replace(
        subject_of(passage, report.sources, places.characters(passage)),
        draft=_below(folder, submission.path) if named else "",
        title="" if any_draft else submission.title,
    )


def _below(folder: Path, path: str) -> str:
    """A path relative to a folder; for a file elsewhere its name, since folders differ between machines."""
    relative = os.path.relpath(path, folder).replace(os.sep, "/")
    return Path(path).name if relative.startswith("../") else relative


def _replaced(
    passages: Sequence[Passage], subjects: Sequence[Subject], entries: Sequence[Entry], today: str
) -> Iterator[Entry]:
    """The decisions about some passages, in force or expired, that a new one replaces."""
    from dedup.fingerprint import in_order_from_text

    left = list(entries)
    for passage, subject in zip(passages, subjects, strict=True):
        prints = set(in_order_from_text(subject.fingerprint))
        for entry in left:
            expired = bool(entry.decision.expires) and entry.decision.expires < today
            same = (entry.text.source, entry.text.part) == (subject.source, subject.part)
            shared = len(prints & set(entry.text.prints)) / len(set(entry.text.prints))
            if same and shared >= _LIKE and (expired or entry.decision == passage.decision):
                left.remove(entry)
                yield entry
                break


def _tell(session: Session, place: Path, before: Report, after: Report, numbers: Sequence[int]) -> None:
    """Print the decisions made, and the figures that count now."""
    from dedup.reports.check.decisions import decision_in_words
    from dedup.reports.check.describe import headline, in_order
    from dedup.reports.kit.places import Places
    from dedup.reports.kit.ratios import percent

    language, places, passages = session.settings.language, Places(after), in_order(after)
    for number in numbers:
        passage = passages[number - 1]
        print_result(f"[{number}] {headline(passage, places, language)}\n")
        print_result(f"    {decision_in_words(passage, language)}\n")
    facts = {
        "count": len(numbers),
        "path": place,
        "copied": percent(after.figures.copied_ratio),
        "before": percent(before.figures.counted_ratio),
        "after": percent(after.figures.counted_ratio),
    }
    session.console.note(say("decide.done", language, **facts))


def _list(session: Session, found: DecisionFile) -> int:
    """Show the decisions of a file."""
    from dedup.reports.check.decisions import ruling_in_words
    from dedup.reports.kit.columns import visible

    language, today = session.settings.language, date.today().isoformat()
    for number, entry in enumerate(found.entries, 1):
        told = ruling_in_words(entry.decision, language)
        if entry.decision.expires and entry.decision.expires < today:
            told += say("decide.expired", language)
        draft = visible(entry.draft or entry.title) or say("decide.any", language)
        part = f" 《{entry.text.part}》" if entry.text.part else ""
        print_result(f"{number}. {told}\n")
        for key, value in (
            ("decide.draft", draft),
            ("passage.source", visible(entry.text.source + part)),
            ("decide.text", visible(entry.excerpt)),
            ("passage.reason", visible(entry.decision.reason)),
        ):
            print_result(f"   {say(key, language)}{say('colon', language)}{value}\n")
    if not found.entries:
        session.console.note(say("decide.none", language, path=found.path))
    return 0


def _remove(session: Session, found: DecisionFile, numbers: Sequence[int]) -> int:
    """Take decisions out of a file, by their numbers in the list. Raises UsageError."""
    from dedup.decisions.change import Change, change_decisions

    for number in numbers:
        if number > len(found.entries):
            problem = Words("decide.no_number", number=number, count=len(found.entries))
            raise UsageError(f"--remove {number}", problem)
    gone = [found.entries[number - 1] for number in dict.fromkeys(numbers)]
    change_decisions(found.path, Change(gone), session.settings.language, session.limits.patience)
    session.console.note(say("decide.removed", session.settings.language, count=len(gone), path=found.path))
    return 0
