"""The terminal report's passages: each beside its source, with what differs marked and why it counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from dedup.reports.check.reasons import sentence
from dedup.reports.kit.columns import visible, width, wrap
from dedup.reports.kit.comparison import Marks, rows, unmarked_rows
from dedup.reports.kit.page import hanging, heading, paint, table
from dedup.wording import say

if TYPE_CHECKING:
    from dedup.model import Passage, Report
    from dedup.reports import View

_MOST_PASSAGES = 12
_MOST_ROWS = 8
_MOST_OTHERS = 3
_COLOUR_MARKS = Marks(("\x1b[1;31m", "\x1b[0m"), ("\x1b[1;32m", "\x1b[0m"), columns=0)


def passage_section(report: Report, view: View) -> Iterator[str]:
    """Passages of status `reuse` in the order of the submission; with `view.complete` those of any status."""
    wanted = [one for one in report.passages if view.complete or one.status == "reuse"]
    if not wanted:
        return
    language = view.language
    shown = wanted if view.complete else _weightiest(wanted)
    yield heading(say("passage.title", language), view)
    if any(one.text != one.source_text for one in shown):
        yield say("passage.marks_colour" if view.colour else "passage.marks", language)
    for number, passage in enumerate(shown, 1):
        yield ""
        yield from _passage(number, passage, report, view)
    if len(shown) < len(wanted):
        yield ""
        yield say("passage.more", language, count=len(wanted) - len(shown))


def innocent_section(report: Report, view: View) -> Iterator[str]:
    """What matches and is not counted: how many passages and characters of each status."""
    innocent = [one for one in report.passages if one.status != "reuse"]
    if not innocent or view.complete:
        return
    language = view.language
    yield heading(say("passage.innocent", language), view)
    characters = {
        "formulaic": report.figures.formulaic_characters,
        "quoted": report.figures.quoted_characters,
        "own": report.figures.own_characters,
    }
    for status, counted in characters.items():
        count = sum(one.status == status for one in innocent)
        if count:
            name = say(f"passage.status.{status}", language)
            yield say("passage.innocent_line", language, status=name, count=count, characters=counted)


def _weightiest(passages: list[Passage]) -> list[Passage]:
    chosen = sorted(passages, key=lambda one: one.start - one.end)[:_MOST_PASSAGES]
    return sorted(chosen, key=lambda one: one.start)


def _passage(number: int, passage: Passage, report: Report, view: View) -> Iterator[str]:
    language = view.language
    facts = [
        _place(passage, report, view),
        say(f"passage.kind.{passage.kind}", language),
        say("passage.identity", language, ratio=f"{passage.identity:.0%}"),
    ]
    if passage.status != "reuse":
        facts.insert(0, say(f"passage.status.{passage.status}", language))
    separator = say("comma", language)
    yield paint(f"[{number}] {separator.join(facts)}", "1", view)
    indent = len(f"[{number}] ")
    yield from hanging(say("passage.source", language), _source_name(passage), view, indent)
    if passage.reasons:
        reason = visible(sentence(passage, language))
        yield from hanging(say("passage.reason", language), reason, view, indent)
    if passage.evasion:
        tricks = separator.join(say(f"passage.evasion.{trick}", language) for trick in passage.evasion)
        yield from hanging(say("passage.evasion", language), tricks, view, indent)
    if passage.also_in:
        yield from hanging(say("passage.also_in", language), _also_in(passage, view), view, indent)
    yield from _texts(passage, view)


def _also_in(passage: Passage, view: View) -> str:
    others = passage.also_in if view.complete else passage.also_in[:_MOST_OTHERS]
    shown = say("comma", view.language).join(
        f"{visible(other.source)} ({other.identity:.0%})" for other in others
    )
    if len(others) < len(passage.also_in):
        return say("passage.others", view.language, shown=shown, count=len(passage.also_in))
    return shown


def _place(passage: Passage, report: Report, view: View) -> str:
    for advice in report.rewrite_first:
        if advice.span.start <= passage.start < advice.span.end:
            return say("passage.paragraph", view.language, number=advice.number)
    return say("passage.offsets", view.language, start=passage.start, end=passage.end)


def _source_name(passage: Passage) -> str:
    part = f" 《{visible(passage.part)}》" if passage.part else ""
    return visible(passage.source) + part


def _texts(passage: Passage, view: View) -> Iterator[str]:
    ours, theirs = visible(passage.text.strip()), visible(passage.source_text.strip())
    most = None if view.complete else _MOST_ROWS
    if ours == theirs:
        columns = view.columns - 4
        # A row holds at most as many characters as columns: no need to wrap what is not shown.
        lines = wrap(ours if most is None else ours[: (most + 1) * columns], columns)
        yield from (f"    {line}" for line in lines[:most])
        cut = most is not None and len(lines) > most
    else:
        columns = (view.columns - 7) // 2
        marks = _COLOUR_MARKS if view.colour else Marks()
        flow = passage.kind == "reordered"
        pairs = unmarked_rows(ours, theirs, columns) if flow else rows(ours, theirs, columns, marks)
        body = [(left, "|", right) for left, right in islice(pairs, most)]
        # The left column keeps its full width, so that the bars of all passages stand in one line.
        left_head = say("passage.submission", view.language)
        head = (left_head + " " * (columns - width(left_head)), "|", say("passage.source", view.language))
        yield from (f"  {line}" for line in table([head, *body]).splitlines())
        cut = next(iter(pairs), None) is not None
    if cut:
        yield "    " + say("passage.cut", view.language)
