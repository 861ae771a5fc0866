"""`dedup calibrate`: what a check finds of known edits planted into the user's own documents."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from dedup.cli.language import Command
from dedup.cli.opening import note_unread
from dedup.cli.options import LISTING_FORMATS, Place, Session, Whole, format_option, with_session
from dedup.cli.output import page_columns, print_result
from dedup.errors import UsageError
from dedup.messages import Words, say

_PASSAGES = 300


@click.command(cls=Command)
@click.option("--passages", type=Whole(least=15), default=_PASSAGES, metavar="N")
@click.option("--seed", type=Whole(), default=0, metavar="S")
@click.option("--keep", type=Place(file_okay=False, path_type=Path), metavar="DIR")
@format_option(LISTING_FORMATS)
@with_session("corpus", "index", "language", corpus_as_argument=True)
def calibrate(session: Session, passages: int, seed: int, keep: Path | None, format_name: str) -> None:
    """Plant edited passages of some documents of the corpus into others, and measure what is found."""
    from dedup.evaluation.calibration import calibration, plant_corpus, read_corpus
    from dedup.evaluation.checking import check_set
    from dedup.evaluation.sets import read_set
    from dedup.evaluation.tables import calibration_as_json, calibration_page
    from dedup.index import index_folder
    from dedup.reports import View

    settings, console = session.settings, session.console
    if keep is not None and keep.resolve().is_relative_to(settings.corpus.resolve()):
        raise UsageError(f"--keep {keep}", Words("usage.keep_inside"))
    documents, skipped = read_corpus(settings.corpus, index_folder(settings.corpus, settings.index))
    note_unread(skipped, session)
    planted = plant_corpus(settings.corpus, documents, passages, seed)
    with (
        TemporaryDirectory(prefix="dedup-") as temporary,
        console.progress(say("evaluation.progress", settings.language)) as progress,
    ):
        folder = Path(temporary, "set") if keep is None else keep
        planted.write(folder)
        checked = check_set(read_set(folder), settings, progress)
    found = calibration(checked)
    if format_name == "json":
        print_result(calibration_as_json(checked.measure, found))
        return
    view = View(settings.language, page_columns(), complete=console.verbose)
    print_result(calibration_page(checked.measure, found, settings, view))
