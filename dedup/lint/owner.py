"""Find the owner (unit and year) of a document: as given, else by its title, its signature, its head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dedup.align.leftovers import place_of
from dedup.document import Document
from dedup.gazetteer import Gazetteer, Level, Place, gazetteer
from dedup.model import GivenBy, Owner
from dedup.text.dates import year_in, year_of_date
from dedup.text.looks import WordTable
from dedup.text.units import name_start

_HEAD_LINES, _FOOT_LINES = 6, 8
_LONGEST_EDGE = 1 << 16
"""Characters at either end of a text in which these are looked for."""
_LONGEST_SIGNATURE = 30
_LEAST_NAMED = 3
"""Number of mentions from which the most named place is taken for the document's own."""
_SIGNING = WordTable(
    "委员会 委 政府 局 办公室 办公厅 厅 部 院 中心 公司 学校 大学 支队 大队 总队 党组 党委 支部 "
    "党支部 领导小组 指挥部 协会 联合会 社 所 站 处 会 工作队 县 市 区 镇 乡 街道 办事处"
)


def owner_of(document: Document, unit: str | None = None, year: int | None = None) -> Owner:
    """The owner of a document; `unit` and `year` take precedence over its own text."""
    unit_by: GivenBy
    year_by: GivenBy
    unit, unit_by = (unit.strip(), "given") if unit else _unit_of(document)
    year, year_by = (year, "given") if year else _year_of(document)
    if not unit:
        return Owner(year=year, year_by=year_by)
    places = gazetteer()
    found = _narrowed(places.of_unit(unit), document, places)
    if not found:
        near = tuple(places.nearest(place_of(unit) or unit)) if unit_by == "given" else ()
        return Owner(unit, unit_by, near=near, year=year, year_by=year_by)
    place = places.full_name(found[0]) if len(found) == 1 else ""
    return Owner(unit, unit_by, True, place, (), year, year_by)


def _unit_of(document: Document) -> tuple[str, GivenBy]:
    """The unit, and the element of the document that names it."""
    head, foot = _edges(document.text)
    if unit := _named_at_the_beginning(document.title) or place_of(document.title):
        return unit, "title"
    for line in reversed(foot):
        if (
            len(line) <= _LONGEST_SIGNATURE
            and _SIGNING.at_end(line)
            and (unit := _named_at_the_beginning(line, short=False))
        ):
            return unit, "signature"
    for line in head:
        if len(line) <= 2 * _LONGEST_SIGNATURE and (unit := _named_at_the_beginning(line, short=False)):
            return unit, "head"
        if unit := _assembly_of(line):
            return unit, "head"
    unit = _most_named(document.text)
    return unit, "text" if unit else ""


def _named_at_the_beginning(line: str, *, short: bool = True) -> str:
    """The place at the beginning of a line, after words such as 中共; empty if there is none.

    Without `short` it must be named in full.
    """
    packed = "".join(line.split())
    rest = packed[name_start(packed) :]
    places = gazetteer()
    end = 0
    for mention in places.mentions(rest[:40]):
        if mention.start != end or (mention.short and not short):
            break
        end = mention.end
    return rest[:end]


def _assembly_of(line: str) -> str:
    """The place whose assembly a head names: 在湖北省第十四届人民代表大会…上."""
    before, found, _ = line.partition("届人民代表大会")
    if not found:
        return ""
    mentions = gazetteer().mentions(before)
    ends = [one.end for one in mentions]
    return before[mentions[0].start : ends[-1]] if mentions and before[ends[-1] :].startswith("第") else ""


def _most_named(text: str) -> str:
    """The county, city or province that a text names in full far more often than any other; empty if none."""
    names = Counter(
        one.text for one in gazetteer().mentions(text) if not one.short and one.level <= Level.COUNTY
    )
    (first, count), (_, second) = [*names.most_common(2), ("", 0), ("", 0)][:2]
    return first if count >= _LEAST_NAMED and count >= 2 * second else ""


def _narrowed(found: Sequence[Place], document: Document, places: Gazetteer) -> tuple[Place, ...]:
    """Among places of one name, those whose city or province the document names most."""
    if len(found) < 2:
        return tuple(found)
    scores = [sum(document.text.count(one.name) for one in places.chain(place)[1:]) for place in found]
    best = max(scores)
    return tuple(one for one, score in zip(found, scores, strict=True) if score == best)


def _edges(text: str) -> tuple[list[str], list[str]]:
    """The first lines of a text and its last ones, those that are not blank."""
    beginning, end = text, text
    if len(text) > 2 * _LONGEST_EDGE:  # avoid cutting a whole book into lines
        beginning, end = text[:_LONGEST_EDGE], text[-_LONGEST_EDGE:]
    head, foot = ([line.strip() for line in one.splitlines() if line.strip()] for one in (beginning, end))
    return head[:_HEAD_LINES], foot[-_FOOT_LINES:]


def _year_of(document: Document) -> tuple[int, GivenBy]:
    """The year of a document and its evidence: the title, else the date below or above the text."""
    if year := year_in(document.title):
        return year, "title"
    head, foot = _edges(document.text)
    for line in reversed(foot):
        if len(line) <= _LONGEST_SIGNATURE and (year := year_of_date(line)):
            return year, "signature"
    for line in head:
        if len(line) <= 2 * _LONGEST_SIGNATURE and (year := year_of_date(line)):
            return year, "head"
    return 0, ""
