"""Documents to be looked over, made of a title and some lines."""

from __future__ import annotations

from dedup.lint import Page, find_all, owner_of
from dedup.model import Finding
from dedup.text.structure import parse


def findings_of(
    *lines: str, unit: str | None = None, year: int | None = None, allowed: tuple[str, ...] = ()
) -> list[Finding]:
    document = parse("稿.txt", "\n".join(lines))
    return list(find_all(Page(document, owner_of(document, unit, year), allowed)))


def told(*lines: str, unit: str | None = None, year: int | None = None) -> list[tuple[str, str, str]]:
    """Kind, severity and text of all findings but notes."""
    found = findings_of(*lines, unit=unit, year=year)
    return [(one.kind, one.severity, one.text) for one in found if one.severity != "note"]
