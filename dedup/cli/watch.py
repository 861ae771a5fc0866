"""`dedup watch`: each draft that is put into a folder gets its report."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.console import complain
from dedup.cli.deciding import read_before
from dedup.cli.delivery import UNREADABLE, exit_status, one_line, view_of
from dedup.cli.language import Command
from dedup.cli.opening import open_to_compare
from dedup.cli.options import Place, Session, format_option, ocr_option, with_session
from dedup.cli.output import make_folder, permissions_of, write_whole
from dedup.cli.reading import read_document
from dedup.errors import UnreadableInput, UsageError
from dedup.messages import Words, say, system
from dedup.reports.receipt import SUFFIXES, with_receipt

if TYPE_CHECKING:
    from dedup.cli.recorder import Recorder
    from dedup.document import Document
    from dedup.index import Index
    from dedup.model import Report
    from dedup.watching import Draft, DropFolder, Problem

_TICK_MS = 500
"""Milliseconds between looks at the clock while nothing happens."""
_SWEEP = 10.0
"""Seconds after which the folder is listed without any message, since network drives send none."""


@click.command(cls=Command)
@click.argument("folder", metavar="DIR", type=Place(file_okay=False, path_type=Path))
@format_option(SUFFIXES)
@click.option("--output", type=Place(file_okay=False, path_type=Path), metavar="DIR")
@ocr_option
@with_session(
    "corpus", "index", "language", "fail_over", "own", "author", "template", "unit", "log", "history"
)
def watch(session: Session, folder: Path, format_name: str, output: Path | None, ocr: bool) -> None:
    """Check each draft that is put into a folder, until somebody ends it."""
    from dedup.watching import DropFolder

    try:
        import watchfiles  # noqa: F401
    except ImportError as error:
        raise UsageError("watch", Words("watch.missing", package=str(error.name))) from error
    _demand_outside_corpus(session, folder, output)
    if output is not None:
        make_folder(output)
    settings = session.settings
    if settings.log is not None:
        from dedup.cli.recorder import demand_place

        demand_place(settings.log, settings)
    read_before(session)  # report its faults at once
    left_out = [settings.corpus, *([settings.index] if settings.index else [])]
    drop = DropFolder(folder, output, format_name, left_out)
    session.console.note(say("watch.begun", settings.language, folder=folder))
    attend(session, drop, format_name, _moments(drop), ocr=ocr)


def attend(
    session: Session, drop: DropFolder, format_name: str, moments: Iterable[float], *, ocr: bool = False
) -> None:
    """Check the drafts that are due at each of some moments, in seconds of any clock; the index stays open.

    A draft that cannot be read is complained about once. Raises UsageError when the folder has gone, where a
    report cannot be written, and DedupError for what is wrong with the corpus or its index.
    """
    from dedup.readers import read_bytes
    from dedup.watching import Problem

    def content(path: Path) -> bytes:
        return read_bytes(path, session.settings.reading)

    with _Checker(session, format_name, ocr=ocr) as checker:
        for now in moments:
            for found in drop.due(now, content):
                try:
                    if isinstance(found, Problem):
                        raise found.error
                    checker.report_on(found)
                except UnreadableInput as error:
                    complain(error.line(session.settings.language))
                    checker.note_unread(found, error)
                drop.settle(found.path)


class _Checker:
    """Check drafts against an index that is kept open as long as it is up to date."""

    def __init__(self, session: Session, format_name: str, *, ocr: bool) -> None:
        self._session = session
        self._format_name = format_name
        self._ocr = ocr
        self._index: Index | None = None

    def __enter__(self) -> _Checker:
        self._index = open_to_compare(self._session, refresh=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._index is not None:
            self._index.close()

    def report_on(self, draft: Draft) -> None:
        """Check a draft and write its report. Raises UnreadableInput."""
        from dedup.checking import check

        name, settings = os.fspath(draft.path), self._session.settings
        mode = permissions_of([name])  # while it is there
        document = read_document(name, settings.reading, ocr=self._ocr, content=draft.content)
        before = read_before(self._session)  # decisions may have been added meanwhile
        settled = before.about([document])[0] if before is not None else None
        report = check(document, self._current(), settings, settled=settled)
        for whole in self._told_of(report, document):
            self._write(draft, whole, mode)

    def _told_of(self, report: Report, document: Document) -> Iterable[Report]:
        """The report, with earlier checks of the draft where these are remembered."""
        from dedup.cli.history import demand_place, with_history

        store = demand_place(self._session, None)
        return with_history([report], store, None, [document]) if store is not None else [report]

    def _write(self, draft: Draft, report: Report, mode: int) -> None:
        from dedup.reports import format_named, whole_report

        if (recorder := self._recorder(draft)) is not None:  # no report without a line in the log
            recorder.note(report, exit_status([report], ()))
        view = view_of(self._session, "never", to_file=True, several=False)
        content = str(whole_report(format_named(self._format_name), report, view))
        make_folder(draft.report.parent, parents=True)
        whole = with_receipt(content, self._format_name, draft.digest)
        write_whole(draft.report, whole, mode)
        self._session.console.note(one_line(report, draft.report, self._session.settings.language))

    def note_unread(self, draft: Draft | Problem, error: UnreadableInput) -> None:
        """Add a line to the log, if one is kept, for a draft that gets no report."""
        from dedup.document import Skipped

        if (recorder := self._recorder(draft)) is not None:
            recorder.note_skipped([Skipped(os.fspath(draft.path), error.reason)], UNREADABLE)

    def _recorder(self, draft: Draft | Problem) -> Recorder | None:
        log = self._session.settings.log
        if log is None:
            return None
        from dedup.cli.recorder import Recorder

        return Recorder(log, {os.fspath(draft.path): draft.digest})

    def _current(self) -> Index:
        """The index, brought up to date with the corpus as it is now."""
        from dedup.index.opening import is_current

        settings = self._session.settings
        if self._index is not None and not is_current(self._index, settings.corpus, settings):
            self._index.close()
            self._index = None
        if self._index is None:
            self._index = open_to_compare(self._session, refresh=True)
        return self._index


def _moments(drop: DropFolder) -> Iterator[float]:
    """The times to list the folder: at the start, after messages of the system, and at intervals."""
    from watchfiles import watch as messages

    last = time.monotonic()
    yield last
    try:
        for heard in messages(drop.folder, watch_filter=None, rust_timeout=_TICK_MS, yield_on_timeout=True):
            drop.demand_there()
            now = time.monotonic()
            if heard or drop.waiting or now - last >= _SWEEP:
                last = now
                yield now
    except OSError as error:
        drop.demand_there()
        raise UsageError(os.fspath(drop.folder), system(error)) from error


def _demand_outside_corpus(session: Session, folder: Path, output: Path | None) -> None:
    """Raise UsageError if drafts or their reports would become documents of the corpus."""
    from dedup.cli.check import path_below

    for place in (folder, *([output] if output is not None else [])):
        below = path_below(session.settings.corpus, os.fspath(place))
        if below or os.path.realpath(place) == os.path.realpath(session.settings.corpus):
            raise UsageError(os.fspath(place), Words("watch.in_corpus"))
