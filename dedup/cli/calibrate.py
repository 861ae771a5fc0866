"""`dedup calibrate`: what a check finds of known edits planted into the user's own documents."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from dedup.cli.language import Command, both
from dedup.cli.options import Place, Session, Whole, listing_format_option, with_session
from dedup.cli.output import page_columns, print_result
from dedup.errors import UsageError
from dedup.messages import Words, say

_PASSAGES = 280


@click.command(
    cls=Command, short_help=both("用自己的范文库试出检测能力", "See what is found in your own corpus")
)
@click.option(
    "--passages",
    type=Whole(least=14),
    default=_PASSAGES,
    metavar="N",
    help=both(f"植入多少个片段，默认 {_PASSAGES}", f"How many passages to plant ({_PASSAGES})"),
)
@click.option(
    "--seed",
    type=Whole(),
    default=0,
    metavar="S",
    help=both(
        "随机种子，默认 0；同一种子结果相同", "Seed of the choice (0);\nthe same seed gives the same set"
    ),
)
@click.option(
    "--keep",
    type=Place(file_okay=False, path_type=Path),
    metavar="DIR",
    help=both(
        "把测试集留在此文件夹，可再用 dedup evaluate", "Keep the set in this folder, for\ndedup evaluate"
    ),
)
@listing_format_option
@with_session("corpus", "index", "language", corpus_as_argument=True)
def calibrate(session: Session, passages: int, seed: int, keep: Path | None, format_name: str) -> None:
    """用自己的范文库试出检测能力：什么样的改动、多强、多长的片段还能找到。
    ---
    Take some documents of CORPUS (default: corpus/) as hosts, plant edited passages of the others between
    their sentences, check them, and show what is found by kind of edit, strength and length. The corpus and
    its index are not touched.
    """
    from dedup.evaluation.calibration import calibration, plant_corpus, read_corpus
    from dedup.evaluation.checking import check_set
    from dedup.evaluation.sets import read_set
    from dedup.evaluation.tables import calibration_as_json, calibration_page
    from dedup.index import index_folder
    from dedup.readers import documents_among
    from dedup.reports import View

    settings, console = session.settings, session.console
    if keep is not None and keep.resolve().is_relative_to(settings.corpus.resolve()):
        raise UsageError(f"--keep {keep}", Words("usage.keep_inside"), Words("usage.keep_inside.cure"))
    documents, skipped = read_corpus(settings.corpus, index_folder(settings.corpus, settings.index))
    if unread := documents_among(skipped):
        console.note(
            say("index.some_skipped", settings.language, count=len(unread), command=session.command("show"))
        )
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
