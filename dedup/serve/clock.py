"""Doubt about the time of day: it is compared with the clock that nobody sets."""

from __future__ import annotations

import time
from collections.abc import Callable

_JUMP = 3600.0
"""Seconds by which a clock is not merely put right."""
_DOUBT = 86_400.0
"""Seconds for which a clock that jumped is not believed: somebody may notice and set it right."""


def _steady() -> float:
    """Seconds that go on while the machine sleeps, where the system counts them."""
    kind = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if kind is None else time.clock_gettime(kind)


class Clock:
    """The time of day, watched from now on."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = _steady) -> None:
        self.wall, self.steady = wall, steady
        self._ahead = wall() - steady()
        self._doubted_until = 0.0

    def believed(self) -> bool:
        """Look: false for a day after somebody, or something, set the clock by more than an hour."""
        steady = self.steady()
        ahead = self.wall() - steady
        if abs(ahead - self._ahead) > _JUMP:
            self._ahead, self._doubted_until = ahead, steady + _DOUBT
        return steady >= self._doubted_until
