"""Standard error: errors, notes, progress. Results never come here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import click

from dedup.messages import say
from dedup.progress import Advance, Observer
from dedup.records import dataclass
from dedup.settings import Language


def complain(message: str) -> None:
    """Print an error, which no option silences."""
    _tell(f"dedup: {message}")


def _tell(message: str) -> None:
    # File names are untrusted: characters that a terminal would obey, or cannot show, are replaced.
    safe = (
        one if one.isprintable() or one in " \n\N{IDEOGRAPHIC SPACE}" else "\N{REPLACEMENT CHARACTER}"
        for one in message
    )
    with suppress(OSError, ValueError):  # full or closed; the exit status still tells the result
        click.echo("".join(safe), err=True)


@dataclass(frozen=True, slots=True)
class Console:
    """Messages besides results, as many as `--quiet` and `--verbose` ask for."""

    quiet: bool = False
    verbose: bool = False
    language: Language = "zh"

    def note(self, message: str) -> None:
        """Print a note, unless quiet."""
        if not self.quiet:
            _tell(message)

    def detail(self, message: str) -> None:
        """Print a detail, if verbose."""
        if self.verbose:
            _tell(message)

    @contextmanager
    def progress(
        self, label: str, *, wanted: bool = True, in_bytes: bool = False, passing: bool = False
    ) -> Iterator[Advance | None]:
        """A progress bar on standard error; None if that is no terminal, or no bar is wanted.

        It is drawn when there is something to do, not before. `in_bytes`: bytes are counted. `passing`: it
        leaves no line if the work was brief.
        """
        if not wanted or self.quiet or not sys.stderr.isatty():
            yield None
            return
        from dedup.cli.bar import Bar

        with closing(Bar(label, sys.stderr, self.language, in_bytes=in_bytes, passing=passing)) as bar:
            yield bar.update

    def observer(self) -> Observer:
        """An observer that shows the progress of an index or a scan."""
        return _Shown(self)


class _Shown(Observer):
    """Show each stage of an operation as a bar."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        console, in_bytes = self._console, name in {"index", "merge"}
        label = say(f"scan.stage.{name}", console.language)
        with console.progress(label, in_bytes=in_bytes, passing=True) as bar, super().stage(name) as unheard:
            yield bar or unheard

    def waiting(self) -> None:
        self._console.note(say("index.waiting", self._console.language))

    def placed(self, folder: str, in_cache: bool) -> None:
        message = "index.in_cache" if in_cache else "index.placed"
        self._console.note(say(message, self._console.language, index=folder))
