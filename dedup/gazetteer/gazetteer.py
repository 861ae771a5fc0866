"""The gazetteer: the places that a text names, their place in the tree, and the relation of two places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from dedup.gazetteer.places import Level, Mention, Place, Relation
from dedup.gazetteer.search import Hit, hits_in, named
from dedup.gazetteer.tables import SHORT, WORDY, hash_of, place_table

_NEAR = 200
"""Characters within which other places named resolve an ambiguous name."""
_MOST_NEIGHBOURS = 20
_NEAREST = 3
_ENUMERATING = frozenset("、和及与")


class Gazetteer:
    """Look places up in tables mapped from the data file."""

    def __init__(self) -> None:
        self._table = place_table()
        self._places: dict[int, Place] = {}
        self._chains: dict[int, tuple[Place, ...]] = {}

    def __len__(self) -> int:
        return len(self._table.places)

    def place(self, number: int) -> Place:
        """The place with a number."""
        if number not in self._places:
            name, level, code, parent, successor, until = self._table.places[number].tolist()
            self._places[number] = Place(
                number, self._name(name), Level(level), code, parent, successor, until
            )
        return self._places[number]

    def named(self, name: str) -> tuple[Place, ...]:
        """The places that have exactly this name, full or short; none if it is unknown."""
        wanted = hash_of(name)
        row = int(self._table.hashes.searchsorted(np.uint64(wanted)))
        if (
            row >= len(self._table.hashes)
            or int(self._table.hashes[row]) != wanted
            or self._name(row) != name
        ):
            return ()
        return tuple(map(self.place, named(self._table, row)))

    def chain(self, place: Place) -> tuple[Place, ...]:
        """A place by its present name, followed by those above it, up to the province."""
        if place.number not in self._chains:
            self._chains[place.number] = tuple(self._climb(place))
        return self._chains[place.number]

    def _climb(self, place: Place) -> Iterator[Place]:
        current = self.today(place)
        yield current
        while current.parent != current.number:
            current = self.place(current.parent)
            yield current

    def today(self, place: Place) -> Place:
        """The present place of a former name; the place itself for a name in use."""
        return self.place(place.successor)

    def relation(self, of: Place, to: Place) -> Relation:
        """The relation of the place `of` to the place `to`: part of it, superior to it …"""
        ours, theirs = self.chain(to), self.chain(of)
        if ours[0] == theirs[0]:
            return "same"
        if ours[0] in theirs:
            return "part"
        if theirs[0] in ours:
            return "superior"
        return "sibling" if ours[1:2] and ours[1:2] == theirs[1:2] else "elsewhere"

    def full_name(self, place: Place) -> str:
        """The name with those of all places above: 湖南省益阳市安化县."""
        above = "".join(one.name for one in reversed(self.chain(place)[1:]))
        return above + place.name

    def mentions(self, text: str, home: Place | None = None) -> list[Mention]:
        """The places that a text names, in order.

        `home` is the place of the text's origin: an ambiguous name means it, or a place in it or above it.
        Names that are ordinary words as well are given only beside others that support them.
        """
        found = [self._mention(text, hit) for hit in hits_in(text)]
        found = list(self._narrowed(text, found, home))
        return [
            one for number, one in enumerate(found) if not one.wordy or self._supported(text, found, number)
        ]

    def of_unit(self, unit: str) -> tuple[Place, ...]:
        """The place of a unit by its name, the last of those it begins with: 安化县 of 湖南省安化县民政局.

        Several where the name is ambiguous, none where it is unknown.
        """
        chain: list[Mention] = []
        for hit in hits_in(unit):
            mention = self._mention(unit, hit)
            if chain and mention.start != chain[-1].end:
                break
            if not chain and mention.start > len("中国共产党"):
                break
            below = self._below(mention.places, chain[-1].places) if chain else mention.places
            if not below:
                break
            chain.append(mention._replace(places=below))
        if not chain:
            return ()
        in_use = [one for one in chain[-1].places if not one.until]
        return tuple(dict.fromkeys(map(self.today, in_use or chain[-1].places)))

    def nearest(self, name: str) -> list[str]:
        """A few names of places down to counties that a name might be a slip for, the nearest first."""
        from difflib import get_close_matches

        rows = self._table.places
        known = sorted({self._name(row[0]) for row in rows[rows[:, 1] <= Level.COUNTY].tolist()})
        slips = [
            one
            for one in known
            if len(one) == len(name) and sum(a != b for a, b in zip(one, name, strict=True)) == 1
        ]
        # One wrong character is the likeliest slip. Which names sound alike is not known here.
        close = get_close_matches(name, known, n=_NEAREST, cutoff=0.5)
        return list(dict.fromkeys([*(one for one in slips if one[0] == name[0]), *slips, *close]))[:_NEAREST]

    def _name(self, row: int) -> str:
        start, end = self._table.starts[row], self._table.starts[row + 1]
        return "".join(map(chr, self._table.text[start:end].tolist()))

    def _mention(self, text: str, hit: Hit) -> Mention:
        flags = int(self._table.flags[hit.name])
        places = tuple(map(self.place, named(self._table, hit.name)))
        return Mention(
            hit.start, hit.end, text[hit.start : hit.end], places, bool(flags & SHORT), bool(flags & WORDY)
        )

    def _below(self, places: Sequence[Place], above: Sequence[Place]) -> tuple[Place, ...]:
        """The places that lie in one of the places `above`."""
        tops = {self.today(one).number for one in above} | {one.number for one in above}
        return tuple(
            place
            for place in places
            if any(one.number in tops for one in self.chain(place)[1:]) or place.parent in tops
        )

    def _narrowed(self, text: str, found: list[Mention], home: Place | None) -> Iterator[Mention]:
        """The mentions, without places that the text before them or around them rules out."""
        before: Mention | None = None
        for number, mention in enumerate(found):
            beside = before is not None and before.end == mention.start
            places = self._below(mention.places, before.places) if beside and before else ()
            if not places and home is not None:
                places = tuple(one for one in mention.places if self._is_home(one, home))
            if not places and len(mention.places) > 1:
                places = self._nearby(found, number)
            before = mention._replace(places=places or mention.places)
            yield before

    def _is_home(self, place: Place, home: Place) -> bool:
        return self.relation(place, home) in ("same", "part", "superior")

    def _nearby(self, found: Sequence[Mention], number: int) -> tuple[Place, ...]:
        """The places of an ambiguous name that are closest in the tree to unambiguous ones named nearby."""
        mention, first = found[number], number
        while first and mention.start - found[first - 1].start <= _NEAR:
            first -= 1
        sure: set[Place] = set()
        for one in found[first : number + _MOST_NEIGHBOURS]:
            if len(one.places) == 1 and one.start - mention.start <= _NEAR:
                sure.update(self.chain(one.places[0]))
        scores = [sum(one in sure for one in self.chain(place)[1:]) for place in mention.places]
        best = max(scores)
        if not best:
            return ()
        return tuple(one for one, score in zip(mention.places, scores, strict=True) if score == best)

    def _provinces(self, mention: Mention) -> set[Place]:
        return {self.chain(place)[-1] for place in mention.places}

    def _supported(self, text: str, found: Sequence[Mention], number: int) -> bool:
        """Tell if the text beside a name that is also an ordinary word makes it a place."""
        mention = found[number]
        before = found[number - 1] if number else None
        if before and before.end == mention.start and self._below(mention.places, before.places):
            return True
        neighbours = [before, found[number + 1] if number + 1 < len(found) else None]
        return any(
            one is not None
            and not one.wordy
            and one.level == mention.level
            and one.short == mention.short
            and self._provinces(one) & self._provinces(mention)
            and text[min(one.end, mention.end) : max(one.start, mention.start)] in _ENUMERATING
            for one in neighbours
        )


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, opened at first use."""
    return Gazetteer()
