"""From the files named on a command line to documents, and from reports to where they were wanted."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.console import complain
from dedup.cli.options import Place, Session
from dedup.cli.output import (
    STANDARD_INPUT,
    USUAL_COLUMNS,
    joins_corpus,
    page_columns,
    permissions_of,
    print_result,
    report_paths,
    write_whole,
)
from dedup.cli.reading import read_documents
from dedup.errors import UnreadableInput, UsageError
from dedup.messages import Words, say
from dedup.records import dataclass

if TYPE_CHECKING:
    from dedup.model import Document, Report, Skipped
    from dedup.reports import Format, View
    from dedup.settings import Language, Settings

NOTHING, REUSE, UNREADABLE = 0, 1, 2
_PAGES = frozenset({"terminal", "markdown"})
"""Formats for people, between whose reports an empty line stands."""

FILE = Place(allow_dash=True, readable=False)
output_option = click.option("--output", type=Place(), metavar="PATH")
color_option = click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The documents of one call, and how and where their reports are written."""

    session: Session
    format_name: str
    form: Format[Report]
    view: View
    paths: dict[str, Path]
    """File of each document's report, by the document's name; empty for standard output."""
    documents: Sequence[Document]
    skipped: tuple[Skipped, ...]

    @classmethod
    def prepare(
        cls,
        session: Session,
        files: Sequence[str],
        format_name: str,
        output: str | None,
        color: str,
        *,
        ocr: bool = False,
    ) -> Delivery:
        """Read the files; those that cannot be read are complained about and left out. Raises UsageError."""
        from dedup.reports import format_named

        if files.count(STANDARD_INPUT) > 1:
            raise UsageError("-", Words("usage.stdin_twice"), Words("usage.stdin_twice.cure"))
        form = format_named(format_name)
        if form.STANDS_ALONE and len(files) > 1 and not output:
            raise UsageError(
                f"--format {format_name}", Words("usage.file_each"), Words("usage.file_each.cure")
            )
        paths = report_paths(files, output, form.SUFFIX) if output else {}
        view = _view(session, color, to_file=bool(paths), several=len(files) > 1)
        documents, skipped = _read_all(files, session.settings, ocr=ocr)
        if output:
            paths = _paths_of_all(paths, documents, output, form.SUFFIX)
        return cls(session, format_name, form, view, paths, documents, skipped)

    @property
    def to_files(self) -> bool:
        """Whether each report goes into a file of its own."""
        return bool(self.paths)

    def deliver(self, reports: Iterable[Report]) -> int:
        """Write the reports as they come, and give the exit status they amount to."""
        written: list[Report] = []
        for report in reports:
            whole = replace(report, skipped=self.skipped)
            result = self.form.render(whole, self.view)
            if path := self.paths.get(report.submission.path):
                write_whole(path, result, permissions_of(self._quoted_in(report)))
            else:
                if written and self.format_name in _PAGES:
                    print_result("\n")
                print_result(result)
            written.append(whole)
        self._sum_up(written)
        return exit_status(written, self.skipped)

    def _quoted_in(self, report: Report) -> set[str]:
        """Names of the documents of this call whose text stands in a report."""
        among = report.among.drafts if report.among is not None else ()
        quoted = {report.submission.path, *(one.name for one in among)}
        return quoted | {one.document for one in report.sources} & {one.name for one in self.documents}

    def _sum_up(self, reports: Sequence[Report]) -> None:
        """A line for each report written to a file, or an overview of those that were printed."""
        session, language = self.session, self.view.language
        for report in reports if self.to_files else ():
            session.console.note(_one_line(report, self.paths[report.submission.path], language))
        for path in self.paths.values():
            if joins_corpus(path, session.settings.corpus):
                session.console.note(say("output.inside", language, path=path))
                break
        if self.format_name == "terminal" and len(reports) > 1 and not self.to_files:
            from dedup.reports.check.terminal import render_overview

            print_result("\n" + render_overview(reports, self.view))


def exit_status(reports: Sequence[Report], skipped: Sequence[Skipped]) -> int:
    """The status that some reports amount to: what could not be read or judged goes before what was found."""
    if skipped or any(report.verdict.level == "unknown" for report in reports):
        return UNREADABLE
    return REUSE if any(map(_exceeds, reports)) else NOTHING


def _exceeds(report: Report) -> bool:
    """Whether what was found calls for exit status 1: by the limit that was given, else by the verdict."""
    return report.gate.exceeded if report.gate is not None else report.verdict.level != "pass"


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


def _paths_of_all(
    paths: dict[str, Path], documents: Sequence[Document], output: str, suffix: str
) -> dict[str, Path]:
    """The file of each document's report: those in an archive are known only when it has been opened."""
    names = [document.name for document in documents]
    return paths if paths.keys() >= set(names) else report_paths(names, output, suffix)


def _read_all(
    files: Sequence[str], settings: Settings, *, ocr: bool
) -> tuple[list[Document], tuple[Skipped, ...]]:
    """The documents that can be read, and what cannot be, each of which is complained about once."""
    from dedup.model import Skipped

    documents: list[Document] = []
    skipped: list[Skipped] = []
    for name in files:
        try:
            found, missing = read_documents(name, settings.reading, ocr=ocr)
        except UnreadableInput as error:
            complain(error.line(settings.language))
            skipped.append(Skipped(name, error.reason))
            continue
        for one in missing:
            complain(f"{one.path}: {one.why(settings.language)}")
        skipped.extend(missing)
        documents.extend(found)
    return documents, tuple(skipped)


def _one_line(report: Report, path: Path, language: Language) -> str:
    level = say(f"level.{report.verdict.level}", language)
    return f"{report.figures.copied_ratio:6.1%}  {level}  {report.submission.path} -> {path}"
