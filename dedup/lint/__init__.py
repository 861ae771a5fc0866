"""Find what copying leaves behind in a document; one module for each family of findings."""

from __future__ import annotations

from dedup.lint.lint import find_all, find_left_over, graded, wanted
from dedup.lint.matched import with_left_over, with_sources
from dedup.lint.owner import owner_of
from dedup.lint.page import Page

__all__ = [
    "Page",
    "find_all",
    "find_left_over",
    "graded",
    "owner_of",
    "wanted",
    "with_left_over",
    "with_sources",
]
