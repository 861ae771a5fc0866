"""`dedup doctor`: what is installed, what is missing for which feature, and whether the index is sound."""

from __future__ import annotations

import click

from dedup.cli.language import Command
from dedup.cli.options import Session, with_session
from dedup.cli.output import print_result
from dedup.messages import say, text


@click.command(cls=Command)
@with_session("corpus", "index", "language", corpus_as_argument=True)
def doctor(session: Session) -> int:
    """Look the installation and the index over; status 2 where something stands in the way of a check."""
    from dedup.doctor import findings

    language = session.settings.language
    found = findings(session.settings)
    for one in found:
        state = say(f"doctor.{one.state}", language)
        print_result(f"{state}  {text(one.words, language, session.folders)}\n")
    return 2 if any(one.state == "bad" for one in found) else 0
