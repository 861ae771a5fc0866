"""Connect traces with the reused passages that hold them: name the source, raise the gravity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dedup.align.found import Found
from dedup.model import Finding, Owner
from dedup.passage import Reason
from dedup.settings import FindingKind

_TOLD: dict[FindingKind, str] = {
    "foreign-place": "left_names",
    "foreign-unit": "left_names",
    "own-name": "left_names",
    "other-year": "left_times",
    "figures": "left_figures",
}
"""Kinds that make a passage serious, with the reason to give; masks do not, as anybody uses them."""


def with_sources(findings: Sequence[Finding], found: Sequence[Found], owner: Owner) -> tuple[Finding, ...]:
    """The findings; those whose text is also in the source of a reused passage get that source, as errors."""
    reused = [one for one in found if one.passage.status == "reuse"]
    return tuple(_with_source(finding, reused, owner) for finding in findings)


def _with_source(finding: Finding, reused: Sequence[Found], owner: Owner) -> Finding:
    for one in reused:
        passage = one.passage
        inside = passage.start <= finding.start and finding.end <= passage.end
        if not inside or finding.text not in passage.source_text:
            continue
        if not owner.registered and owner.unit and owner.unit in one.source.title:
            continue  # probably an earlier paper of the same owner, whose names may be right
        severity = "error" if finding.kind in _TOLD else finding.severity
        return replace(finding, also_in_source=passage.source, severity=severity)
    return finding


def with_left_over(found: Sequence[Found], findings: Sequence[Finding]) -> list[Found]:
    """The passages; those with traces of their source become serious and get a reason for it."""
    left = [one for one in findings if one.also_in_source and one.kind in _TOLD]
    return [_graver(one, left) for one in found] if left else list(found)


def _graver(found: Found, left: Sequence[Finding]) -> Found:
    passage = found.passage
    mine = [one for one in left if passage.start <= one.start and one.end <= passage.end]
    if passage.status != "reuse" or not mine:
        return found
    reasons = [
        Reason(code, {"names": names})
        for code in dict.fromkeys(_TOLD.values())
        if (names := tuple(dict.fromkeys(one.text for one in mine if _TOLD[one.kind] == code)))
        and not (code == "left_figures" and passage.figures in ("kept", "partly"))  # which says it already
    ]
    return found._replace(passage=replace(passage, severity="serious", reasons=(*passage.reasons, *reasons)))
