"""`dedup index`: build the index of a corpus folder, or bring it up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dedup.cli.console import complain
from dedup.cli.language import Command
from dedup.cli.opening import update_for
from dedup.cli.options import Session, with_session
from dedup.cli.output import print_result
from dedup.messages import say

if TYPE_CHECKING:
    from dedup.index.changes import Changes


@click.command(cls=Command)
@click.option("--rebuild", is_flag=True)
@click.option("--allow-empty", is_flag=True)
@with_session("corpus", "index", "language", corpus_as_argument=True)
def index(session: Session, rebuild: bool, allow_empty: bool) -> None:
    """Build the index of a corpus, or bring it up to date."""
    from dedup.readers import documents_among

    console = session.console
    changes = update_for(session, rebuild=rebuild, allow_empty=allow_empty)
    for skipped in documents_among(changes.skipped):
        complain(f"{skipped.path}: {skipped.why(console.language)}")
    if not console.quiet:
        print_result(_summary(changes, session) + "\n")


def _summary(changes: Changes, session: Session) -> str:
    from dedup.readers import documents_among

    language = session.settings.language
    unread = len(documents_among(changes.skipped))
    counts = [
        say(f"index.{name}", language, count=count)
        for name, count in (
            ("added", changes.added),
            ("changed", changes.changed),
            ("removed", changes.removed),
            ("unchanged", changes.unchanged),
            ("skipped", unread),
            ("others", len(changes.skipped) - unread),
        )
        if count
    ]
    done = say("comma", language).join(counts) or say("index.nothing", language)
    time = say("index.time", language, characters=changes.characters, seconds=f"{changes.seconds:.1f}")
    return f"{session.settings.corpus}: {done}{time}"
