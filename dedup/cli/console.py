"""Standard error: errors, notes, progress. Results never come here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import click

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

    def note(self, message: str) -> None:
        """Something worth knowing."""
        if not self.quiet:
            _tell(message)

    def detail(self, message: str) -> None:
        """Something worth knowing for who asked."""
        if self.verbose:
            _tell(message)

    @contextmanager
    def progress(self, label: str, *, wanted: bool = True) -> Iterator[Progress | None]:
        """A bar on standard error; None where that is no terminal, or nobody wants one."""
        if not wanted or self.quiet or not sys.stderr.isatty():
            yield None
            return
        with ExitStack() as stack:
            bar: Any = None

            def update(done: int, total: int) -> None:
                nonlocal bar
                if bar is None:  # drawn when there is something to do, not before
                    bar = stack.enter_context(
                        click.progressbar(length=max(1, total), label=label, file=sys.stderr)
                    )
                bar.update(done - bar.pos)

            yield update
