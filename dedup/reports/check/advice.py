"""Put into words which paragraphs to rewrite: the plan that keeps the limits, else those with most reuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.messages import say
from dedup.reports.check.reasons import reasons_in_words
from dedup.reports.kit.ratios import percent

if TYPE_CHECKING:
    from dedup.model import ParagraphAdvice, Report
    from dedup.settings import Language


def advised(report: Report) -> list[tuple[ParagraphAdvice, str]]:
    """The paragraphs to rewrite, each with the copied ratio that remains after it."""
    if report.plan is not None and report.plan.reaches:
        return [(step.advice, percent(step.ratio_after)) for step in report.plan.steps]
    left, found = report.figures.counted_characters, []
    for advice in report.rewrite_first:
        left = max(0, left - advice.copied_characters)
        found.append((advice, percent(left / report.figures.total_characters)))
    return found


def share_of(advice: ParagraphAdvice, language: Language) -> str:
    """Reused and all characters of a paragraph, and those in other drafts of the call, in words."""
    share = f"{advice.copied_characters}/{advice.characters}"
    if not advice.shared_characters:
        return share
    return share + say("rewrite.shared", language, count=advice.shared_characters)


def advice_title(report: Report) -> str:
    """The message key of the heading: rewriting is required, or only optional."""
    due = report.plan is not None or report.verdict.level != "pass"
    return "rewrite.title" if due else "rewrite.optional"


def advice_note(report: Report, shown: int, language: Language) -> str:
    """A sentence on the effect of rewriting, or why it is not enough; `shown` paragraphs are listed above."""
    plan, body = report.plan, advised(report)
    if plan is not None and not plan.reaches:
        reasons = say("semicolon", language).join(reasons_in_words(plan.remaining, language))
        return say("rewrite.beyond", language, reasons=reasons)
    before = percent(report.figures.counted_ratio)
    if plan is None:
        return say("rewrite.saving", language, count=shown, before=before, after=body[shown - 1][1])
    after = body[-1][1]
    brings = say("rewrite.brings", language, before=before, after=after) if after != before else ""
    key = "rewrite.smallest" if plan.smallest else "rewrite.enough"
    return say(key, language, count=len(body), brings=brings)
