"""Reasons in words: what judging gives as codes and facts becomes sentences in the report's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.wording import say

if TYPE_CHECKING:
    from dedup.model import Fact, Passage, Reason, Verdict
    from dedup.settings import Language

_FIGURES_SHOWN = 5
_TITLES_SHOWN = 3


def sentence(passage: Passage, language: Language) -> str:
    """Why a passage has its status, in one sentence; empty where no reason is given."""
    return say("semicolon", language).join(_passage_reason(reason, language) for reason in passage.reasons)


def sentences(verdict: Verdict, language: Language) -> list[str]:
    """Why a verdict has its level, a sentence for each reason."""
    return [_verdict_reason(reason, language) for reason in verdict.reasons]


def _passage_reason(reason: Reason, language: Language) -> str:
    values = {name: _in_words(fact, language) for name, fact in reason.facts.items()}
    return say(f"reason.{reason.code}", language, **values)


def _in_words(fact: Fact, language: Language) -> object:
    """A fact as its sentence shows it; of a list the first few."""
    return say("enumeration", language).join(fact[:_FIGURES_SHOWN]) if isinstance(fact, tuple) else fact


def _verdict_reason(reason: Reason, language: Language) -> str:
    facts = reason.facts
    if reason.code == "notice":
        return _notice(facts["titles"], facts["notice"], language)
    values = {name: f"{fact:{_PERCENT[name]}}" if name in _PERCENT else fact for name, fact in facts.items()}
    return say(f"verdict.{reason.code}", language, **values)


_PERCENT = {"ratio": ".1%", "limit": ".0%"}
"""How facts that are shares of the text are written."""


def _notice(titles: Fact, notice: Fact, language: Language) -> str:
    """The sources that forbid copying; the notice itself where there is one."""
    named = titles if isinstance(titles, tuple) else (str(titles),)
    if len(named) == 1:
        return say("verdict.notice", language, title=named[0], notice=notice)
    shown = "".join(f"《{title}》" for title in named[:_TITLES_SHOWN])
    key = "verdict.notices" if len(named) <= _TITLES_SHOWN else "verdict.notices_more"
    return say(key, language, count=len(named), titles=shown)
