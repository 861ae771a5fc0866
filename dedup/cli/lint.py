"""`dedup lint`: look documents over for what copying leaves behind."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.delivery import FILE, color_option, note_inside, output_option, view_of
from dedup.cli.language import Command
from dedup.cli.options import Session, Whole, format_option, ocr_option, with_session
from dedup.cli.output import STANDARD_INPUT, permissions_of, print_result, report_paths, write_whole
from dedup.cli.protected import Protected
from dedup.cli.reading import complained, read_all, remarks_on, standard_input
from dedup.errors import UnsupportedInput, UsageError
from dedup.messages import Words, say
from dedup.reports import LINT_FORMATS, lint_format_named

if TYPE_CHECKING:
    from dedup.document import Document, Skipped
    from dedup.index import Index
    from dedup.model import LintReport

NOTHING, ERRORS, UNREADABLE = 0, 1, 2
_LAST_YEAR = 2100


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
@click.option("--year", type=Whole(1949), metavar="Y")
@format_option(("text", *LINT_FORMATS))
@output_option
@color_option
@ocr_option
@with_session("corpus", "index", "language", "unit")
def lint(
    session: Session,
    files: tuple[str, ...],
    year: int | None,
    format_name: str,
    output: str | None,
    color: str,
    ocr: bool,
) -> int:
    """Look documents over for what copying leaves behind."""
    if files.count(STANDARD_INPUT) > 1:
        raise UsageError("-", Words("usage.stdin_twice"))
    if year is not None and year > _LAST_YEAR:
        raise UsageError(f"--year {year}", Words("usage.year"))
    format_name = "terminal" if format_name == "text" else format_name
    form = lint_format_named(format_name)
    if form.STANDS_ALONE and len(files) > 1 and not output:
        raise UsageError(f"--format {format_name}", Words("usage.file_each"))
    protected = Protected.of(session.settings) if output else Protected()
    paths = report_paths(files, output, form.SUFFIX, protected) if output else {}
    view = view_of(session, color, to_file=bool(paths), several=len(files) > 1)
    typed = standard_input(session.settings.reading) if STANDARD_INPUT in files else b""
    documents, skipped = _with_text(
        *read_all(files, session.settings, {STANDARD_INPUT: typed}.get, ocr=ocr), session
    )
    names = [one.name for one in documents]
    if output and not paths.keys() >= set(names):  # members of archives are known by now
        paths = report_paths(names, output, form.SUFFIX, protected)
    status = UNREADABLE if skipped else NOTHING
    first = True
    for report in _reports(session, documents, year):
        result = form.render(replace(report, skipped=skipped), view)
        if path := paths.get(report.submission.path):
            write_whole(path, result, permissions_of([report.submission.path]))
            session.console.note(_line(report, path, session))
        else:
            if not first and format_name in ("terminal", "markdown"):
                print_result("\n")
            print_result(result)
        first = False
        if any(one.severity == "error" for one in report.findings):
            status = max(status, ERRORS)
    note_inside(paths.values(), session)
    return status


def _with_text(
    documents: Sequence[Document], skipped: tuple[Skipped, ...], session: Session
) -> tuple[list[Document], tuple[Skipped, ...]]:
    """Part documents from those of which no text could be read, as nothing is known of those."""
    kept, language = [], session.settings.language
    for document in documents:
        unread = next((one for one in document.remarks if one.code in ("no-text", "cipher-font")), None)
        if unread is not None and not document.text.strip():
            error = UnsupportedInput(
                document.name, Words(f"reading.{unread.code}"), Words("reading.no-text.cure")
            )
            skipped = (*skipped, complained(document.name, error, language))
            continue
        for line in remarks_on(document, language):
            session.console.note(line)
        kept.append(document)
    return kept, skipped


def _reports(session: Session, documents: Sequence[Document], year: int | None) -> Iterator[LintReport]:
    from dedup.linting import lint as lint_document

    with _index(session) if documents else nullcontext() as index:
        for document in documents:
            yield lint_document(document, session.settings, year, index)


def _index(session: Session) -> AbstractContextManager[Index | None]:
    """The index of the corpus, if one was named."""
    if not session.folders:
        return nullcontext()
    from dedup.cli.opening import open_to_compare

    return open_to_compare(session, refresh=True, digest=None)


def _line(report: LintReport, path: Path, session: Session) -> str:
    severities = [one.severity for one in report.findings]
    return say(
        "lint.line",
        session.settings.language,
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        path=report.submission.path,
        output=os.fspath(path),
    )
