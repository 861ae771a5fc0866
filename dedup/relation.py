"""Find the relation of the unit that wrote a source to the unit that writes the submission.

Copying a paper of a superior, of another place, of last year or of a colleague are different offences, and
copying one's own is often none. In doubt the relation is unknown, since a wrong one would accuse somebody.
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
"""Rank of cities; a city may be part of another one."""
_EDGE = 600
"""Characters at either end of a document in which its origin is looked for."""

_RULING = frozenset(("", "政府", "委", "人大", "委办公室", "政府办公室"))
"""Organs that represent their place, and are superior to its other organs."""

_AT_HOME = frozenset(("own", "earlier", "colleague", "superior"))
"""Relations by which a source is not of another place …"""
_ANOTHER_PLACE = frozenset(("other_place", "foreign_name", "name_changed"))
"""… and the reasons, based on titles only, that say it is."""


def related(found: Sequence[Found], document: Document, index: Index, settings: Settings) -> list[Found]:
    """The passages of a submission, each with the relation of its source's writer to the submission's.

    If the relation shows that a source is not of another place, reasons that say so by titles are dropped.
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
    """The origin of a document; see `dedup.text.origin.origin_of`.

    A word that only looks like the name of a place (城市更新工作总结) must be in the gazetteer.
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
    """The origin of a submission: by the settings, else by its own text."""
    part = document.parts[0]
    text = document.text[part.span.start : part.span.end]
    origin = origin_told(part.title, text[:_EDGE].split("\n"), text[-_EDGE:].split("\n"), "")
    if not settings.author:
        return origin
    unit = unit_named(settings.author)
    return replace(origin, unit=unit, unit_by="given") if unit else replace(origin, writer=settings.author)


def origin_of_source(source: PartInfo, index: Index) -> Origin:
    """The origin of a document of the index: by `corpus.toml`, else by its own text."""
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
    """Remarks on unknown names in `corpus.toml`, with similar known names."""
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
    """A remark on a place that the gazetteer lacks, if it has one with a similar name."""
    from dedup.gazetteer import gazetteer

    places = gazetteer()
    if not any(one.text == name for one in places.mentions(name)) and (near := places.nearest(name)):
        yield Words("particulars.place_near", line=line, name=name, near="、".join(near))


def relation_of(source: Origin, ours: Origin) -> Relation:
    """The relation of a source's writer to ours; see `dedup.settings.Relation` for the order of tests."""
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
    """Tell whether both units are of one place, and one of them is known by its place only."""
    return not (one.whole and other.whole) and _same_place(one.places, other.places)


def _same_unit(one: Unit, other: Unit) -> bool:
    if not _same_place(one.places, other.places):
        return False
    if one.organ == other.organ:
        return True
    # 霁山县2023年工作总结 is a paper of the county, whether its government or its party committee signs.
    return (
        bool(one.places) and "" in (one.organ, other.organ) and {one.organ, other.organ} <= {"", "政府", "委"}
    )


def _same_place(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell if two chains of places name one place: they are equal from the end on, as far as both go."""
    if not one or not other:
        return not one and not other
    if one[-1] != other[-1]:
        return False
    return all(a == b for a, b in zip(one[::-1], other[::-1], strict=False))


def _by_place(source: Unit, ours: Unit) -> Relation:
    """The relation by the tree of places: from the names if possible, else from the gazetteer."""
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
    if one is None or other is None:  # names that are not in the gazetteer
        return "elsewhere" if _rank(source.places[-1]) == _rank(ours.places[-1]) else "unknown"
    found = places.relation(one, other)
    if found == "superior":
        return "superior"
    return "elsewhere" if found in ("sibling", "elsewhere") else "unknown"


def _place(unit: Unit, places: Gazetteer) -> Place | None:
    """The place of a unit by its present name; None if the gazetteer has none or several."""
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
    """Level of the administration by a name's ending: 省 1, 市 州 2, 县 区 3, 乡 镇 4; 0 for others."""
    for endings, rank in (
        (("省", "自治区"), 1),
        (("市", "州", "地区", "盟"), 2),
        (("县", "区", "旗"), 3),
        (("乡", "镇", "街道", "苏木"), 4),
    ):
        if place.endswith(endings):
            return rank
    return 0
