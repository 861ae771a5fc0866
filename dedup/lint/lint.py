"""Check a document for findings of all families, in the order of the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from dedup.lint.masks import find_masks
from dedup.lint.page import Page
from dedup.lint.places import find_foreign, find_own_name
from dedup.lint.repealed import find_repealed
from dedup.lint.times import find_other_years
from dedup.model import Finding
from dedup.settings import FindingKind, Gravity

Family = Callable[[Page], Iterator[Finding]]

Severities = Sequence[tuple[FindingKind, Gravity | Literal["off"]]]
"""Severities of kinds of findings, as configured; `off` for none."""

LEFT_OVER: tuple[Family, ...] = (find_masks, find_foreign, find_own_name, find_other_years, find_repealed)
"""The families that `check` looks for too: traces of the document from which a text was copied."""


def find_left_over(page: Page) -> tuple[Finding, ...]:
    """Findings of the traces of another document."""
    return _found(page, LEFT_OVER)


def find_all(page: Page) -> tuple[Finding, ...]:
    """All findings: traces of another document, and those that only `lint` looks for."""
    # A check does not use these, and should not spend time on importing them.
    from dedup.lint.contradictions import find_contradictions
    from dedup.lint.length import find_length
    from dedup.lint.marks import find_marks
    from dedup.lint.numbering import find_numbering
    from dedup.lint.remains import find_remains
    from dedup.lint.repeats import find_repeats

    care = (find_remains, find_contradictions, find_numbering, find_marks, find_repeats, find_length)
    return _found(page, (*LEFT_OVER, *care))


def _found(page: Page, families: Sequence[Family]) -> tuple[Finding, ...]:
    found = {(one.start, one.end, one.kind): one for family in families for one in family(page)}
    return tuple(sorted(found.values(), key=lambda one: (one.start, one.end, one.kind)))


def wanted(findings: tuple[Finding, ...], severities: Severities) -> tuple[Finding, ...]:
    """The findings without kinds that are switched off."""
    off = {kind for kind, severity in severities if severity == "off"}
    return tuple(one for one in findings if one.kind not in off) if off else findings


def graded(findings: tuple[Finding, ...], severities: Severities) -> tuple[Finding, ...]:
    """The findings with the configured severities of their kinds."""
    given = {kind: severity for kind, severity in severities if severity != "off"}
    if not given:
        return findings
    return tuple(replace(one, severity=given.get(one.kind, one.severity)) for one in findings)
