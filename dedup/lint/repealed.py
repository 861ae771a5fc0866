"""Find citations of repealed rules as if they were in force."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.lint.page import Page
from dedup.lint.tables import repealed_rules
from dedup.model import Finding

_STATE = "中华人民共和国"
_PAST = ("废止", "失效", "原", "取代", "同时废", "施行前", "修改为", "替代")
_REACH = 30


def find_repealed(page: Page) -> Iterator[Finding]:
    """Findings on titles in 《》 of rules that were repealed before the document's year."""
    year = page.owner.year
    if not year or "《" not in page.text:
        return
    for rule in repealed_rules():
        if year <= rule.year:
            continue
        for title in {rule.name, rule.name.removeprefix(_STATE)}:
            written = f"《{title}》"
            place = page.text.find(written)
            while place >= 0:
                around = page.text[max(0, place - _REACH) : place + len(written) + _REACH]
                if not any(word in around for word in _PAST):
                    code = "repealed" if rule.successor else "repealed_only"
                    yield page.finding(
                        place, place + len(written), "repealed", "error", code,
                        name=title, when=f"{rule.year}-{rule.month:02}", successor=rule.successor,
                    )  # fmt: skip
                place = page.text.find(written, place + 1)
