"""Put parts of reports into words, for the formats that are read as prose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.messages import label, say
from dedup.reports.check.decisions import badge, decision_in_words, novelty_in_words
from dedup.reports.check.reasons import sentence
from dedup.reports.kit.columns import visible
from dedup.reports.kit.ratios import percent

_MOST_SHARED_WORDS = 8

if TYPE_CHECKING:
    from dedup.model import Figures, Report, SourceSummary
    from dedup.passage import Alternative, Passage, SharedPassage, Status
    from dedup.reports.kit.places import Places
    from dedup.settings import Language, Relation


def in_order(report: Report) -> list[Passage]:
    """The passages in the order of the submission."""
    return sorted(report.passages, key=lambda one: one.start)


def not_reuse(figures: Figures) -> list[tuple[Status, int]]:
    """Every status but reuse, with its number of characters."""
    return [
        ("quoted", figures.quoted_characters),
        ("own", figures.own_characters),
        ("formulaic", figures.formulaic_characters),
        ("minor", figures.minor_characters),
        ("suspected", figures.suspected_characters),
    ]


def place_of(start: int, end: int, places: Places, language: Language) -> str:
    """The place of a passage in words: page if it has one, paragraph and line."""
    number, (line, _) = places.paragraph(start), places.line_and_column(start)
    if number:
        place = say("passage.paragraph", language, number=number)
    else:
        place = say("passage.offsets", language, start=start, end=end)
    inner = place + say("passage.line", language, line=line)
    return say("comma", language).join(filter(None, (outer_place(start, places, language), inner)))


def outer_place(offset: int, places: Places, language: Language) -> str:
    """The member and the page or sheet of an offset, safe to show; empty for a plain text."""
    names = (say(f"place.{one.kind}", language, name=visible(one.name)) for one in places.at(offset))
    return say("comma", language).join(names)


def headline(passage: Passage, places: Places, language: Language) -> str:
    """One line on a passage: its place, status, kind, identity and length, without its source."""
    facts = facts_of(passage, places, language)
    if passage.status != "reuse":
        facts.insert(2, say(f"passage.status.{passage.status}", language))
    if decided := badge(passage, language):
        facts.insert(0, decided)
    facts.append(say("passage.characters", language, count=places.characters(passage)))
    return " · ".join(facts)


def facts_of(passage: Passage | SharedPassage, places: Places, language: Language) -> list[str]:
    """The place of a passage, its kind and its identity."""
    return [
        place_of(passage.start, passage.end, places, language),
        say(f"passage.kind.{passage.kind}", language),
        say("passage.identity", language, ratio=percent(passage.identity, 0)),
    ]


def source_of(passage: Passage, language: Language) -> str:
    """The path of a passage's source, the part of it and the paragraph, safe to show."""
    name = visible(passage.source) + (f" 《{visible(passage.part)}》" if passage.part else "")
    if not passage.source_paragraph:
        return name
    return say("comma", language).join((name, paragraph_of_source(passage, language)))


def paragraph_of_source(passage: Passage, language: Language) -> str:
    """The paragraph in which a passage's source stretch begins; empty if unknown."""
    number = passage.source_paragraph
    return say("passage.paragraph", language, number=number) if number else ""


def title_of(source: SourceSummary) -> str:
    """The title of a source, safe to show; empty where it has none."""
    return visible(source.part or source.title)


def notice_of(source: SourceSummary, language: Language) -> str:
    """A source's notice and whether it forbids copying; empty where it has none."""
    if source.notice is None:
        return ""
    key = "source.notice_forbids" if source.notice.no_copying else "source.notice"
    return say(key, language, text=visible(source.notice.text))


def remarks(passage: Passage, language: Language, most: int | None = None) -> list[tuple[str, str]]:
    """Further facts of a passage, as labels and texts that are safe to show.

    At most `most` other documents that hold it are named, with their total number.
    """
    comma = say("comma", language)
    found = []
    if passage.decision is not None:
        found.append(("passage.decision", decision_in_words(passage, language)))
    if passage.novelty:
        found.append(("passage.novelty", novelty_in_words(passage, language)))
    if passage.reasons:
        found.append(("passage.reason", visible(sentence(passage, language))))
    if passage.probability is not None:
        found.append(("passage.probability", percent(passage.probability, 0)))
    if shared := shared_words(passage):
        found.append(("passage.shared", visible(say("enumeration", language).join(shared))))
    if passage.evasion:
        tricks = comma.join(say(f"passage.evasion.{trick}", language) for trick in passage.evasion)
        found.append(("passage.evasion", tricks))
    if passage.also_in:
        named = passage.also_in[:most]
        others = comma.join(_holder(one, language) for one in named)
        if len(named) < len(passage.also_in):
            others = say("passage.others", language, shown=others, count=len(passage.also_in))
        found.append(("passage.also_in", others))
    return [(say(key, language), text) for key, text in found]


def _holder(other: Alternative, language: Language) -> str:
    """Another document that holds a passage, how equal it is, and whether it forbids copying."""
    facts = [percent(other.identity, 0)]
    if other.notice is not None and other.notice.no_copying:
        facts.append(say("passage.forbids", language))
    part = f" 《{visible(other.part)}》" if other.part else ""
    return f"{visible(other.source)}{part} ({say('comma', language).join(facts)})"


def relation_in_words(relation: Relation, language: Language) -> str:
    """The relation of a source's writer to that of the submission, in words; empty if unknown."""
    if relation == "unknown":
        return ""
    return label("source.relation", language) + say(f"relation.{relation}", language)


def by_relation(figures: Figures, language: Language) -> str:
    """Numbers of characters copied, by relation of the source, in words; empty if no relation is known."""
    counted = figures.by_relation
    if not set(counted) - {"unknown"}:
        return ""
    shares = [
        say("relation.share", language, relation=say(f"relation.{relation}", language), count=count)
        for relation, count in counted.items()
    ]
    return label("source.by_relation", language) + say("comma", language).join(shares)


def shared_words(passage: Passage) -> list[str]:
    """The rare words and the figures that a rewritten passage and its source both hold, each once."""
    words = (
        passage.text[one.start - passage.start : one.end - passage.start]
        for one in passage.counterparts
        if one.kind != "sentence"
    )
    return list(dict.fromkeys(filter(None, words)))[:_MOST_SHARED_WORDS]


def about_source(source: SourceSummary, language: Language) -> list[str]:
    """The path of a source, and its title, relation and notice if it has them; safe to show."""
    relation = relation_in_words(source.relation, language)
    told = (visible(source.document), title_of(source), relation, notice_of(source, language))
    return [*filter(None, told)]


def source_figures(source: SourceSummary) -> tuple[str, str, str]:
    """Number of characters copied from a source, their share, and the number of passages, as texts."""
    return str(source.copied_characters), percent(source.copied_ratio), str(source.passages)


def comment_on(number: int, passage: Passage, places: Places, language: Language) -> Iterator[str]:
    """The text of a comment beside a passage, line by line."""
    yield f"{number}. {headline(passage, places, language)}"
    yield f"{label('passage.source', language)}{source_of(passage, language)}"
    yield from (f"{name}{say('colon', language)}{text}" for name, text in remarks(passage, language))
    if passage.source_text != passage.text:
        yield f"{label('page.theirs', language)}{visible(passage.source_text)}"


def figures_in_words(report: Report, language: Language) -> list[tuple[str, str]]:
    """The headline figures with their names, first the one on which the verdict is based."""
    figures = report.figures
    shown = [
        ("copied_ratio", percent(figures.copied_ratio)),
        ("matched_ratio", percent(figures.matched_ratio)),
        ("largest_ratio", percent(figures.largest_single_source_ratio)),
        ("copied", str(figures.copied_characters)),
        ("total", str(figures.total_characters)),
        ("suspicious", f"{figures.suspicious_paragraphs} / {figures.paragraphs}"),
    ]
    if figures.counted_characters != figures.copied_characters:
        shown.append(("counted_ratio", percent(figures.counted_ratio)))
    shown += [(name, str(count)) for name, count in not_reuse(figures) if count]
    return [(say(f"figure.{name}", language), value) for name, value in shown]
