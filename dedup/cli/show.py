"""`dedup show`: what the index holds."""

from __future__ import annotations

import click

from dedup.cli.options import Session, format_option, refresh_option, with_session


@click.command(short_help="列出索引里有什么  Show what the index holds")
@format_option
@refresh_option
@with_session("corpus", "index", "language", corpus_as_argument=True)
def show(session: Session, format_name: str, refresh: bool) -> int:
    """列出索引里有什么。

    Show what the index of CORPUS holds: documents, their notices, files that could not be read.
    """
    from dedup.index import open_index

    settings = session.settings
    with open_index(settings.corpus, settings.index, settings, refresh=refresh) as opened:
        for document in opened.documents():
            click.echo(str(document))
    return 0
