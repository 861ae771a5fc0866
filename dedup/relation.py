"""How the unit that wrote a source stands to the unit that writes the submission.

A superior's paper, another place's, last year's, a colleague's: copying each is an offence of its own, and
copying one's own is often none. What is not known stays unknown: a wrong relation accuses somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dedup.align.found import Found
from dedup.document import Document
from dedup.index.particulars import LEVELS, Particulars
from dedup.messages import Words
from dedup.records import replace
from dedup.settings import Relation
from dedup.text.dates import year_in
from dedup.text.origin import Origin, origin_of
from dedup.text.units import Unit, is_national, places_named, unit_named

if TYPE_CHECKING:
    from dedup.gazetteer import Gazetteer, Place
    from dedup.index import Index
    from dedup.index.index import PartInfo
    from dedup.passage import Passage
    from dedup.settings import Settings

_CITIES = 2
"""Rank of cities, of which some belong to others."""
_EDGE = 600
"""Characters at either end of a document in which it is said whose it is."""

_RULING = frozenset(("", "政府", "委", "人大", "委办公室", "政府办公室"))
"""Organs that stand for their place, and above its other organs."""

_AT_HOME = frozenset(("own", "earlier", "colleague", "superior"))
"""Relations of writers that are not another place's …"""
_ANOTHER_PLACE = frozenset(("other_place", "foreign_name", "name_changed"))
"""… and the reasons, from the titles alone, that would call them so."""


def related(found: Sequence[Found], document: Document, index: Index, settings: Settings) -> list[Found]:
    """The passages of a submission, each with how its source's writer stands to that of the submission.

    Where that is known not to be another place's, nothing calls it so, whatever the titles say.
    """
    ours = origin_of_submission(document, settings)
    relations: dict[int, Relation] = {}
    told = []
    for one in found:
        number = one.source.number
        if number not in relations:
            relations[number] = relation_of(origin_of_source(one.source, index), ours)
        relation: Relation = "own" if one.passage.status == "own" else relations[number]
        known = one.passage.relation == relation
        told.append(one if known else one._replace(passage=_told_of(one.passage, relation)))
    return told


def _told_of(passage: Passage, relation: Relation) -> Passage:
    if relation not in _AT_HOME or _ANOTHER_PLACE.isdisjoint(passage.reason_codes):
        return replace(passage, relation=relation)
    reasons = tuple(one for one in passage.reasons if one.code not in _ANOTHER_PLACE)
    return replace(passage, relation=relation, reasons=reasons, severity="ordinary")


def origin_told(title: str, head: Sequence[str], foot: Sequence[str], path: str) -> Origin:
    """Whose paper a document is; see `dedup.text.origin.origin_of`.

    What only begins like the name of a place, as 城市更新工作总结 does, must be one that the gazetteer has.
    """
    origin = origin_of(title, head, foot, path)
    sure = origin.unit.whole or unit_named(title) or _is_known(origin.unit)
    return origin if sure else replace(origin, unit=Unit(), unit_by="")


def _is_known(unit: Unit) -> bool:
    """Tell whether the gazetteer has all places of a unit."""
    from dedup.gazetteer import gazetteer  # 30 ms

    places = gazetteer()
    return all(any(one.text == name for one in places.mentions(name)) for name in unit.places)


def origin_of_submission(document: Document, settings: Settings) -> Origin:
    """Whose paper a submission is: by the settings, else by what it says itself."""
    part = document.parts[0]
    text = document.text[part.span.start : part.span.end]
    origin = origin_told(part.title, text[:_EDGE].split("\n"), text[-_EDGE:].split("\n"), "")
    if not settings.author:
        return origin
    unit = unit_named(settings.author)
    return replace(origin, unit=unit, unit_by="given") if unit else replace(origin, writer=settings.author)


def origin_of_source(source: PartInfo, index: Index) -> Origin:
    """Whose paper a document of the index is: by `corpus.toml`, else by what it says itself."""
    start, end = source.span.start, source.span.end
    head = index.text(source.number, start, min(start + _EDGE, end))
    foot = index.text(source.number, max(start, end - _EDGE), end)
    origin = origin_told(source.title, head.split("\n"), foot.split("\n"), source.path)
    given = source.given
    unit = unit_named(given.unit) if given.unit else origin.unit
    above = places_named(given.place)
    if above:
        organ = unit.organ if not unit.places or unit.places[-1] in above else ""
        unit = Unit((*above, *_below(unit.places, above)), unit.organ if given.unit else organ)
    if given.unit or above:
        origin = replace(origin, unit=unit, unit_by="given")
    if year := year_in(given.date[:4]):
        origin = replace(origin, year=year, year_by="given")
    return replace(origin, writer=given.author) if given.author else origin


def _below(places: tuple[str, ...], above: tuple[str, ...]) -> tuple[str, ...]:
    """The places of a unit that are below those given: 清溪镇 of 霁山县清溪镇 below 霁山县."""
    if places and above[-1] in places:
        return places[places.index(above[-1]) + 1 :]
    return places if not set(places) & set(above) else ()


def doubts(particulars: Particulars) -> Iterator[Words]:
    """Tell of names in `corpus.toml` that nobody knows, with those that may have been meant."""
    for table in particulars.tables:
        line, given = table.line, table.given
        unit, place = str(given.get("unit", "")), str(given.get("place", ""))
        above = places_named(place)
        if unit and not unit_named(unit):
            yield Words("particulars.no_unit", line=line, name=unit)
        if place and not above:
            yield Words("particulars.no_place", line=line, name=place)
        for name in dict.fromkeys((*above, *unit_named(unit).places)):
            yield from _doubt(line, name)
        level = LEVELS.index(str(given["level"])) if "level" in given else 0
        if above and level and _rank(above[-1]) not in (0, level):
            yield Words("particulars.other_level", line=line, level=LEVELS[level], name=above[-1])


def _doubt(line: int, name: str) -> Iterator[Words]:
    """Tell of a place that the gazetteer does not have, though it has one of a name like it."""
    from dedup.gazetteer import gazetteer

    places = gazetteer()
    if not any(one.text == name for one in places.mentions(name)) and (near := places.nearest(name)):
        yield Words("particulars.place_near", line=line, name=name, near="、".join(near))


def relation_of(source: Origin, ours: Origin) -> Relation:
    """How the writer of a source stands to ours; see `dedup.settings.Relation` for the order."""
    if source.writer and source.writer == ours.writer and not _contradict(source.unit, ours.unit):
        return "own"
    if not source.unit or not ours.unit or _any_there(source.unit, ours.unit):
        return "unknown"
    if _same_unit(source.unit, ours.unit):
        other_year = source.year and ours.year and source.year != ours.year
        return "earlier" if other_year else "colleague"
    if is_national(source.unit):
        return "superior"
    if not source.unit.places or not ours.unit.places:
        return "unknown"
    return _by_place(source.unit, ours.unit)


def _contradict(one: Unit, other: Unit) -> bool:
    """Tell whether two units cannot be the same: both are known and differ."""
    return bool(one and other) and not _same_unit(one, other) and not _any_there(one, other)


def _any_there(one: Unit, other: Unit) -> bool:
    """Tell whether both units are of one place, of which one may be any."""
    return not (one.whole and other.whole) and _same_place(one.places, other.places)


def _same_unit(one: Unit, other: Unit) -> bool:
    if not _same_place(one.places, other.places):
        return False
    if one.organ == other.organ:
        return True
    # 霁山县2023年工作总结 is of the county, whichever of its two heads signs.
    return (
        bool(one.places) and "" in (one.organ, other.organ) and {one.organ, other.organ} <= {"", "政府", "委"}
    )


def _same_place(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell if two chains name one place: they end alike, and neither names a place the other cannot be in."""
    if not one or not other:
        return not one and not other
    if one[-1] != other[-1]:
        return False
    return all(a == b for a, b in zip(one[::-1], other[::-1], strict=False))


def _by_place(source: Unit, ours: Unit) -> Relation:
    """By the tree of places: as the names tell it, else as the gazetteer has it."""
    if _same_place(source.places, ours.places):
        rules = source.organ in _RULING and ours.organ not in _RULING
        return "superior" if rules else "unknown"
    if source.places[-1] in ours.places[:-1]:
        return "superior"
    if ours.places[-1] in source.places[:-1]:
        return "unknown"
    one, other = source.places[-1], ours.places[-1]
    if _rank(one) == _rank(other) > _CITIES and _stem(one) != _stem(other):
        return "elsewhere"  # two counties of different names; but 望城县 became 望城区
    return _by_gazetteer(source, ours)


def _by_gazetteer(source: Unit, ours: Unit) -> Relation:
    from dedup.gazetteer import gazetteer  # 30 ms

    places = gazetteer()
    one, other = _place(source, places), _place(ours, places)
    if one is None or other is None:  # names that the gazetteer does not have
        return "elsewhere" if _rank(source.places[-1]) == _rank(ours.places[-1]) else "unknown"
    found = places.relation(one, other)
    if found == "superior":
        return "superior"
    return "elsewhere" if found in ("sibling", "elsewhere") else "unknown"


def _place(unit: Unit, places: Gazetteer) -> Place | None:
    """The one place of a unit, as it is called today; None where the gazetteer has none of it, or several."""
    last = unit.places[-1]
    whole = [one for one in places.mentions(last) if one.text == last]
    alone = dict.fromkeys(places.today(one) for mention in whole for one in mention.places)
    within = [one for one in places.of_unit("".join(unit.places)) if one in alone]
    found = within or list(alone)
    return found[0] if len(found) == 1 else None


def _stem(place: str) -> str:
    """A name without its ending."""
    return place.rstrip("省市县区旗盟州")


def _rank(place: str) -> int:
    """Which step of the administration a name's ending tells: 省 1, 市 州 2, 县 区 3, 乡 镇 4."""
    for endings, rank in (
        (("省", "自治区"), 1),
        (("市", "州", "地区", "盟"), 2),
        (("县", "区", "旗"), 3),
        (("乡", "镇", "街道", "苏木"), 4),
    ):
        if place.endswith(endings):
            return rank
    return 0
