"""Standard error: errors, notes, progress. Results never come here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import click

from dedup.settings import Language
from dedup.wording import say

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


def complain(message: str) -> None:
    """An error, which no option silences."""
    _tell(f"dedup: {message}")


def _tell(message: str) -> None:
    # Names of files are strangers' too: what a terminal would obey, or cannot show, is replaced.
    safe = (
        one if one.isprintable() or one in " \n\N{IDEOGRAPHIC SPACE}" else "\N{REPLACEMENT CHARACTER}"
        for one in message
    )
    click.echo("".join(safe), err=True)


@dataclass(frozen=True, slots=True)
class Console:
    """What is said beside the results, as `--quiet` and `--verbose` ask."""

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
    ) -> Iterator[Progress | None]:
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

    def waiting(self) -> None:
        """Another process writes the index, and this one waits for it."""
        self.note(say("index.waiting", self.language))

    @contextmanager
    def index_progress(self) -> Iterator[tuple[Progress | None, Progress | None]]:
        """Two bars, one below the other: for reading files, and for merging segments."""
        labels = [say(name, self.language) for name in ("index.progress", "index.merging")]
        with ExitStack() as stack:
            bars = (self.progress(label, in_bytes=True, passing=True) for label in labels)
            reading, merging = (stack.enter_context(bar) for bar in bars)
            yield reading, merging
