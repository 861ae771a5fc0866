"""Read the dated data files: meetings, plans and campaigns; repealed rules."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

from dedup.records import dataclass

_DATA = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data")


@dataclass(frozen=True, slots=True)
class Period:
    """A meeting, a plan or a campaign."""

    kind: str
    """`congress`, `plenum`, `plan` or `campaign`."""
    name: str
    first: int
    """Months since the year 0, so that they compare: 12 * year + month."""
    last: int
    """The same as `first` for a meeting."""

    @property
    def first_year(self) -> int:
        """The year in which it begins."""
        return (self.first - 1) // 12

    @property
    def last_year(self) -> int:
        """The year in which it ends."""
        return (self.last - 1) // 12


@dataclass(frozen=True, slots=True)
class Repealed:
    """A repealed rule."""

    name: str
    year: int
    """Year in which it was repealed."""
    month: int
    successor: str
    """The rule that replaced it; empty if there is none."""


def month_of(written: str) -> int:
    """A month such as 2022-10 as a number of months since the year 0."""
    year, month = written.split("-")
    return 12 * int(year) + int(month)


@cache
def periods() -> tuple[Period, ...]:
    """The meetings, plans and campaigns of `data/times.txt`."""
    return tuple(Period(row[0], row[1], month_of(row[2]), month_of(row[-1])) for row in _rows("times.txt"))


@cache
def repealed_rules() -> tuple[Repealed, ...]:
    """The rules of `data/repealed.txt`."""
    return tuple(
        Repealed(name, (month_of(when) - 1) // 12, (month_of(when) - 1) % 12 + 1, successor.strip("-"))
        for name, when, successor in _rows("repealed.txt")
    )


def _rows(name: str) -> Iterator[list[str]]:
    with open(os.path.join(_DATA, name), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n").split("\t")
