"""Standard error: errors, notes, progress. Results never come here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


def complain(message: str) -> None:
    """An error, which no option silences."""
    click.echo(f"dedup: {message}", err=True)


@dataclass(frozen=True, slots=True)
class Console:
    """What is said beside the results, as `--quiet` and `--verbose` ask."""

    quiet: bool = False
    verbose: bool = False

    def note(self, message: str) -> None:
        """Something worth knowing."""
        if not self.quiet:
            click.echo(message, err=True)

    def detail(self, message: str) -> None:
        """Something worth knowing for who asked."""
        if self.verbose:
            click.echo(message, err=True)

    @contextmanager
    def progress(self, label: str, *, wanted: bool = True) -> Iterator[Progress | None]:
        """A bar on standard error; None where that is no terminal, or nobody wants one."""
        if not wanted or self.quiet or not sys.stderr.isatty():
            yield None
            return
        with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

            def update(done: int, total: int) -> None:
                bar.length = max(1, total)
                bar.update(done - bar.pos)

            yield update
