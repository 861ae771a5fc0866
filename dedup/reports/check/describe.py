"""Reports in words, for the formats that are read as prose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.messages import say
from dedup.reports.check.reasons import sentence
from dedup.reports.kit.columns import visible
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.model import Figures, Passage, Report, SourceSummary, Status
    from dedup.reports.kit.places import Places
    from dedup.settings import Language


def in_order(report: Report) -> list[Passage]:
    """The passages as they stand in the submission."""
    return sorted(report.passages, key=lambda one: one.start)


def advice_title(report: Report) -> str:
    """The key of the words above the paragraphs with most reuse: an order, or an offer where none is due."""
    return "rewrite.optional" if report.verdict.level == "pass" else "rewrite.title"


def not_reuse(figures: Figures) -> list[tuple[Status, int]]:
    """Every status but reuse and how many characters count for it."""
    return [
        ("quoted", figures.quoted_characters),
        ("own", figures.own_characters),
        ("formulaic", figures.formulaic_characters),
        ("minor", figures.minor_characters),
        ("suspected", figures.suspected_characters),
    ]


def place_of(start: int, end: int, places: Places, language: Language) -> str:
    """Where a passage stands: its page, where it has one, its paragraph and line."""
    number, (line, _) = places.paragraph(start), places.line_and_column(start)
    if number:
        place = say("passage.paragraph", language, number=number)
    else:
        place = say("passage.offsets", language, start=start, end=end)
    inner = place + say("passage.line", language, line=line)
    return say("comma", language).join(filter(None, (outer_place(start, places, language), inner)))


def outer_place(offset: int, places: Places, language: Language) -> str:
    """The member and the page or sheet that an offset lies in, safe to show; empty for a plain text."""
    names = (say(f"place.{one.kind}", language, name=visible(one.name)) for one in places.at(offset))
    return say("comma", language).join(names)


def headline(passage: Passage, places: Places, language: Language) -> str:
    """Where a passage stands, what it is, how equal and how long: one line without its source."""
    place = place_of(passage.start, passage.end, places, language)
    facts = [place, say(f"passage.kind.{passage.kind}", language)]
    if passage.status != "reuse":
        facts.append(say(f"passage.status.{passage.status}", language))
    facts.append(say("passage.identity", language, ratio=percent(passage.identity, 0)))
    facts.append(say("passage.characters", language, count=places.characters(passage)))
    return " · ".join(facts)


def source_of(passage: Passage) -> str:
    """The path of a passage's source and the part of it, safe to show."""
    return visible(passage.source) + (f" 《{visible(passage.part)}》" if passage.part else "")


def title_of(source: SourceSummary) -> str:
    """What a source calls itself, safe to show; empty where it has no title."""
    return visible(source.part or source.title)


def notice_of(source: SourceSummary, language: Language) -> str:
    """A source's notice and whether it forbids copying; empty where it has none."""
    if source.notice is None:
        return ""
    key = "source.notice_forbids" if source.notice.no_copying else "source.notice"
    return say(key, language, text=visible(source.notice.text))


def remarks(passage: Passage, language: Language) -> list[tuple[str, str]]:
    """What else is known of a passage, as labels and texts that are safe to show."""
    comma = say("comma", language)
    found = []
    if passage.reasons:
        found.append(("passage.reason", visible(sentence(passage, language))))
    if passage.evasion:
        tricks = comma.join(say(f"passage.evasion.{trick}", language) for trick in passage.evasion)
        found.append(("passage.evasion", tricks))
    if passage.also_in:
        others = comma.join(f"{visible(one.source)} ({percent(one.identity, 0)})" for one in passage.also_in)
        found.append(("passage.also_in", others))
    return [(say(key, language), text) for key, text in found]


def comment_on(number: int, passage: Passage, places: Places, language: Language) -> Iterator[str]:
    """What a comment beside a passage says, line by line."""
    yield f"{number}. {headline(passage, places, language)}"
    yield f"{say('passage.source', language)}: {source_of(passage)}"
    yield from (f"{label}: {text}" for label, text in remarks(passage, language))
    if passage.source_text != passage.text:
        yield f"{say('page.theirs', language)}: {visible(passage.source_text)}"


def figures_in_words(report: Report, language: Language) -> list[tuple[str, str]]:
    """The headline figures under their names, the one the verdict looks at first."""
    figures = report.figures
    shown = [
        ("copied_ratio", percent(figures.copied_ratio)),
        ("matched_ratio", percent(figures.matched_ratio)),
        ("largest_ratio", percent(figures.largest_single_source_ratio)),
        ("copied", str(figures.copied_characters)),
        ("total", str(figures.total_characters)),
        ("suspicious", f"{figures.suspicious_paragraphs} / {figures.paragraphs}"),
    ]
    shown += [(name, str(count)) for name, count in not_reuse(figures) if count]
    return [(say(f"figure.{name}", language), value) for name, value in shown]
