"""Expand folders and patterns among the files of a command, and write the overview of their reports."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.cli.console import complain
from dedup.cli.output import STANDARD_INPUT, permissions_of, write_whole
from dedup.errors import UnreadableInput, UsageError
from dedup.messages import Words, say
from dedup.records import dataclass

if TYPE_CHECKING:
    from dedup.cli.options import Session
    from dedup.document import Skipped
    from dedup.model import Report
    from dedup.settings import Language

_OVERVIEWS = ("html", "csv", "json")
"""Modules of `dedup.reports.batch`, each of which makes a file."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """The files that the arguments of a command name."""

    files: tuple[str, ...]
    places: Mapping[str, str]
    """Path of each file's report below the output folder; empty if the files were named one by one."""
    missing: tuple[Skipped, ...] = ()
    """Folders and patterns that name no file."""
    batch: bool = False
    """True if a folder or a pattern was named; an overview is then written too."""


def expand(named: Sequence[str], output: str, language: Language) -> Expanded:
    """The files named, those below folders, and those that match patterns.

    Complains about arguments that name no file. Reports in the folder `output` are not drafts.
    """
    if not any(map(_is_several, named)):
        return Expanded(tuple(named), {})
    from dedup.batch import Input, inputs_at
    from dedup.document import Skipped

    found: dict[str, Input] = {}
    missing: list[Skipped] = []

    def refused(error: UnreadableInput) -> None:
        complain(error.line(language))
        missing.append(Skipped(str(error.what), error.reason))

    for one in named:
        try:
            several = inputs_at(one, output, refused) if _is_several(one) else [Input(one, Path(one).name)]
        except UnreadableInput as error:
            refused(error)
            continue
        found.update((place.name, place) for place in several)
    counts = Counter(one.below for one in found.values())
    places = {
        name: f"{one.folder}/{one.below}" if counts[one.below] > 1 and one.folder else one.below
        for name, one in found.items()
    }
    return Expanded(tuple(found), places, tuple(missing), batch=True)


def _is_several(name: str) -> bool:
    """Tell whether an argument is a folder, or a pattern that the shell has not expanded."""
    if name == STANDARD_INPUT:
        return False
    return os.path.isdir(name) or (any(one in name for one in "*?[") and not os.path.lexists(name))


def demand_room(folder: Path, paths: Mapping[str, Path]) -> None:
    """Raise UsageError if the overview would overwrite a file that is no overview."""
    from importlib import import_module

    for name in _OVERVIEWS:
        module = import_module(f"dedup.reports.batch.{name}")
        place = folder / module.FILE_NAME
        for document, path in paths.items():
            if path == place:
                problem = Words("batch.taken", name=document, path=str(place))
                raise UsageError("--output", problem)
        if place.exists() and not (place.is_file() and module.is_ours(place)):
            raise UsageError("--output", Words("batch.foreign", path=str(place)))


def write_overview(
    folder: Path,
    reports: Sequence[Report],
    paths: Mapping[str, Path],
    skipped: Iterable[Skipped],
    session: Session,
) -> None:
    """Write the overview of the reports as page, table and JSON. Raises UsageError."""
    from importlib import import_module

    from dedup.reports.batch.overview import overview

    language = session.settings.language
    places = {name: path.relative_to(folder).as_posix() for name, path in paths.items()}
    content = overview(reports, places, skipped, language)
    mode = permissions_of([report.submission.path for report in reports])
    for name in _OVERVIEWS:
        module = import_module(f"dedup.reports.batch.{name}")
        write_whole(folder / module.FILE_NAME, module.render(content, language), mode)
    session.console.note(say("batch.written", language, path=folder / "index.html"))
