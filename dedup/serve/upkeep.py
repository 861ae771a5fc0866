"""Work that nobody asks for: the index follows its folder, old drafts are deleted."""

from __future__ import annotations

import logging
from threading import Event, Thread

from dedup.errors import DedupError
from dedup.index import open_index
from dedup.serve.choices import retention_days
from dedup.serve.clock import Clock
from dedup.serve.database import Database, forget_own_copies
from dedup.serve.drafts import forget_old
from dedup.serve.service import Service

_PAUSE = 30.0
"""Seconds between two looks at the corpus folder."""
_LOG = logging.getLogger("dedup.serve")


class Keeper:
    """A thread that looks after the index and the drafts while the service runs."""

    def __init__(self, service: Service, database: Database, clock: Clock | None = None) -> None:
        self._service, self._database = service, database
        self._clock = clock or Clock()
        self._wanted, self._ended = Event(), Event()
        self._thread = Thread(target=self._work, name="keeper", daemon=True)
        self.documents: int | None = None
        """The number of documents in the index; None while there is none."""
        self.problem: DedupError | None = None
        """The reason why the index could not be brought up to date the last time."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def refresh(self) -> None:
        """Look at the corpus now."""
        self._wanted.set()

    def close(self) -> None:
        """Stop; a build that is at work goes on from there the next time."""
        self._ended.set()
        self._wanted.set()

    def _work(self) -> None:
        while not self._ended.is_set():
            for task in (self._bring_up_to_date, self.forget):
                try:
                    task()
                # No space or no database, mostly: the next look comes soon. Of whatever else: a thread that
                # ended would leave index and drafts alone until the next start.
                except Exception as error:
                    _LOG.warning("the service was not looked after: %s", type(error).__name__, exc_info=error)
            self._wanted.wait(_PAUSE)
            self._wanted.clear()

    def forget(self) -> int:
        """Delete drafts that were kept long enough, and say how many; none by a clock that jumped."""
        if not self._clock.believed():
            _LOG.warning("the clock was set: nothing is deleted by it until it has gone on for a day")
            return 0
        with self._database.reading() as session:
            days = retention_days(session, self._service)
        forget_own_copies(self._service.folder, days)
        return forget_old(self._database, days)

    def _bring_up_to_date(self) -> None:
        settings, refresh = self._service.settings, self._service.refresh
        try:
            with open_index(settings.corpus, settings.index, settings, refresh=refresh) as index:
                self.documents, self.problem = index.parts, None
        except DedupError as error:
            self.problem = error
            _LOG.warning("the index is not up to date: %s", error)
