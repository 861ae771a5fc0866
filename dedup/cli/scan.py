"""`dedup scan`: the whole collection against itself."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.console import complain
from dedup.cli.language import Command, both
from dedup.cli.options import Place, Ratio, Session, refresh_option, with_session
from dedup.cli.output import joins_corpus, page_columns, print_result, write_whole
from dedup.errors import UsageError
from dedup.messages import Words
from dedup.settings import Settings
from dedup.wording import say

if TYPE_CHECKING:
    from dedup.cli.console import Console
    from dedup.scan.record import Scan
    from dedup.settings import Language
    from dedup.spark import Form

NOTHING, REUSE, UNREADABLE = 0, 1, 2
_FEW = 10
"""Files that could not be read and are named on standard error; the summary names all."""


@click.command(
    cls=Command, short_help=both("全库自查，列出相近的段落和文件", "Scan the corpus against itself")
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["terminal", "json", "html", "csv"]),
    default="terminal",
    metavar="NAME",
    help=both(
        "结果格式，默认 terminal；\nhtml、csv 写入 --output 的文件夹",
        "Form of the summary (terminal): terminal json;\nhtml and csv are files in the --output folder",
    ),
)
@click.option(
    "--output",
    type=Place(file_okay=False),
    metavar="DIR",
    help=both(
        "结果写入此文件夹：pairs.jsonl、clusters.jsonl、\ndocuments.jsonl、summary.json",
        "Folder for the results: pairs, clusters,\ndocuments (.jsonl) and summary.json",
    ),
)
@click.option(
    "--threshold",
    type=Ratio(above_zero=True),
    default=0.7,
    metavar="J",
    help=both(
        "相近段落的 Jaccard 下限，默认 0.7",
        "Jaccard similarity of 5-character shingles\nfrom which two paragraphs are a pair (0.7)",
    ),
)
@click.option(
    "--input",
    "form",
    type=click.Choice(["text", "parquet", "index"]),
    default="text",
    metavar="NAME",
    help=both(
        "Spark 读什么：文本文件 text（默认）、parquet、index",
        "What Spark reads at CORPUS, a path or URL:\ntext files (text), parquet or an index",
    ),
)
@click.option(
    "--full",
    is_flag=True,
    help=both("全部重新比对，不只比新增的", "Compare everything anew, not only what is new"),
)
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
    """全库自查：哪些段落在几份文件里相近，哪些文件彼此重复，最早出自哪里。
    ---
    Scan the corpus against itself: which paragraphs stand in several documents, which documents repeat one
    another, where a text came first. Only what is new since the last scan is compared.
    """
    if format_name in {"html", "csv"} and output is None:
        raise UsageError(
            f"--format {format_name}", Words("usage.form_is_file"), Words("usage.form_is_file.cure")
        )
    settings, console = session.settings, session.console
    if settings.engine == "spark":
        if format_name in {"html", "csv"} and "://" in (output or ""):
            raise UsageError(
                f"--output {output}", Words("usage.pages_local"), Words("usage.pages_local.cure")
            )
        result = _on_spark(session, corpus, form, threshold, output, refresh)
    elif form != "text":
        raise UsageError(f"--input {form}", Words("usage.local_text"), Words("usage.spark.cure"))
    else:
        result = _here(session, corpus, threshold, output, full, refresh)
    if output is not None and "://" not in output:
        _write_pages(result, Path(output), format_name, console)
    # Not before: a scan begins to list its corpus before it imports what is heavy.
    from dedup.reports import View
    from dedup.reports.scan.terminal import as_json, as_news, as_page

    view = View(settings.language, page_columns(), complete=console.verbose)
    if output is None and format_name == "json":
        print_result(as_json(result, view.language))
    elif console.quiet:
        # Whatever is written to files, a line of cron is to speak when there is something to say.
        print_result(as_news(result, view, output))
    elif format_name == "terminal":
        print_result(as_page(result, view, output))
    if output is not None:
        console.note(say("scan.written", settings.language, folder=output))
    if result.lost is not None:
        complain(say("scan.lost", settings.language, problem=result.lost))
    indexed = settings.engine == "local" or form == "index"
    lister = session.command("show") if indexed else "--verbose"
    where = lister if output is None else f"{output.rstrip('/')}/summary.json"
    _name_unreadable(result, settings.language, where)
    if result.unreadable:
        return UNREADABLE
    return REUSE if result.counts.pairs else NOTHING


def _write_pages(result: Scan, folder: Path, format_name: str, console: Console) -> None:
    """Write the page that is asked for, and take away the other of an earlier scan.

    The folder holds what one scan found: a page beside newer results would be taken for theirs.
    """
    from dedup.reports import View
    from dedup.reports.scan import csv, html

    for form, page in (("html", html), ("csv", csv)):
        path = folder / page.FILE_NAME
        if form == format_name:
            with console.progress(say(f"scan.stage.{form}", console.language), passing=True) as progress:
                write_whole(path, page.render(result, folder, View(console.language), progress))
            if joins_corpus(path, Path(result.corpus)):
                console.note(say("output.inside", console.language, path=path))
            continue
        with suppress(OSError):  # what cannot be read, or removed, stays
            if path.is_file() and page.is_ours(path):
                path.unlink()
                console.note(say("scan.removed", console.language, path=path, form=form))


def _name_unreadable(result: Scan, language: Language, where: str) -> None:
    """Name a few of the documents that could not be read, and `where` all of them are listed."""
    for one in result.unreadable[:_FEW]:
        complain(f"{one.path}: {one.why(language)}")
    if len(result.unreadable) > _FEW:
        complain(say("scan.more_unreadable", language, count=len(result.unreadable) - _FEW, where=where))


def _here(
    session: Session, corpus: str | None, threshold: float, output: str | None, full: bool, refresh: bool
) -> Scan:
    if "://" in (corpus or "") or "://" in (output or ""):
        raise UsageError(corpus or f"--output {output}", Words("usage.url"), Words("usage.spark.cure"))
    settings = _with_corpus(session.settings, corpus)
    from dedup.scan import scan as scan_corpus

    return scan_corpus(
        settings,
        threshold=threshold,
        output=Path(output) if output is not None else None,
        full=full,
        refresh=refresh,
        observer=session.console.observer(),
        limits=session.limits,
    )


def _on_spark(
    session: Session, corpus: str | None, form: Form, threshold: float, output: str | None, refresh: bool
) -> Scan:
    from dedup.cli.opening import open_to_compare
    from dedup.spark import scan as scan_on_spark

    settings = session.settings
    place = corpus or str(settings.corpus)
    if "://" not in place:
        settings = _with_corpus(settings, corpus)
        if form == "index":
            open_to_compare(replace(session, settings=settings), refresh).close()
    quiet = session.console.quiet or not sys.stderr.isatty()
    return scan_on_spark(settings, place, form=form, threshold=threshold, output=output, quiet=quiet)


def _with_corpus(settings: Settings, corpus: str | None) -> Settings:
    return settings if corpus is None else replace(settings, corpus=Path(corpus))
