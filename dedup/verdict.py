"""Judge a submission by its figures, the notices of its sources and other drafts, under the settings.

Reasons are those that decided, the weightiest first; remarks are reservations about the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dedup.align.found import Found
from dedup.document import Notice, Remark
from dedup.model import Among, Checked, Figures, Finding, Gate, Level, Verdict
from dedup.passage import Fact, Passage, Reason
from dedup.settings import Settings
from dedup.sketch.scheme import GUARANTEED_RUN
from dedup.tally import covered

if TYPE_CHECKING:
    from dedup.policy import Held

SMALL_COLLECTION = 20
"""Documents below which a collection hardly distinguishes custom from copying. Of 22 reports with nothing
copied in them up to 7 % was called reuse against two reports, 6 % against ten, 3 % against twenty or more."""
_SEVERITY: tuple[Level, ...] = ("pass", "warn", "block")

_NAMING = frozenset({"foreign_name", "left_names"})
"""Reasons of a passage that it names another place."""


_FEWEST_NAMES = 2
"""Number of different names of other places from which a draft is suspected though no source was found; a
single one may be right, or an error of this program."""


class _Finding(NamedTuple):
    """The finding of one rule, with its level."""

    level: Level
    reason: Reason


class _Forbidding(NamedTuple):
    """A document that forbids copying."""

    path: str
    part: str
    title: str
    notice: Notice


def gate_of(figures: Figures, among: Among | None, settings: Settings) -> Gate | None:
    """Compare the copied ratio, and the share in common with other drafts, with the caller's limit."""
    limit = settings.fail_over
    if limit is None:
        return None
    return Gate(limit, exceeded=max(figures.copied_ratio, _shared_ratio(among)) > limit)


def judge(  # noqa: PLR0913  all that a verdict rests on
    figures: Figures,
    found: Sequence[Found],
    settings: Settings,
    checked: Checked,
    among: Among | None = None,
    reading: Sequence[Remark] = (),
    pages: int = 0,
    left_over: Sequence[Finding] = (),
    *,
    held: Held | None = None,
) -> Verdict:
    """Judge a submission by what was found.

    `checked` is the basis of the check, `reading` has remarks on how its file was read, `left_over` traces of
    other documents, `held` the result for further limits.

    The worst finding gives the level. It is unknown for too little text with nothing found, for a blank form,
    and if most of the `pages` could not be read and the others show nothing.
    """
    remarks = (*_on_reading(reading), *_remarks(checked), *_on_what_counts(held))
    if any(remark.code == "empty-form" for remark in reading):
        return Verdict("unknown", (Reason("empty_form"),), remarks)
    if figures.total_characters < GUARANTEED_RUN and not found:
        return Verdict("unknown", (Reason("too_little", {"count": figures.total_characters}),), remarks)
    gate = gate_of(figures, among, settings)
    findings = [
        *_limit(figures, gate),
        *_notices(found, settings),
        *_ratio(figures, settings, held),
        *(_Finding(*one) for one in (held.crossed if held is not None else ())),
        *_among(among, settings),
        *_foreign(found),
        *_sent_back(found),
        *_left_over(left_over),
    ]
    level: Level = max((one.level for one in findings), key=_SEVERITY.index, default="pass")
    unread = sum(remark.count for remark in reading if remark.code == "no-text")
    if level == "pass" and unread > pages - unread > 0:
        return Verdict("unknown", (Reason("mostly_unread", {"count": unread, "pages": pages}),), remarks)
    findings.sort(key=lambda one: -_SEVERITY.index(one.level))
    reasons = [one.reason for one in findings]
    if level == "pass":
        reasons.append(_passed(figures, settings, held))
    if gate is not None and not gate.exceeded:
        reasons.append(Reason("limit_kept", {"ratio": figures.copied_ratio, "limit": gate.limit}))
    return Verdict(level, tuple(reasons), remarks)


def _remarks(checked: Checked) -> Iterator[Reason]:
    """Remarks on a missing or small collection."""
    if not checked.corpus:
        yield Reason("no_collection")
    elif checked.documents < SMALL_COLLECTION:
        yield Reason("small_collection", {"count": checked.documents})


def _on_reading(reading: Sequence[Remark]) -> Iterator[Reason]:
    """Remarks on parts of the file that were not read, or read differently from their look."""
    for remark in reading:
        if remark.code == "empty-form":
            continue  # this is a reason, not a remark
        detail = remark.detail.partition(": {")[0]  # without the reason that a member was left out
        yield Reason(f"read_{remark.code.replace('-', '_')}", {"count": remark.count, "detail": detail})


def _on_what_counts(held: Held | None) -> Iterator[Reason]:
    """A remark on sources that the settings leave out of the limits, if anything is copied from them."""
    if held is not None and held.ignored:
        yield Reason("not_counted", {"relations": held.ignored})


def _counted(figures: Figures, held: Held | None) -> tuple[float, dict[str, Fact]]:
    """The copied ratio that counts, and the relations that are left out, as facts."""
    if held is None or not held.ignored:
        return figures.copied_ratio, {}
    return held.copied_ratio, {"relations": held.ignored}


def _passed(figures: Figures, settings: Settings, held: Held | None) -> Reason:
    if figures.copied_characters or figures.decided_characters or figures.known_characters:
        copied, left_out = _counted(figures, held)
        return Reason("within_limits", {"ratio": copied, "limit": settings.warn_over, **left_out})
    return Reason("nothing_found")


def _limit(figures: Figures, gate: Gate | None) -> Iterator[_Finding]:
    if gate is not None and figures.copied_ratio > gate.limit:
        yield _Finding("warn", Reason("limit", {"ratio": figures.copied_ratio, "limit": gate.limit}))


def _notices(found: Sequence[Found], settings: Settings) -> Iterator[_Finding]:
    """One finding for all documents that forbid copying; few characters are worth a warning only."""
    reuse = [one for one in found if one.passage.status == "reuse"]
    carried = [one for one in reuse if any(_forbidding(one))]
    if not carried:
        return
    characters = covered(carried)
    # Named sources come before those under also_in, the longest passages first.
    carried.sort(key=lambda one: one.start - one.end)
    named = [next(_forbidding(one)) for one in carried if _forbids(one.source.notice)]
    every = (*named, *(other for one in carried for other in _forbidding(one)))
    forbidding = list({(one.path, one.part): one for one in every}.values())
    facts: dict[str, Fact] = {
        # One for each document, since many papers have the same title.
        "titles": tuple(one.title or one.path for one in forbidding),
        "notice": forbidding[0].notice.text,
        "characters": characters,
        "floor": settings.notice_floor,
    }
    if characters >= settings.notice_floor:
        yield _Finding("block", Reason("notice", facts))
    else:
        yield _Finding("warn", Reason("notice_short", facts))


def _forbidding(one: Found) -> Iterator[_Forbidding]:
    """The documents with a passage's text that forbid copying, named source or not."""
    source = one.source
    if source.notice is not None and source.notice.no_copying:
        yield _Forbidding(source.path, source.part_title, source.title, source.notice)
    for other in one.passage.also_in:
        if other.notice is not None and other.notice.no_copying:
            yield _Forbidding(other.source, other.part, other.title, other.notice)


def _forbids(notice: Notice | None) -> bool:
    return notice is not None and notice.no_copying


def _ratio(figures: Figures, settings: Settings, held: Held | None) -> Iterator[_Finding]:
    copied, left_out = _counted(figures, held)
    limits: tuple[tuple[Level, float], ...] = (("block", settings.block_over), ("warn", settings.warn_over))
    for level, limit in limits:
        if copied > limit:
            yield _Finding(level, Reason("ratio", {"ratio": copied, "limit": limit, **left_out}))
            return


def _among(among: Among | None, settings: Settings) -> Iterator[_Finding]:
    """Findings on text shared with other drafts of the call; equal drafts are the worst finding."""
    if among is None:
        return
    if same := tuple(one.name for one in among.drafts if one.identical):
        yield _Finding("block", Reason("among", {"ratio": among.shared_ratio, "names": same}))
    elif among.shared_ratio > settings.warn_over:
        level: Level = "block" if among.shared_ratio > settings.block_over else "warn"
        names = tuple(one.name for one in among.drafts)
        yield _Finding(level, Reason("among", {"ratio": among.shared_ratio, "names": names}))


def _foreign(found: Sequence[Found]) -> Iterator[_Finding]:
    """A warning for passages that keep another place's figures or name, however short they are."""
    serious = [one.passage for one in found if one.passage.severity == "serious"]
    named = sum(not _NAMING.isdisjoint(passage.reason_codes) for passage in serious)
    if named:
        yield _Finding("warn", Reason("foreign_name", {"count": named}))
    if len(serious) > named:
        yield _Finding("warn", Reason("foreign_figures", {"count": len(serious) - named}))


def _sent_back(found: Sequence[Found]) -> Iterator[_Finding]:
    """A warning for passages that a person sent back and that are unchanged."""
    count = sum(one.passage.decision is not None and not one.passage.decision.excuses for one in found)
    if count:
        yield _Finding("warn", Reason("sent_back", {"count": count}))


def _left_over(findings: Sequence[Finding]) -> Iterator[_Finding]:
    """A warning for several names of other places without a source: probably copied from elsewhere."""
    names = [
        one.text
        for one in findings
        if one.severity == "error"
        and one.kind in ("foreign-place", "foreign-unit")
        and not one.also_in_source
    ]
    distinct = tuple(dict.fromkeys(names))
    if len(distinct) >= _FEWEST_NAMES:
        yield _Finding("warn", Reason("left_over", {"count": len(names), "names": distinct}))


def _shared_ratio(among: Among | None) -> float:
    return among.shared_ratio if among is not None else 0.0


def exceeded(verdict: Verdict, gate: Gate | None) -> bool:
    """Tell whether a limit is exceeded."""
    return verdict.level in ("warn", "block") or (gate is not None and gate.exceeded)


def with_settled(
    verdict: Verdict,
    figures: Figures,
    passages: Sequence[Passage],
    remarks: Sequence[Reason],
    added: int = 0,
    *,
    only_new: bool,
) -> Verdict:
    """The verdict with reasons for excused and known text, and with further `remarks`.

    `added` is the number of copied characters that no decision excuses and the earlier report does not have.
    """
    reasons = list(verdict.reasons)
    if figures.counted_characters != figures.copied_characters:
        reasons = [replace(one, facts={**one.facts, "counted": 1}) for one in reasons]
    # Other passages than reuse never counted, so a decision about them changes nothing.
    excused = [
        one for one in passages if one.status == "reuse" and one.decision is not None and one.decision.excuses
    ]
    if figures.decided_characters:
        names = tuple(dict.fromkeys(one.decision.by for one in excused if one.decision is not None))
        count, characters, ratio = len(excused), figures.decided_characters, figures.copied_ratio
        reasons.append(
            Reason("decided", {"count": count, "characters": characters, "names": names, "ratio": ratio})
        )
    if figures.known_characters is not None:
        new = sum(one.status == "reuse" and one.novelty != "known" and not one.settled for one in passages)
        facts: dict[str, Fact] = {"known": figures.known_characters, "count": new, "characters": added}
        reasons.append(Reason("only_new" if only_new else "compared", facts))
    return replace(verdict, reasons=tuple(reasons), remarks=(*verdict.remarks, *remarks))


def not_marked(verdict: Verdict, why: str) -> Verdict:
    """The verdict with a remark that the submission could not be marked, and the reason."""
    return replace(verdict, remarks=(*verdict.remarks, Reason("not_marked", {"why": why})))
