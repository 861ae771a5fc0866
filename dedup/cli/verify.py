"""`dedup verify`: check that every byte of the index is as it was written."""

from __future__ import annotations

import click

from dedup.cli.language import Command
from dedup.cli.options import Session, with_session
from dedup.cli.output import print_result
from dedup.messages import say


@click.command(cls=Command)
@with_session("corpus", "index", "language", corpus_as_argument=True)
def verify(session: Session) -> None:
    """Read every file of the index and of the scans beside it, and compare checksums."""
    from dedup.index.opening import verify_index
    from dedup.scan.state import verify_scans

    settings = session.settings
    checked = verify_index(settings.corpus, settings.index, settings)
    scans = verify_scans(checked.folder)
    if not session.console.quiet:
        facts = {"index": checked.folder, "files": checked.files + scans}
        print_result(say("verify.intact", settings.language, **facts) + "\n")
        if checked.interrupted:
            print_result(
                say("verify.interrupted", settings.language, command=session.command("index")) + "\n"
            )
