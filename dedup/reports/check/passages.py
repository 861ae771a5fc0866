"""Write the passages of the terminal report: each beside its source, with differences and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from dedup.messages import say
from dedup.reports.check.decisions import badge, decision_in_words
from dedup.reports.check.describe import facts_of, in_order, not_reuse, place_of, remarks, source_of
from dedup.reports.kit.columns import clip_middle, visible, width, wrap
from dedup.reports.kit.comparison import Marks, rows, unmarked_rows
from dedup.reports.kit.page import NARROW, hanging, heading, paint, table
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.model import Report
    from dedup.passage import Passage, SharedPassage
    from dedup.reports import View
    from dedup.reports.kit.places import Places

_MOST_PASSAGES = 12
_MOST_ROWS = 8
_MOST_OTHERS = 3
_MOST_SHARED = 6
_COLOUR_MARKS = Marks(("\x1b[1;31m", "\x1b[0m"), ("\x1b[1;32m", "\x1b[0m"), columns=0)


def passage_section(report: Report, places: Places, view: View) -> Iterator[str]:
    """Passages of status `reuse` in the order of the submission; with `view.complete` those of any status.

    Passages are numbered among all passages, as in every format.
    """
    numbered = list(enumerate(in_order(report), 1))
    wanted = [
        (number, one)
        for number, one in numbered
        if view.complete or (one.status == "reuse" and not one.settled)
    ]
    if not wanted:
        return
    language = view.language
    shown = wanted if view.complete else _weightiest(wanted)
    yield heading(say("passage.title", language), view)
    if any(one.text != one.source_text for _, one in shown):
        yield say("passage.marks_colour" if view.colour else "passage.marks", language)
    for number, passage in shown:
        yield ""
        yield from _passage(number, passage, places, view)
    if len(shown) < len(wanted):
        yield ""
        yield from wrap(say("passage.more", language, count=len(wanted) - len(shown)), view.columns)


def decided_section(report: Report, places: Places, view: View) -> Iterator[str]:
    """Decisions about passages with author and reason, a few lines each."""
    decided = [pair for pair in enumerate(in_order(report), 1) if pair[1].decision is not None]
    if not decided:
        return
    language = view.language
    yield heading(say("decision.title", language), view)
    for number, passage in decided:
        place = place_of(passage.start, passage.end, places, language)
        count = say("passage.characters", language, count=places.characters(passage))
        facts = say("comma", language).join((place, count, source_of(passage, language)))
        yield from hanging(f"[{number}]", facts, view, gap=1)
        yield from hanging("", decision_in_words(passage, language), view, indent=len(f"[{number}]") + 1)


def innocent_section(report: Report, view: View) -> Iterator[str]:
    """Numbers of passages and characters of each status that does not count as reuse."""
    innocent = [one for one in report.passages if one.status != "reuse"]
    if not innocent or view.complete:
        return
    language = view.language
    yield heading(say("passage.innocent", language), view)
    for status, counted in not_reuse(report.figures):
        count = sum(one.status == status for one in innocent)
        if count:
            name = say(f"passage.status.{status}", language)
            line = say("passage.innocent_line", language, status=name, count=count, characters=counted)
            yield from wrap(line, view.columns)


def among_section(report: Report, places: Places, view: View) -> Iterator[str]:
    """Passages that the submission shares with the other drafts of the call."""
    among, language = report.among, view.language
    if among is None:
        return
    yield heading(say("among.title", language), view)
    if not among.drafts:
        yield from wrap(say("among.none", language, count=among.compared), view.columns)
        return
    for one in among.drafts:
        name = clip_middle(visible(one.name), view.columns - 4)
        yield f"- {name}"
        shared = say("passage.characters", language, count=one.shared_characters)
        facts = [shared, percent(one.shared_ratio)]
        if one.identical:
            facts.append(say("among.identical", language))
        yield "  " + say("comma", language).join(facts)
    most = None if view.complete else _MOST_SHARED
    for number, passage in enumerate(among.passages[:most], 1):
        yield ""
        yield from _shared(number, passage, places, view)
    if most is not None and len(among.passages) > most:
        yield ""
        yield from wrap(say("among.more", language, count=len(among.passages) - most), view.columns)


def _weightiest(numbered: list[tuple[int, Passage]]) -> list[tuple[int, Passage]]:
    chosen = sorted(numbered, key=lambda pair: pair[1].start - pair[1].end)[:_MOST_PASSAGES]
    return sorted(chosen)


def _passage(number: int, passage: Passage, places: Places, view: View) -> Iterator[str]:
    language, label = view.language, f"[{number}]"
    facts = facts_of(passage, places, language)
    if passage.status != "reuse":
        facts.insert(0, say(f"passage.status.{passage.status}", language))
    if decided := badge(passage, language):
        facts.insert(0, decided)
    yield from _title(label, facts, view)
    about = [(say("passage.source", language), source_of(passage, language))]
    about += remarks(passage, language, None if view.complete else _MOST_OTHERS)
    for name, text in about:
        yield from hanging(name, text, view, len(label) + 1)
    yield from _texts(passage.text, passage.source_text, view, flow=passage.kind == "reordered")


def _shared(number: int, passage: SharedPassage, places: Places, view: View) -> Iterator[str]:
    label = f"({number})"
    yield from _title(label, facts_of(passage, places, view.language), view)
    yield from hanging(say("among.other", view.language), visible(passage.other), view, len(label) + 1)
    yield from _texts(passage.text, passage.other_text, view, flow=passage.kind == "reordered")


def _title(number: str, facts: Sequence[str], view: View) -> Iterator[str]:
    lines = hanging(number, say("comma", view.language).join(facts), view, gap=1)
    yield from (paint(line, "1", view) for line in lines)


def _texts(text: str, source_text: str, view: View, *, flow: bool) -> Iterator[str]:
    """Both texts side by side, on a narrow page one below the other; with `flow` each flows by itself."""
    ours, theirs = visible(text.strip()), visible(source_text.strip())
    most = None if view.complete else _MOST_ROWS
    if ours == theirs:
        columns = view.columns - 4
        # A row holds at most as many characters as columns, so the rest need not be wrapped.
        lines = wrap(ours if most is None else ours[: (most + 1) * columns], columns)
        yield from (f"    {line}" for line in lines[:most])
        cut = most is not None and len(lines) > most
    else:
        narrow = view.columns < NARROW
        columns = view.columns - 4 if narrow else (view.columns - 7) // 2
        marks = _COLOUR_MARKS if view.colour else Marks()
        pairs = unmarked_rows(ours, theirs, columns) if flow else rows(ours, theirs, columns, marks)
        shown = list(islice(pairs, most))
        cut = next(iter(pairs), None) is not None
        yield from _under_each_other(shown, view) if narrow else _beside_each_other(shown, columns, view)
    if cut:
        yield "    " + say("passage.cut", view.language)


def _beside_each_other(pairs: Sequence[tuple[str, str]], columns: int, view: View) -> Iterator[str]:
    body = [(left, "|", right) for left, right in pairs]
    # The left column keeps its full width, so that the bars of all passages are aligned.
    left_head = say("passage.submission", view.language)
    head = (left_head + " " * (columns - width(left_head)), "|", say("passage.source", view.language))
    yield from (f"  {line}" for line in table([head, *body]).splitlines())


def _under_each_other(pairs: Sequence[tuple[str, str]], view: View) -> Iterator[str]:
    for side, name in enumerate(("submission", "source")):
        yield f"  {say(f'passage.{name}', view.language)}"
        yield from (f"    {pair[side]}" for pair in pairs if pair[side])
