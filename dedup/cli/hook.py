"""`dedup hook`: stop commits of documents that reuse text above the limits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.deciding import read_before
from dedup.cli.delivery import FILE, UNREADABLE, exceeds, exit_status
from dedup.cli.language import Command
from dedup.cli.opening import open_to_compare
from dedup.cli.options import Session, with_session
from dedup.cli.output import print_result
from dedup.cli.reading import read_all
from dedup.errors import UsageError
from dedup.messages import Words, say

if TYPE_CHECKING:
    from dedup.document import Document, Skipped
    from dedup.model import Report


@click.command(cls=Command)
@click.argument("action", type=click.Choice(["install", "uninstall", "run"]), metavar="ACTION")
@click.argument("files", nargs=-1, metavar="[FILE...]", type=FILE)
@with_session("corpus", "index", "language", "fail_over", "decisions")
def hook(session: Session, action: str, files: tuple[str, ...]) -> int:
    """Install the hook of a Git repository, remove it, or do its work."""
    from dedup import hooks

    if action == "run":
        return _run(session, files)
    if files:
        raise UsageError(files[0], Words("usage.unexpected"), Words("usage.more", command="dedup hook"))
    change = hooks.install if action == "install" else hooks.uninstall
    path = change(Path())
    session.console.note(say(f"hook.{action}ed", session.settings.language, path=path))
    return 0


def _run(session: Session, files: Sequence[str]) -> int:
    """Check the files, or staged ones if none is named; print a few lines on those that fail."""
    from dedup import hooks

    content = (lambda _: None) if files else partial(hooks.content_to_commit, Path())
    documents, skipped = read_all(files or hooks.staged(Path()), session.settings, content)
    reports = _reports(session, documents)
    _record(session, reports, skipped)
    failing = [report for report in reports if report.verdict.level == "unknown" or exceeds(report)]
    language = session.settings.language
    for report in failing:
        print_result("".join(f"{line}\n" for line in hooks.lines(report, language)))
    if failing:
        print_result(say("hook.more", language) + "\n")
    return exit_status(reports, skipped)


def _record(session: Session, reports: Sequence[Report], skipped: Sequence[Skipped]) -> None:
    """Write the log that the settings name; staged content is in no file, so drafts have no digest."""
    settings = session.settings
    if settings.log is None:
        return
    from dedup.cli.recorder import Recorder, demand_place

    demand_place(settings.log, settings)
    recorder = Recorder(settings.log, {})
    recorder.note_skipped(skipped, UNREADABLE)
    for report in reports:
        recorder.note(report, exit_status([report], ()))


def _reports(session: Session, documents: Sequence[Document]) -> list[Report]:
    """The reports on the documents that do not belong to the corpus."""
    from dedup.checking import check
    from dedup.cli.check import path_below

    settings = session.settings
    checked = [one for one in documents if not path_below(settings.corpus, one.name)]
    if not checked:
        return []
    before = read_before(session)
    settled = before.about(checked) if before is not None else [None] * len(checked)
    with open_to_compare(session, refresh=True) as index:
        pairs = zip(checked, settled, strict=True)
        return [check(document, index, settings, settled=one) for document, one in pairs]
