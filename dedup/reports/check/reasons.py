"""Put reasons, which judging gives as codes and facts, into sentences in the report's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dedup.messages import catalogue, say
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.model import Checked, Report, Undone, Verdict
    from dedup.passage import Fact, Passage, Reason
    from dedup.settings import Language

_LISTED = 5
"""Largest number of figures or names shown of a list."""
_TITLES_SHOWN = 3
_MOST_DECIMALS = 4
_EITHER_WAY = frozenset({"single_source", "paragraph", "relation"})
"""Reasons whose limit is a share or a number of characters."""
_COUNTING = frozenset({"ratio", "within_limits"})
"""Reasons that name the relations whose sources the settings leave out."""


def sentence(passage: Passage, language: Language) -> str:
    """The reasons for a passage's status, in one sentence; empty if there are none."""
    parts = (say(_key_of(one), language, **_in_words(one.facts, language)) for one in passage.reasons)
    return say("semicolon", language).join(parts)


def _key_of(reason: Reason) -> str:
    """The key of a reason's words: drafts that were compared with one another have no collection."""
    return (
        "reason.rare_draft" if reason.code == "rare" and "drafts" in reason.facts else f"reason.{reason.code}"
    )


def sentences(verdict: Verdict, language: Language) -> list[str]:
    """The reasons for a verdict's level, a sentence for each."""
    return reasons_in_words(verdict.reasons, language)


def reasons_in_words(reasons: Sequence[Reason], language: Language) -> list[str]:
    """Some reasons of a verdict, a sentence for each."""
    return [_verdict_reason(reason, language) for reason in reasons]


def remarks_on(verdict: Verdict, language: Language) -> list[str]:
    """The reservations about a verdict, a sentence for each remark."""
    return [_verdict_reason(remark, language) for remark in verdict.remarks]


class VerdictInWords(NamedTuple):
    """A verdict as people read it."""

    level: str
    meaning: str
    """The meaning of the level; empty if its name is enough."""
    reasons: list[str]
    remarks: list[str]


def verdict_in_words(report: Report, language: Language) -> VerdictInWords:
    """Put a verdict into words; if there is any reuse, they never say that there is nothing to do."""
    verdict = report.verdict
    told = sentences(verdict, language)
    remarks = remarks_on(verdict, language)
    if report.undone is not None:
        remarks.insert(0, undone_in_words(report.undone, language))
    if "within_limits" in verdict.codes:
        return VerdictInWords(told[0], "", told[1:], remarks)
    level = say(f"level.{verdict.level}", language)
    if "nothing_found" in verdict.codes:
        return VerdictInWords(level, told[0], told[1:], remarks)
    alone = verdict.codes[:1] == ("left_over",) and verdict.level == "warn"
    meaning = say("level.warn.left_over" if alone else f"level.{verdict.level}.long", language)
    return VerdictInWords(level, meaning, told, remarks)


def undone_in_words(undone: Undone, language: Language) -> str:
    """One sentence on the tricks that were undone, and the copied ratio before and after."""
    tricks = [
        say("undone.trick", language, trick=say(f"passage.evasion.{trick}", language), count=count)
        for trick, count in undone.characters.items()
    ]
    told = say("enumeration", language).join(tricks)
    before, after = percent(undone.ratio_before), percent(undone.ratio_after)
    if before == after:
        return say("undone.no_matter", language, tricks=told, after=after)
    return say("undone.line", language, tricks=told, before=before, after=after)


def basis_of(checked: Checked, language: Language) -> str:
    """One line on the basis of a check: corpus, settings, time and version."""
    key = "basis.corpus" if checked.corpus else "basis.others"
    if not checked.snapshot:
        key += ".several"
    place = say(key, language, corpus=checked.corpus, count=checked.documents, snapshot=checked.snapshot)
    by_program = f"dedup {checked.version}" if checked.version else ""
    told = (place, settings_in_words(checked, language), checked.time, by_program)
    return say("semicolon", language).join(filter(None, told))


def settings_in_words(checked: Checked, language: Language) -> str:
    """The settings that decided, by name and value."""
    told = (_setting_in_words(name, fact, language) for name, fact in checked.settings.items())
    return say("comma", language).join(filter(None, told))


def _setting_in_words(name: str, fact: Fact, language: Language) -> str:
    """A setting and its value in words; empty if there are no words for it."""
    table, _, rest = name.partition(".")
    if name == "limits.ignore":
        return say("basis.ignored", language, relations=_value("relations", fact, language))
    if table == "limits":
        level, _, measure = rest.partition(".")
        relation = measure.removeprefix("relation.")
        of = f"relation.{relation}" if relation != measure else f"basis.measure.{measure}"
        limit = _value("limit", fact, language)
        if isinstance(fact, int):
            limit = say("basis.characters", language, limit=limit)
        return say(f"basis.{level}", language, of=say(of, language), limit=limit)
    if table == "lint":
        kind = say(f"lint.kind.{rest.replace('_', '-')}", language)
        return say("basis.lint", language, kind=kind, severity=say(f"basis.lint.{fact}", language))
    key = f"basis.{name}"
    return say(key, language, limit=_value("limit", fact, language)) if key in catalogue(language) else ""


_OF_WHAT_COUNTS = frozenset(
    {"ratio", "limit", "limit_kept", "within_limits", "single_source", "paragraph", "longest_run", "relation"}
)
"""Reasons whose share is of the text that counts after decisions and an earlier report."""


def _verdict_reason(reason: Reason, language: Language) -> str:
    told = _reason_in_words(reason, language)
    if reason.code in _OF_WHAT_COUNTS and "counted" in reason.facts:
        return say("verdict.counted", language, reason=told)
    return told


def _reason_in_words(reason: Reason, language: Language) -> str:
    titles = reason.facts.get("titles")
    if not isinstance(titles, tuple):
        return say(_key(reason), language, **_in_words(reason.facts, language))
    # Titles bring their own marks 《》.
    values = {name: fact for name, fact in reason.facts.items() if name in ("notice", "characters", "floor")}
    if reason.code == "notice" and len(titles) == 1:
        return say("verdict.notice", language, title=titles[0], notice=values["notice"])
    different = list(dict.fromkeys(titles))
    shown = "".join(f"《{title}》" for title in different[:_TITLES_SHOWN])
    if reason.code == "notice_short":
        return say("verdict.notice_short", language, titles=shown, **values)
    key = "verdict.notices" if len(different) <= _TITLES_SHOWN else "verdict.notices_more"
    return say(key, language, count=len(titles), titles=shown, notice=values["notice"])


def _key(reason: Reason) -> str:
    """The message key of a reason of a verdict; `read_…` is a remark on how the submission was read."""
    code, facts = reason.code, reason.facts
    remark = code.removeprefix("read_")
    if remark != code:
        return f"remark.{remark.replace('_', '-')}"
    if code in _EITHER_WAY and isinstance(facts["limit"], int):
        return f"verdict.{code}.characters"
    return f"verdict.{code}.counted" if code in _COUNTING and "relations" in facts else f"verdict.{code}"


def _in_words(facts: Mapping[str, Fact], language: Language) -> dict[str, object]:
    """Facts in the form for sentences: shares in per cent, lists cut to the first few."""
    shown = {name: _value(name, fact, language) for name, fact in facts.items()}
    ratio, limit = facts.get("ratio"), facts.get("limit")
    if isinstance(ratio, float) and isinstance(limit, float):
        shown["ratio"] = _beside_limit(ratio, limit)
    return shown


def _beside_limit(ratio: float, limit: float) -> str:
    """A share with as many decimals as tell it from a limit that it is not: 20.04% is above 20%."""
    for decimals in range(1, _MOST_DECIMALS):
        if ratio == limit or float(percent(ratio, decimals)[:-1]) != round(limit * 100, 4):
            return percent(ratio, decimals)
    return percent(ratio, _MOST_DECIMALS)


def _value(name: str, fact: Fact, language: Language) -> object:
    if isinstance(fact, tuple):
        if name == "relations":
            fact = tuple(say(f"relation.{one}", language) for one in fact)
        return say("enumeration", language).join(fact[:_LISTED])
    if isinstance(fact, float):
        # A limit is shown as precisely as it was given.
        return f"{round(fact * 100, 4):g}%" if name == "limit" else percent(fact)
    return fact
