"""Edits that move, drop and insert clauses."""

from __future__ import annotations

import re

from dedup.evaluation.edits.copier import Copier

_CLAUSE_BORDER = re.compile(
    r"(?<=[，。；！？;!?][”’」』])|(?<=[，。；！？;!?])(?![”’」』])|(?<=,)(?![0-9”’])"
)
_CLOSING_MARKS = re.compile(r"[，。；！？,;!?”’」』]*$")


def clauses_of(text: str) -> list[str]:
    """The clauses of a text, each with its closing marks; joined they are the text."""
    return [clause for clause in _CLAUSE_BORDER.split(text) if clause]


def body_and_marks(clause: str) -> tuple[str, str]:
    """Split a clause into its text and its closing marks."""
    found = _CLOSING_MARKS.search(clause)
    cut = found.start() if found else len(clause)
    return clause[:cut], clause[cut:]


def reorder(text: str, copier: Copier) -> str:
    """Exchange clauses; the marks stay in place, so that the last one still ends the passage."""
    clauses = clauses_of(text)
    if len(clauses) < 2:
        return text
    bodies, marks = zip(*map(body_and_marks, clauses), strict=True)
    moving = min(len(clauses), max(2, round(len(clauses) * copier.strength)))
    places = sorted(copier.random.sample(range(len(clauses)), moving))
    order = copier.random.sample(places, moving)
    moved = dict(zip(places, order if order != places else places[1:] + places[:1], strict=True))
    return "".join(bodies[moved.get(place, place)] + mark for place, mark in enumerate(marks))


def thin(text: str, copier: Copier) -> str:
    """Drop up to half of the clauses, and insert clauses of other documents."""
    clauses = clauses_of(text)
    if len(clauses) < 3:
        return text
    dropped = min(len(clauses) // 2, max(1, round(len(clauses) * 0.5 * copier.strength)))
    gone = set(copier.random.sample(range(len(clauses)), dropped))
    left = [clause for place, clause in enumerate(clauses) if place not in gone]
    added = round(len(clauses) * 0.45 * copier.strength) if copier.foreign else 0
    for _ in range(added if len(left) > 1 else 0):
        left.insert(copier.random.randrange(1, len(left)), copier.random.choice(copier.foreign))
    return "".join(left)
