"""A place of the administrative tree, and a mention of one in a text."""

from __future__ import annotations

import enum
from typing import Literal, NamedTuple

Relation = Literal["same", "part", "superior", "sibling", "elsewhere"]
"""Relation of a place to another: the same (also under a former name), below it, above it, below the same
parent, or none of these."""


class Level(enum.IntEnum):
    """The levels of the administration, from the top."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWNSHIP = 4


class Place(NamedTuple):
    """A place of the gazetteer; equal places have equal numbers."""

    number: int
    """Its place in the gazetteer, which may change with the data."""
    name: str
    level: Level
    code: int
    """The division code: nine digits, 430923 000 for a county, 430923 101 for a township."""
    parent: int
    """The number of the place it belongs to; its own for a province."""
    successor: int
    """The number of the place it became, for a former name; its own otherwise."""
    until: int
    """The year in which a former name was given up; 0 for a name in use."""


class Mention(NamedTuple):
    """A place named in a text."""

    start: int
    """Offset in the text; the span is half-open."""
    end: int
    text: str
    places: tuple[Place, ...]
    """All places of this name; more than one where the name is ambiguous. Places that
    the text around it rules out are not among them."""
    short: bool
    """True if the name is without its ending: 安化 for 安化县."""
    wordy: bool
    """True if the name is an ordinary word too: 和平, 新城镇. It needs support from the text around it."""

    @property
    def level(self) -> Level:
        """The highest level that a place of this name has."""
        return min(place.level for place in self.places)

    @property
    def former(self) -> bool:
        """True if no place of this name is in use."""
        return all(place.until for place in self.places)
