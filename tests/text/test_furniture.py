"""Titles are found among what sites and offices print around a text, and none of that is matched."""

from __future__ import annotations

import pytest

from dedup.text.structure import parse
from tests.text.layouts import BODY, LAYOUTS, Layout


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_title_is_found_and_the_text_alone_takes_part(layout: Layout) -> None:
    document = parse("a.txt", layout.text)
    spans = zip(document.paragraphs.starts, document.paragraphs.ends, strict=True)
    lines = [layout.text[start:end] for start, end in spans]
    matched = [line for line, taken in zip(lines, document.paragraphs.taking_part, strict=True) if taken]
    expected = [line for line in lines if line in (*BODY, *layout.kept)]
    assert (document.title, matched) == (layout.title, expected)
