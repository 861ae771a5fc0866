"""`dedup evaluate`: measure the checker on a set with known answers."""

from __future__ import annotations

from pathlib import Path

import click

from dedup.cli.language import Command
from dedup.cli.options import LISTING_FORMATS, Place, Session, format_option, with_session
from dedup.cli.output import page_columns, print_result
from dedup.messages import say


@click.command(cls=Command)
@click.argument("folder", metavar="SET", type=Place(file_okay=False, path_type=Path))
@format_option(LISTING_FORMATS)
@click.option("--misses", metavar="KIND")
@click.option("--reports", type=Place(file_okay=False, exists=True, path_type=Path), metavar="DIR")
@click.option("--against", type=Place(exists=True, path_type=Path), metavar="RESULT")
@with_session("language")
def evaluate(
    session: Session,
    folder: Path,
    format_name: str,
    misses: str | None,
    reports: Path | None,
    against: Path | None,
) -> None:
    """Check the submissions of a set against its corpus, and measure what is found."""
    from dedup.evaluation.checking import check_set
    from dedup.evaluation.saved import measure_reports, sums_of
    from dedup.evaluation.sets import read_set
    from dedup.evaluation.tables import measure_as_json, measure_page
    from dedup.reports import View

    test_set = read_set(folder)
    _check_kind(misses, test_set.kinds)
    settings, console = session.settings, session.console
    other = None if against is None else sums_of(test_set, against)
    if reports is not None:
        measure = measure_reports(test_set, reports)
    else:
        with console.progress(say("evaluation.progress", settings.language)) as progress:
            measure = check_set(test_set, settings, progress).measure
    if format_name == "json":
        print_result(measure_as_json(measure, other))
        return
    view = View(settings.language, page_columns(), complete=console.verbose)
    print_result(measure_page(measure, test_set, misses, view, other))


def _check_kind(kind: str | None, known: tuple[str, ...]) -> None:
    if kind is not None and kind not in (*known, "all"):
        from dedup.errors import UsageError
        from dedup.messages import Words

        raise UsageError(
            f"--misses {kind}",
            Words("usage.no_kind"),
            Words("usage.choice.cure", choices=" ".join([*known, "all"])),
        )
