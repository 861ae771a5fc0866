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
    """An error, which no option silences."""
    _tell(f"dedup: {message}")


def _tell(message: str) -> None:
    # Names of files are strangers' too: what a terminal would obey, or cannot show, is replaced.
    safe = (
        one if one.isprintable() or one in " \n\N{IDEOGRAPHIC SPACE}" else "\N{REPLACEMENT CHARACTER}"
        for one in message
    )
    with suppress(OSError, ValueError):  # full, or closed by who started us: the exit status still tells
        click.echo("".join(safe), err=True)


@dataclass(frozen=True, slots=True)
class Console:
    """The voice beside the results, as loud as `--quiet` and `--verbose` ask."""

    quiet: bool = False
    verbose: bool = False
    language: Language = "zh"

    def note(self, message: str) -> None:
        """Something worth knowing."""
        if not self.quiet:
            _tell(message)

    def detail(self, message: str) -> None:
        """Something worth knowing for who asked."""
        if self.verbose:
            _tell(message)

    @contextmanager
    def progress(
        self, label: str, *, wanted: bool = True, in_bytes: bool = False, passing: bool = False
    ) -> Iterator[Advance | None]:
        """A bar on standard error; None where that is no terminal, or nobody wants one.

        It is drawn when there is something to do, not before. `in_bytes`: what is counted are bytes.
        `passing`: it leaves no line when the work was brief.
        """
        if not wanted or self.quiet or not sys.stderr.isatty():
            yield None
            return
        from dedup.cli.bar import Bar

        with closing(Bar(label, sys.stderr, self.language, in_bytes=in_bytes, passing=passing)) as bar:
            yield bar.update

    def observer(self) -> Observer:
        """Give what shows how far an index or a scan is."""
        return _Shown(self)


class _Shown(Observer):
    """Shows each stage of an operation as a bar."""

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
