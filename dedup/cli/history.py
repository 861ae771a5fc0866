"""`dedup history`: how drafts became better from check to check; and what `check` needs to remember them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.language import Command
from dedup.cli.options import LISTING_FORMATS, Session, format_option, with_session
from dedup.cli.output import STANDARD_INPUT, print_result
from dedup.cli.protected import Protected
from dedup.errors import UsageError
from dedup.messages import Words, say
from dedup.reports.check.history import course, moment
from dedup.reports.kit.columns import visible
from dedup.reports.kit.page import table
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.document import Document
    from dedup.history import Remembered, Store
    from dedup.model import Report

_FORGET = "forget"


@click.command(cls=Command)
@click.argument("words", nargs=-1, metavar="[forget] [DRAFT]")
@click.option("--all", "everything", is_flag=True)
@format_option(LISTING_FORMATS)
@with_session("language", "history")
def history(session: Session, words: tuple[str, ...], everything: bool, format_name: str) -> int:
    """List the drafts that were checked, or the checks of one; forget them."""
    if session.settings.history is None:
        raise UsageError("dedup history", Words("history.none_kept"))
    forget = words[:1] == (_FORGET,)
    names = words[1:] if forget else words
    if len(names) > 1:
        raise UsageError(names[1], Words("usage.unexpected"))
    from dedup.history import Store

    store = Store(session.settings.history)
    if not store.path.exists():
        raise UsageError(str(store.path), Words("history.missing"))
    if forget:
        return _forget(session, store, names, everything=everything)
    as_json = format_name == "json"
    drafts = [_known(store, names[0])] if names else store.drafts()
    if as_json:
        content = [{"draft": draft, "checks": _records(store.checks_of(draft))} for draft in drafts]
        print_result(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    elif drafts:
        page = _checks(store, drafts[0], session) if names else _drafts(store, drafts, session)
        print_result(page + "\n")
    return 0


def _forget(session: Session, store: Store, names: Sequence[str], *, everything: bool) -> int:
    if bool(names) == everything:
        raise UsageError("dedup history forget", Words("history.which"))
    draft = None if everything else _known(store, names[0])
    count = store.forget(draft)
    session.console.note(say("history.forgotten", session.settings.language, count=count))
    return 0


def _known(store: Store, name: str) -> str:
    """The draft with a name or at a path. Raises UsageError if none is known."""
    from dedup.history import name_of

    known = store.drafts()
    for one in (name, name_of(name)):
        if one in known:
            return one
    raise UsageError(name, Words("history.unknown"))


def _drafts(store: Store, drafts: Sequence[str], session: Session) -> str:
    language = session.settings.language
    rows = []
    for draft in drafts:
        checks = tuple(one.check for one in store.checks_of(draft))
        rows.append((moment(checks[-1].time), course(checks), visible(_shown(draft))))
    headers = [say(name, language) for name in ("log.time", "overview.ratio", "overview.document")]
    return table(rows, headers)


def _shown(draft: str) -> str:
    """A path relative to the working folder if it lies below that."""
    path, here = Path(draft), Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else draft


def _checks(store: Store, draft: str, session: Session) -> str:
    from dedup.history import differences

    language = session.settings.language
    rows = []
    before: Remembered | None = None
    for one in store.checks_of(draft):
        mended, new = differences(before, one) if before is not None else ("", "")
        level = say(f"level.{one.level}", language)
        facts = (percent(one.copied_ratio), level, str(len(one.passages)), str(mended), str(new))
        rows.append((moment(one.time), *facts))
        before = one
    names = ("log.time", "overview.ratio", "head.verdict")
    headers = [say(name, language) for name in names]
    headers += [say(f"history.{name}", language) for name in ("passages", "gone", "added")]
    return table(rows, headers, right=(1, 3, 4, 5))


def _records(checks: Sequence[Remembered]) -> list[dict[str, object]]:
    names = ("time", "copied_ratio", "copied_characters", "total_characters", "level", "snapshot")
    return [{**{name: getattr(one, name) for name in names}, "passages": len(one.passages)} for one in checks]


# -------------------------------------------------------------------------------------- while checking


def demand_place(session: Session, draft: str | None) -> Store | None:
    """The file in which checks are kept, created if needed; None if none are kept. Raises UsageError."""
    settings = session.settings
    if settings.history is None:
        if draft is not None:
            raise UsageError("--draft", Words("history.no_place"))
        return None
    from dedup.history import Store

    store = Store(settings.history)
    Protected.of(settings).demand_outside_index(store.path, "--history")
    store.demand()
    return store


def with_history(
    reports: Iterable[Report], store: Store, draft: str | None, documents: Sequence[Document]
) -> Iterator[Report]:
    """The reports with the histories of their drafts; each is remembered after it was delivered.

    Standard input has no history unless it is given a name. Raises UsageError.
    """
    from dedup.history import compared, name_of

    if draft is not None and len(documents) > 1:
        raise UsageError("--draft", Words("history.several"))
    for report in reports:
        path = report.submission.path
        if path == STANDARD_INPUT and draft is None:
            yield report
            continue
        name = name_of(path) if draft is None else draft
        yield replace(report, history=compared(name, store.checks_of(name), report))
        store.remember(name, report)
