"""Draw a progress bar of one line: the amount done, the rate, and the time left."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from dedup.messages import say
from dedup.settings import Language

_WIDEST = 30
"""Columns of the bar itself."""
_NARROWEST = 5
_INTERVAL = 0.1
"""Seconds between two drawings."""
_BRIEF = 0.2
"""Seconds too short for reading a line; shorter work has no rate worth showing."""
_MILLION = 1_000_000
_TENTHS_BELOW = 10_000_000
"""Bytes below which tenths of megabytes are shown."""


class Bar:
    """A bar that appears on a terminal at the first update and ends its line when all is done."""

    def __init__(
        self,
        label: str,
        file: TextIO,
        language: Language,
        *,
        in_bytes: bool = False,
        passing: bool = False,
    ) -> None:
        """With `in_bytes`, bytes are counted and shown in megabytes.

        A `passing` bar is one of many and leaves no line if its work was brief.
        """
        self._label = label
        self._file = file
        self._language = language
        self._in_bytes = in_bytes
        self._passing = passing
        self._began: float | None = None
        self._closed = False
        self._drawn = 0.0
        self._done = self._total = 0

    def update(self, done: int, total: int) -> None:
        """Show that `done` of `total` is done. The time of the first call counts as the beginning."""
        if self._closed or not total:  # no line for no work
            return
        now = time.monotonic()
        self._done, self._total = done, total
        if self._began is None:
            self._began = now
        elif now - self._drawn < _INTERVAL and done < total:
            return
        self._drawn = now
        if done >= total:
            self.close()
        else:
            self._draw(now - self._began)

    def close(self) -> None:
        """End the line if one was drawn, or erase it; nothing is drawn after that."""
        if self._began is not None and not self._closed:
            elapsed = time.monotonic() - self._began
            if self._passing and elapsed < _BRIEF:
                self._file.write(f"\r{' ' * _columns()}\r")
            else:
                self._draw(elapsed)
                self._file.write("\n")
            self._file.flush()
        self._closed = True

    def _draw(self, elapsed: float) -> None:
        from dedup.reports.kit.columns import width

        columns = _columns()
        facts = [f"{min(self._done / self._total, 1.0):4.0%}", self._amount(), *self._speed(elapsed)]
        while len(facts) > 1 and width(self._label + "  ".join(["", *facts])) + _NARROWEST + 3 > columns:
            facts.pop()
        told = "  ".join(facts)
        room = min(columns - width(self._label) - width(told) - 4, _WIDEST)
        filled = int(room * min(self._done / self._total, 1.0))
        bar = f"[{'#' * filled}{'-' * (room - filled)}] " if room >= _NARROWEST else ""
        line = f"{self._label} {bar}{told}"
        self._file.write(f"\r{line}{' ' * max(columns - width(line), 0)}")
        self._file.flush()

    def _amount(self) -> str:
        if self._in_bytes:
            digits = 0 if self._total >= _TENTHS_BELOW else 1
            return f"{self._done / _MILLION:.{digits}f}/{self._total / _MILLION:.{digits}f} MB"
        return f"{self._done}/{self._total}"

    def _speed(self, elapsed: float) -> list[str]:
        """The rate since the beginning, and the time left at that rate, or the time taken."""
        if elapsed < _BRIEF or not self._done:
            return []
        rate = self._done / elapsed
        told = f"{rate / _MILLION:.1f} MB/s" if self._in_bytes else f"{rate:.0f}/s"
        if self._done >= self._total:
            return [told, say("progress.took", self._language, time=_clock(elapsed))]
        return [told, say("progress.left", self._language, time=_clock((self._total - self._done) / rate))]


def _columns() -> int:
    """Columns that a line may fill, one less than the terminal has, since the last would start a new line."""
    return max(shutil.get_terminal_size().columns - 1, 1)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
