"""`dedup index`: build the index of a corpus folder, or bring it up to date."""

from __future__ import annotations

import click

from dedup.cli.options import Session, both, with_session


@click.command(short_help="建立或更新索引  Build the index or bring it up to date")
@click.option("--rebuild", is_flag=True, help=both("从头重建", "Build anew from nothing"))
@with_session("corpus", "index", "language", corpus_as_argument=True)
def index(session: Session, rebuild: bool) -> int:
    """为范文库文件夹建立索引，或按文件变动更新。

    Build the index of the folder CORPUS (default: corpus/), or bring it up to date: only files that came,
    went or changed are read.
    """
    from dedup.index import open_index

    settings, console = session.settings, session.console
    with (
        console.progress("索引 index") as progress,
        open_index(settings.corpus, settings.index, settings, rebuild=rebuild, progress=progress) as opened,
    ):
        click.echo(str(opened.parts))
    return 0
