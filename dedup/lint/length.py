"""Find papers that are longer than the rules against long papers (为基层减负) allow."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.lint.page import Page
from dedup.model import Finding
from dedup.text.looks import WordTable

_POLICY, _TASK = 5000, 4000
_TASKS = WordTable("通知 方案 要点 分工 安排 计划 细则")


def find_length(page: Page) -> Iterator[Finding]:
    """A note, on the title, for a document that is longer than such papers should be."""
    lines = list(page.body())
    count = sum(len(line.text) - line.text.count(" ") - line.text.count("\u3000") for line in lines)
    limit = _TASK if _TASKS.at_end(page.title) else _POLICY
    if lines and count > limit:
        first = lines[0]
        yield page.finding(
            first.start, first.start + len(first.text), "length", "note", "length", count=count, limit=limit
        )
