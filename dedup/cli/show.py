"""`dedup show`: what the index holds."""

from __future__ import annotations

import click

from dedup.cli.language import Command, both
from dedup.cli.opening import open_for
from dedup.cli.options import Session, listing_format_option, refresh_option, with_session
from dedup.cli.output import page_columns, print_result


@click.command(cls=Command, short_help=both("列出索引里有什么", "Show what the index holds"))
@listing_format_option
@refresh_option
@with_session("corpus", "index", "language", corpus_as_argument=True)
def show(session: Session, format_name: str, refresh: bool) -> None:
    """列出索引里有什么：各篇文件、它们的声明、读不了的文件。
    ---
    Show what the index of CORPUS holds: documents, their notices, and files that could not be read.
    """
    from dedup.reports import View
    from dedup.reports.inventory import as_json, as_table

    with open_for(session, refresh, telling=False) as index:
        view = View(session.settings.language, page_columns(), complete=session.console.verbose)
        print_result(as_json(index, view.language) if format_name == "json" else as_table(index, view))
