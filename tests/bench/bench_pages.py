"""What opening a long report costs in a browser, beside the same text as a page without a report."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from statistics import median

import pytest

from tests.browser.conftest import Page
from tests.browser.made import large

_RUNS = 5
_OPENED = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
_FILTERED = """(() => {
    const begin = performance.now();
    document.querySelector('#filter-status input').click();
    document.body.offsetHeight;
    return performance.now() - begin;
})()"""


@pytest.mark.bench
@pytest.mark.parametrize(("characters", "passages"), [(5_000, 50), (50_000, 500)])
def test_opening_and_filtering(
    show: Callable[..., Page], open_html: Callable[[str, int], Page], characters: int, passages: int
) -> None:
    report = large(characters, passages)
    plain = f"<!doctype html><meta charset=utf-8><pre>{escape(report.text)}</pre>"
    opened, filtered, bare = [], [], []
    for _ in range(_RUNS):
        page = show(report)
        opened.append(page.run(_OPENED))
        filtered.append(page.run(_FILTERED))
        bare.append(open_html(plain, 1400).run(_OPENED))
    print(f"{characters} characters, {passages} passages: opened after {median(opened):.0f} ms,")
    print(
        f"{median(opened) / median(bare):.1f} x the bare text; a filter answers in {median(filtered):.0f} ms"
    )
