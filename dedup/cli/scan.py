"""`dedup scan`: the whole collection against itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.console import complain
from dedup.cli.delivery import NOTHING, REUSE, UNREADABLE
from dedup.cli.language import Command
from dedup.cli.opening import open_to_compare
from dedup.cli.options import Place, Ratio, Session, format_option, refresh_option, with_session
from dedup.cli.output import joins_corpus, page_columns, print_result, write_whole
from dedup.cli.protected import Protected
from dedup.errors import UsageError
from dedup.messages import Words, say, text
from dedup.records import dataclass
from dedup.reports import SCAN_FORMATS, ScanReport, View, scan_files, scan_format_named
from dedup.settings import Settings, is_url

if TYPE_CHECKING:
    from dedup.cli.console import Console
    from dedup.scan.record import Scan
    from dedup.settings import Language
    from dedup.spark import Form

_FEW = 10
"""Largest number of unreadable files named on standard error; the summary names all."""


@click.command(cls=Command)
@format_option(SCAN_FORMATS)
@click.option("--output", type=Place(file_okay=False), metavar="DIR")
@click.option("--threshold", type=Ratio(above_zero=True), default=0.7, metavar="J")
@click.option(
    "--input", "form", type=click.Choice(["text", "parquet", "index"]), default="text", metavar="NAME"
)
@click.option("--full", is_flag=True)
@refresh_option
@click.argument("corpus", required=False, type=Place(readable=False))
@with_session("engine", "index", "language")
def scan(
    session: Session,
    corpus: str | None,
    format_name: str,
    output: str | None,
    threshold: float,
    form: Form,
    full: bool,
    refresh: bool,
) -> int:
    """Scan the corpus against itself."""
    page = scan_format_named(format_name)
    if page.STANDS_ALONE and output is None:
        raise UsageError(f"--format {format_name}", Words("usage.form_is_file"))
    if page.STANDS_ALONE and is_url(output):
        raise UsageError(f"--output {output}", Words("usage.pages_local"))
    settings, console = session.settings, session.console
    if output is not None and not is_url(output) and not is_url(corpus):
        Protected.of(_with_corpus(settings, corpus)).demand_outside_index(Path(output))
    request = Request(corpus, threshold, output, form, full, refresh)
    result = ENGINES[settings.engine](session, request)
    if output is not None and not is_url(output):
        _write_pages(result, Path(output), format_name, console)
    view = View(settings.language, page_columns(), complete=console.verbose, brief=console.quiet)
    if page.STANDS_ALONE or (format_name == "json" and output is not None):
        page = scan_format_named("terminal")
        # Even when results go to files, a cron job should print something if there is news.
        wanted = console.quiet
    else:
        wanted = True
    if wanted:
        print_result(page.render(ScanReport(result, output), view))
    if output is not None:
        console.note(say("scan.written", settings.language, folder=output))
    if result.lost is not None:
        complain(say("scan.lost", settings.language, problem=text(result.lost, settings.language)))
    indexed = settings.engine == "local" or form == "index"
    lister = session.command("show") if indexed else "--verbose"
    where = lister if output is None else f"{output.rstrip('/')}/summary.json"
    _name_unreadable(result, settings.language, where)
    if result.unreadable:
        return UNREADABLE
    return REUSE if result.counts.pairs else NOTHING


def _write_pages(result: Scan, folder: Path, format_name: str, console: Console) -> None:
    """Write the page that is asked for, and remove pages of an earlier scan.

    The folder holds the results of one scan: an old page beside newer results would be taken for theirs.
    """
    for name, form in scan_files().items():
        path = folder / form.FILE_NAME
        if name == format_name:
            label = say(f"scan.stage.{name}", console.language)
            with console.progress(label, passing=True) as progress:
                report = ScanReport(result, str(folder), progress)
                write_whole(path, form.render(report, View(console.language)))
            if joins_corpus(path, Path(result.corpus)):
                console.note(say("output.inside", console.language, path=path))
            continue
        with suppress(OSError):  # a page that cannot be read or removed stays
            if path.is_file() and form.is_ours(path):
                path.unlink()
                console.note(say("scan.removed", console.language, path=path, form=name))


def _name_unreadable(result: Scan, language: Language, where: str) -> None:
    """Name a few of the unreadable documents, and the place (`where`) that lists all of them."""
    for one in result.unreadable[:_FEW]:
        complain(f"{one.path}: {one.why(language)}")
    if len(result.unreadable) > _FEW:
        complain(say("scan.more_unreadable", language, count=len(result.unreadable) - _FEW, where=where))


# ---- engines


@dataclass(frozen=True, slots=True)
class Request:
    """The parameters of a scan."""

    corpus: str | None
    threshold: float
    output: str | None
    form: Form
    """The form of the documents that Spark reads from the corpus."""
    full: bool
    refresh: bool


def _on_this_machine(session: Session, request: Request) -> Scan:
    from dedup.scan import scan_corpus

    if request.form != "text":
        raise UsageError(f"--input {request.form}", Words("usage.local_text"), Words("usage.spark.cure"))
    if is_url(request.corpus) or is_url(request.output):
        place = request.corpus if is_url(request.corpus) else f"--output {request.output}"
        raise UsageError(str(place), Words("usage.url"), Words("usage.spark.cure"))
    return scan_corpus(
        _with_corpus(session.settings, request.corpus),
        threshold=request.threshold,
        output=Path(request.output) if request.output is not None else None,
        full=request.full,
        refresh=request.refresh,
        observer=session.console.observer(),
        limits=session.limits,
    )


def _on_spark(session: Session, request: Request) -> Scan:
    from dedup.spark import scan_on_spark

    settings = session.settings
    place = request.corpus or str(settings.corpus)
    if not is_url(place):
        settings = _with_corpus(settings, request.corpus)
        if request.form == "index":
            open_to_compare(replace(session, settings=settings), request.refresh).close()
    quiet = session.console.quiet or not sys.stderr.isatty()
    return scan_on_spark(
        settings,
        place,
        form=request.form,
        threshold=request.threshold,
        output=request.output,
        quiet=quiet,
        limits=session.limits,
    )


ENGINES: dict[str, Callable[[Session, Request], Scan]] = {"local": _on_this_machine, "spark": _on_spark}


def _with_corpus(settings: Settings, corpus: str | None) -> Settings:
    return settings if corpus is None else replace(settings, corpus=Path(corpus))
