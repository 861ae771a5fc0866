"""Escape text for Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dedup.messages import say
from dedup.reports.kit.columns import visible
from dedup.reports.kit.findings import around, kind_of, problem_of

if TYPE_CHECKING:
    from dedup.model import Finding
    from dedup.reports.kit.places import Places
    from dedup.settings import Language

# Each of these may begin markup; a backslash before it makes it a plain character.
ESCAPES = {ord(character): f"\\{character}" for character in "\\`*_{}[]<>()#|~&!$"}


def plain(text: str) -> str:
    """`text` on one line, with all markup escaped."""
    return visible(text).translate(ESCAPES)


def finding_table(
    findings: Sequence[Finding], text: str, places: Places, language: Language
) -> Iterator[str]:
    """A table of findings: place, kind, text and problem."""
    heads = [say(f"lint.{name}", language) for name in ("place", "found", "why")]
    yield f"| {' | '.join(heads)} |"
    yield "| --- | --- | --- |"
    for one in findings:
        line = visible(say("passage.line", language, line=places.line_and_column(one.start)[0]))
        before, found, behind = map(plain, around(one, text))
        shown = f"{before}**{found.strip()}**{behind}"
        kind, problem = plain(kind_of(one, language)), plain(problem_of(one, language))
        yield f"| {kind} {plain(line)} | {shown} | {problem} |"
