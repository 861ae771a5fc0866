"""Find the origin of a document in its own text: the unit that wrote it, its year, its writer.

A unit is looked for where papers name their own, in this order: the signature over the date, the masthead
(某某文件), the title, the line below it that says where a speech was held. A unit named in the running text
may be any unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from dedup.records import dataclass
from dedup.text.dates import date_end, is_deadline, year_in, year_of_date, year_of_number, years_at
from dedup.text.looks import WordTable, at_colon, ideographic
from dedup.text.units import Unit, place_of_matter, unit_named

Evidence = Literal["", "given", "signature", "masthead", "title", "head", "date", "number", "path"]
"""From where something is known, the surest first: it was given, the signature, the masthead, …"""


@dataclass(frozen=True, slots=True)
class Origin:
    """The unit, year and writer of a document, with the evidence for each."""

    unit: Unit = Unit()
    unit_by: Evidence = ""
    year: int = 0
    """Year that the paper is about, else in which it was made; 0 if unknown."""
    year_by: Evidence = ""
    writer: str = ""
    """A person that the paper names as its writer."""


_HEAD_LINES, _FOOT_LINES = 8, 8
_LONGEST_LINE = 120
_LONGEST_SIGNATURE = 40
_WRITERS = WordTable("作者 (撰|拟|供)稿(|人) 执笔(|人) 撰写人 投稿人").all
_SIGNERS = WordTable("(报告|填报|报送|上报|汇报|编制|起草|申报|总结|)(单位|部门|机关)").all
_LONGEST_NAME = 6


# ------------------------------------------------------------------------------------------ years


# ------------------------------------------------------------------------------------------ documents


def origin_of(title: str, head: Sequence[str], foot: Sequence[str], path: str) -> Origin:
    """The origin of a document by its title, its first and last lines, and its path in the collection."""
    head = [packed for line in head if (packed := "".join(line.split()))][:_HEAD_LINES]
    foot = [packed for line in foot if (packed := "".join(line.split()))][-_FOOT_LINES:]
    none: tuple[Unit, Evidence] = (Unit(), "")
    unit, unit_by = next(_units(title, head, foot, path), none)
    year, year_by = next(_years(title, head, foot, path), (0, ""))
    return Origin(unit, unit_by, year, year_by, _writer((*head, *foot)))


def _units(
    title: str, head: Sequence[str], foot: Sequence[str], path: str
) -> Iterator[tuple[Unit, Evidence]]:
    """The units named where papers name their own, each with its evidence, the surest first."""
    for number in range(len(foot) - 1, -1, -1):
        line, below = foot[number], foot[number + 1] if number + 1 < len(foot) else ""
        dated = next((place for _, place in years_at(line) if date_end(line, place)), -1)
        name = line[:dated].rstrip("（(，,") if dated >= 0 else line
        label, signed = at_colon(name)
        name = signed if signed and label in _SIGNERS else name
        if (dated >= 0 or year_of_date(below[:24])) and 2 < len(name) <= _LONGEST_SIGNATURE:
            unit = unit_named(name)
            if unit.organ and name[-1] not in "。；：！？，":
                yield unit, "signature"
    for line in head:
        if line.endswith("文件") and len(line) <= _LONGEST_LINE and (unit := unit_named(line[:-2])):
            yield unit, "masthead"
    if unit := unit_named(title):
        yield unit, "title"
    for line in (title, *head):
        before, held, assembly = line.partition("在")
        told = held and len(line) <= _LONGEST_LINE and ("届" in assembly or "会议" in assembly)
        if told and len(before) < _LONGEST_SIGNATURE and (unit := unit_named(assembly)):
            yield unit, "title" if line == title else "head"
    if unit := place_of_matter(title):
        yield unit, "title"
    for name in reversed(path.split("/")):
        if unit := unit_named(name.rpartition(".")[0] or name):
            yield unit, "path"


def _years(title: str, head: Sequence[str], foot: Sequence[str], path: str) -> Iterator[tuple[int, Evidence]]:
    if year := year_in(title):
        yield year, "title"
    for line in reversed(foot):
        if len(line) <= _LONGEST_SIGNATURE and (year := year_of_date(line)) and not is_deadline(line):
            yield year, "date"
    for line in head:
        if year := year_of_number(line):
            yield year, "number"
        elif len(line) <= _LONGEST_SIGNATURE and (year := year_of_date(line)) and not is_deadline(line):
            yield year, "date"
    for name in reversed(path.split("/")):
        if year := year_in(name):
            yield year, "path"


def _writer(lines: Sequence[str]) -> str:
    """The person whom a line names as the writer; empty if none does."""
    for line in lines:
        label, value = at_colon(line)
        if value and label in _WRITERS:
            name = value
            for mark in "（(，,；;、":
                name = name.partition(mark)[0]
            if 2 <= len(name) <= _LONGEST_NAME and ideographic(name, frozenset("·")):
                return name
    return ""
