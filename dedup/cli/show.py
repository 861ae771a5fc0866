"""`dedup show`: what an index holds, or what was read of one file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.console import complain
from dedup.cli.delivery import UNREADABLE
from dedup.cli.language import Command
from dedup.cli.opening import open_for
from dedup.cli.options import (
    LISTING_FORMATS,
    Place,
    Session,
    format_option,
    ocr_option,
    refresh_option,
    with_session,
)
from dedup.cli.output import STANDARD_INPUT, page_columns, print_result
from dedup.cli.reading import read_document, remarks_on
from dedup.errors import UsageError
from dedup.messages import Words, say

if TYPE_CHECKING:
    from dedup.reports import View


@click.command(cls=Command)
@click.argument("corpus", metavar="[CORPUS|FILE]", required=False, type=Place(allow_dash=True))
@format_option((*LISTING_FORMATS, "text"))
@click.option("--formats", is_flag=True)
@ocr_option
@refresh_option
@with_session("index", "language")
def show(
    session: Session, corpus: str | None, format_name: str, formats: bool, ocr: bool, refresh: bool
) -> int:
    """Show what the index of a corpus holds, or what was read of a file."""
    if formats:
        from dedup.reports.readable import as_table as table_of_formats

        print_result(table_of_formats(session.settings.language))
        return 0
    from dedup.reports import View

    view = View(session.settings.language, page_columns(), complete=session.console.verbose)
    if corpus is not None and _is_file(corpus):
        return _show_file(session, corpus, format_name, view, ocr=ocr)
    if format_name == "text":
        raise UsageError("--format text", Words("usage.text_of_file"))
    settings = session.settings if corpus is None else replace(session.settings, corpus=Path(corpus))
    _show_index(replace(session, settings=settings), format_name, refresh, view)
    return 0


def _is_file(name: str) -> bool:
    """Tell whether a name is that of a file, not of a folder; if neither exists, by its suffix."""
    path = Path(name)
    return name == STANDARD_INPUT or path.is_file() or (path.suffix != "" and not path.exists())


def _show_file(session: Session, name: str, format_name: str, view: View, *, ocr: bool) -> int:
    from dedup.reports.outline import as_json, as_table

    document = read_document(name, session.settings.reading, ocr=ocr)
    if format_name == "text":
        print_result(document.text)
    else:
        print_result(as_json(document) if format_name == "json" else as_table(document, view))
    for line in remarks_on(document, view.language):
        session.console.note(line)
    if document.text.strip():
        return 0
    if not document.remarks:
        complain(f"{name}: {say('outline.nothing', view.language)}")
    return UNREADABLE


def _show_index(session: Session, format_name: str, refresh: bool, view: View) -> None:
    from dedup.reports.inventory import as_json, as_table

    with open_for(session, refresh, telling=False) as index:
        print_result(as_json(index, view.language) if format_name == "json" else as_table(index, view))
