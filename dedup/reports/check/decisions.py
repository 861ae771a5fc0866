"""Put decisions of people into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.messages import say
from dedup.reports.kit.columns import visible

if TYPE_CHECKING:
    from dedup.passage import Decision, Passage
    from dedup.settings import Language


def decision_in_words(passage: Passage, language: Language) -> str:
    """The decision about a passage, its author and reason, and the part it does not cover; safe to show."""
    decision = passage.decision
    if decision is None:
        return ""
    told = ruling_in_words(decision, language)
    told += say("colon", language) + visible(decision.reason)
    if count := sum(map(len, passage.undecided)):
        told += say("decision.in_part", language, count=count)
    return told


def badge(passage: Passage, language: Language) -> str:
    """The decision about a passage, in a word; empty where there is none."""
    if passage.decision is None:
        return ""
    ruling = say(f"decision.{passage.decision.ruling}", language)
    return say("decision.partly", language, ruling=ruling) if passage.undecided else ruling


def ruling_in_words(decision: Decision, language: Language) -> str:
    """A decision with its author, date and expiry."""
    facts = [visible(decision.by), decision.date]
    if decision.expires:
        facts.append(say("decision.until", language, day=decision.expires))
    shown = say("comma", language).join(facts)
    return say("decision.ruling", language, ruling=say(f"decision.{decision.ruling}", language), facts=shown)


def novelty_in_words(passage: Passage, language: Language) -> str:
    """The words for whether an earlier report has a passage; empty if none was given."""
    return say(f"novelty.{passage.novelty}", language) if passage.novelty else ""
