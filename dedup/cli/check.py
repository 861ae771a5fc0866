"""`dedup check`: read the files, check each against the index, write the reports."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.console import complain
from dedup.cli.language import Command, both
from dedup.cli.opening import digest_ahead, open_to_compare
from dedup.cli.options import Place, Session, format_option, refresh_option, with_session
from dedup.cli.output import (
    STANDARD_INPUT,
    USUAL_COLUMNS,
    joins_corpus,
    page_columns,
    print_result,
    report_paths,
    write_whole,
)
from dedup.errors import UnreadableInput, UsageError
from dedup.messages import Words
from dedup.wording import say

if TYPE_CHECKING:
    from dedup.index import Index
    from dedup.model import Document, Report, Skipped
    from dedup.reports import View
    from dedup.settings import Language, Settings

NOTHING, REUSE, UNREADABLE = 0, 1, 2
_PAGES = frozenset({"terminal", "markdown"})
"""Formats for people, between whose reports an empty line stands."""


@click.command(cls=Command, short_help=both("查文稿，列出有出处的文字", "Check documents against the corpus"))
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=Place(allow_dash=True, readable=False)
)
@format_option
@click.option(
    "--output",
    type=Place(),
    metavar="PATH",
    help=both(
        "报告写入此文件；多份文稿时写入此文件夹",
        "File for the report; with several FILEs a\nfolder, for PATH/<file name>.<suffix>",
    ),
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help=both("终端颜色，NO_COLOR 亦可关闭", "Colours (auto); NO_COLOR switches them off"),
)
@refresh_option
@with_session("corpus", "index", "language", "fail_over", "own", "author")
def check(
    session: Session,
    files: tuple[str, ...],
    format_name: str,
    output: str | None,
    refresh: bool,
    color: str,
) -> int:
    """查一份或几份文稿：哪些文字有出处，出自哪里，先改哪几段。
    ---
    Check documents against the corpus: what was carried over, from where, and what to rewrite first.
    FILE may be - for standard input.
    """
    digest = digest_ahead(session) if refresh else None
    from dedup.reports import format_named

    if files.count(STANDARD_INPUT) > 1:
        raise UsageError("-", Words("usage.stdin_twice"), Words("usage.stdin_twice.cure"))
    form = format_named(format_name)
    if form.STANDS_ALONE and len(files) > 1 and not output:
        raise UsageError(f"--format {format_name}", Words("usage.file_each"), Words("usage.file_each.cure"))
    paths = report_paths(files, output, form.SUFFIX) if output else {}
    view = _view(session, color, to_file=bool(paths), several=len(files) > 1)

    documents, skipped = _read_all(files, view.language)
    reports: list[Report] = []
    for report in _check_all(session, documents, refresh, digest, show_progress=bool(paths)):
        whole = replace(report, skipped=skipped)
        result = form.render(whole, view)
        if path := paths.get(report.submission.path):
            write_whole(path, result)
        else:
            if reports and format_name in _PAGES:
                print_result("\n")
            print_result(result)
        reports.append(whole)
    for report in reports if paths else ():
        session.console.note(_one_line(report, paths[report.submission.path], view.language))
    for path in paths.values():
        if joins_corpus(path, session.settings.corpus):
            session.console.note(say("output.inside", view.language, path=path))
            break
    if format_name == "terminal" and len(reports) > 1 and not paths:
        from dedup.reports.check.terminal import render_overview

        print_result("\n" + render_overview(reports, view))
    if skipped:
        return UNREADABLE
    return REUSE if any(exceeds(report, session.settings) for report in reports) else NOTHING


def exceeds(report: Report, settings: Settings) -> bool:
    """Whether the reuse found calls for exit status 1."""
    if settings.fail_over is not None:
        return report.figures.copied_ratio > settings.fail_over
    return report.verdict.level != "pass"


def _view(session: Session, color: str, *, to_file: bool, several: bool) -> View:
    from dedup.reports import View

    to_terminal = sys.stdout.isatty() and not to_file
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    colour = color == "always" or (color == "auto" and to_terminal and not plain)
    return View(
        language=session.settings.language,
        columns=USUAL_COLUMNS if to_file else page_columns(),
        colour=colour,
        complete=session.console.verbose,
        one_line=several and not to_file,
    )


def _read_all(files: Sequence[str], language: Language) -> tuple[list[Document], tuple[Skipped, ...]]:
    """The documents that can be read, and what cannot be, each of which is complained about once."""
    from dedup.model import Skipped
    from dedup.readers import decode, read
    from dedup.text.structure import parse

    documents, skipped = [], []
    for name in files:
        try:
            text = decode(sys.stdin.buffer.read(), name) if name == STANDARD_INPUT else read(Path(name))
            documents.append(parse(name, text))
        except UnreadableInput as error:
            complain(error.line(language))
            skipped.append(Skipped(name, error.reason))
    return documents, tuple(skipped)


def _check_all(
    session: Session,
    documents: Sequence[Document],
    refresh: bool,
    digest: Callable[[], str] | None,
    *,
    show_progress: bool,
) -> Iterator[Report]:
    if not documents:
        return
    import dedup.check  # noqa: F401  # while the corpus is listed

    with open_to_compare(session, refresh, digest) as index:
        yield from _checked(session, index, documents, show_progress)


def _checked(
    session: Session, index: Index, documents: Sequence[Document], show_progress: bool
) -> Iterator[Report]:
    from dedup.check import check as check_document

    settings, console = session.settings, session.console
    label = say("check.progress", settings.language)
    with console.progress(label, wanted=show_progress and len(documents) > 1) as progress:
        for done, document in enumerate(documents, 1):
            inside = _path_below(settings.corpus, document.name)
            yield check_document(document, index.without(inside) if inside else index, settings)
            if progress:
                progress(done, len(documents))


def _path_below(corpus: Path, name: str) -> str:
    """The path of a file below the corpus folder, with `/`; empty if it lies elsewhere."""
    if name == STANDARD_INPUT:
        return ""
    folder, file = os.path.join(os.path.realpath(corpus), ""), os.path.realpath(name)
    return file.removeprefix(folder).replace(os.sep, "/") if file.startswith(folder) else ""


def _one_line(report: Report, path: Path, language: Language) -> str:
    level = say(f"level.{report.verdict.level}", language)
    return f"{report.figures.copied_ratio:6.1%}  {level}  {report.submission.path} -> {path}"
