"""Read the files of a call into documents, and write their reports to the wanted places."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.batches import demand_room, expand, write_overview
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
from dedup.cli.protected import Protected
from dedup.cli.reading import complained, read_all, standard_input
from dedup.errors import UnreadableInput, UnsupportedInput, UsageError
from dedup.messages import Words, say, text
from dedup.records import dataclass
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.cli.recorder import Recorder
    from dedup.document import Document, Skipped
    from dedup.model import Report
    from dedup.reports import Format, View
    from dedup.settings import Language, Settings

NOTHING, REUSE, UNREADABLE = 0, 1, 2
_PAGES = frozenset({"terminal", "markdown"})
"""Formats for people, with an empty line between reports."""

_SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".sarif": "sarif",
    ".pdf": "pdf",
}
"""Formats by the suffix of a report's file; files with other suffixes may have any format."""

FILE = Place(allow_dash=True, readable=False)
output_option = click.option("--output", type=Place(), metavar="PATH")
color_option = click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The documents of one call, and the format and places of their reports."""

    session: Session
    format_name: str
    form: Format[Report]
    view: View
    paths: dict[str, Path]
    """File of each document's report, by the document's name; empty for standard output."""
    documents: Sequence[Document]
    skipped: tuple[Skipped, ...]
    typed: bytes = b""
    """The content of standard input."""
    folder: Path | None = None
    """The folder for the reports of several documents and an overview of them."""
    recorder: Recorder | None = None
    """Writer of the log; None if none is kept."""

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
        used: tuple[str, ...] = (),
    ) -> Delivery:
        """Read the files; complain about those that cannot be read, and leave them out. Raises UsageError.

        Reports never overwrite the other files that are `used`.
        """
        from dedup.reports import MARKED, MARKED_FORMATS, format_named

        if files.count(STANDARD_INPUT) > 1:
            raise UsageError("-", Words("usage.stdin_twice"))
        if (log := session.settings.log) is not None:
            from dedup.cli.recorder import demand_place

            demand_place(log, session.settings)
        expanded = expand(files, output or "", session.settings.language)
        format_name = _format_of(format_name, output) if len(files) == 1 else format_name
        form = format_named(format_name)
        files, places = _each_once(expanded.files, session), expanded.places
        if form.STANDS_ALONE and len(files) > 1 and not output:
            raise UsageError(f"--format {format_name}", Words("usage.file_each"))
        protected = Protected.of(session.settings, used) if output else Protected()
        folder = Path(output) if output and expanded.batch else None
        if folder is not None:
            demand_room(folder, {})
        paths = report_paths(files, output, form.SUFFIX, protected, places) if output else {}
        if folder is not None:
            demand_room(folder, paths)
        view = view_of(session, color, to_file=bool(paths), several=len(files) > 1)
        typed = standard_input(session.settings.reading) if STANDARD_INPUT in files else b""
        documents, skipped = read_all(files, session.settings, {STANDARD_INPUT: typed}.get, ocr=ocr)
        if format_name in MARKED_FORMATS:
            documents, skipped = _markable(documents, skipped, MARKED[format_name], session.settings.language)
        if output:
            names = [document.name for document in documents]  # only now are members of archives known
            if not paths.keys() >= set(names):
                paths = report_paths(names, output, form.SUFFIX, protected, places)
            if len(paths) > 1:
                documents, skipped = _with_room(documents, skipped, paths, session)
        skipped = (*expanded.missing, *skipped)
        recorder = _recorder(session.settings, documents, skipped, typed)
        return cls(session, format_name, form, view, paths, documents, skipped, typed, folder, recorder)

    @property
    def to_files(self) -> bool:
        """Tell whether each report goes into a file of its own."""
        return bool(self.paths)

    def deliver(self, reports: Iterable[Report]) -> int:
        """Write the reports as they come; return the exit status."""
        written: list[Report] = []
        failed: list[Skipped] = []
        together: list[str] = []
        joined = None if self.to_files else getattr(self.form, "joined", None)
        if self.recorder is not None:
            self.recorder.note_skipped(self.skipped, UNREADABLE)
        for report in reports:
            whole = replace(report, skipped=self.skipped)
            try:
                result = self._rendered(whole)
            except UnreadableInput as error:  # it cannot be marked, so it has no report in this format
                failed.append(complained(report.submission.path, error, self.view.language))
                if self.recorder is not None:
                    self.recorder.note_skipped(failed[-1:], UNREADABLE)
                continue
            if self.recorder is not None:  # before the report is written: no result without a line in the log
                self.recorder.note(report, exit_status([report], ()))
            if path := self.paths.get(report.submission.path):
                write_whole(path, result, permissions_of(self._quoted_in(report)))
            elif joined is not None:
                together.append(str(result))
            else:
                if written and self.format_name in _PAGES:
                    print_result("\n")
                print_result(result)
            written.append(whole)
        if joined is not None:
            print_result(joined(together))
        skipped = (*self.skipped, *failed)
        if self.folder is not None and written:
            write_overview(self.folder, written, self.paths, skipped, self.session)
        self._sum_up(written)
        return exit_status(written, skipped)

    def _rendered(self, report: Report) -> str | bytes | Iterator[str]:
        """The report, or a marked copy of the submission in formats that are one."""
        from dedup.reports import MARKED, MARKED_FORMATS

        path, language = report.submission.path, self.view.language
        found = next((one.format for one in self.documents if one.name == path), "")
        if found != MARKED.get(self.format_name):
            return self.form.render(report, self.view)
        try:
            return self._marked(report)
        except UnreadableInput as error:
            if self.format_name in MARKED_FORMATS:
                raise
            from dedup.verdict import not_marked

            why = text(error.problem, language)
            self.session.console.note(say("marking.instead", language, path=path, why=why))
            return self.form.render(replace(report, verdict=not_marked(report.verdict, why)), self.view)

    def _marked(self, report: Report) -> bytes:
        """A marked copy of the submission. Raises UnreadableInput if it cannot be marked."""
        from dedup.readers import read_bytes
        from dedup.reports.check.marked import marked_copy

        path, language = report.submission.path, self.view.language
        if path != STANDARD_INPUT and not os.path.isfile(path):
            raise UnsupportedInput(path, Words("marking.archive"), Words("marking.impossible.cure"))
        content = self.typed if path == STANDARD_INPUT else read_bytes(path, self.session.settings.reading)
        marked = marked_copy(report, content, language, self.session.settings.reading)
        if marked.unplaced:
            self.session.console.note(say("marking.unplaced", language, path=path, count=marked.unplaced))
        return marked.content

    def _quoted_in(self, report: Report) -> set[str]:
        """Names of the documents of this call whose text a report quotes."""
        among = report.among.drafts if report.among is not None else ()
        quoted = {report.submission.path, *(one.name for one in among)}
        return quoted | {one.document for one in report.sources} & {one.name for one in self.documents}

    def _sum_up(self, reports: Sequence[Report]) -> None:
        """A line for each report written to a file, or an overview of those that were printed."""
        session, language = self.session, self.view.language
        for report in reports if self.to_files else ():
            session.console.note(one_line(report, self.paths[report.submission.path], language))
        note_inside(self.paths.values(), session)
        if self.format_name == "terminal" and len(reports) > 1 and not self.to_files:
            from dedup.reports.check.terminal import render_overview

            print_result("\n" + render_overview(reports, self.view))


def _each_once(files: Sequence[str], session: Session) -> tuple[str, ...]:
    """The files without those that were named before, if by other names: a draft is no copy of itself."""
    first: dict[str, str] = {}
    for name in files:
        place = name if name == STANDARD_INPUT else os.path.realpath(name)
        if (before := first.setdefault(place, name)) != name:
            session.console.note(say("input.again", session.settings.language, name=name, first=before))
    return tuple(first.values())


def _recorder(
    settings: Settings, documents: Sequence[Document], skipped: Sequence[Skipped], typed: bytes
) -> Recorder | None:
    """The writer of the log that the settings name; None if they name none."""
    if settings.log is None:
        return None
    from dedup.cli.recorder import Recorder

    names = [*(one.name for one in documents), *(one.path for one in skipped)]
    return Recorder.of(settings.log, names, typed)


def exit_status(reports: Sequence[Report], skipped: Sequence[Skipped]) -> int:
    """The exit status for some reports: unreadable or unjudged drafts take precedence over reuse found."""
    if skipped or any(report.verdict.level == "unknown" for report in reports):
        return UNREADABLE
    return REUSE if any(map(exceeds, reports)) else NOTHING


def exceeds(report: Report) -> bool:
    """Tell if a report calls for exit status 1: by the limit that was given, else by the verdict."""
    return report.gate.exceeded if report.gate is not None else report.verdict.level != "pass"


def view_of(session: Session, color: str, *, to_file: bool, several: bool) -> View:
    """The options for the look of a call's reports."""
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


def note_inside(paths: Iterable[Path], session: Session) -> None:
    """Note if the index would take one of the reports for a document of the corpus."""
    settings = session.settings
    if inside := next((path for path in paths if joins_corpus(path, settings.corpus)), None):
        session.console.note(say("output.inside", settings.language, path=inside))


def _format_of(format_name: str, output: str | None) -> str:
    """The format of a single report: the one asked for, else that of the suffix of `output`.

    Raises UsageError if the two contradict each other.
    """
    if output is None or os.path.isdir(output):
        return format_name
    suffix = os.path.splitext(output)[1].lower()
    told = _SUFFIXES.get(suffix, format_name)
    source = click.get_current_context().get_parameter_source("format_name")
    if source is None or source.name == "DEFAULT":
        return told
    from dedup.reports import format_named

    if told != format_name and suffix != f".{format_named(format_name).SUFFIX}":
        raise UsageError(f"--output {output}", Words("output.suffix", suffix=suffix, format=format_name))
    return format_name


def _markable(
    documents: Sequence[Document], skipped: tuple[Skipped, ...], wanted: str, language: Language
) -> tuple[list[Document], tuple[Skipped, ...]]:
    """The documents that can be marked in that format; complains about the others."""
    other = [one for one in documents if one.format != wanted]
    problem, cure = Words(f"marking.not_{wanted}"), Words(f"marking.not_{wanted}.cure")
    failed = [complained(one.name, UnsupportedInput(one.name, problem, cure), language) for one in other]
    return [one for one in documents if one.format == wanted], (*skipped, *failed)


def _with_room(
    documents: Sequence[Document], skipped: tuple[Skipped, ...], paths: Mapping[str, Path], session: Session
) -> tuple[list[Document], tuple[Skipped, ...]]:
    """The documents whose names are short enough for a report's name; complains about the others."""
    kept: list[Document] = []
    failed: list[Skipped] = []
    for one in documents:
        if len(os.fsencode(paths[one.name].name)) <= session.limits.longest_name:
            kept.append(one)
        else:
            error = UnreadableInput(one.name, Words("output.long_name"))
            failed.append(complained(one.name, error, session.settings.language))
    return kept, (*skipped, *failed)


def one_line(report: Report, path: Path, language: Language) -> str:
    """The line about a report that was written to a file."""
    level = say(f"level.{report.verdict.level}", language)
    among = report.among.shared_ratio if report.among is not None and "among" in report.verdict.codes else 0.0
    if among:  # what is shared with other drafts is no part of the ratio, and the level would be a riddle
        level = say("batch.line_among", language, level=level, ratio=percent(among))
    return f"{percent(report.figures.copied_ratio):>6}  {level}  {report.submission.path} -> {path}"
