"""The result files of one scan, read and written beside the scan: files leave the interpreter to others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any

from dedup.errors import UsageError
from dedup.scan.collection import Collection
from dedup.scan.comparing import Findings
from dedup.scan.lines import LineTable
from dedup.scan.results import LastResults, write_results, write_summary
from dedup.scan.work import Progress, Stages

Tables = tuple[LineTable, LineTable]


class _GivenUp(Exception):
    """Nobody waits for the results any more."""


class Output:
    """The folder that the user named for the results, if any."""

    def __init__(self, folder: Path | None, last: Tables) -> None:
        """Begin to look whether the files there are what the `last` tables say."""
        self._folder = folder
        self._last = last
        self._beside = ThreadPoolExecutor(1)
        self._files: Future[LastResults] | None = None
        if folder is not None:
            self._files = self._beside.submit(LastResults.of, os.fspath(folder), last)

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beside.shutdown()
        if self._files is not None:
            self._files.result().close()

    @contextmanager
    def written(self, collection: Collection, findings: Findings, stages: Stages) -> Iterator[Future[Tables]]:
        """Write while the caller goes on, until all is written, or the caller fails or is interrupted.

        The result is what stands in the files of pairs and of clusters, or stood there at the last scan when
        nothing is to be written. Raises UsageError when the folder cannot be written.
        """
        done: Future[Tables] = Future()
        if self._folder is None or self._files is None:
            done.set_result(self._last)
            yield done
            return
        found = findings.listing, findings.ids, findings.relations, self._files.result()
        given_up = Event()
        with _telling_of(self._folder), stages("write") as progress:
            told = _until(given_up, progress)
            done = self._beside.submit(write_results, os.fspath(self._folder), collection, *found, told)
            try:
                yield done
                done.result()
            except BaseException:
                given_up.set()
                wait([done])  # or its bar would be drawn over what is told of the error
                raise

    def summarize(self, summary: dict[str, Any]) -> None:
        """Write the summary, last of all. Raises UsageError when the folder cannot be written."""
        if self._folder is not None:
            with _telling_of(self._folder):
                write_summary(os.fspath(self._folder), summary)


def _until(given_up: Event, progress: Progress | None) -> Progress:
    """What hears how far writing is, and ends it when it is given up."""

    def told(done: int, total: int) -> None:
        if given_up.is_set():
            raise _GivenUp
        if progress is not None:
            progress(done, total)

    return told


@contextmanager
def _telling_of(folder: Path) -> Iterator[None]:
    """What cannot be written is a matter of the folder the user named."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"--output {folder}", error.strerror or str(error), "name another") from error
