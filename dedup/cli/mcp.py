"""`dedup mcp`: the server for writing assistants."""

from __future__ import annotations

from pathlib import Path

import click

from dedup.cli.deciding import named_here, place_of_decisions
from dedup.cli.language import Command
from dedup.cli.opening import open_to_compare
from dedup.cli.options import Place, Session, with_session
from dedup.errors import UsageError
from dedup.messages import Words


@click.command(cls=Command)
@click.option("--root", "roots", multiple=True, type=Place(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--show-sources", is_flag=True)
@with_session("corpus", "index", "language", "decisions", corpus_as_argument=True)
def mcp(session: Session, roots: tuple[Path, ...], show_sources: bool) -> None:
    """Answer writing assistants on standard input and output."""
    try:
        from dedup.mcp import Assistant, run
    except ImportError as error:
        raise UsageError("mcp", Words("mcp.missing", package=str(error.name))) from error
    from dedup.decisions.file import read_decisions

    decisions = place_of_decisions(session.settings)
    read_decisions(decisions, needed=named_here())  # report its faults now
    open_to_compare(session, refresh=True).close()  # later changes wait for the next start
    run(Assistant(session.settings, roots, show_sources, decisions))
