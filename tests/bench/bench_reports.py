"""What a report costs: 50,000 characters with 500 passages in every format."""

from __future__ import annotations

import time

import pytest

from dedup.reports import FORMATS, View, format_named, whole_report
from tests.browser.made import large

MOST_SECONDS = {"docx": 1.0}  # python-docx builds a tree of objects
USUAL_SECONDS = 0.2


@pytest.mark.bench
@pytest.mark.parametrize("name", FORMATS)
def test_rendering_is_quick(name: str) -> None:
    form = format_named(name)
    form.render(large(1_000, 10), View())
    report = large(50_000, 500)
    begun = time.perf_counter()
    result = whole_report(form, report, View())
    seconds = time.perf_counter() - begun
    print(f"{name:9} {seconds * 1000:6.0f} ms  {len(result) / 1000:6.0f} kB")
    assert seconds <= MOST_SECONDS.get(name, USUAL_SECONDS)
